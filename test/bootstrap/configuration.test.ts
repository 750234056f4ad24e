import path from "node:path";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { type KnownStack, parseConfiguration } from "../../bootstrap/configuration.ts";
import { knownStacks } from "../../bootstrap/known-stacks.ts";
import { settingsFor } from "../../bootstrap/settings.ts";
import { readProject, readStackConfiguration } from "../../project/project.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";

const root = path.resolve(import.meta.dirname, "../..");
const known: readonly KnownStack[] = [
  { name: "dev", target: "aws" },
  { name: "production", target: "aws" },
  { name: "local", target: "docker" },
];
const good = {
  "aws:region": "eu-central-1",
  "nango-bootstrap:github": "acme@1234567/nango@456789012",
  "nango-bootstrap:stacks": '["dev","production"]',
};
const parse = (changed: Readonly<Record<string, string | undefined>>) => {
  const values = Object.entries({ ...good, ...changed }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return parseConfiguration({ stack: "ci", values: Object.fromEntries(values) }, known);
};
const problemOf = (changed: Readonly<Record<string, string | undefined>>): string => {
  try {
    parse(changed);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("is read", () => {
  expect(parse({ "nango-bootstrap:gitlab": "acme/platform/nango@12345678" })).toEqual({
    region: "eu-central-1",
    github: { owner: "acme", ownerId: "1234567", name: "nango", id: "456789012" },
    gitlab: { path: "acme/platform/nango", id: "12345678" },
    branch: "main",
    stacks: ["dev", "production"],
    pullRequests: [],
    backend: undefined,
  });
});

test.each([
  ["acme@1/nango.js@2", "nango.js"],
  ["acme-co@1/n_a-n.go@2", "n_a-n.go"],
])("the repository %s is legal", (github, name) => {
  expect(parse({ "nango-bootstrap:github": github }).github?.name).toBe(name);
});

describe.each([
  ["github", "acme/nango", /lacks the IDs, which this command shows: gh api repos\/acme\/nango --jq /],
  ["github", "https://github.com/acme/nango", /is no repository of GitHub/],
  ["github", "acme@1/*@2", /is no repository of GitHub/],
  ["github", "", /is empty/],
  ["gitlab", "acme/nango", /lacks the project's ID/],
  ["gitlab", "acme/*@2", /is no project of GitLab.com/],
  ["branch", "*", /is no branch: a whole name, without wildcards/],
  ["branch", "release/*", /is no branch/],
  ["branch", "a b", /is no branch/],
  [
    "stacks",
    '["prodcution"]',
    /is no stack: there is no stacks\/Pulumi.prodcution.yaml, and perhaps production is meant\./,
  ],
  ["stacks", "dev", /is not a list/],
  ["stacks", "[]", /names no stack/],
  ["stacks", '["dev","dev"]', /names dev twice/],
  ["stacks", '["dev","local"]', /names local, which runs on Docker/],
  ["pullRequests", '["local"]', /names local, which nango-bootstrap:stacks does not/],
  ["backend", "https://api.pulumi.com", /is no bucket of S3/],
])("%s = %s", (name, value, message) => {
  test("is refused, with the reason", () => {
    const said = problemOf({ [`nango-bootstrap:${name}`]: value });
    expect(said).toMatch(message);
    expect(said).toContain(`nango-bootstrap:${name}`);
    expect(said).toMatch(/^The configuration of the stack "ci" has a problem:/);
  });
});

test.each([
  [
    { "nango-bootstrap:stack": "[]" },
    /nango-bootstrap:stack is not a setting. Did you mean nango-bootstrap:stacks\? Remove it from bootstrap\/Pulumi.ci.yaml/,
  ],
  [{ "nango:stacks": "[]" }, /nango:stacks is not a setting. Did you mean nango-bootstrap:stacks\?/],
  [
    { "aws:regoin": "x" },
    /aws:regoin is no setting of the provider.* Did you mean aws:region\? Remove it from bootstrap\/Pulumi.ci.yaml/,
  ],
  [{ "aws:region": undefined }, /aws:region is missing/],
  [{ "aws:region": "Frankfurt" }, /aws:region = "Frankfurt" is no region/],
  [
    { "nango-bootstrap:github": undefined },
    /Neither nango-bootstrap:github nor nango-bootstrap:gitlab is given/,
  ],
])("%j is refused, with the way out", (changed, message) => {
  expect(problemOf(changed).replaceAll(/\s+/g, " ")).toMatch(message);
});

test("all problems are told at once", () => {
  const said = problemOf({
    "nango-bootstrap:github": "acme",
    "nango-bootstrap:branch": "*",
    "nango-bootstrap:stacks": '["x"]',
  });
  expect(said).toMatch(/has 3 problems/);
});

test("the example is legal, and the page has every key", () => {
  const program = readProject(path.join(root, "bootstrap"));
  const { values } = configurationOf(program, "example", readStackConfiguration(program, "example"), {
    set: {},
    secrets: {},
  });
  expect(parseConfiguration({ stack: "example", values }, knownStacks(readProject(root))).stacks).toEqual([
    "dev",
    "production",
  ]);
  const page = readFileSync(path.join(root, "docs/bootstrap.md"), "utf8");
  for (const name of Object.keys(settingsFor([]))) expect(page).toContain(`\`nango-bootstrap:${name}\``);
});

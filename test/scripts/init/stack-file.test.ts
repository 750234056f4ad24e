import { readFileSync } from "node:fs";
import path from "node:path";
import { format, type FormatOptions } from "oxfmt";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { configurationIn, type Given } from "../../../scripts/init/answers.ts";
import { textOf as asText } from "../../../project/yaml.ts";
import { sizeText } from "../../../scripts/init/judgement.ts";
import { stackFileText } from "../../../scripts/init/stack-file.ts";
import { parseConfiguration } from "../../../infra/config/parse.ts";
import { presets } from "../../../infra/config/presets.ts";

const aws: Given = {
  target: "aws",
  profile: "none",
  region: "eu-west-1",
  hostedZone: "acme.org",
  domain: "nango.acme.org",
  size: "medium",
  tags: "Project=nango, Cost center=R and D:1",
};
const kinds: Readonly<Record<string, Given>> = {
  aws,
  profile: { ...aws, profile: "acme", hostedZone: "Z0123456789ABCDEFGHIJ", tags: "none", size: "small" },
  "DNS elsewhere": {
    ...aws,
    hostedZone: "none",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  },
  "plain HTTP": {
    ...aws,
    hostedZone: "none",
    domain: "none",
    allowedCidrs: "203.0.113.7/32,198.51.100.0/24",
  },
  docker: { target: "docker" },
};

const textOf = (answers: Given, provider?: string) =>
  stackFileText({ ...answers, stack: "staging" }, provider);

/** What the program makes of a file's text. */
function read(text: string) {
  const all = Object.entries(configurationIn(text)).map(([key, value]) => [key, asText(value)] as const);
  const own = all.filter(([key]) => key.startsWith("nango:")).map(([key, value]) => [key.slice(6), value]);
  const others = Object.fromEntries(all.filter(([key]) => !key.startsWith("nango:")));
  return parseConfiguration(
    {
      stack: "staging",
      region: others["aws:region"],
      values: Object.fromEntries(own) as Record<string, string>,
      secretKeys: new Set(),
      others,
    },
    (secret) => secret,
  );
}

test("a text that YAML would take for a date stands in quotes", () => {
  expect(textOf({ ...aws, tags: "Created=2026-11-27" })).toContain('Created: "2026-11-27"\n');
});

describe.each(Object.entries(kinds))("the file of %s", (_, answers) => {
  const text = textOf(answers);

  test("is what the program takes", () => {
    expect(read(text).config.target).toBe(answers.target);
  });

  test("has a word before each value", () => {
    const lines = text.split("\n");
    const keys = lines.flatMap((line, index) => (/^ {2}(aws|nango):/.test(line) ? [index] : []));
    expect(keys.length).toBeGreaterThan(0);
    for (const index of keys) expect(lines[index - 1]).toMatch(/^ {2}# \S/);
  });

  test("suggests keys that the program takes, each by taking its # away", () => {
    const suggested = text.split("\n").filter((line) => /^ {2}# (aws|nango|docker):\S/.test(line));
    expect(suggested.length).toBeGreaterThan(2);
    // Two keys of one suggestion are legal one by one, too.
    for (const line of suggested) {
      const [key = ""] = Object.keys(parse(line.slice(4)) as object);
      expect(configurationIn(text.replace(line, `  ${line.slice(4)}`))).toHaveProperty([key]);
      if (key in configurationIn(text)) continue;
      expect(() => read(text.replace(line, `  ${line.slice(4)}`)), key).not.toThrow();
    }
  });

  test("is formatted as the project's files are", async () => {
    const configuration = path.resolve(import.meta.dirname, "../../../.oxfmtrc.json");
    const options = JSON.parse(readFileSync(configuration, "utf8")) as FormatOptions;
    expect(await format("Pulumi.staging.yaml", text, options)).toEqual({ code: text, errors: [] });
  });
});

test("a file holds what was answered, and no more", () => {
  expect(parse(textOf(aws, "awskms://alias/x?region=eu-west-1"))).toEqual({
    config: {
      "aws:region": "eu-west-1",
      "aws:defaultTags": { tags: { Project: "nango", "Cost center": "R and D:1" } },
      "nango:size": "medium",
      "nango:domain": "nango.acme.org",
      "nango:hostedZone": "acme.org",
    },
    secretsprovider: "awskms://alias/x?region=eu-west-1",
  });
  expect(parse(textOf({ target: "docker" }))).toEqual({ config: { "nango:target": "docker" } });
  expect(configurationIn(textOf(kinds["plain HTTP"]!))).toMatchObject({
    "nango:insecureHttp": "true",
    "nango:allowedCidrs": ["203.0.113.7/32", "198.51.100.0/24"],
  });
});

test.each(Object.entries(presets))("the size %s says what it carries", (size, preset) => {
  const { replicas, maxReplicas, cpu, memory, databaseInstanceClass, databaseMultiAz, nat } = preset;
  const text = sizeText(size);
  expect(text).toMatch(/^[1-9][0-9,]+ API calls a minute, /);
  expect(text).toContain(maxReplicas === 1 ? "1 task of" : `${replicas} to ${maxReplicas} tasks of`);
  expect(text).toContain(`of ${cpu / 1024} vCPU and ${memory / 1024} GiB, ${databaseInstanceClass}`);
  const has = [text.includes("with a standby"), text.includes("Valkey"), text.includes("NAT gateway")];
  expect(has).toEqual([databaseMultiAz, maxReplicas > 1, nat !== "none"]);
});

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";

import { parseConfiguration } from "../../../bootstrap/configuration.ts";
import { knownStacks } from "../../../bootstrap/known-stacks.ts";
import { readCommandLine } from "../../../project/command.ts";
import { type Project, readProject } from "../../../project/project.ts";
import { bootstrap } from "../../../scripts/bootstrap/arguments.ts";
import { run } from "../../../scripts/bootstrap/run.ts";
import { newFile, type Wishes } from "../../../scripts/bootstrap/new-file.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let project: Project;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), "bootstrap-file-"));
  mkdirSync(path.join(folder, "infra"));
  cpSync(path.join(root, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
  writeFileSync(path.join(folder, "infra/main.mjs"), "");
  mkdirSync(path.join(folder, "stacks"));
  for (const [name, domain] of [
    ["dev", "nango.example.com"],
    ["staging", "nango.staging.acme.dev"],
    ["prod-eu", "nango.acme.dev"],
  ] as const)
    writeFileSync(
      path.join(folder, `stacks/Pulumi.${name}.yaml`),
      `config:\n  aws:region: eu-west-1\n  nango:domain: ${domain}\n`,
    );
  writeFileSync(path.join(folder, "stacks/Pulumi.local.yaml"), "config:\n  nango:target: docker\n");
  project = readProject(folder);
});
afterEach(() => {
  rmSync(project.directory, { recursive: true });
  vi.unstubAllGlobals();
});

const nothing: Wishes = {
  github: undefined,
  gitlab: undefined,
  stack: undefined,
  branch: undefined,
  region: undefined,
};
const write = (wishes: Partial<Wishes>, environment = {}) =>
  newFile(project, "ci", { ...nothing, ...wishes }, environment);
const configOf = (text: string) => (parse(text) as { config: Readonly<Record<string, unknown>> }).config;
const gitHubAnswers = (status: number, body: unknown) => {
  const asked = vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", asked);
  return asked;
};
const acme = { id: 456789012, name: "nango", owner: { id: 1234567, login: "acme" } };

describe("npm run bootstrap", () => {
  const bootstrapped = (...given: string[]) => run(readCommandLine(bootstrap, given, {}), project);
  beforeEach(() => {
    for (const file of ["Pulumi.yaml", "main.mjs"])
      cpSync(path.join(root, "bootstrap", file), path.join(project.directory, "bootstrap", file));
  });

  test.each([
    [
      ["--github", "acme@1/nango@2", "--stack", "stagign"],
      /Pulumi\.stagign\.yaml, and perhaps staging is meant/,
    ],
    [
      ["--github", "acme@1/nango@2", "--stack", "staging", "--region", "mars-1"],
      /aws:region = "mars-1" is no region/,
    ],
    [["--gitlab", "acme/nango", "--stack", "staging"], /lacks the project's ID/],
    [
      ["--github", "https://github.com/acme/nango", "--stack", "staging"],
      /--github takes <owner>\/<repository>/,
    ],
    [
      ["--github", "nango", "--stack", "staging"],
      /--github takes <owner>\/<repository>, such as acme\/nango/,
    ],
    [["my account"], /"my account" holds " "/],
    [["../ci"], /"..\/ci" holds "\/"/],
    [["example"], /"example" is the example/],
  ])("%j is refused, and leaves no file behind", async (given, says) => {
    await expect(bootstrapped(...given)).rejects.toThrow(says);
    expect(readdirSync(path.join(project.directory, "bootstrap")).toSorted()).toEqual([
      "Pulumi.yaml",
      "main.mjs",
    ]);
  });
});

describe("a new file", () => {
  test("has the repository's IDs, the stacks that are no examples, and is legal", async () => {
    const asked = gitHubAnswers(200, acme);
    const config = configOf(await write({ github: "acme/nango" }, { GH_TOKEN: "token" }));
    expect(config).toEqual({
      "aws:region": "eu-west-1",
      "nango-bootstrap:github": "acme@1234567/nango@456789012",
      "nango-bootstrap:branch": "main",
      "nango-bootstrap:stacks": ["prod-eu", "staging"],
      "nango-bootstrap:pullRequests": ["staging"],
    });
    expect(asked.mock.calls[0]?.[0]).toBe("https://api.github.com/repos/acme/nango");
    expect(asked.mock.calls[0]?.[1]?.headers).toMatchObject({ authorization: "Bearer token" });
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    expect(() => parseConfiguration({ stack: "ci", values }, knownStacks(project))).not.toThrow();
  });

  test.each<[Partial<Wishes>, string]>([
    [{ stack: ["stagign"] }, "Pulumi.stagign.yaml, and perhaps staging is meant"],
    [{ stack: ["staging, prod-eu"] }, "Pulumi.staging, prod-eu.yaml"],
    [{ stack: ["staging"], branch: "main*" }, 'nango-bootstrap:branch = "main*" is no branch'],
    [{ stack: ["staging"], branch: "a: b" }, 'nango-bootstrap:branch = "a: b" is no branch'],
    [{ stack: ["staging"], region: "mars-1" }, 'aws:region = "mars-1" is no region'],
  ])("with %j is refused before anybody is asked for IDs", async (wishes, message) => {
    const asked = gitHubAnswers(200, acme);
    const refused = write({ github: "acme/nango", ...wishes });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/has a problem:/);
    expect(asked).not.toHaveBeenCalled();
  });

  test("takes the remote origin, and IDs that are given without asking anybody", async () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: project.directory });
    git("init", "-q");
    git("remote", "add", "origin", "git@github.com:acme/nango.git");
    const asked = gitHubAnswers(200, acme);
    expect(configOf(await write({}))["nango-bootstrap:github"]).toBe("acme@1234567/nango@456789012");
    asked.mockClear();
    expect(configOf(await write({ github: "acme@1/nango@2" }))["nango-bootstrap:github"]).toBe(
      "acme@1/nango@2",
    );
    expect(asked).not.toHaveBeenCalled();
  });

  test("takes a project of GitLab's, and the stacks in the order that is given", async () => {
    const config = configOf(
      await write({ gitlab: "acme/nango@12345678", stack: ["staging", "prod-eu"], branch: "release" }),
    );
    expect(config["nango-bootstrap:gitlab"]).toBe("acme/nango@12345678");
    expect(config["nango-bootstrap:stacks"]).toEqual(["staging", "prod-eu"]);
    expect(config["nango-bootstrap:branch"]).toBe("release");
    expect(config).not.toHaveProperty("nango-bootstrap:github");
  });

  test("is not written where nobody says whose jobs are meant", async () => {
    await expect(write({})).rejects.toThrow(
      "There is no bootstrap/Pulumi.ci.yaml yet. To write it, say whose jobs get the roles: --github <owner>/<repository>, or --gitlab",
    );
  });

  test.each([
    [404, { message: "Not Found" }, /GitHub answers 404\). If it is private, set GH_TOKEN/],
    [200, { id: 1 }, /GitHub's answer has no IDs/],
  ])("is not written after the answer %s %j, which names the way by hand", async (status, body, message) => {
    gitHubAnswers(status, body);
    await expect(write({ github: "acme/nango" })).rejects.toThrow(message);
    await expect(write({ github: "acme/nango" })).rejects.toThrow(/gh api repos\/acme\/nango --jq/);
  });
});

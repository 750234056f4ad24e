import { afterEach, describe, expect, test, vi } from "vitest";
import { ciActions } from "../../../scripts/ci/actions.ts";
import { changedFiles, changesStack } from "../../../scripts/ci/changed.ts";
import { commit, directory, repositoriesOfTheirOwn } from "./repository.ts";

repositoriesOfTheirOwn();
afterEach(() => {
  vi.restoreAllMocks();
});

const role = "arn:aws:iam::123456789012:role/nango-ci/dev";
const stack = (name: string, more: object = {}) => ({
  account: "123456789012",
  region: "eu-central-1",
  environment: name,
  backend: `s3://state?region=eu-central-1&x='`,
  permissionsBoundary: "arn:aws:iam::123456789012:policy/nango-boundary",
  roles: { preview: role, deploy: `${role}-deploy`, drift: role },
  ...more,
});
const pipeline = JSON.stringify({
  dev: stack("dev", { pullRequests: true }),
  quiet: stack("quiet"),
  production: stack("production", { pullRequests: false }),
  other: stack("other", { pullRequests: true }),
  "dev-drill": stack("dev-drill", { pullRequests: true }),
});

/** What a command prints, run with the variable. */
async function printed(
  name: keyof typeof ciActions,
  values: Readonly<Record<string, unknown>> = {},
  positionals: readonly string[] = [],
  variable: string | undefined = pipeline,
): Promise<string> {
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const environment = variable === undefined ? {} : { NANGO_PIPELINE: variable };
  expect(await ciActions[name]({ positionals, values, directory, environment })).toBe(0);
  return said.join("");
}

describe("the stacks of a pipeline", () => {
  test("are those of its variable, in their order", async () => {
    expect(await printed("ci:stacks")).toBe('["dev","quiet","production","other"]\n');
    expect(await printed("ci:stacks", { stack: "production" })).toBe('["production"]\n');
    expect(await printed("ci:stacks", { stack: "dev-drill" })).toBe('["dev-drill"]\n');
    await expect(printed("ci:stacks", { stack: "prod" })).rejects.toThrow(
      'no stack "prod": NANGO_PIPELINE has dev, quiet, production, other, dev-drill',
    );
  });

  test.each(["", " "])("are none without the variable", async (variable) => {
    expect(await printed("ci:stacks", {}, [], variable)).toBe("[]\n");
  });

  test.each([
    ["{", /- "\{" is no JSON \(/],
    ["[]", /- it is "\[\]"\. Legal: an object with keys$/m],
    ["null", /- it is "null"\. Legal: an object with keys$/m],
    [
      '{"dev":{}}',
      /- dev\.account is missing\. Legal: the twelve digits of an account's ID\n.*- dev\.roles is missing/s,
    ],
    [JSON.stringify({ "a b": stack("a") }), /- "a b" in it is no name of a stack$/m],
    [JSON.stringify({ dev: stack("dev", { account: 12 }) }), /- dev\.account is "12"\. Legal: the twelve/],
    [
      JSON.stringify({ dev: stack("dev", { roles: { preview: "arn:p", deploy: role, drift: role } }) }),
      /- dev\.roles\.preview is "arn:p"\. Legal: the ARN of a role$/m,
    ],
  ])("%s is refused, with what is wrong and the way out", async (variable, says) => {
    const asked = printed("ci:stacks", {}, [], variable);
    await expect(asked).rejects.toThrow(says);
    await expect(asked).rejects.toThrow(
      /^The variable NANGO_PIPELINE is not what .*npm run bootstrap -- --variables prints it/s,
    );
  });

  test("of a pull request are those that it changes and may preview", async () => {
    commit({ "stacks/Pulumi.dev.yaml": "config: {}\n", "infra/index.ts": "" });
    commit({ "stacks/Pulumi.dev.yaml": "config:\n", "stacks/Pulumi.production.yaml": "config:\n" });
    expect(await printed("ci:stacks", { "pull-request": true })).toBe('["dev"]\n');
    commit({ "infra/index.ts": "1" });
    expect(await printed("ci:stacks", { "pull-request": true })).toBe('["dev","other"]\n');
    commit({ "docs/a.md": "1", "test/a.ts": "" });
    expect(await printed("ci:stacks", { "pull-request": true })).toBe("[]\n");
  });

  test("cannot be told of a commit alone", async () => {
    commit({ a: "" });
    await expect(printed("ci:stacks", { "pull-request": true })).rejects.toThrow("fetch-depth: 2");
  });
});

test("files of a folder are told from there, whatever their names", async () => {
  commit({ a: "" });
  commit({ "stacks/Pulumi.dév.yaml": "", "b c": "" });
  expect(await changedFiles(directory)).toEqual(["b c", "stacks/Pulumi.dév.yaml"]);
  expect([changesStack(["stacks/Pulumi.dév.yaml"], "dév"), changesStack(["b c"], "dév")]).toEqual([
    true,
    false,
  ]);
});

test("variables for a shell are whole, whatever is in them", async () => {
  expect(await printed("ci:variables", { role: "deploy" }, ["dev"])).toBe(
    [
      String.raw`PULUMI_BACKEND_URL='s3://state?region=eu-central-1&x='\'''`,
      "AWS_REGION='eu-central-1'",
      `AWS_ROLE_ARN='${role}-deploy'\n`,
    ].join("\n"),
  );
  await expect(printed("ci:variables", { role: "root" }, ["dev"])).rejects.toThrow(
    "--role takes preview, deploy, drift",
  );
  await expect(printed("ci:variables", {}, ["dev"], "")).rejects.toThrow("NANGO_PIPELINE is not set");
});

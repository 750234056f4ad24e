import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "vitest";

import { configurationOf, type Overrides } from "../../rehearsal/configuration.ts";
import { UserError } from "../../project/user-error.ts";
import { readProject, readStackConfiguration } from "../../project/project.ts";
import { scenariosDirectory } from "./scenarios.ts";

function configuration(
  declarations: Record<string, unknown>,
  stackValues: Record<string, unknown>,
  overrides: Partial<Overrides> = {},
) {
  const project = { ...readProject(scenariosDirectory), name: "nango", declarations };
  return configurationOf(project, "dev", stackValues, { set: {}, secrets: {}, ...overrides });
}

test("a stack's value goes before the default, and the command line before both", () => {
  const declarations = {
    size: { type: "string", default: "small" },
    zones: { type: "integer", default: 2 },
    a: 1,
  };
  const { values } = configuration(
    declarations,
    { "nango:size": "large", "aws:region": "eu-west-1" },
    { set: { a: "3" } },
  );
  expect(values).toEqual({
    "nango:size": "large",
    "aws:region": "eu-west-1",
    "nango:zones": "2",
    "nango:a": "3",
  });
});

test("an item of a map is given by its name, beside those that are there", () => {
  const declarations = { rotate: { default: {} }, size: { default: "small" } };
  const given = (stackValues: Record<string, unknown>, set: Record<string, string>) =>
    configuration(declarations, stackValues, { set }).values["nango:rotate"];
  expect(given({ "nango:rotate": { redis: 1 } }, { "nango:rotate.api-keys": "2" })).toBe(
    '{"redis":1,"api-keys":"2"}',
  );
  expect(given({}, { "rotate.redis": "2" })).toBe('{"redis":"2"}');
  expect(given({ rotate: { redis: 1 } }, { "rotate.redis": "2", "nango:rotate.admin": "3" })).toBe(
    '{"redis":"2","admin":"3"}',
  );
  // What is no map of the project stays the key that it is.
  expect(configuration(declarations, {}, { set: { "other:a.b": "1" } }).values).toHaveProperty(
    ["other:a.b"],
    "1",
  );
});

test("a key of three parts is none, as the CLI says", () => {
  expect(() => configuration({}, { "nango:config:a": "x", "a:b:c": "x" })).toThrow(
    /^could not parse a:b:c as a configuration key [^\n]*$/,
  );
});

test("every value reaches the program as text, lists and objects as JSON", () => {
  const { values } = configuration(
    {},
    { a: true, b: 1.5, c: ["x"], "nango:config:d": { e: null }, f: "true", g: null },
  );
  expect(values).toEqual({
    "nango:a": "true",
    "nango:b": "1.5",
    "nango:c": '["x"]',
    "nango:d": '{"e":null}',
    "nango:g": "",
    "nango:f": "true",
  });
});

test("a secure value becomes a placeholder and its key secret, at any depth", () => {
  const { values, secretKeys } = configuration(
    {},
    { password: { secure: "AAA" }, environment: { PLAIN: "x", TOKEN: { secure: "AAA" } }, open: "y" },
  );
  expect(values).toEqual({
    "nango:password": "placeholder-for-password",
    "nango:environment": '{"PLAIN":"x","TOKEN":"placeholder-for-TOKEN"}',
    "nango:open": "y",
  });
  expect(secretKeys).toEqual(["nango:password", "nango:environment"]);
});

test("values from the command line are secret when they or their key are declared to be", () => {
  const { secretKeys } = configuration(
    { key: { type: "string", secret: true } },
    {},
    { set: { key: "k", open: "o" }, secrets: { other: "s" } },
  );
  expect(secretKeys.toSorted()).toEqual(["nango:key", "nango:other"]);
});

test("everything that the Pulumi CLI would refuse is said at once in its words, without the values", () => {
  const declarations = {
    required: { type: "string" },
    "aws:region": { value: "eu-west-1" },
    zones: { type: "integer" },
    tall: { type: "boolean" },
    names: { type: "array", items: { type: "string" } },
    tags: { type: "object" },
    key: { type: "string", secret: true },
  };
  const given = { zones: "two", tall: "yes", names: ["x", 1], tags: "[]", key: "in plain text" };
  expect(() => configuration(declarations, given)).toThrow(
    new UserError(
      [
        "Stack 'dev' is missing configuration value 'required'",
        "Stack 'dev' with configuration key 'zones' must be of type 'integer'",
        "Stack 'dev' with configuration key 'tall' must be of type 'boolean'",
        "Stack 'dev' with configuration key 'names' must be of type 'array<string>'",
        "Stack 'dev' with configuration key 'tags' must be of type 'object'",
        "Stack 'dev' with configuration key 'key' must be encrypted as it's secret: pulumi config set --secret key",
      ].join("\n"),
    ),
  );
});

test("values of the declared types are accepted, as text too", () => {
  const declarations = {
    zones: { type: "integer" },
    tall: { type: "boolean" },
    names: { type: "array", items: { type: "string" } },
    tags: { type: "object" },
    word: { type: "string" },
  };
  const set = { names: '["x"]', tags: '{"a":"b"}', zones: "3", tall: "false", word: "1" };
  expect(() => configuration(declarations, {}, { set })).not.toThrow();
  expect(() =>
    configuration(declarations, { names: ["x"], tags: {}, zones: 3, tall: true, word: 1 }),
  ).not.toThrow();
});

test("a program in a folder runs there, and one in a file beside it", () => {
  const { workingDirectory, entry, nodeArguments } = readProject(scenariosDirectory);
  expect([workingDirectory, entry, nodeArguments]).toEqual([
    `${scenariosDirectory}/program`,
    ".",
    ["--import", "tsx"],
  ]);
});

test("an unknown stack is answered with the names of those there are, the nearest first", () => {
  const project = readProject(scenariosDirectory);
  expect(() => readStackConfiguration(project, "productoin")).toThrow(
    "there is no stack 'productoin': the stacks are production, dev (stacks/Pulumi.<stack>.yaml). To begin it: npm run init -- productoin",
  );
  expect(() => readStackConfiguration(project, "Pulumi.dev.yaml")).toThrow(
    "(stacks/Pulumi.<stack>.yaml). A stack is called without the rest of its file's name: dev",
  );
});

test("a value that no environment variable holds is named with its size, before a program is started", () => {
  const bundle = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n".repeat(3000);
  expect(() => configuration({}, { trustedCaPem: bundle, size: "small" })).toThrow(
    `nango:trustedCaPem has ${bundle.length} characters, but all configuration of a stack together must fit into an ` +
      "environment variable of 131072 bytes: give only the authorities that your servers' certificates come from",
  );
  const almost = 131072 - Buffer.byteLength('PULUMI_CONFIG={"nango:config:x":""}\0');
  expect(configuration({}, { x: "x".repeat(almost) }).values["nango:x"]).toHaveLength(almost);
  expect(() => configuration({}, { x: "x".repeat(almost + 1) })).toThrow(UserError);
});

test.each([
  ["nango:allowedCidrs: &a [*a]", "an alias in it stands for what it is a part of"],
  [
    "nango:size: small\n---\nconfig: {}",
    "it holds several documents, and Pulumi reads the first one alone: remove",
  ],
  ["nango:size medium", 'its config is "nango:size medium", not keys with values'],
])("a stack's file with %j under config is refused in a sentence", (line, reason) => {
  const directory = mkdtempSync(path.join(tmpdir(), "stacks-"));
  writeFileSync(path.join(directory, "Pulumi.dev.yaml"), `config:\n  ${line}\n`);
  const project = { ...readProject(scenariosDirectory), stacksDirectory: directory };
  expect(() => readStackConfiguration(project, "dev")).toThrow(
    `cannot read ${path.join(directory, "Pulumi.dev.yaml")}: ${reason}`,
  );
  rmSync(directory, { recursive: true });
});

test("a file whose name is none of a stack's is refused as Pulumi refuses it", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "stacks-"));
  writeFileSync(path.join(directory, "Pulumi.my dev.yaml"), "config: {}\n");
  const project = { ...readProject(scenariosDirectory), stacksDirectory: directory };
  expect(() => readStackConfiguration(project, "my dev")).toThrow('"my dev" holds " "; letters, digits');
  rmSync(directory, { recursive: true });
});

test("a folder that is not there, and one without a project, are refused in a sentence", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "project-"));
  expect(() => readProject(directory)).toThrow(new UserError(`there is no Pulumi.yaml in ${directory}`));
  rmSync(directory, { recursive: true });
  expect(() => readProject(directory)).toThrow(new UserError(`there is no folder ${directory}`));
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { entry, exampleEntry, toRemove, toSet } from "../../infra/config/remedy.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";

test("the stack's file comes first, and then the command, whole", () => {
  expect(toSet("For example", "dev", entry("size", "medium"))).toBe(
    "For example in stacks/Pulumi.dev.yaml: `nango:size: medium`, or: npx pulumi config set -s dev nango:size medium",
  );
  expect(toSet("Keep one", "prod", entry("maxReplicas", "1"), entry("replicas", "1"))).toBe(
    "Keep one in stacks/Pulumi.prod.yaml: `nango:maxReplicas: 1` and `nango:replicas: 1`, or: " +
      "npx pulumi config set -s prod nango:maxReplicas 1 && npx pulumi config set -s prod nango:replicas 1",
  );
});

test("what lies in a list or a map is set by its path", () => {
  expect(toSet("For example", "dev", entry("publicSubnetIds", "subnet-1"))).toBe(
    "For example in stacks/Pulumi.dev.yaml: `nango:publicSubnetIds: [subnet-1]`, or: npx pulumi config set -s dev --path 'nango:publicSubnetIds[0]' subnet-1",
  );
  expect(toSet("Only", "dev", { key: "aws:allowedAccountIds", in: "list", value: "012345678901" })).toContain(
    '`aws:allowedAccountIds: ["012345678901"]`',
  );
  expect(toSet("For example", "dev", exampleEntry("environment"))).toContain(
    "`nango:environment: {LOG_LEVEL: debug}`, or: npx pulumi config set -s dev --path nango:environment.LOG_LEVEL debug",
  );
});

test("what YAML would take for something else than a text stands in quotes", () => {
  expect(toSet("For example", "dev", exampleEntry("databaseRestoreTime"))).toContain(
    '`nango:databaseRestoreTime: "2026-11-26T08:00:00Z"`',
  );
  expect(toSet("For example", "dev", entry("dashboardUser", "on"))).toContain('`nango:dashboardUser: "on"`');
});

test("a secret is set by the command alone", () => {
  expect(toSet("For example", "dev", entry("redisUrl", "rediss://h"))).toBe(
    "For example: npx pulumi config set -s dev --secret nango:redisUrl rediss://h",
  );
  expect(
    toSet("Encrypt it", "dev", { key: "nango:environment", in: { item: "DD_API_KEY" }, secret: true }),
  ).toBe("Encrypt it: npx pulumi config set -s dev --secret --path nango:environment.DD_API_KEY");
});

test("what is removed is removed from the file, or by a command", () => {
  expect(`Remove it ${toRemove("dev", "nango:redis")}`).toBe(
    "Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev nango:redis",
  );
  expect(toRemove("dev", "nango:environment", "X")).toMatch(/ rm -s dev --path nango:environment\.X$/);
});

describe("the line of the file is what the command would write", () => {
  const names = (Object.keys(settings) as SettingName[]).filter((name) => !settings[name].secret);

  test.each(names)("for the example of %s", (name) => {
    const { type, example } = settings[name];
    const [, line = ""] = /: `([^`]+)`, or: /.exec(toSet("", "dev", exampleEntry(name))) ?? [];
    if (example.startsWith("-- ")) {
      expect(line).toBe(`nango:${name}: |`);
      return;
    }
    const [key, value] = Object.entries(parse(line) as object)[0] ?? [];
    expect(key).toBe(`nango:${name}`);
    const read = { integer: Number, boolean: (text: string) => text === "true" };
    const first = (list: unknown[]) => [String(list[0])];
    if (type === "array") expect(value).toEqual(first(JSON.parse(example) as unknown[]));
    else if (type === "object") expect(value).toEqual(JSON.parse(example));
    else if (type === "string") expect(String(value)).toBe(example);
    else expect(value).toBe(read[type](example));
  });
});

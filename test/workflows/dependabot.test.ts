import { readFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** The part of the configuration's form that is used. A key that is not in it is refused, as by Dependabot. */
const update = z.strictObject({
  "package-ecosystem": z.enum(["npm", "github-actions"]),
  directory: z.literal("/"),
  schedule: z.strictObject({ interval: z.enum(["daily", "weekly", "monthly"]) }),
  "versioning-strategy": z.literal("increase").optional(),
  cooldown: z.strictObject({ "default-days": z.number().int().positive() }),
  "open-pull-requests-limit": z.number().int().positive().optional(),
  groups: z.record(
    z.string(),
    z.strictObject({
      patterns: z.array(z.string()).optional(),
      "dependency-type": z.enum(["development", "production"]).optional(),
      "exclude-patterns": z.array(z.string()).optional(),
    }),
  ),
  ignore: z
    .array(
      z.strictObject({
        "dependency-name": z.string(),
        versions: z.array(z.string().refine((range) => semver.validRange(range) !== null)).optional(),
        "update-types": z.array(z.literal("version-update:semver-major")).optional(),
      }),
    )
    .optional(),
});
const { updates } = z
  .strictObject({ version: z.literal(2), updates: z.array(update) })
  .parse(parse(read(".github/dependabot.yml")));
const npm = updates.find((one) => one["package-ecosystem"] === "npm")!;

const { dependencies, devDependencies } = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const all = { ...dependencies, ...devDependencies };

const matching = (pattern: string) =>
  Object.keys(all).filter((name) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name));

test("both kinds of dependencies are updated", () => {
  expect(updates.map((one) => one["package-ecosystem"])).toEqual(["npm", "github-actions"]);
});

test("every version is exact, so that an update is a change that is seen", () => {
  expect(Object.entries(all).filter(([, version]) => semver.valid(version) === null)).toEqual([]);
});

test("what is ignored is used, and newer than what is used", () => {
  for (const { "dependency-name": name, versions = [] } of npm.ignore!) {
    expect(matching(name), name).not.toEqual([]);
    for (const range of versions)
      for (const used of matching(name)) expect(semver.satisfies(all[used]!, range), used).toBe(false);
  }
});

test("what design.md says of versions is what is held back, with a reason", () => {
  const [, said = ""] = /\*\*Versions\.\*\*([\s\S]*?)\n\n/.exec(read("docs/design.md")) ?? [];
  const ignored = npm.ignore!.map((one) => one["dependency-name"]);
  for (const name of ["@pulumi/pulumi", "vitest", "typescript"]) {
    expect(ignored).toContain(name);
    expect(said.toLowerCase()).toContain(name);
  }
  const lines = read(".github/dependabot.yml").split("\n");
  const bare = lines.filter(
    (line, index) => line.includes("- dependency-name") && !lines[index - 1]?.trim().startsWith("# "),
  );
  expect(bare).toEqual([]);
});

test("every package is in a group, but for the SDK that is held back", () => {
  const grouped = (name: string) =>
    Object.values(npm.groups).filter((group) => {
      const matches = (patterns: readonly string[] = []) =>
        patterns.some((pattern) => matching(pattern).includes(name));
      const type = Object.hasOwn(dependencies, name) ? "production" : "development";
      return group.patterns === undefined
        ? group["dependency-type"] === type && !matches(group["exclude-patterns"])
        : matches(group.patterns);
    }).length;
  expect(Object.keys(all).filter((name) => grouped(name) !== 1)).toEqual(["@pulumi/pulumi"]);
});

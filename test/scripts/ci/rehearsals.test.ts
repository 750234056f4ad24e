import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readProject } from "../../../project/project.ts";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { refuseFindings, rehearsals } from "../../../scripts/ci/rehearsals.ts";
import { reports } from "../../../scripts/ci/report.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let folder: string;

/** Two versions of the project, of which one stack is shown: the program is this one's. */
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "rehearsals-"));
  for (const version of ["base", "head"]) {
    for (const file of ["Pulumi.yaml", "package-lock.json", "infra/main.mjs", "stacks/Pulumi.dev.yaml"])
      cpSync(path.join(root, file), path.join(folder, version, file));
  }
  mkdirSync(path.join(folder, "head/node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const size = { base: "small", head: "small" };
const rehearsing = async ({ projectDirectory, ...options }: RehearseOptions): Promise<Rehearsal> => {
  const version = path.basename(projectDirectory!) as keyof typeof size;
  return rehearse(size[version] === "small" ? options : { ...options, set: { "nango:size": size[version] } });
};
const made = (base = true) =>
  rehearsals(
    readProject(path.join(folder, "head")),
    base ? path.join(folder, "base") : undefined,
    rehearsing,
  );

test("what a version changes about a stack is told, in the form of a report", async () => {
  size.head = "medium";
  const all = await made().finally(() => (size.head = "small"));
  expect(() => reports.parse(all)).not.toThrow();
  expect(all[0]!.changes).toContainEqual(
    expect.objectContaining({ kind: "update", resource: "rds.Instance nango-database" }),
  );
  expect(all[0]!.environment.join("\n")).toContain("server of nango, NANGO_DB_POOL_MAX: 19, and then 13");
  expect(all[0]!.meanings.join("\n")).toContain("restarts the database");
  expect(existsSync(path.join(folder, "base/node_modules"))).toBe(true);
});

test("a stack that stays as it is is left out", async () => {
  expect(await made()).toEqual([]);
});

test("a stack that is new is shown as a first deployment, as all are without another version", async () => {
  rmSync(path.join(folder, "base/stacks/Pulumi.dev.yaml"));
  for (const all of [await made(), await made(false)]) {
    expect(all.map(({ stack, changes }) => [stack, changes])).toEqual([["dev", []]]);
    expect(all[0]!.facts.map(({ title }) => title)).toContain("Creates");
  }
});

test("what would be refused is told, and fails", async () => {
  size.head = "huge";
  const all = await made().finally(() => (size.head = "small"));
  expect(all[0]!.findings.join("\n")).toContain("nango:size");
  expect(() => refuseFindings(all)).toThrow("A deployment would be refused: dev.");
});

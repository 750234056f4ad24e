import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { meetsHeading, notesOn, withRelease } from "../../../scripts/release/changelog.ts";
import { cutRelease, writeChanges } from "../../../scripts/release/command.ts";
import { readRelease } from "../../../scripts/release/record.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "release-"));
  for (const file of ["Pulumi.yaml", "package.json", "package-lock.json", "stacks", "infra/main.mjs"])
    cpSync(path.join(root, file), path.join(directory, file), { recursive: true });
  for (const folder of ["infra", "test/releases"])
    mkdirSync(path.join(directory, folder), { recursive: true });
  write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n\n${meetsHeading}\n\nA restart.\n`);
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(path.join(directory, file), text);
const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
const version = (file: string) => (JSON.parse(read(file)) as { version: string }).version;

/** The program of this project, whichever folder the configuration is in; an update of itself changes nothing. */
const rehearsing = async ({ stack, previous }: RehearseOptions): Promise<Rehearsal> => {
  const rehearsal = await rehearse({ stack, mode: "update" });
  return previous === undefined ? rehearsal : { ...rehearsal, changes: [] };
};

const place = () => ({ directory, rehearsing });

test("a release has its version, its notes and its stacks", async () => {
  const lines = await cutRelease("9.0.0", place(), "2030-01-02");
  expect(lines.join("\n")).toContain("git push origin main v9.0.0");
  expect(read("CHANGELOG.md")).toBe(
    `# Changelog\n\n## Unreleased\n\n## 9.0.0 (2030-01-02)\n\n${meetsHeading}\n\nA restart.\n`,
  );
  expect(notesOn(read("CHANGELOG.md"), "9.0.0")).toBe(`${meetsHeading}\n\nA restart.`);
  expect([version("package.json"), version("package-lock.json")]).toEqual(["9.0.0", "9.0.0"]);
  expect(read("package-lock.json")).toContain(
    `"": {\n      "name": "nango-pulumi",\n      "version": "9.0.0"`,
  );
  expect(read("test/releases/9.0.0.txt")).toBe(
    "dev:\n  nothing\nlocal:\n  nothing\nproduction:\n  nothing\nsearch:\n  nothing\n",
  );
});

test("what is written is read again as it was", async () => {
  await cutRelease("9.0.0", place());
  const { stacks } = readRelease(directory, "9.0.0");
  const { resources } = await rehearse({ stack: "dev", mode: "update" });
  expect(stacks["dev"]?.resources).toEqual(
    JSON.parse(
      JSON.stringify(resources.map((resource) => ({ ...resource, propertyDependencies: {}, aliases: [] }))),
    ),
  );
  expect(read("test/releases/9.0.0.json")).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
});

test.for([
  ["0.1", "is no version"],
  ["v9.0.0", "is no version"],
  ["0.0.9", "0.0.9 is not newer than 0.1.0"],
])("%s is refused: %s", async ([wanted, why]) => {
  write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n\n${meetsHeading}\n\n## 0.1.0 (2026-11-26)\n\nAll.\n`);
  await expect(cutRelease(wanted!, place())).rejects.toThrow(why);
  expect(readdirSync(path.join(directory, "test/releases"))).toEqual([]);
});

test("a release says what existing stacks meet", () => {
  expect(() => withRelease("# C\n\n## Unreleased\n\nMuch.\n", "1.0.0", "2030-01-02")).toThrow(
    `add "${meetsHeading}"`,
  );
  expect(() => withRelease("# C\n\n## Unreleased\n\n## 0.1.0 (2026-11-26)\n", "1.0.0", "2030-01-02")).toThrow(
    "nothing to release",
  );
  expect(() => notesOn("# C\n\n## Unreleased\n\nMuch.\n", "1.0.0")).toThrow("npm run release -- 1.0.0");
});

test("without a release there are no lists of changes", async () => {
  expect(await writeChanges(place())).toEqual(["There is no release yet."]);
});

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { meetsHeading, notesOn, withRelease } from "../../../scripts/release/changelog.ts";
import { cutRelease, writeChanges } from "../../../scripts/release/command.ts";
import { readRelease } from "../../../scripts/release/record.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let unchanged: string;
let directory: string;

beforeAll(() => {
  unchanged = directory = mkdtempSync(path.join(tmpdir(), "unchanged-"));
  for (const file of ["Pulumi.yaml", "package.json", "package-lock.json", "stacks", "infra/main.mjs"])
    cpSync(path.join(root, file), path.join(directory, file), { recursive: true });
  for (const folder of ["infra", "test/releases"])
    mkdirSync(path.join(directory, folder), { recursive: true });
  write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n\n${meetsHeading}\n\nA restart.\n`);
  git("init", "--quiet", "--template=", "--initial-branch", "main");
  commit();
});
afterAll(() => rmSync(unchanged, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "release-"));
  cpSync(unchanged, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const git = (...args: string[]) => execFileSync("git", args, { cwd: directory });
const commit = () => {
  git("add", "--all");
  const settings = ["user.name=A", "user.email=a@acme.dev", "maintenance.auto=false"];
  git(...settings.flatMap((setting) => ["-c", setting]), "commit", "--quiet", "--message", "All");
};
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
  ["0.0.9", "0.0.9 is not newer than 0.1.0, which CHANGELOG.md has. Newer ones are 0.1.1, 0.2.0, 1.0.0."],
  ["0.1.0", "0.1.0 is not newer than 0.1.0"],
])("%s is refused: %s", async ([wanted, why]) => {
  write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n\n${meetsHeading}\n\n## 0.1.0 (2026-11-26)\n\nAll.\n`);
  await expect(cutRelease(wanted!, place())).rejects.toThrow(why);
  expect(readdirSync(path.join(directory, "test/releases"))).toEqual([]);
});

test("the first release has the version that package.json began with, or a later one", async () => {
  await expect(cutRelease("0.0.9", place())).rejects.toThrow(
    "0.0.9 is not newer than 0.1.0, which package.json has",
  );
  expect((await cutRelease("0.1.0", place()))[0]).toContain("0.1.0 is cut");
});

test.for<[string, () => void, string]>([
  [
    "what is not committed",
    () => write("stacks/Pulumi.own.yaml", "config: {}\n"),
    "?? stacks/Pulumi.own.yaml",
  ],
  [
    "another branch",
    () => git("switch", "--quiet", "--create", "fix"),
    'The branch is "fix": a release is cut on main',
  ],
  ["no branch", () => git("switch", "--quiet", "--detach"), "The branch is none: a release is cut on main"],
  ["a tag that is there", () => git("tag", "v9.0.0"), "The tag v9.0.0 is there already"],
  [
    "a folder without git",
    () => rmSync(path.join(directory, ".git"), { recursive: true }),
    "is no clone of a git repository",
  ],
])("a release is refused with %s, and nothing is written", async ([, meet, why]) => {
  meet();
  await expect(cutRelease("9.0.0", place())).rejects.toThrow(why);
  expect(readdirSync(path.join(directory, "test/releases"))).toEqual([]);
  expect(read("CHANGELOG.md")).not.toContain("9.0.0");
});

test("a release that is cut on its branch is tagged once it is merged", async () => {
  git("switch", "--quiet", "--create", "release-9.0.0");
  const lines = (await cutRelease("9.0.0", place())).join("\n");
  expect(lines).toMatch(
    /git push origin release-9\.0\.0\n.*merged:\n {2}git switch main && git pull\n {2}git tag/s,
  );
  expect(lines).toMatch(/git push origin v9\.0\.0$/m);
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

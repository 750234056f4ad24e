import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";
import { wrong } from "../../project/command.ts";
import { type Project, readProject } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { rehearse } from "../../rehearsal/rehearse.ts";
import { release } from "./arguments.ts";
import { sectionsOf, withRelease } from "./changelog.ts";
import {
  changesFile,
  readRelease,
  recordedVersions,
  recordStack,
  type ReleasedStack,
  shippedStacks,
  writeRelease,
} from "./record.ts";
import { RELEASE_BRANCH, refuseTree } from "./tree.ts";
import { changeLines, rehearseUpdate } from "./update.ts";

/** Where a release is made, and how stacks are rehearsed. */
export interface Place {
  readonly directory: string;
  readonly rehearsing: typeof rehearse;
}

/**
 * Cuts a release: writes CHANGELOG.md, package.json, its lock and the record. Nothing is written where it is refused.
 * @param today YYYY-MM-DD
 * @returns what to print
 */
export async function cutRelease(
  version: string,
  place: Place,
  today = new Date().toISOString().slice(0, 10),
): Promise<string[]> {
  const { directory, rehearsing } = place;
  const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
  const changelog = read("CHANGELOG.md");
  refuseVersion(version, changelog, read("package.json"));
  const branch = refuseTree(version, directory);
  const released = withRelease(changelog, version, today);
  const project = readProject(directory);
  const stacks: Record<string, ReleasedStack> = {};
  for (const stack of shippedStacks) stacks[stack] = await recordStack(project, stack, rehearsing);

  writeFileSync(path.join(directory, "CHANGELOG.md"), released);
  for (const file of ["package.json", "package-lock.json"])
    writeFileSync(path.join(directory, file), withVersion(read(file), version));
  writeRelease(directory, { version, stacks });
  await writeChanges(place);
  const merged =
    branch === RELEASE_BRANCH
      ? []
      : [
          `  git push origin ${branch}`,
          "Open a pull request of it. Once that is merged:",
          `  git switch ${RELEASE_BRANCH} && git pull`,
        ];
  return [
    `${version} is cut: CHANGELOG.md, package.json, package-lock.json, test/releases/${version}.json and .txt. Look at git diff, then:`,
    "  npm test",
    `  git add --all && git commit --message "Release ${version}"`,
    ...merged,
    `  git tag --annotate v${version} --message "Release ${version}"`,
    `  git push origin ${branch === RELEASE_BRANCH ? `${branch} ` : ""}v${version}`,
    "The tag makes the release on GitHub (.github/workflows/release.yml).",
  ];
}

/** What is released is in the changelog, and its version in package.json, unless one of them was written by hand. */
function refuseVersion(version: string, changelog: string, manifest: string): void {
  if (semver.valid(version) !== version)
    throw wrong(
      release,
      `"${version}" is no version: give three numbers, such as 0.2.0 (https://semver.org)`,
    );
  const sections = sectionsOf(changelog).filter(({ date }) => date !== undefined);
  const { version: named } = JSON.parse(manifest) as { version: string };
  for (const [newer, file] of [
    ...sections.map(({ title }) => [title, "CHANGELOG.md"] as const),
    [named, "package.json"] as const,
  ]) {
    // The first release has the version that package.json began with.
    const isFirst = sections.length === 0 && version === newer;
    if (!isFirst && !semver.gt(version, newer)) {
      const next = (["patch", "minor", "major"] as const).map((by) => semver.inc(newer, by));
      throw new UserError(
        `${version} is not newer than ${newer}, which ${file} has. Newer ones are ${next.join(", ")}.`,
      );
    }
  }
}

/** The first version in either file is the project's own; in the lock it stands twice. */
function withVersion(text: string, version: string): string {
  const manifest = JSON.parse(text) as { version: string; packages?: Record<string, object> };
  const packages = manifest.packages && { ...manifest.packages, "": { ...manifest.packages[""], version } };
  return `${JSON.stringify({ ...manifest, version, ...(packages && { packages }) }, null, 2)}\n`;
}

/** What today's program changes about each stack of a release. */
async function changesSince(version: string, project: Project, rehearsing: typeof rehearse): Promise<string> {
  const { stacks } = readRelease(project.directory, version);
  const sections: string[] = [];
  for (const [stack, released] of Object.entries(stacks)) {
    const lines = changeLines(await rehearseUpdate(project, stack, released, rehearsing));
    sections.push([`${stack}:`, ...(lines.length === 0 ? ["  nothing"] : lines)].join("\n"));
  }
  return `${sections.join("\n")}\n`;
}

/** Writes the lists of changes; returns what to print. */
export async function writeChanges({ directory, rehearsing }: Place): Promise<string[]> {
  const project = readProject(directory);
  const versions = recordedVersions(directory);
  for (const version of versions)
    writeFileSync(changesFile(directory, version), await changesSince(version, project, rehearsing));
  return versions.length === 0
    ? ["There is no release yet."]
    : versions.map(
        (version) => `test/releases/${version}.txt is written: review it, and tell of it in CHANGELOG.md.`,
      );
}

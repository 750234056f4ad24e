// CHANGELOG.md, as far as releases go.

import { UserError } from "../../project/user-error.ts";

/** The heading under which a release says what somebody meets who has deployed an earlier one. */
export const meetsHeading = "### What an existing stack meets";

interface Section {
  /** `Unreleased`, or a version. */
  readonly title: string;
  /** YYYY-MM-DD; undefined for what is not released. */
  readonly date: string | undefined;
  /** What stands below the heading, without blank lines around it. */
  readonly text: string;
}

/** The sections of the changelog, newest first. */
export function sectionsOf(changelog: string): Section[] {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      const [, title = heading, date] = /^(\S+)(?: \((\d{4}-\d\d-\d\d)\))?$/.exec(heading) ?? [];
      return { title, date, text: lines.join("\n").trim() };
    });
}

/**
 * What a release says of itself.
 * @throws UserError for a version that the changelog does not have.
 */
export function notesOn(changelog: string, version: string): string {
  const section = sectionsOf(changelog).find(({ title }) => title === version);
  if (section === undefined || section.date === undefined)
    throw new UserError(
      `CHANGELOG.md has no section "## ${version} (<date>)": npm run release -- ${version} makes it of what is under Unreleased.`,
    );
  return section.text;
}

/**
 * The changelog with what is unreleased under a version.
 * @param date YYYY-MM-DD
 * @throws UserError where that section is missing, empty or does not say what existing stacks meet.
 */
export function withRelease(changelog: string, version: string, date: string): string {
  const unreleased = sectionsOf(changelog).find(({ title }) => title === "Unreleased");
  if (unreleased === undefined) throw new UserError(`CHANGELOG.md has no section "## Unreleased".`);
  if (unreleased.text === "")
    throw new UserError("CHANGELOG.md says nothing under Unreleased: there is nothing to release.");
  if (!unreleased.text.includes(meetsHeading))
    throw new UserError(
      `CHANGELOG.md does not say under Unreleased what somebody meets who updates: add "${meetsHeading}". ` +
        "test/releases/*.txt list what changes in stacks of earlier releases.",
    );
  return changelog.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} (${date})`);
}

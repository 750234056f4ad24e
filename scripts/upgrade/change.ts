import { commitTag, type Image } from "../../infra/nango/image.ts";
import type { Migrations, Release } from "../../infra/nango/releases.ts";

/** From the release that a stack has to another one. */
export interface Change {
  /** `unknown`: the stack has an image of no known release, so nobody can tell which is newer. */
  readonly direction: "forward" | "back" | "none" | "unknown";
  readonly from: Release | undefined;
  readonly to: Release;
  /** The releases behind the older one, up to and with the newer one. */
  readonly steps: readonly Release[];
  /** The database migrations that they brought. */
  readonly migrations: Migrations;
}

/** The release of an image, or undefined where it names none that is known. */
export function releaseOf(image: Image, releases: readonly Release[]): Release | undefined {
  return releases.find(({ commit }) => commitTag(commit) === image.tag);
}

/** What lies between two of the releases. */
export function changeBetween(releases: readonly Release[], from: Release | undefined, to: Release): Change {
  if (from === undefined)
    return { direction: "unknown", from, to, steps: [], migrations: { atLeast: 0, isExact: false } };
  const [older, newer] = [releases.indexOf(from), releases.indexOf(to)].sort((a, b) => a - b);
  const steps = releases.slice((older ?? 0) + 1, (newer ?? 0) + 1);
  const direction = from === to ? "none" : steps.at(-1) === to ? "forward" : "back";
  return {
    direction,
    from,
    to,
    steps,
    migrations: {
      atLeast: steps.reduce((sum, { migrations }) => sum + migrations.atLeast, 0),
      isExact: steps.every(({ migrations }) => migrations.isExact),
    },
  };
}

/** Whether it is certain that no database migration lies between. */
export function leavesDatabase({ migrations }: Change): boolean {
  return migrations.isExact && migrations.atLeast === 0;
}

/** The reference that pins a release, in the repository where the stack has its image. */
export function pinnedTo(image: Image, release: Release): string {
  return `${image.repository}:${commitTag(release.commit)}`;
}

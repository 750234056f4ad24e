import { distance } from "fastest-levenshtein";
import { commitTag, type Image } from "../../infra/nango/image.ts";
import { newestRelease, type Release, releases } from "../../infra/nango/releases.ts";
import { UserError } from "../../project/user-error.ts";

/** From the release that a stack has to another one. */
export interface Change {
  /** `unknown`: the stack has an image of no known release, so nobody can tell which is newer. */
  readonly direction: "forward" | "back" | "none" | "unknown";
  readonly from: Release | undefined;
  readonly to: Release;
  /** The releases behind the older one, up to and with the newer one. */
  readonly steps: readonly Release[];
  /** How many database migrations they brought. */
  readonly migrations: number;
}

/** The release of an image, or undefined where it names none that is known. */
export function releaseOf(image: Image): Release | undefined {
  return releases.find(({ commit }) => commitTag(commit) === image.tag);
}

/** @throws UserError for a version that is not known; it names the nearest. */
export function findRelease(version: string, stack: string): Release {
  const found = releases.find((release) => release.version === version);
  if (found !== undefined) return found;
  const [nearest] = releases.toSorted(
    (a, b) =>
      distance(a.version, version) - distance(b.version, version) ||
      releases.indexOf(b) - releases.indexOf(a),
  );
  throw new UserError(
    `Release "${version}" is not known here. The nearest is ${nearest?.version}, the newest ${newestRelease.version}.\n` +
      "A newer one, or any other commit of Nango, is named by hand:\n" +
      `  npx pulumi config set -s ${stack} nango:image nangohq/nango-server:hosted-<40 hexadecimal digits of the commit>`,
  );
}

/** What lies between two releases. */
export function changeBetween(from: Release | undefined, to: Release): Change {
  if (from === undefined) return { direction: "unknown", from, to, steps: [], migrations: 0 };
  const [older, newer] = [releases.indexOf(from), releases.indexOf(to)].sort((a, b) => a - b);
  const steps = releases.slice((older ?? 0) + 1, (newer ?? 0) + 1);
  const migrations = steps.reduce((sum, step) => sum + step.migrations, 0);
  const direction = from === to ? "none" : steps.at(-1) === to ? "forward" : "back";
  return { direction, from, to, steps, migrations };
}

/** The reference that pins a release, in the repository where the stack has its image. */
export function pinnedTo(image: Image, release: Release): string {
  return `${image.repository}:${commitTag(release.commit)}`;
}

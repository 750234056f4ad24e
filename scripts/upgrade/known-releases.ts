import semver from "semver";
import { type Release, releases as table } from "../../infra/nango/releases.ts";
import { UserError } from "../../project/user-error.ts";
import { ManifestError, readManifest } from "./manifest.ts";

/** The releases that can be chosen, and where they are known from. */
export interface KnownReleases {
  /** Oldest first. */
  readonly list: readonly Release[];
  readonly newest: Release;
  /** Sentences about what is not as it should be, or about where the list comes from. */
  readonly origin: string;
  /** Whether Nango itself gave the list just now. */
  readonly isCurrent: boolean;
}

const ownTable = `the table of this project, of ${table.at(-1)?.date}. Newer releases may exist: https://github.com/NangoHQ/nango/blob/master/managed-manifest.json`;

/** What the table of this project knows, and what Nango's manifest has beside it, where that can be reached. */
export async function knownReleases(wish: {
  readonly offline: boolean;
  readonly manifest?: string;
}): Promise<KnownReleases> {
  if (wish.offline) return known(table, `Nango's manifest was not asked (--offline): this is ${ownTable}`);
  try {
    return merged(await readManifest(wish.manifest));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return known(table, `Nango's manifest ${error.message}: going by ${ownTable}`);
  }
}

/** A version that both know has the commit of the table: that is the one whose migrations were counted. */
function merged(manifest: readonly Release[]): KnownReleases {
  const own = new Map(table.map((release) => [release.version, release]));
  const moved = manifest.filter(({ version, commit }) => (own.get(version)?.commit ?? commit) !== commit);
  const byVersion = new Map([...manifest.map((one) => [one.version, one] as const), ...own]);
  const list = [...byVersion.values()].toSorted((a, b) => semver.compare(a.version, b.version));
  const remarks = moved.map(
    ({ version, commit }) =>
      ` Of ${version} it names another commit, ${commit}, than this project, which stays with its own.`,
  );
  return known(list, `This is Nango's manifest, read just now.${remarks.join("")}`, true);
}

function known(list: readonly Release[], origin: string, isCurrent = false): KnownReleases {
  return { list, newest: list.at(-1)!, origin, isCurrent };
}

/** @throws UserError for a version that is not known; it names the nearest and what to do by hand. */
export function findRelease(
  { list, newest, origin }: KnownReleases,
  wanted: string,
  byHand: string,
): Release {
  const version = wanted.replace(/^v(?=\d)/, "");
  const found = list.find((release) => release.version === version);
  if (found !== undefined) return found;
  const holding = list.filter(({ application }) => application === version);
  const remark =
    holding.length > 0
      ? `${version} is the version of Nango that ${listed(holding)} ${holding.length === 1 ? "holds" : "hold"}.`
      : nearest(list, version);
  throw new UserError(
    [
      `Release "${wanted}" is not known here. ${remark} The newest is ${newest.version}.`,
      origin,
      byHand,
    ].join("\n"),
  );
}

function listed(some: readonly Release[]): string {
  const versions = some.map(({ version }) => version);
  return versions.length === 1
    ? `release ${versions[0]}`
    : `releases ${versions.slice(0, -1).join(", ")} and ${versions.at(-1)}`;
}

/** `1.6` means the newest of its kind; of what lies between two or behind all, the older one is nearer. */
function nearest(list: readonly Release[], version: string): string {
  const versions = list.map((release) => release.version);
  const wanted = semver.coerce(version);
  const near =
    semver.maxSatisfying(versions, version) ??
    (wanted === null ? undefined : (versions.findLast((one) => semver.lte(one, wanted)) ?? versions[0]));
  return near === undefined ? "It has to be a version, as in 1.6.6." : `The nearest is ${near}.`;
}

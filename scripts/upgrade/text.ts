import { dockerHubPath, type Image } from "../../infra/nango/image.ts";
import { defaultRelease, type Migrations, type Release } from "../../infra/nango/releases.ts";
import { type Change, changeBetween, leavesDatabase, pinnedTo } from "./change.ts";
import type { KnownReleases } from "./known-releases.ts";
import type { StackFile } from "./stack-file.ts";

/** How a commit of Nango is chosen that is no release. */
export function byHand(file: StackFile, { repository }: Image): string {
  return `Any commit of Nango can be pinned by hand, in ${file.path}:\n  nango:image: ${repository}:hosted-<40 hexadecimal digits of the commit>`;
}

/** How far back the list goes beside what the stack has. */
const shown = 10;

/** What a stack has, and the releases that it could have. */
export function describeStack(
  stack: string,
  file: StackFile,
  image: Image,
  current: Release | undefined,
  known: KnownReleases,
): string {
  const { list, newest, origin } = known;
  const from = current === undefined ? list.length - shown : list.indexOf(current) - 1;
  const listed = list.slice(Math.max(0, Math.min(from, list.length - shown))).toReversed();
  const pinned = file.isPinned
    ? `nango:image in ${file.path}`
    : "the default, which a newer version of this project may change";
  return [
    `Stack "${stack}" has ${titled(current)}: ${file.image}\n(${pinned})`,
    ["release   Nango     of          migrations", ...listed.map((release) => row(release, current))].join(
      "\n",
    ),
    `${aheadOf(current, known)}: npm run upgrade -- ${stack} ${newest.version}`,
    `${origin}\n${byHand(file, image)}`,
  ].join("\n\n");
}

/** What is newer than a release, up to a colon. */
function aheadOf(current: Release | undefined, { list, newest, isCurrent }: KnownReleases): string {
  if (current === undefined) return "To choose one";
  if (current === newest) return `That is the newest release${isCurrent ? "" : " known here"}. To pin it`;
  const { steps, migrations } = changeBetween(list, current, newest);
  const releases = steps.length === 1 ? "One release is" : `${steps.length} releases are`;
  return `${releases} newer, with ${counted(migrations)}. To choose one`;
}

function row(release: Release, current: Release | undefined): string {
  const { version, application, date, migrations } = release;
  const mark = release === current ? "  <- this stack" : "";
  return `${version.padEnd(9)} ${application.padEnd(9)} ${date}  ${figure(migrations).padStart(10)}${mark}`;
}

function figure({ atLeast, isExact }: Migrations): string {
  if (isExact) return String(atLeast);
  return atLeast === 0 ? "unknown" : `at least ${atLeast}`;
}

function counted(migrations: Migrations): string {
  if (!migrations.isExact && migrations.atLeast === 0) return "an unknown number of database migrations";
  const number = migrations.isExact && migrations.atLeast === 1 ? "one" : figure(migrations);
  return `${number} database ${migrations.atLeast === 1 ? "migration" : "migrations"}`;
}

function titled(release: Release | undefined): string {
  return release === undefined
    ? "an image of no known release"
    : `release ${release.version} (Nango ${release.application}, ${release.date})`;
}

/** What a change means, and whether one can go back. */
export function describeChange(
  stack: string,
  image: Image,
  change: Change,
  releases: readonly Release[],
): string {
  const { direction, from, to } = change;
  const summary = [`Stack "${stack}"`, `  from ${titled(from)}: ${image.reference}`, `  to   ${titled(to)}`];
  if (from !== undefined && direction !== "none") {
    const [older, newer] = direction === "forward" ? [from, to] : [to, from];
    summary.push(
      `  what changes: https://github.com/NangoHQ/nango/compare/${older.commit}...${newer.commit}`,
    );
  }
  if (releases.indexOf(to) > releases.findIndex(({ version }) => version === defaultRelease.version)) {
    summary.push(
      `  This project was checked against ${defaultRelease.version}: look there for variables of the environment that are new or gone.`,
    );
  }
  return `${summary.join("\n")}\n\n${consequence(change)}`;
}

function consequence(change: Change): string {
  const { direction, steps, migrations } = change;
  const distance = steps.length === 1 ? "One release" : `${steps.length} releases`;
  switch (direction) {
    case "none":
      return "That is the release that the stack has; it is pinned, so that a newer version of this project keeps it.";
    case "unknown":
      return "Whether that is newer or older cannot be told. Onto an older one there is no way but a snapshot of the database, since migrations are never undone.";
    case "forward":
      return leavesDatabase(change)
        ? `${distance}, without a database migration: you can go back by upgrading to the old one with --allow-downgrade.`
        : `${distance}, ${counted(migrations)}. They are never undone: the way back is a snapshot of the database from before, so take one.`;
    case "back":
      return leavesDatabase(change)
        ? `${distance} back, without a database migration between them: the database fits both.`
        : `${distance} back. The database has ${counted(migrations)} that the older release does not know, and it would refuse to migrate it: restore a snapshot from before first.`;
  }
}

/** Where Nango pushes its free edition itself. */
const ownPath = "nangohq/nango-server";

/** What becomes of the repository and the digest of the image that the stack had. */
export function aboutImage(image: Image, pin: string): string[] {
  return [
    ...(image.digest === undefined
      ? []
      : [`The digest ${image.digest} named the old image and is dropped; ${keepingDigests(image)}.`]),
    ...(dockerHubPath(image) === ownPath
      ? []
      : [`Nango pushes nothing to ${image.repository}: ${pin} has to be there before you deploy.`]),
  ];
}

/** How the new image is named by a digest, too. */
function keepingDigests(image: Image): string {
  return dockerHubPath(image) === undefined
    ? "append that of the new one, @sha256:..., where tags can be pushed over"
    : "the new image is named by its commit, a tag that never moves (nango:pinDigest resolves it at each deployment)";
}

/** What to do once the pin is written. */
export function nextSteps(stack: string, file: StackFile, image: Image, change: Change): string {
  const { to, direction } = change;
  const isForeign = dockerHubPath(image) !== ownPath;
  const before =
    direction === "back"
      ? "restore the database from before that release: docs/upgrade.md says how"
      : "a snapshot of the database: docs/upgrade.md says how";
  const replacing = file.isOnDocker
    ? "migrates and replaces the containers; Nango is down meanwhile"
    : "migrates, then replaces the containers one by one";
  const steps = [
    ...(isForeign ? [`push the image of release ${to.version} to ${pinnedTo(image, to)}`] : []),
    ...(leavesDatabase(change) ? [] : [before]),
    `npm run preview -- ${stack}`,
    `npm run up -- ${stack}   (${replacing})`,
  ];
  return `Next:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join("\n")}`;
}

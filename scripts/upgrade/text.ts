import { dockerHubPath, type Image } from "../../infra/nango/image.ts";
import { newestRelease, type Release, releases } from "../../infra/nango/releases.ts";
import { type Change, pinnedTo } from "./change.ts";
import type { StackFile } from "./stack-file.ts";

const newerOnes = (
  stack: string,
) => `Newer releases may exist, since this list comes with the project: https://github.com/NangoHQ/nango/blob/master/managed-manifest.json
Any commit of Nango can be named by hand: npx pulumi config set -s ${stack} nango:image nangohq/nango-server:hosted-<commit>`;

/** How far back the list goes beside what the stack has. */
const shown = 10;

/** What a stack has, and the releases that it could have. */
export function describeStack(stack: string, file: StackFile, current: Release | undefined): string {
  const from = current === undefined ? releases.length - shown : releases.indexOf(current) - 1;
  const listed = releases.slice(Math.max(0, Math.min(from, releases.length - shown))).toReversed();
  const origin = file.isPinned
    ? `nango:image in ${file.path}`
    : "the default, which a newer version of this project may change";
  return [
    `Stack "${stack}" has ${titled(current)}: ${file.image}\n(${origin})`,
    ["release   Nango     of          migrations", ...listed.map((release) => row(release, current))].join(
      "\n",
    ),
    current === newestRelease
      ? `That is the newest release known here. To pin it: npm run upgrade -- ${stack} ${newestRelease.version}`
      : `To choose one: npm run upgrade -- ${stack} ${newestRelease.version}`,
    newerOnes(stack),
  ].join("\n\n");
}

function row(release: Release, current: Release | undefined): string {
  const { version, application, date, migrations } = release;
  const mark = release === current ? "  <- this stack" : "";
  return `${version.padEnd(9)} ${application.padEnd(9)} ${date}  ${String(migrations).padStart(10)}${mark}`;
}

function titled(release: Release | undefined): string {
  return release === undefined
    ? "an image of no known release"
    : `release ${release.version} (Nango ${release.application}, ${release.date})`;
}

/** What a change means, and whether one can go back. */
export function describeChange(stack: string, image: Image, change: Change): string {
  const { direction, from, to } = change;
  const summary = [`Stack "${stack}"`, `  from ${titled(from)}: ${image.reference}`, `  to   ${titled(to)}`];
  if (from !== undefined && direction !== "none") {
    const [older, newer] = direction === "forward" ? [from, to] : [to, from];
    summary.push(
      `  what changes: https://github.com/NangoHQ/nango/compare/${older.commit}...${newer.commit}`,
    );
  }
  return `${summary.join("\n")}\n\n${consequence(change)}`;
}

function consequence({ direction, steps, migrations }: Change): string {
  const distance = steps.length === 1 ? "One release" : `${steps.length} releases`;
  const count = migrations === 1 ? "one database migration" : `${migrations} database migrations`;
  switch (direction) {
    case "none":
      return "That is the release that the stack has; it is pinned, so that a newer version of this project keeps it.";
    case "unknown":
      return "Whether that is newer or older cannot be told. Onto an older one there is no way but a snapshot of the database, since migrations are never undone.";
    case "forward":
      return migrations === 0
        ? `${distance}, without a database migration: you can go back by upgrading to the old one with --allow-downgrade.`
        : `${distance}, ${count}. They are never undone: the way back is a snapshot of the database from before, so take one.`;
    case "back":
      return migrations === 0
        ? `${distance} back, without a database migration between them: the database fits both.`
        : `${distance} back. The database has ${count} that the older release does not know, and it would refuse to migrate it: restore a snapshot from before first.`;
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
export function nextSteps(
  stack: string,
  file: StackFile,
  image: Image,
  { to, migrations, direction }: Change,
): string {
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
    ...(migrations > 0 || direction === "unknown" ? [before] : []),
    `npm run preview -- ${stack}`,
    `npm run up -- ${stack}   (${replacing})`,
  ];
  return `Next:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join("\n")}`;
}

// Whether a stack can be deployed as it was at an earlier commit.

import { parseImage } from "../../infra/nango/image.ts";
import type { Release } from "../../infra/nango/releases.ts";
import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import { parseAsPulumi } from "../../project/yaml.ts";
import { changeBetween, leavesDatabase, releaseOf } from "../upgrade/change.ts";
import { readStackFile } from "../upgrade/stack-file.ts";
import { git } from "./git.ts";

/**
 * Judges the way back; answers the whole name of the commit, and what to say of it.
 * @param releases The releases of Nango that are known.
 * @throws UserError where there is none, with the way out.
 */
export async function judgeRollback(
  project: Project,
  stack: string,
  wanted: string,
  releases: readonly Release[],
): Promise<{ readonly commit: string; readonly text: string }> {
  const { directory } = project;
  const now = readStackFile(project, stack).image;
  // No option of git's, and one commit.
  const named = /^[A-Za-z0-9][\w./~^-]*$/.test(wanted)
    ? await git(directory, ["rev-parse", "--verify", "--quiet", `${wanted}^{commit}`])
    : undefined;
  const commit = named?.trim();
  if (commit === undefined) {
    const knowsNone = (await git(directory, ["rev-parse", "--verify", "--quiet", "HEAD"])) === undefined;
    throw new UserError(
      knowsNone
        ? `git knows no commit here, and so not "${wanted}": it is not installed, or has none of ${directory}. Run this in a clone.`
        : `"${wanted}" is no commit of this repository. The last ones: git log --oneline -10`,
    );
  }
  if ((await git(directory, ["merge-base", "--is-ancestor", commit, "HEAD"])) === undefined)
    throw new UserError(`${commit} was never on this branch: what is deployed has been on main, reviewed.`);
  const before = await imageAt(directory, commit, stack);
  const text = `Stack ${stack} goes back to ${commit}`;
  if (before === now) return { commit, text: `${text}, with the Nango that it has.` };
  const [from, to] = [now, before].map((image) => releaseOf(parseImage(image), releases));
  const change = to === undefined ? undefined : changeBetween(releases, from, to);
  if (change === undefined || (change.direction !== "forward" && !leavesDatabase(change)))
    throw new UserError(
      `${text} only with an older Nango (${before} in place of ${now}), and the database may have migrations that it does not ` +
        "know: it would refuse to start. Restore a snapshot from before first, docs/upgrade.md#going-back, or go back to a commit with the Nango of today.",
    );
  return { commit, text: `${text}, with Nango ${to?.application}: no database migration lies between.` };
}

/** The image of the stack at a commit: that of its file, else the default of then, which Pulumi.yaml declares. */
async function imageAt(directory: string, commit: string, stack: string): Promise<string> {
  const [file, project] = await Promise.all(
    [`stacks/Pulumi.${stack}.yaml`, "Pulumi.yaml"].map((name) =>
      git(directory, ["show", `${commit}:./${name}`]),
    ),
  );
  if (file === undefined || project === undefined)
    throw new UserError(`At ${commit} there was no stack "${stack}".`);
  const declared = at(parseAsPulumi(project), ["config", "image", "default"]);
  const own = at(parseAsPulumi(file), ["config", "nango:image"]);
  const image = own ?? declared;
  if (typeof image !== "string") throw new UserError(`At ${commit} the image of "${stack}" is no text.`);
  return image;
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

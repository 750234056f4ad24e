// What git says of the folder in which a release is cut.

import { execFileSync } from "node:child_process";
import { UserError } from "../../project/user-error.ts";

/** Releases lie on it: .github/workflows/release.yml publishes no other commit. */
export const RELEASE_BRANCH = "main";

/** Where main takes nothing but pull requests, a release is cut on this branch, and merged. */
const branchOf = (version: string): string => `release-${version}`;

/**
 * Refuses a folder in which no release can be cut; answers the branch.
 * @throws UserError with the way out.
 */
export function refuseTree(version: string, directory: string): string {
  const branch = git(directory, "branch", "--show-current");
  if (branch === undefined)
    throw new UserError(
      `${directory} is no clone of a git repository: a release is a commit and a tag of it.`,
    );
  if (branch !== RELEASE_BRANCH && branch !== branchOf(version))
    throw new UserError(
      `The branch is ${branch === "" ? "none" : `"${branch}"`}: a release is cut on ${RELEASE_BRANCH}, or, where that takes nothing but pull ` +
        `requests, on ${branchOf(version)}: git switch ${RELEASE_BRANCH}, or git switch --create ${branchOf(version)} ${RELEASE_BRANCH}`,
    );
  const changed = git(directory, "status", "--porcelain") ?? "";
  if (changed !== "")
    throw new UserError(
      `What is not committed would get into the release. Commit it, or take it away (git stash --include-untracked):\n${changed}`,
    );
  if (git(directory, "rev-parse", "--verify", "--quiet", `refs/tags/v${version}`) !== undefined)
    throw new UserError(
      `The tag v${version} is there already: a release is made once. Take the next version.`,
    );
  return branch;
}

function git(directory: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trimEnd();
  } catch {
    return undefined;
  }
}

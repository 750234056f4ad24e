// Which stacks a pull request changes, as far as its files say so.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../../project/user-error.ts";

/** What every stack is made of. */
const everyStack = /^(?:infra\/|project\/|Pulumi\.yaml$|package(?:-lock)?\.json$)/;

const stackFile = /^stacks\/Pulumi\.(.+)\.yaml$/;

/** Whether files that changed can change what a stack deploys. @param files From the project's folder on. */
export function changesStack(files: readonly string[], stack: string): boolean {
  return files.some((file) => everyStack.test(file) || stackFile.exec(file)?.[1] === stack);
}

/**
 * The files of this folder that the commit changes that is checked out. That of a pull request is its merge, whose first
 * parent is the branch that it goes into.
 * @throws UserError where git has no such parent.
 */
export async function changedFiles(directory: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(
      "git",
      ["diff", "--name-only", "--relative", "-z", "HEAD^1", "HEAD", "--", "."],
      { cwd: directory },
    );
    return stdout.split("\0").filter((file) => file !== "");
  } catch (error) {
    throw new UserError(
      `git cannot tell what changed: ${error instanceof Error ? error.message : String(error)} ` +
        "Check out two commits at least (fetch-depth: 2).",
    );
  }
}

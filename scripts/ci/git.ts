// What git says of a repository.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What git prints, or undefined where it fails. */
export async function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)("git", args, { cwd: directory })).stdout;
  } catch {
    return undefined;
  }
}

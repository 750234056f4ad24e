// A repository of git with a project in it; a new one for each test.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";

export let directory: string;

const SETTINGS = [
  ["user.name", "Ada"],
  ["user.email", "ada@example.com"],
  ["commit.gpgsign", "false"],
  // A process for each commit.
  ["maintenance.auto", "false"],
].flatMap(([name, value]) => ["-c", `${name}=${value}`]);

export function git(...args: readonly string[]): string {
  return execFileSync("git", [...SETTINGS, ...args], {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** Writes files and commits them; answers the commit. */
export function commit(files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  }
  git("add", "--all");
  git("commit", "--quiet", "--message", "A change");
  return git("rev-parse", "HEAD");
}

/** Gives each test of the file a repository. */
export function repositoriesOfTheirOwn(): void {
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "repository-"));
    git("init", "--quiet", "--template=", "--initial-branch", "main");
  });
  afterEach(() => rmSync(directory, { recursive: true }));
}

// A stack under this version of the project, and under another one that git has.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import { maskedRehearsal } from "../mask.ts";
import { followed, type Rehearsed, type Rehearsing, whole } from "./change.ts";

/** A version of the project. */
interface Version {
  /** As it was asked for. */
  readonly ref: string;
  readonly commit: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const largestFile = 256 * 1024 * 1024;

function git(directory: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const options = { cwd: directory, env, encoding: "utf8", maxBuffer: largestFile } as const;
  return execFileSync("git", args, { ...options, stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
}

/** The commit that git has under a name; undefined where it has none, or is not there. */
export function commitOf(directory: string, ref: string): string | undefined {
  try {
    return git(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  } catch {
    return undefined;
  }
}

/** What the update of a stack from another version of the project to this one would do. */
export async function againstVersion(
  { run, options }: Rehearsing,
  { ref, commit }: Version,
  project: Project,
): Promise<Rehearsed> {
  const folder = mkdtempSync(path.join(tmpdir(), "version-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Whoever presses Ctrl-C leaves no copy of the project behind.
  const leave = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  const stopListening = () => {
    for (const signal of SIGNALS) process.off(signal, leave);
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    const directory = checkOut(project.directory, commit, folder);
    const remarks = prepare(project, directory, { ref, stack: options.stack });
    const { set: _, secrets: __, ...plain } = options;
    const before = await whole(run({ ...plain, mode: "update", projectDirectory: directory }), ref);
    const rehearsal = await followed({ run, options }, before);
    return {
      rehearsal,
      before,
      comparison: {
        before: { title: `${ref} (${commit.slice(0, 7)})`, rehearsal: maskedRehearsal(before) },
        after: { title: "this version", rehearsal: maskedRehearsal(rehearsal) },
        isDeployment: true,
        changes: rehearsal.changes,
        keys: [],
        remarks,
      },
    };
  } catch (error) {
    const signal = signalThatEnded(error);
    if (signal !== undefined) {
      stopListening();
      leave(signal);
    }
    throw error;
  } finally {
    stopListening();
    remove();
  }
}

/** The signal by which git was ended, for which this process waits: Ctrl-C is for both. */
function signalThatEnded(error: unknown): NodeJS.Signals | undefined {
  return isRecord(error) ? SIGNALS.find((signal) => signal === error["signal"]) : undefined;
}

/** Writes the files of a commit into a folder; answers where the project is in it. The repository stays as it is. */
function checkOut(directory: string, commit: string, folder: string): string {
  const [top, prefix] = ["--show-toplevel", "--show-prefix"].map((flag) =>
    git(directory, ["rev-parse", flag]),
  );
  const env = { ...process.env, GIT_INDEX_FILE: path.join(folder, "index") };
  const files = path.join(folder, "files");
  mkdirSync(files);
  git(top ?? directory, ["read-tree", commit], env);
  git(top ?? directory, ["checkout-index", "--all", "--quiet", `--prefix=${files}/`], env);
  return path.join(files, prefix ?? "");
}

/** Gives another version what it needs to run; answers what is to be known of it. */
function prepare(
  project: Project,
  directory: string,
  { ref, stack }: { readonly ref: string; readonly stack: string },
): string[] {
  if (!existsSync(path.join(directory, "Pulumi.yaml")))
    throw new UserError(`--against ${ref}: there is no Pulumi.yaml in that version`);
  const packages = path.join(project.directory, "node_modules");
  // On Windows a junction needs no rights of its own.
  if (existsSync(packages)) symlinkSync(packages, path.join(directory, "node_modules"), "junction");
  return [
    ...lockRemarks(project.directory, directory, ref),
    ...fileRemarks(project, directory, { ref, stack }),
  ];
}

function lockRemarks(own: string, other: string, ref: string): string[] {
  const [now, then] = [own, other].map((folder) => {
    const file = path.join(folder, "package-lock.json");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  });
  if (now === then) return [];
  return [
    `${ref} has other packages in its package-lock.json: it was rehearsed with those that are installed here, which can differ from what it deployed with.`,
  ];
}

/** The file of the stack is that version's own; today's where it has none. */
function fileRemarks(
  { directory: own, stacksDirectory }: Project,
  directory: string,
  { ref, stack }: { readonly ref: string; readonly stack: string },
): string[] {
  const name = path.relative(own, path.join(stacksDirectory, `Pulumi.${stack}.yaml`));
  const [from, to] = [path.join(own, name), path.join(directory, name)];
  if (existsSync(to) || !existsSync(from)) return [];
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
  return [`${ref} has no ${name.replaceAll(path.sep, "/")}: it was rehearsed with today's.`];
}

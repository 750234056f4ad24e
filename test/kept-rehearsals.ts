// Rehearsals of just these sources, kept for the other processes of a run and for the next run: as long as nothing of the
// program and its rehearsal changes, neither does what comes of them.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import v8 from "node:v8";
import zlib from "node:zlib";
import type { Rehearsal, RehearseOptions } from "../rehearsal/rehearse.ts";

interface Kept {
  readKept(file: string): Buffer | undefined;
  writeKept(folder: string, name: string, data: Buffer): boolean;
}

const { readKept, writeKept } = createRequire(import.meta.url)("../project/kept.cjs") as Kept;

const root = path.join(import.meta.dirname, "..");
const folder = path.join(root, "node_modules/.cache/rehearsals");

/** What a rehearsal hangs on, besides its options: all but what tests and commands are. */
const SOURCES = [
  "Pulumi.yaml",
  "package-lock.json",
  "stacks",
  "infra",
  "policy",
  "project",
  "rehearsal",
  "bootstrap",
  "test/rehearse.ts",
  "test/kept-rehearsals.ts",
  "test/language-host.ts",
  "test/language-host-messages.ts",
  "test/direct-monitor.ts",
  "test/rehearsal/fixtures",
];

/** So many states of the sources are kept, such as the one before a change and the one after it. */
const STATES = 4;

/** Differs for other sources, and on another day: a rehearsal may say that something is past. */
export function stateOf(project: string): string {
  const digest = createHash("sha256");
  const add = (part: string | Buffer) => void digest.update(part).update("\0");
  for (const part of [process.version, project, new Date().toISOString().slice(0, 10)]) add(part);
  for (const file of SOURCES.flatMap((source) => filesIn(project, source))) {
    add(file);
    add(readFileSync(path.join(project, file)));
  }
  return digest.digest("hex");
}

function filesIn(project: string, source: string): string[] {
  const place = path.join(project, source);
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [source] : [];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(project, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).includes("node_modules"))
    .toSorted();
}

let current: string | undefined;

/** The folder of these sources. */
function currentFolder(): string {
  if (current !== undefined) return current;
  current = path.join(folder, stateOf(root));
  mkdirSync(current, { recursive: true });
  const age = (state: string) => statSync(state, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const states = readdirSync(folder).map((name) => path.join(folder, name));
  for (const old of states.toSorted((a, b) => age(b) - age(a)).slice(STATES))
    rmSync(old, { recursive: true, force: true });
  return current;
}

/**
 * The file in which what comes of these options is kept; undefined when that hangs on something that lives or lies
 * elsewhere.
 * @param sameOptions The same for options that ask for the same, apart from a previous deployment and from hooks.
 */
export function fileFor(options: RehearseOptions, sameOptions: string): string | undefined {
  const { mode, answers, runHooks = false, environment, run, previous, projectDirectory = root } = options;
  if (answers || environment || run || previous instanceof Promise) return undefined;
  // In a preview, hooks look at what is planned.
  if (runHooks && mode === "update") return undefined;
  if (path.relative(root, projectDirectory).startsWith("..")) return undefined;
  const digest = createHash("sha256").update(`${sameOptions}${String(runHooks)}`);
  if (previous) digest.update(contentOf(previous));
  return path.join(currentFolder(), digest.digest("hex"));
}

type Deployed = Pick<Rehearsal, "mode" | "resources">;

const contents = new WeakMap<Deployed, string>();

/** Stands for a deployment: many changes follow the same one. */
function contentOf(deployed: Deployed): string {
  const known = contents.get(deployed);
  if (known !== undefined) return known;
  const { mode, resources } = deployed;
  const content = createHash("sha256")
    .update(v8.serialize([mode, resources]))
    .digest("hex");
  contents.set(deployed, content);
  return content;
}

/** What came of it before. */
export function readRehearsal(file: string | undefined): Rehearsal | undefined {
  const data = file === undefined ? undefined : readKept(file);
  return data && (v8.deserialize(zlib.inflateRawSync(data)) as Rehearsal);
}

/** Answers whether it is kept, which takes space on the disk. */
export function keepRehearsal(file: string, rehearsal: Rehearsal): boolean {
  const data = zlib.deflateRawSync(v8.serialize(rehearsal), { level: 1 });
  return writeKept(path.dirname(file), path.basename(file), data);
}

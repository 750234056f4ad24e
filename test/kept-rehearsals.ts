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
  writeKept(folder: string, name: string, data: Buffer): void;
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

let ofTheseSources: string | undefined;

/** The folder of these sources today: a rehearsal may say that something is past. */
function current(): string {
  if (ofTheseSources !== undefined) return ofTheseSources;
  const digest = createHash("sha256");
  for (const part of [process.version, root, new Date().toISOString().slice(0, 10)])
    digest.update(`${part}\0`);
  for (const file of SOURCES.flatMap(filesIn))
    digest
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  ofTheseSources = path.join(folder, digest.digest("hex"));
  mkdirSync(ofTheseSources, { recursive: true });
  const states = readdirSync(folder).map((name) => path.join(folder, name));
  for (const old of states.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs).slice(STATES))
    rmSync(old, { recursive: true, force: true });
  return ofTheseSources;
}

function filesIn(place: string): string[] {
  const all = path.join(root, place);
  if (!statSync(all).isDirectory()) return [place];
  return readdirSync(all, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/**
 * The name under which what comes of these options is kept; undefined when that hangs on something that lives or lies
 * elsewhere.
 */
export function nameOf(options: RehearseOptions, sameOptions: string): string | undefined {
  const { mode, answers, runHooks = false, environment, run, previous, projectDirectory = root } = options;
  if (answers || environment || run || previous instanceof Promise) return undefined;
  // In a preview, hooks look at what is planned.
  if (runHooks && mode === "update") return undefined;
  if (path.relative(root, projectDirectory).startsWith("..")) return undefined;
  const digest = createHash("sha256").update(`${sameOptions}${String(runHooks)}`);
  if (previous) digest.update(v8.serialize([previous.mode, previous.resources]));
  return digest.digest("hex");
}

/** What came of it before. */
export function readRehearsal(name: string): Rehearsal | undefined {
  const data = readKept(path.join(current(), name));
  return data && (v8.deserialize(zlib.inflateRawSync(data)) as Rehearsal);
}

export function keepRehearsal(name: string, rehearsal: Rehearsal): void {
  writeKept(current(), name, zlib.deflateRawSync(v8.serialize(rehearsal), { level: 1 }));
}

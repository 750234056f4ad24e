// Runs a job step by step in a shell, with programs that only write down how they are called.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { filled, runs, type Contexts } from "./expression.ts";
import type { Job, Step } from "./workflow.ts";

/** Writes down its words. What it prints, and whether it fails, is in files with the name of its script or its first word. */
const PROGRAM = String.raw`#!/bin/sh
printf '%s\037' "$(basename "$0")" "$@" >> "$FAKE/calls"; printf '\036' >> "$FAKE/calls"
script=$1
[ "$1" = run ] && { script=$2; [ "$2" = --silent ] && script=$3; }
[ -e "$FAKE/prints/$script" ] && cat "$FAKE/prints/$script"
[ ! -e "$FAKE/fails/$script" ]
`;

const PROGRAMS = ["npm", "git", "gh", "sleep", "aws"];

interface RanStep {
  readonly step: Step;
  /** Whether its `if:` let it run. */
  readonly ran: boolean;
  readonly failed: boolean;
}

export interface RanJob {
  readonly ran: boolean;
  readonly failed: boolean;
  readonly steps: readonly RanStep[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The programs that were called, with their words. */
  readonly calls: readonly (readonly string[])[];
  readonly summary: string;
}

/** What the programs do, by the script of npm or the second word. */
export interface Fakes {
  readonly prints?: Readonly<Record<string, string>>;
  readonly fails?: readonly string[];
  /** What a step with this id gives as its outputs, beside what its shell writes. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Runs it as a runner does; actions do nothing. */
export function runJob(
  job: Job,
  contexts: Contexts,
  { prints = {}, fails = [], outputs = {} }: Fakes = {},
): RanJob {
  const nothing = { ran: false, failed: false, steps: [], outputs: {}, calls: [], summary: "" };
  if (!runs(job.if, contexts)) return nothing;
  const folder = mkdtempSync(path.join(tmpdir(), "job-"));
  const file = (name: string) => path.join(folder, name);
  try {
    for (const name of ["bin", "prints", "fails", "temp", "work"]) mkdirSync(file(name));
    for (const name of PROGRAMS) {
      writeFileSync(file(`bin/${name}`), PROGRAM);
      chmodSync(file(`bin/${name}`), 0o755);
    }
    for (const [script, text] of Object.entries(prints)) writeFileSync(file(`prints/${script}`), text);
    for (const script of fails) writeFileSync(file(`fails/${script}`), "");
    for (const name of ["calls", "summary", "output"]) writeFileSync(file(name), "");
    const runner = { temp: file("temp") };
    const done: RanStep[] = [];
    const steps: Record<string, object> = {};
    const known = () => ({ ...contexts, runner, steps });
    for (const step of job.steps ?? []) {
      const hasFailed = done.some(({ failed }) => failed);
      const ran = runs(step.if, known(), hasFailed);
      let failed = false;
      if (ran && step.run !== undefined) {
        writeFileSync(file("output"), "");
        const own = { ...job.env, ...step.env };
        const env = Object.fromEntries(
          Object.entries(own).map(([name, text]) => [name, filled(text, known(), hasFailed)]),
        );
        failed = !inShell(step.run, folder, env);
      }
      if (ran) for (const text of Object.values(step.with ?? {})) filled(String(text), known(), hasFailed);
      if (step.id !== undefined)
        steps[step.id] = {
          outcome: ran ? (failed ? "failure" : "success") : "skipped",
          outputs: { ...linesOf(readFileSync(file("output"), "utf8")), ...outputs[step.id] },
        };
      done.push({ step, ran, failed });
    }
    return {
      ran: true,
      failed: done.some(({ failed }) => failed),
      steps: done,
      outputs: Object.fromEntries(
        Object.entries(job.outputs ?? {}).map(([name, text]) => [name, filled(text, known())]),
      ),
      calls: readFileSync(file("calls"), "utf8")
        .split("\u001E")
        .filter((call) => call !== "")
        .map((call) => call.split("\u001F").slice(0, -1)),
      summary: readFileSync(file("summary"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether it ended well, in the shell of GitHub's `shell: bash`. */
function inShell(script: string, folder: string, env: Readonly<Record<string, string>>): boolean {
  const file = path.join(folder, "step.sh");
  writeFileSync(file, script);
  try {
    execFileSync("bash", ["--noprofile", "--norc", "-eu", "-o", "pipefail", file], {
      cwd: path.join(folder, "work"),
      stdio: ["ignore", "ignore", "ignore"],
      env: {
        ...env,
        PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"]}`,
        FAKE: folder,
        RUNNER_TEMP: path.join(folder, "temp"),
        GITHUB_OUTPUT: path.join(folder, "output"),
        GITHUB_STEP_SUMMARY: path.join(folder, "summary"),
      },
    });
    return true;
  } catch {
    return false;
  }
}

function linesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

// Runs commands in turns, so that what else the machine does falls on all of them alike.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What is measured. */
export interface Subject {
  readonly name: string;
  /** The arguments of node. */
  readonly args: readonly string[];
  readonly cwd: string;
}

/** One run of a subject. */
export interface Run {
  readonly seconds: number;
  /** The most memory that its processes held at a time, in MiB; undefined where the system does not tell. */
  readonly peak: number | undefined;
}

/** The middle of some figures: half of them are less, half are more. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Every process that a process started, itself included. */
function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    return [pid, ...children.flatMap((child) => family(Number(child)))];
  } catch {
    return [];
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function residentMebibytes(pid: number): number {
  try {
    const [, kibibytes = "0"] =
      /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) / 1024;
  } catch {
    return 0;
  }
}

const tells = (() => {
  try {
    return readdirSync("/proc/self/task").length > 0;
  } catch {
    return false;
  }
})();

/** Runs a subject once; throws when it fails. */
async function runOnce({ name, args, cwd }: Subject, watch: boolean): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: "ignore" });
  let peak = 0;
  const look = () => {
    const held = family(child.pid ?? 0).reduce((sum, pid) => sum + residentMebibytes(pid), 0);
    peak = Math.max(peak, held);
  };
  const looking = watch && tells ? setInterval(look, 20) : undefined;
  const code = await new Promise((end, fail) => child.once("error", fail).once("exit", end));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${name} ended with exit code ${String(code)}`);
  return { seconds: (performance.now() - start) / 1000, peak: looking === undefined ? undefined : peak };
}

/**
 * Runs each subject once without counting, then all of them in turns, then each once to look at its memory, which takes
 * time of its own.
 */
export async function measure(subjects: readonly Subject[], rounds: number): Promise<Map<Subject, Run[]>> {
  const runs = new Map(subjects.map((subject): [Subject, Run[]] => [subject, []]));
  for (const subject of subjects) await runOnce(subject, false);
  for (let round = 0; round < rounds; round++)
    for (const [subject, done] of runs) done.push(await runOnce(subject, false));
  for (const [subject, done] of runs) {
    const { peak } = await runOnce(subject, true);
    done.splice(0, done.length, ...done.map(({ seconds }) => ({ seconds, peak })));
  }
  return runs;
}

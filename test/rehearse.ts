import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { readProject } from "../project/project.ts";
import type { ProgramOptions, ProgramResult } from "../rehearsal/program.ts";
import { rehearse as rehearseAlone, type Rehearsal, type RehearseOptions } from "../rehearsal/rehearse.ts";
import { type Ended, type Rehearsed, type Run, runOf, type Whole } from "./language-host-messages.ts";

/** Rehearses in a process of its own, as `npm start` does. */
export { rehearseAlone };

/** The processes that run programs, by the folder that a program runs in. */
const hosts = new Map<string, ChildProcess>();

const root = path.join(import.meta.dirname, "..");
const PRELOAD = path.join(root, "rehearsal/preload.cjs");

let last: Promise<unknown> = Promise.resolve();

function hostFor(folder: string): ChildProcess {
  const running = hosts.get(folder);
  if (running) return running;
  const host = fork(path.join(import.meta.dirname, "language-host.ts"), {
    cwd: folder,
    execArgv: ["--max-semi-space-size=64", "--import", "tsx", "-r", PRELOAD],
    serialization: "advanced",
  });
  hosts.set(folder, host);
  host.once("exit", () => hosts.delete(folder));
  // It ends with this process, and does not keep it waiting.
  host.unref();
  host.channel?.unref();
  return host;
}

/** Asks the process of a folder, after what was asked before; undefined when it ends instead of an answer. */
function ask<Answer>(folder: string, asked: Run | Whole, signal?: AbortSignal): Promise<Answer | undefined> {
  const answered = last.then(() =>
    signal?.aborted ? undefined : answerOf<Answer>(hostFor(folder), asked, signal),
  );
  last = answered;
  return answered;
}

function answerOf<Answer>(
  host: ChildProcess,
  asked: Run | Whole,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let patience: NodeJS.Timeout | undefined;
    // A program may wait for ever for an engine that gave it up.
    const stop = () => (patience = setTimeout(() => host.kill("SIGKILL"), 500));
    const end = (answer?: Answer) => {
      host.off("message", end);
      host.off("exit", die);
      signal?.removeEventListener("abort", stop);
      clearTimeout(patience);
      resolve(answer);
    };
    const die = () => end();
    signal?.addEventListener("abort", stop, { once: true });
    host.on("message", end);
    host.once("exit", die);
    host.send(asked);
  });
}

/** Runs a program in a process that has run others. */
async function runWarm(options: ProgramOptions): Promise<ProgramResult> {
  const { project, signal } = options;
  const ended = await ask<Ended>(project.workingDirectory, runOf(options), signal);
  const { exitCode, stdout } = ended ?? { exitCode: 1, stdout: "" };
  return { exitCode: signal.aborted ? 1 : exitCode, stdout, stderr: "" };
}

const rehearsed = new Map<string, Promise<Rehearsal>>();

/**
 * Rehearses as `npm start` does, in a tenth of the time: in a process that is ready, and the same once only. What ends
 * that process is rehearsed again in one of its own.
 */
export function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  if (options.previous || options.answers || options.runHooks) return rehearseWarm(options);
  const key = keyOf(options);
  const running = rehearsed.get(key) ?? rehearseWarm(options);
  rehearsed.set(key, running);
  return running;
}

/** The same for options that ask for the same. */
function keyOf({ mode, set, secrets, environment, projectDirectory, ...rest }: RehearseOptions): string {
  const sorted = (values = {}) => Object.entries<string>(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const project = projectDirectory === undefined ? root : path.resolve(projectDirectory);
  return JSON.stringify([
    mode ?? "preview",
    sorted(set),
    sorted(secrets),
    sorted(environment),
    project,
    rest,
  ]);
}

async function rehearseWarm(options: RehearseOptions): Promise<Rehearsal> {
  const { rehearsal: change } = isChange(options) ? await rehearseChange(options) : {};
  if (change?.program.exitCode === 0) return change;
  const rehearsal = await rehearseAlone({ ...options, run: runWarm });
  const { message = "" } = rehearsal.program;
  return message.startsWith("the program ended with exit code") ? rehearseAlone(options) : rehearsal;
}

type ChangeOptions = RehearseOptions & {
  readonly previous: Exclude<RehearseOptions["previous"], Promise<unknown> | undefined>;
};

/** Neither functions nor what still goes on can be sent to another process. */
function isChange(options: RehearseOptions): options is ChangeOptions {
  const { previous, answers } = options;
  return previous !== undefined && !(previous instanceof Promise) && answers === undefined;
}

/** Rehearses a change without the protocol, which its stack has spoken already; what fails there tells nothing. */
async function rehearseChange(options: ChangeOptions): Promise<Rehearsed> {
  const { mode, resources } = options.previous;
  const { workingDirectory } = readProject(options.projectDirectory ?? root);
  const whole = { options: { ...options, previous: { mode, resources } }, environment: { ...process.env } };
  return (await ask<Rehearsed>(workingDirectory, whole)) ?? {};
}

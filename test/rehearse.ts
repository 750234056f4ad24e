import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { ProgramOptions, ProgramResult } from "../rehearsal/program.ts";
import { rehearse as rehearseAlone, type Rehearsal, type RehearseOptions } from "../rehearsal/rehearse.ts";
import { fileFor, readRehearsal } from "./kept-rehearsals.ts";
import {
  type Ended,
  endedSilently,
  type Rehearsed,
  type Run,
  runOf,
  type Whole,
} from "./language-host-messages.ts";

/** Rehearses with a process for the program and gRPC between them, as `npm start` does. */
export { rehearseAlone };

const root = path.join(import.meta.dirname, "..");
const PRELOAD = path.join(root, "rehearsal/preload.cjs");

let running: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The process that runs programs. */
function languageHost(): ChildProcess {
  if (running) return running;
  const host = fork(path.join(import.meta.dirname, "language-host.ts"), {
    execArgv: ["--max-semi-space-size=64", "--import", "tsx", "-r", PRELOAD],
    serialization: "advanced",
  });
  host.once("exit", () => (running = undefined));
  // It ends with this process, and does not keep it waiting.
  host.unref();
  host.channel?.unref();
  return (running = host);
}

/** Asks that process, after what was asked before; undefined when it ends instead of an answer. */
function ask<Answer>(asked: Run | Whole, signal?: AbortSignal): Promise<Answer | undefined> {
  const answered = last.then(() =>
    signal?.aborted ? undefined : answerOf<Answer>(languageHost(), asked, signal),
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
    const stop = () => host.send("stop");
    const end = (answer?: Answer) => {
      host.off("message", end);
      host.off("exit", die);
      signal?.removeEventListener("abort", stop);
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
  const { signal } = options;
  const ended = await ask<Ended>(runOf(options), signal);
  return { exitCode: 1, stdout: "", ...ended, stderr: "" };
}

const rehearsed = new Map<string, Promise<Rehearsal>>();

/**
 * Rehearses as `npm start` does, in a tenth of the time: the same once only, program and engine in one process that is
 * ready. What ends that process is rehearsed again as `npm start` does it.
 */
export function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  if (options.previous || options.answers || options.runHooks) return rehearseWarm(options);
  const key = keyOf(options);
  const running = rehearsed.get(key) ?? rehearseWarm(options);
  rehearsed.set(key, running);
  return running;
}

/** The same for options that ask for the same, apart from what goes before and who answers. */
function keyOf({ mode, set, secrets, environment, projectDirectory, ...rest }: RehearseOptions): string {
  const sorted = (values = {}) => Object.entries<string>(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const project = projectDirectory === undefined ? root : path.resolve(projectDirectory);
  return JSON.stringify([
    mode ?? "preview",
    sorted(set),
    sorted(secrets),
    sorted(environment),
    project,
    { ...rest, previous: undefined, answers: undefined, run: undefined },
  ]);
}

async function rehearseWarm(options: RehearseOptions): Promise<Rehearsal> {
  const file = fileFor(options, keyOf(options));
  const known = readRehearsal(file);
  if (known) return known;
  if (canBeSent(options)) {
    const { previous } = options;
    const sent = previous
      ? { ...options, previous: { mode: previous.mode, resources: previous.resources } }
      : options;
    const environment = { ...process.env };
    const { rehearsal } = (await ask<Rehearsed>({ options: sent, environment, file })) ?? {};
    return rehearsal ?? readRehearsal(file) ?? rehearseAlone(options);
  }
  const rehearsal = await rehearseAlone({ ...options, run: runWarm });
  return endedSilently(rehearsal) ? rehearseAlone(options) : rehearsal;
}

type Sendable = RehearseOptions & {
  readonly previous?: Exclude<RehearseOptions["previous"], Promise<unknown>>;
};

/** Neither functions nor what still goes on can be sent to another process. */
function canBeSent(options: RehearseOptions): options is Sendable {
  const { previous, answers } = options;
  return !(previous instanceof Promise) && answers === undefined;
}

import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { environmentOf, type ProgramOptions, type ProgramResult } from "../rehearsal/program.ts";
import { rehearse as rehearseAlone, type Rehearsal, type RehearseOptions } from "../rehearsal/rehearse.ts";
import type { Ended, Run } from "./language-host.ts";

/** Rehearses in a process of its own, as `npm start` does. */
export { rehearseAlone };

/** The processes that run programs, by the folder that a program runs in. */
const hosts = new Map<string, ChildProcess>();

const root = path.join(import.meta.dirname, "..");
const PRELOAD = path.join(root, "rehearsal/preload.cjs");

function hostFor({ project }: ProgramOptions): ChildProcess {
  const folder = project.workingDirectory;
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

let last: Promise<unknown> = Promise.resolve();

/** Runs a program, after those that were asked for before, in a process that has run others. */
async function runWarm(options: ProgramOptions): Promise<ProgramResult> {
  const ended = last.then(() =>
    options.signal.aborted ? { exitCode: 1, stdout: "", stderr: "" } : runIn(hostFor(options), options),
  );
  last = ended.catch(() => {});
  return ended;
}

function runIn(host: ChildProcess, options: ProgramOptions): Promise<ProgramResult> {
  const { project, stack, mode, address, configuration, signal } = options;
  const run: Run = {
    file: path.join(project.workingDirectory, "index.ts"),
    project: project.name,
    stack,
    preview: mode === "preview",
    address,
    environment: { ...environmentOf(options), PULUMI_NODEJS_ROOT_DIRECTORY: project.directory },
    configuration: configuration.values,
    secretKeys: configuration.secretKeys,
  };
  return new Promise((resolve) => {
    const end = ({ exitCode, stdout }: Ended) => {
      host.off("message", end);
      host.off("exit", die);
      clearTimeout(patience);
      resolve({ exitCode: signal.aborted ? 1 : exitCode, stdout, stderr: "" });
    };
    const die = () => end({ exitCode: 1, stdout: "" });
    let patience: NodeJS.Timeout | undefined;
    // A program may wait for ever for an engine that gave it up.
    const stop = () => (patience = setTimeout(() => host.kill("SIGKILL"), 500));
    signal.addEventListener("abort", stop, { once: true });
    host.on("message", end);
    host.once("exit", die);
    host.send(run);
  });
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
  const rehearsal = await rehearseAlone({ ...options, run: runWarm });
  const { message = "" } = rehearsal.program;
  return message.startsWith("the program ended with exit code") ? rehearseAlone(options) : rehearsal;
}

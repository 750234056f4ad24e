// A process that runs programs one after another, as Pulumi's automation API does: what takes most of the time of a
// program, to load Pulumi's SDK and the providers', happens once.

import { createRequire, syncBuiltinESMExports } from "node:module";
import path from "node:path";
import timers from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type * as logging from "@pulumi/pulumi/log/index.js";
import type * as errors from "@pulumi/pulumi/errors.js";
import type * as language from "@pulumi/pulumi/proto/language_pb.js";
import { rehearse } from "../rehearsal/rehearse.ts";
import { speakWith } from "./direct-monitor.ts";
import { keepRehearsal } from "./kept-rehearsals.ts";
import {
  type Ended,
  endedSilently,
  type Rehearsed,
  type Run,
  runOf,
  type Whole,
} from "./language-host-messages.ts";

interface LanguageServer {
  run(call: { request: language.RunRequest }, answer: (error: Error | null | undefined) => void): unknown;
}

// One program runs at a time: what the SDK keeps of it is kept for its hooks, too, which are called from outside.
let kept: unknown;
Object.assign(globalThis, {
  asyncLocalStorage: {
    getStore: () => kept,
    run: (store: unknown, work: () => unknown) => {
      kept = store;
      return work();
    },
  },
});

/** Resolves as the program itself does, so that both get one copy of the SDK. */
const load = createRequire(import.meta.url);
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/automation/server.ts
const { LanguageServer } = load("@pulumi/pulumi/automation/server.js") as {
  LanguageServer: new (program: () => Promise<unknown>) => LanguageServer;
};
const { RunRequest } = load("@pulumi/pulumi/proto/language_pb.js") as typeof language;
const { RunError, ResourceError } = load("@pulumi/pulumi/errors.js") as typeof errors;
const log = load("@pulumi/pulumi/log/index.js") as {
  -readonly [Name in keyof typeof logging]: (typeof logging)[Name];
};

// The server calls an error that nobody caught by another name than the runner, and tells it each time that it comes by.
const announcement = "Running program '.' failed with an unhandled exception:\n";
const { error: logError } = log;
let told = new Set<string>();
log.error = async (message, ...more) => {
  const text = message.replace(/^Unhandled exception: /, announcement);
  if (told.has(text)) return;
  told.add(text);
  await logError(text, ...more);
};

// Where a program waits for AWS, it waits for a stub here.
const { setTimeout: delay } = timers;
Object.assign(timers, { setTimeout: (milliseconds: number) => delay(milliseconds / 100) });
syncBuiltinESMExports();

let runs = 0;

/**
 * The entry is evaluated anew in each run; what it imports is not. A module is kept for ever, and with its outputs all
 * resources: it gives them away.
 */
async function evaluate(file: string): Promise<unknown> {
  const entry = (await import(`${pathToFileURL(file).href}?run=${++runs}`)) as { default: unknown };
  if (typeof entry.default === "function") return (entry.default as () => unknown)();
  if (typeof entry.default !== "object" || entry.default === null) return entry.default;
  const outputs = { ...entry.default };
  for (const name of Object.keys(outputs)) Reflect.deleteProperty(entry.default, name);
  return outputs;
}

/**
 * Tells the engine of an error that ends the program; the server tells its caller only.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/run/run.ts
 */
async function evaluateAloud(file: string): Promise<unknown> {
  try {
    return await evaluate(file);
  } catch (error) {
    const bare = RunError.isInstance(error) || (ResourceError.isInstance(error) && error.hideStack);
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    void log.error(bare ? message : `${announcement}${stack}`);
    throw error;
  }
}

function requestOf({
  project,
  stack,
  preview,
  address,
  configuration,
  secretKeys,
}: Run): language.RunRequest {
  const request = new RunRequest();
  request.setProject(project);
  request.setStack(stack);
  request.setOrganization("organization");
  request.setParallel(16);
  request.setDryrun(preview);
  request.setMonitorAddress(address);
  request.setArgsList([address]);
  for (const [key, value] of Object.entries(configuration)) request.getConfigMap().set(key, value);
  request.setConfigsecretkeysList([...secretKeys]);
  return request;
}

function setEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
}

/**
 * Waits until a program that its engine gave up does nothing any more: it may wait for that engine for ever. One that goes
 * on takes this process with it.
 */
async function abandoned(signal: AbortSignal, isOver: () => boolean): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  for (let quiet = 0, waited = 0; quiet < 5; waited++) {
    if (waited > 50) process.exit(1);
    await delay(10);
    // What happens from now on is the next one's.
    if (isOver()) return;
    quiet = process.getActiveResourcesInfo().every((name) => IDLE.has(name)) ? quiet + 1 : 0;
  }
  forget();
}

/** What a program that is over still has refused is nobody's. */
function forget(): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.removeAllListeners(event);
  process.on("unhandledRejection", () => undefined);
}

/** What this process has open while nothing happens: its parent, engines, and where hooks are called. */
const IDLE = new Set(["PipeWrap", "TCPServerWrap", "TCPSocketWrap"]);

async function run(asked: Run, signal: AbortSignal): Promise<Ended> {
  setEnvironment(asked.environment);
  process.chdir(asked.folder);
  let stdout = "";
  let isOver = false;
  told = new Set();
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => (stdout += String(text)) !== "";
  try {
    const ended = new Promise((answer) => {
      void new LanguageServer(() => evaluateAloud(path.join(asked.folder, "index.ts"))).run(
        { request: requestOf(asked) },
        answer,
      );
    });
    const error = await Promise.race([ended, abandoned(signal, () => isOver)]);
    if (signal.aborted) return { exitCode: 1, stdout };
    return { exitCode: error === undefined || error === null ? 0 : 32, stdout };
  } finally {
    isOver = true;
    process.stdout.write = write;
  }
}

/** The program and its engine speak with each other in this process. */
async function rehearseWhole({ options, environment, file }: Whole): Promise<Rehearsed> {
  setEnvironment(environment);
  try {
    const rehearsal = await rehearse({
      ...options,
      run: async (program, deployment) => {
        if (program.signal.aborted) return { exitCode: 1, stdout: "", stderr: "" };
        speakWith(deployment);
        return { ...(await run(runOf(program), program.signal)), stderr: "" };
      },
    });
    if (endedSilently(rehearsal)) return {};
    return file !== undefined && keepRehearsal(file, rehearsal) ? {} : { rehearsal };
  } catch {
    return {};
  } finally {
    speakWith(undefined);
  }
}

forget();
let running = new AbortController();

process.on("message", (asked: Run | Whole | "stop") => {
  if (asked === "stop") return running.abort();
  running = new AbortController();
  const answered = "options" in asked ? rehearseWhole(asked) : run(asked, running.signal);
  void answered.then((answer) => process.send?.(answer));
});
process.once("disconnect", () => process.exit());

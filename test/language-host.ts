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
import { type Ended, type Rehearsed, type Run, runOf, type Whole } from "./language-host-messages.ts";

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

async function run(asked: Run): Promise<Ended> {
  setEnvironment(asked.environment);
  process.chdir(asked.folder);
  let stdout = "";
  told = new Set();
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => (stdout += String(text)) !== "";
  try {
    const error = await new Promise((answer) => {
      void new LanguageServer(() => evaluateAloud(path.join(asked.folder, "index.ts"))).run(
        { request: requestOf(asked) },
        answer,
      );
    });
    return { exitCode: error === undefined || error === null ? 0 : 32, stdout };
  } finally {
    process.stdout.write = write;
  }
}

/** The program and its engine speak with each other in this process. */
async function rehearseWhole({ options, environment }: Whole): Promise<Rehearsed> {
  setEnvironment(environment);
  try {
    const rehearsal = await rehearse({
      ...options,
      run: async (program, deployment) => {
        if (program.signal.aborted) return { exitCode: 1, stdout: "", stderr: "" };
        speakWith(deployment);
        let patience: NodeJS.Timeout | undefined;
        // It may wait for ever for an engine that gave it up.
        const stop = () => (patience = setTimeout(() => process.exit(1), 500));
        program.signal.addEventListener("abort", stop);
        const { exitCode, stdout } = await run(runOf(program));
        clearTimeout(patience);
        return { exitCode: program.signal.aborted ? 1 : exitCode, stdout, stderr: "" };
      },
    });
    return { rehearsal };
  } catch {
    return {};
  } finally {
    speakWith(undefined);
  }
}

process.on("message", (asked: Run | Whole) => {
  const answered = "options" in asked ? rehearseWhole(asked) : run(asked);
  void answered.then((answer) => process.send?.(answer));
});
process.once("disconnect", () => process.exit());

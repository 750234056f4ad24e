// A process that runs programs one after another, as Pulumi's automation API does: what takes most of the time of a
// program, to load Pulumi's SDK and the providers', happens once.

import { createRequire, syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type * as logging from "@pulumi/pulumi/log/index.js";
import type * as errors from "@pulumi/pulumi/errors.js";
import type * as language from "@pulumi/pulumi/proto/language_pb.js";

/** What a program is run with. */
export interface Run {
  /** The file of the program. */
  readonly file: string;
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** Address of the monitor and the engine. */
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** How it ended. */
export interface Ended {
  /** 32 when the program failed and said why, as with the runner. */
  readonly exitCode: number;
  readonly stdout: string;
}

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

/** The entry is evaluated anew in each run; what it imports is not. */
async function evaluate(file: string): Promise<unknown> {
  const entry = (await import(`${pathToFileURL(file).href}?run=${++runs}`)) as { default: unknown };
  return typeof entry.default === "function" ? (entry.default as () => unknown)() : entry.default;
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
    log.error(bare ? message : `${announcement}${stack}`);
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

async function run(asked: Run): Promise<Ended> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, asked.environment);
  let stdout = "";
  told = new Set();
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => (stdout += String(text)) !== "";
  try {
    const error = await new Promise((answer) => {
      void new LanguageServer(() => evaluateAloud(asked.file)).run({ request: requestOf(asked) }, answer);
    });
    return { exitCode: error === undefined || error === null ? 0 : 32, stdout };
  } finally {
    process.stdout.write = write;
  }
}

process.on("message", (asked: Run) => void run(asked).then((ended) => process.send?.(ended)));
process.once("disconnect", () => process.exit());

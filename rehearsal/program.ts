// Runs the program as Pulumi's language host does: node, its arguments from Pulumi.yaml, Pulumi's own runner.
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/pulumi-language-nodejs/main.go

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { devNull } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { type Configuration, environmentText } from "./configuration.ts";
import { readLanguages } from "../project/languages.ts";
import type { Project } from "../project/project.ts";
import type { Mode } from "./record.ts";

export interface ProgramOptions {
  readonly project: Project;
  readonly stack: string;
  readonly mode: Mode;
  readonly configuration: Configuration;
  /** Address of the monitor and the engine. */
  readonly address: string;
  /** Variables that the program gets besides those of a rehearsal. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the program when it aborts. */
  readonly signal: AbortSignal;
}

/** How a program ended. */
export interface ProgramResult {
  readonly exitCode: number;
  /** What it printed. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What `pulumi-language-nodejs` starts. */
const RUNNER = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");
const PRELOAD = fileURLToPath(new URL("preload.cjs", import.meta.url));

/** What a program may see of the caller's environment: enough to run, nothing to reach a cloud with. */
const INHERITED = ["PATH", "HOME", "USERPROFILE", "SystemRoot", "TMPDIR", "TEMP", "TMP", "LANG", "TZ"];

/** A client of AWS finds credentials that are good for nothing and an address where nobody listens. */
const NO_AWS = {
  AWS_ACCESS_KEY_ID: "rehearsal",
  AWS_SECRET_ACCESS_KEY: "rehearsal",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
};

/** The environment of a program. */
export function environmentOf({
  project,
  configuration,
  environment,
}: ProgramOptions): Record<string, string> {
  return {
    ...Object.fromEntries(
      INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    ...NO_AWS,
    ...project.environment,
    PULUMI_CONFIG: environmentText(configuration.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(configuration.secretKeys),
    ...environment,
  };
}

function argumentsOf({ project, stack, mode, address }: ProgramOptions): string[] {
  const flags = {
    monitor: address,
    engine: address,
    organization: "organization",
    project: project.name,
    "root-directory": project.directory,
    stack,
    pwd: project.workingDirectory,
    parallel: "16",
  };
  return [
    // In MiB: what is loaded fills the least that V8 begins with again and again.
    "--min-semi-space-size=16",
    ...project.nodeArguments,
    // Not "--require": the runner takes that for a loader of the project's own.
    "-r",
    PRELOAD,
    RUNNER,
    ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
    ...(mode === "preview" ? ["--dry-run"] : []),
    project.entry,
  ];
}

/** Starts the program and waits for its end. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const child = spawn(process.execPath, argumentsOf(options), {
    cwd: options.project.workingDirectory,
    env: environmentOf(options),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill("SIGKILL");
  options.signal.addEventListener("abort", stop, { once: true });
  if (options.signal.aborted) stop();
  process.once("exit", stop);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  // Nobody waits for it now.
  readLanguages();
  try {
    const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { exitCode, stdout, stderr };
  } finally {
    options.signal.removeEventListener("abort", stop);
    process.removeListener("exit", stop);
  }
}

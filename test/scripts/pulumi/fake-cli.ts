// scripts/pulumi.ts in a project of its own, with a Pulumi CLI that only writes down how it is called.
import childProcess, { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { StateResource } from "../../../scripts/pulumi/state.ts";
import { resource } from "./state.ts";

const script = path.resolve(import.meta.dirname, "../../../scripts/pulumi.ts");
const require = createRequire(import.meta.url);
const runner = path.resolve(import.meta.dirname, "../../../project/run.mjs");
/** The version of the Pulumi CLI that the npm package brings. */
export const packagedVersion = (require("pulumi/package.json") as { version: string }).version;

/** So that no test downloads anything, wherever it runs. */
const offline = "data:text/javascript,globalThis.fetch=async()=>{throw new TypeError('fetch failed')}";

/** A Pulumi CLI that writes down how it is called and knows the stacks that have a file in `backend`. */
export const fakeCli = `#!/bin/sh
echo "$@" >> "$FAKE_FOLDER/calls"
case "$1 $2" in
  "version ") echo "v\${FAKE_VERSION:-3.265.0}" ;;
  "stack select") [ -e "$FAKE_FOLDER/backend/$3" ] || { echo "error: \${FAKE_ERROR:-no stack named '$3' found}" >&2; exit 255; } ;;
  "stack init") touch "$FAKE_FOLDER/backend/$3" ;;
  "stack export") [ -z "$FAKE_ERROR" ] || { echo "error: $FAKE_ERROR" >&2; exit 255; }
    cat "$FAKE_FOLDER/state.json" 2>/dev/null || true ;;
  "stack output") cat "$FAKE_FOLDER/outputs.json" 2>/dev/null || echo "{}" ;;
  "up --stack"|"destroy --stack"|"preview --stack")
    trap 'echo cleaned up; exit 7' TERM
    echo "running with $PATH"
    echo "on the engine \${DOCKER_HOST-none}, context \${DOCKER_CONTEXT-none}"
    for last; do :; done
    cp "$FAKE_FOLDER/events.json" "$last" 2>/dev/null
    for _ in $(seq \${FAKE_TICKS:-0}); do sleep 0.05; done
    exit \${FAKE_EXIT:-0} ;;
esac
`;

/** The project that the script runs in; a new one for each test. */
export let folder: string;

/** Gives each test of the file a project. Hooks are the file's, and this module may be loaded once for several. */
export function projectsOfTheirOwn(): void {
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-script-"));
    write(
      "Pulumi.yaml",
      'name: nango\nruntime: nodejs\nrequiredPulumiVersion: ">=3.238.0"\nstackConfigDir: stacks\n',
    );
    write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n");
    write("stacks/Pulumi.production.yaml", "config:\n  aws:region: eu-central-1\n");
    mkdirSync(path.join(folder, "backend"));
    mkdirSync(path.join(folder, "home"));
    executable("bin/pulumi");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
}

/** Writes a file into the project, and answers its path. */
export function write(file: string, content: string): string {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

/** Installs the fake CLI there. */
export function executable(file: string): void {
  chmodSync(write(file, fakeCli), 0o755);
}

/** The resource of the stack `dev` itself. */
export const stackResource = (outputs: Readonly<Record<string, unknown>>) =>
  resource("pulumi:pulumi:Stack", "nango-dev", { custom: false, outputs });

/** What the fake CLI exports as the state. */
export function writeState(resources: readonly StateResource[], pending: readonly object[] = []): void {
  write("state.json", JSON.stringify({ deployment: { resources, pending_operations: pending } }));
}

/** What the fake CLI answers as the outputs. */
export function writeOutputs(outputs: Readonly<Record<string, unknown>>): void {
  write("outputs.json", JSON.stringify(outputs));
}

/** How a run of the script ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The CLI's calls, one a line, without those for its version. */
  readonly calls: string[];
}

/** The variables of someone who has everything that a deployment of `dev` takes. */
export function complete(): Record<string, string | undefined> {
  return {
    PATH: `${path.join(folder, "bin")}:/usr/bin:/bin`,
    HOME: path.join(folder, "home"),
    PULUMI_HOME: path.join(folder, "home/.pulumi"),
    FAKE_FOLDER: folder,
    PULUMI_BACKEND_URL: "file://~/.nango-state",
    PULUMI_CONFIG_PASSPHRASE: "",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Runs the script as npm does, in a process of its own, which may be killed as soon as its CLI says something. */
export async function runAlone(
  args: readonly string[],
  changes: Record<string, string | undefined> = {},
  whenRunning: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, ["--import", offline, runner, script, ...unchecked(args)], {
    cwd: folder,
    env: { ...complete(), ...changes },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    if (stdout === "") whenRunning((signal) => child.kill(signal));
    stdout += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr, calls: callsOfCli() };
}

/** Before a deployment AWS is not looked at, and no program is judged: neither is there. */
function unchecked([command = "", stack, ...flags]: readonly string[]): string[] {
  if (stack === undefined) return [command];
  if (flags.some((flag) => flag.startsWith("--skip-"))) return [command, stack, ...flags];
  const skipped =
    { up: ["--skip-preflight", "--skip-policies"], preview: ["--skip-policies"] }[command] ?? [];
  return [command, stack, ...(stack.startsWith("-") ? [] : skipped), ...flags];
}

function callsOfCli(): string[] {
  const log = path.join(folder, "calls");
  const calls = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  const seen = calls.filter((call) => call !== "version");
  return seen.map((call) => call.replace(/ --event-log \S+$/, ""));
}

/** Runs the script in this process, in which what it imports is loaded. */
export async function run(
  args: readonly string[],
  changes: Record<string, string | undefined> = {},
): Promise<Run> {
  const { argv, env, exitCode } = process;
  const printed = { stdout: "", stderr: "" };
  const captured = captureInherited(printed);
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => (printed[stream] += String(text)) !== "");
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  process.argv = [process.execPath, script, ...unchecked(args)];
  process.env = environmentWith(changes);
  process.exitCode = undefined;
  try {
    await ((await import(`${script}?run=${randomUUID()}`)) as { default: unknown }).default;
    await captured.ended();
    return { code: process.exitCode ?? 0, ...printed, calls: callsOfCli() };
  } finally {
    captured.restore();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    Object.assign(process, { argv, env, exitCode });
  }
}

function environmentWith(changes: Record<string, string | undefined>): Record<string, string> {
  const all = Object.entries({ ...complete(), ...changes });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What a child prints that has the terminal goes to `printed`, all of it once `ended`. */
function captureInherited(printed: { stdout: string; stderr: string }) {
  const { spawn: real } = childProcess;
  const closed: Promise<unknown>[] = [];
  const spawnCaptured = (command: string, args: readonly string[], options: SpawnOptions): ChildProcess => {
    if (options.stdio !== "inherit") return real(command, args, options);
    const child = real(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk: Buffer) => (printed[stream] += chunk.toString()));
    closed.push(new Promise((resolve) => child.once("close", resolve)));
    return child;
  };
  const install = (spawn: typeof spawnCaptured | typeof real) => {
    Object.assign(childProcess, { spawn });
    syncBuiltinESMExports();
  };
  install(spawnCaptured);
  return { ended: () => Promise.all(closed), restore: () => install(real) };
}

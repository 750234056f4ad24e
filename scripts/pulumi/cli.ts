import { type ChildProcess, execFile, spawn, type StdioOptions } from "node:child_process";
import { accessSync, constants as fileModes, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../project/user-error.ts";

/**
 * The path of a Pulumi CLI that is new enough: one that is installed, else the one that the npm package `pulumi` brings,
 * which is downloaded when it is first needed.
 *
 * @throws UserError when there is none.
 */
export async function findCli(minimumVersion: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const installed = installedCli(environment);
  if (installed !== undefined && isAtLeast(await versionOf(installed), minimumVersion)) return installed;
  packaged ??= packagedCli(minimumVersion);
  const cli = await packaged;
  const version = await versionOf(cli);
  if (isAtLeast(version, minimumVersion)) return cli;
  throw new UserError(
    `${cli} is version ${version ?? "unknown"} of the Pulumi CLI, but the project needs ${minimumVersion} or newer: ` +
      "unset PULUMI_VERSION and remove that file.",
  );
}

/** So that two who ask for it at once do not download it twice. */
let packaged: Promise<string> | undefined;

/** The npm package's own command is not called but what it calls: it dies of Ctrl-C before the CLI has cleaned up. */
async function packagedCli(minimumVersion: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const { resolve } = require("pulumi/lib/resolve.js") as { resolve(): Promise<string> };
  try {
    return await resolve();
  } catch (error) {
    throw new UserError(
      `The Pulumi CLI cannot be downloaded from get.pulumi.com (${String(error)}): connect to the internet, or install ` +
        `version ${minimumVersion} or newer yourself (https://www.pulumi.com/docs/install/).`,
    );
  }
}

/** The first `pulumi` on the PATH that is not the npm package's command. */
function installedCli(environment: NodeJS.ProcessEnv): string | undefined {
  return allOnPath("pulumi", environment).find((file) => !realpathSync(file).includes("node_modules"));
}

/** The path of a command that is installed. */
export function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return allOnPath(name, environment)[0];
}

function allOnPath(name: string, environment: NodeJS.ProcessEnv): string[] {
  return (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, process.platform === "win32" ? `${name}.exe` : name))
    .filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, fileModes.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(cli: string): Promise<string | undefined> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await promisify(execFile)(cli, ["version"], { env }).catch(() => ({ stdout: "" }));
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
}

function isAtLeast(version: string | undefined, minimum: string): boolean {
  return version !== undefined && version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}

/** Hands the terminal to the Pulumi CLI; returns how it ended. `variables` change the environment; undefined unsets one. */
export async function handOver(
  cli: string,
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number; readonly wasInterrupted: boolean }> {
  return handTerminalTo(cli, args, { ...environmentFor(cli), ...variables });
}

/** Hands the terminal to a command; returns how it ended. */
export async function handTerminalTo(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  stdio: StdioOptions = "inherit",
): Promise<{ readonly code: number; readonly wasInterrupted: boolean }> {
  let child: ChildProcess | undefined;
  let wasInterrupted = false;
  // Ctrl-C reaches the command, too, which then ends in good order: this process has to be there until it has.
  const outlive = () => {
    wasInterrupted = true;
  };
  const terminate = () => {
    wasInterrupted = true;
    child?.kill("SIGTERM");
  };
  process.on("SIGINT", outlive).on("SIGTERM", terminate);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child = spawn(command, args, { stdio, env: environment });
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
    return { code, wasInterrupted };
  } finally {
    process.off("SIGINT", outlive).off("SIGTERM", terminate);
  }
}

/** What the CLI answers. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks the CLI something; returns its exit code and what it says. */
export async function ask(cli: string, args: readonly string[]): Promise<Answer> {
  const child = spawn(cli, args, { stdio: ["ignore", "pipe", "pipe"], env: environmentFor(cli) });
  const said: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complained.push(chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { code, stdout: Buffer.concat(said).toString(), stderr: Buffer.concat(complained).toString() };
}

/** The language hosts beside the CLI must be the ones that it finds. */
function environmentFor(cli: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: path.dirname(cli) + path.delimiter + (process.env["PATH"] ?? "") };
}

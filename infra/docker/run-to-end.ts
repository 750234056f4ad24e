import { spawn } from "node:child_process";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** A container that was made but not started, and what it is for. */
export interface OneOff {
  readonly container: docker.Container;
  /** What it does, as it reads in messages: `database migration`. */
  readonly purpose: string;
}

/** How many of a failed container's last lines a message repeats. */
const shownLines = 20;

/**
 * Starts containers one after the other and awaits the end of each. For the `beforeCreate` of what must not run before
 * they did. The Docker provider would wait for a container that it starts itself, but not mind how it ended, and
 * then never start it again: https://github.com/kreuzwerker/terraform-provider-docker/blob/v4.5.0/internal/provider/resource_docker_container_funcs.go#L640-L655
 */
export function runBefore(
  name: string,
  steps: readonly OneOff[],
  timeoutSeconds: number,
): pulumi.ResourceHook {
  const known = pulumi.all(steps.map(({ container }) => ({ id: container.id, name: container.name })));
  return new pulumi.ResourceHook(name, async () => {
    const made = await new Promise<pulumi.Unwrap<typeof known>>((resolve) => void known.apply(resolve));
    for (const [index, container] of made.entries()) {
      await runToEnd({ ...container, purpose: steps[index]!.purpose, timeoutSeconds });
    }
  });
}

/**
 * Starts a container and returns when it has ended well.
 * @throws pulumi.RunError that says how it ended, with its last lines.
 */
export async function runToEnd(run: {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly timeoutSeconds: number;
}): Promise<void> {
  const { id, name, purpose, timeoutSeconds } = run;
  void pulumi.log.info(`The ${purpose} runs in the container ${name}.`);
  const { code, output } = await dockerCommand(["start", "--attach", id], timeoutSeconds);
  if (code === 0) return;
  const ended =
    code === undefined
      ? `did not end within ${timeoutSeconds} s and was stopped`
      : `failed with exit code ${code}`;
  const lines = output.trimEnd().split("\n").slice(-shownLines);
  throw new pulumi.RunError(
    `The ${purpose} ${ended}. Its last lines:\n\n${lines.map((line) => `  ${line}`).join("\n")}\n\n` +
      `All of them: docker logs ${name}. When the cause is mended, the next deployment runs it again.`,
  );
}

/** Runs the Docker CLI. There is no exit code when the time was up: what it was attached to has been told to stop. */
async function dockerCommand(
  command: readonly string[],
  timeoutSeconds: number,
): Promise<{ code: number | undefined; output: string }> {
  const child = spawn("docker", [...engineArguments(docker.config), ...command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let late = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-50_000)));
  // The CLI hands the signal on to the container.
  const timer = setTimeout(() => (late = child.kill("SIGTERM")), timeoutSeconds * 1000);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    return { code: late ? undefined : code, output };
  } catch (error) {
    throw new pulumi.RunError(
      `The command \`docker\` cannot be run (${String(error)}). It is part of Docker Desktop and of the package ` +
        "docker-cli, and a deployment needs it to run the database migration.",
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The arguments with which the Docker CLI talks to the engine that the provider talks to. Left alone, the two look in
 * different places: https://github.com/kreuzwerker/terraform-provider-docker/blob/v4.5.0/internal/provider/provider.go#L45-L65
 */
export function engineArguments(
  provider: { readonly context?: string | undefined; readonly host?: string | undefined },
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const given = (text: string | undefined) => (text === "" ? undefined : text);
  const context = given(provider.context) ?? given(environment["DOCKER_CONTEXT"]);
  if (context !== undefined) return ["--context", context];
  const standard = platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
  return ["--host", given(provider.host) ?? given(environment["DOCKER_HOST"]) ?? standard];
}

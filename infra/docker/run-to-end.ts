import { spawn } from "node:child_process";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { engineArguments } from "./engine.ts";

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
  // One-off containers have ended, which is what `docker container prune` removes.
  if (/No such container/i.test(output)) {
    throw new pulumi.RunError(
      `The container ${name} (${purpose}) is in Pulumi's state and not on the engine: ${output.trim()}\n` +
        `Let Pulumi look and make it anew: npx pulumi up --refresh -s ${pulumi.getStack()}`,
    );
  }
  const ended =
    code === undefined
      ? `did not end within ${timeoutSeconds} s and was stopped`
      : `failed with exit code ${code}`;
  const lines = output.trimEnd().split("\n").slice(-shownLines);
  throw new pulumi.RunError(
    `The ${purpose} ${ended}. Its last lines:\n\n${lines.map((line) => `  ${line}`).join("\n")}\n\n` +
      `All of them: docker logs ${name}. When the cause is mended, the next deployment runs it again.${hint(output)}`,
  );
}

/** A container that is stopped has no name in the network. */
function hint(output: string): string {
  return /could not translate host name|host name does not exist|ENOTFOUND|EAI_AGAIN/.test(output)
    ? ` A container of this stack that was stopped has no name: npx pulumi up --refresh -s ${pulumi.getStack()} starts it.`
    : "";
}

/** Runs the Docker CLI. There is no exit code when the time was up: what it was attached to has been told to stop. */
async function dockerCommand(
  command: readonly string[],
  timeoutSeconds: number,
): Promise<{ code: number | undefined; output: string }> {
  const child = spawn("docker", [...(await engineArguments(docker.config)), ...command], {
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

import { spawn } from "node:child_process";
import { homedir } from "node:os";
import path from "node:path";
import { firstListening, standardHosts } from "../../infra/docker/engine.ts";
import { UserError } from "../../project/user-error.ts";
import type { Settings } from "./settings.ts";

/** A Docker engine that answers. */
export interface DockerEngine {
  /** Its address, as in DOCKER_HOST. */
  readonly host: string;
}

/** The lowest version of the engine's API that will do: that of 20.10, the first that knows `host-gateway`. */
const leastApi = "1.41";

/**
 * Where engines listen that nothing names: where Pulumi's plugin looks, and then where others do that set no context.
 * https://colima.run/docs/faq/#cannot-connect-to-the-docker-daemon-at-unixvarrundockersock-is-the-docker-daemon-running
 * https://docs.docker.com/engine/security/rootless/tips/
 */
export function knownHosts(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string[] {
  if (platform === "win32") return standardHosts(platform, home);
  const configured = environment["XDG_CONFIG_HOME"] ?? path.join(home, ".config");
  const runtime = environment["XDG_RUNTIME_DIR"] ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    ...standardHosts(platform, home),
    `unix://${home}/.colima/default/docker.sock`,
    `unix://${configured}/colima/default/docker.sock`,
    `unix://${home}/.orbstack/run/docker.sock`,
    `unix://${home}/.rd/docker.sock`,
    `unix://${runtime}/docker.sock`,
  ];
}

/**
 * Finds the engine once, so that Pulumi's plugin and the program's own calls of `docker` see the same: by
 * `docker:context`, `docker:host`, DOCKER_HOST, DOCKER_CONTEXT, the current context, and at last where engines listen.
 *
 * @throws UserError when the command `docker` is missing, when no engine answers, or when it is too old.
 */
export async function findEngine(
  config: Settings["config"],
  environment: NodeJS.ProcessEnv,
  hosts: readonly string[] = knownHosts(environment),
): Promise<DockerEngine> {
  const { host, origin } = await chosen(config, environment, hosts);
  const { code, stdout, stderr } = await docker(["--host", host, "version", "--format", "{{json .Server}}"]);
  if (code !== 0) {
    throw new UserError(
      `No Docker engine answers at ${host} (${origin}): start Docker, or set DOCKER_HOST. ${lastLine(stderr)}`.trimEnd(),
    );
  }
  const { Version = "?", ApiVersion = leastApi } = JSON.parse(stdout) as Record<string, string | undefined>;
  if (ApiVersion.localeCompare(leastApi, "en", { numeric: true }) < 0) {
    throw new UserError(
      `The Docker engine at ${host} (${origin}) is version ${Version}, but 20.10 or newer is needed: update Docker, or set ` +
        "DOCKER_HOST to another engine.",
    );
  }
  return { host };
}

/** The address of the engine, and what names it. */
async function chosen(
  config: Settings["config"],
  environment: NodeJS.ProcessEnv,
  hosts: readonly string[],
): Promise<{ readonly host: string; readonly origin: string }> {
  const setting = (key: string) => {
    const value = config[`docker:${key}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const variable = (name: string) => (environment[name] === "" ? undefined : environment[name]);
  const context = setting("context");
  if (context !== undefined) return { host: (await inspect(context)).host, origin: "docker:context" };
  const host = setting("host");
  if (host !== undefined) return { host, origin: "docker:host" };
  const fromEnvironment = variable("DOCKER_HOST");
  // Asked in any case: it says whether the command is there.
  const current = await inspect(fromEnvironment === undefined ? variable("DOCKER_CONTEXT") : "default");
  if (fromEnvironment !== undefined) return { host: fromEnvironment, origin: "DOCKER_HOST" };
  if (current.name !== "default") return { host: current.host, origin: `the context ${current.name}` };
  const found = await firstListening(hosts);
  return found === undefined
    ? { host: hosts[0]!, origin: `nor at ${hosts.slice(1).join(", ")}` }
    : { host: found, origin: "nothing names another one" };
}

/** A context of the Docker CLI, the current one unless one is named. */
async function inspect(context?: string): Promise<{ readonly name: string; readonly host: string }> {
  const format = "{{.Name}} {{.Endpoints.docker.Host}}";
  const named = context === undefined ? [] : [context];
  const { code, stdout, stderr } = await docker(["context", "inspect", ...named, "--format", format]);
  if (code !== 0) {
    throw new UserError(
      `The Docker context ${context ?? "that is current"} cannot be read: ${lastLine(stderr)} "docker context ls" lists those that there are.`,
    );
  }
  const [name = "", host = ""] = stdout.trim().split(" ");
  return { name, host };
}

/**
 * Runs the Docker CLI, which has ten seconds.
 * @throws UserError when there is none.
 */
export async function docker(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"], timeout: 10_000 });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    return { code, ...said };
  } catch (error) {
    throw new UserError(
      `The command docker is missing (${String(error)}), with which a deployment runs the database migration. It is part of ` +
        "Docker Desktop and of the package docker-cli.",
    );
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

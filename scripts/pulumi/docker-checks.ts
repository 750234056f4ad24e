import { createServer } from "node:net";
import { toSet } from "../../infra/config/remedy.ts";
import { settings as known } from "../../infra/config/settings.ts";
import { defaultText } from "../../infra/config/settings/setting.ts";
import { nameOf } from "../../project/urns.ts";
import { docker, type DockerEngine } from "./docker-engine.ts";
import type { Settings } from "./settings.ts";
import type { StackState } from "./state.ts";

/** A stack on an engine. */
interface OnEngine {
  readonly engine: DockerEngine;
  /** The stack's bare name. */
  readonly stack: string;
}

/** The ports that the stack wants and that somebody else has, each as a line with its remedy. */
export async function takenPorts(
  { engine, stack }: OnEngine,
  project: string,
  config: Settings["config"],
): Promise<string[]> {
  const lines = (["dockerServerPort", "dockerConnectPort"] as const).map(async (key) => {
    const port = Number(config[`${project}:${key}`] ?? defaultText(known[key]));
    const holder = await holderOf(port, engine, `nango-${stack}-`);
    if (holder === undefined) return undefined;
    const another = toSet("choose another", stack, {
      key: `${project}:${key}`,
      value: known[key].example,
      bare: true,
    });
    return `Port ${port} (${project}:${key}) is taken by ${holder}: stop that, or ${another}`;
  });
  return (await Promise.all(lines)).filter((line) => line !== undefined);
}

/** Who has a port of this machine; undefined for nobody, and for a container of the stack. */
async function holderOf(port: number, { host }: DockerEngine, own: string): Promise<string | undefined> {
  const format = ["--format", "{{.Names}}"];
  const { stdout } = await docker(["--host", host, "ps", "--filter", `publish=${port}`, ...format]);
  const containers = stdout.split("\n").filter((name) => name !== "");
  if (containers.some((name) => name.startsWith(own))) return undefined;
  if (containers.length > 0) return `the container ${containers.join(", ")}`;
  // The ports of another machine cannot be tried.
  const isLocal = /^(unix|npipe):/.test(host);
  return isLocal && (await isTaken(port)) ? "another program on this machine" : undefined;
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(false)));
  });
}

/**
 * The volumes that hold data of the stack and are not on the engine, by their names. A deployment that refreshes forgets
 * them and makes new ones: right after they were deleted, wrong when another engine has them.
 */
export async function lostVolumes({ engine }: OnEngine, { resources }: StackState): Promise<string[]> {
  const names = resources
    .filter(({ type, urn }) => type === "docker:index/volume:Volume" && nameOf(urn).endsWith("-data"))
    .flatMap(({ outputs }) => (typeof outputs?.["name"] === "string" ? [outputs["name"]] : []));
  const there = await Promise.all(
    names.map((name) => docker(["--host", engine.host, "volume", "inspect", name])),
  );
  return names.filter((_, index) => /no such volume/i.test(there[index]?.stderr ?? ""));
}

/** What is to be said of volumes that are not there. */
export function lostVolumesText({ engine, stack }: OnEngine, volumes: readonly string[]): string {
  return (
    `The engine at ${engine.host} does not have ${volumes.join(", ")}, which holds the data of stack "${stack}". If another engine has it, ` +
    `choose that one: DOCKER_HOST, or docker:context in stacks/Pulumi.${stack}.yaml. If it is gone, let the stack be made ` +
    `anew without it: npm run up -- ${stack} --refresh`
  );
}

/**
 * The flags of a deployment on Docker: it looks at the engine first, unless they say whether. Containers that were
 * stopped or removed by hand, or by a clean-up of Docker's, are unchanged to Pulumi otherwise.
 */
export function refreshing(flags: readonly string[]): readonly string[] {
  return saysWhetherToRefresh(flags) ? flags : [...flags, "--refresh"];
}

/** Whether the flags say so themselves: `--refresh`, `--refresh=false`, `-r`, `-yr`. */
export function saysWhetherToRefresh(flags: readonly string[]): boolean {
  return flags.some((flag) => /^(--refresh|-[a-z]*r[a-z]*)(=|$)/i.test(flag));
}

import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { bad, good, type Outcome, type Result, warning } from "../checks/check.ts";
import { takenPorts } from "../pulumi/docker-checks.ts";
import { docker, type DockerEngine, findEngine } from "../pulumi/docker-engine.ts";
import type { Settings } from "../pulumi/settings.ts";
import type { StackReading } from "./stack.ts";

const engineCheck = { id: "docker", title: "Docker" };
const ports = { id: "ports", title: "Ports" };
const memory = { id: "memory", title: "Memory" };

/** The engine, and what is to be said of it. */
export async function engineResult(
  config: Settings["config"],
): Promise<{ readonly engine?: DockerEngine; readonly result: Result }> {
  try {
    const engine = await findEngine(config, process.env);
    return { engine, result: { ...engineCheck, ...good(`an engine answers at ${engine.host}`) } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [says = "", ...rest] = error.message.split(/: (?=[a-z])/);
    return { result: { ...engineCheck, ...bad(says, rest.join(": ") || "start Docker: docs/laptop.md") } };
  }
}

/** What a stack on a Docker engine meets. */
export async function dockerResults(
  project: Project,
  { name, settings: { config } }: Pick<StackReading, "name" | "settings">,
): Promise<Result[]> {
  const { engine, result } = await engineResult(config);
  if (engine === undefined) return [result];
  const taken = await takenPorts({ engine, stack: name }, project.name, config);
  const withSearch = config[`${project.name}:logs`] === "opensearch";
  return [
    result,
    ...(taken.length === 0
      ? [{ ...ports, ...good("those of the stack are free, or its own") }]
      : taken.map((line) => ({ ...ports, ...asPort(line) }))),
    { ...memory, ...judgeMemory(await memoryOf(engine), withSearch ? 6 : 4) },
  ];
}

/** A line of a port that is taken says by whom, and after a colon what to do. */
function asPort(line: string): Outcome {
  const [, says = line, remedy = line] = /^(.* is taken by .*?): (.*)$/s.exec(line) ?? [];
  return bad(says, remedy);
}

async function memoryOf({ host }: DockerEngine): Promise<number> {
  const { stdout } = await docker(["--host", host, "info", "--format", "{{.MemTotal}}"]);
  return Number(stdout.trim());
}

const gib = 1024 ** 3;
/** An engine keeps some of what its machine is given for itself. */
const tolerance = 0.9;

/** How much an engine should have: docs/laptop.md. */
export function judgeMemory(bytes: number, needed: number): Outcome {
  if (!(bytes > 0)) return warning("the engine does not say how much it has", `give it ${needed} GiB`);
  const has = `the engine has ${(bytes / gib).toFixed(1)} GiB`;
  return bytes < needed * gib * tolerance
    ? warning(
        `${has}, and Nango with what it needs takes ${needed}`,
        `give it more: in Docker Desktop under Settings, Resources`,
      )
    : good(has);
}

import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { bad, good, type Outcome, type Result, warning } from "../checks/check.ts";
import { takenPorts } from "../pulumi/docker-checks.ts";
import { docker, type DockerEngine, findEngine } from "../pulumi/docker-engine.ts";
import type { StackReading } from "./stack.ts";

const engineCheck = { id: "docker", title: "Docker" };
const ports = { id: "ports", title: "Ports" };
const memory = { id: "memory", title: "Memory" };

/** What a stack on a Docker engine meets. */
export async function dockerResults(
  project: Project,
  { name, settings: { config } }: Pick<StackReading, "name" | "settings">,
): Promise<Result[]> {
  let engine: DockerEngine;
  try {
    engine = await findEngine(config, process.env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [says = "", ...rest] = error.message.split(/: (?=[a-z])/);
    return [{ ...engineCheck, ...bad(says, rest.join(": ") || "start Docker: docs/laptop.md") }];
  }
  const taken = await takenPorts({ engine, stack: name }, project.name, config);
  const withSearch = config[`${project.name}:logs`] === "opensearch";
  return [
    { ...engineCheck, ...good(`an engine answers at ${engine.host}`) },
    ...(taken.length === 0
      ? [{ ...ports, ...good("those of the stack are free, or its own") }]
      : taken.map((line) => {
          const [says = "", ...rest] = line.split(": ");
          return { ...ports, ...bad(says, rest.join(": ")) };
        })),
    { ...memory, ...judgeMemory(await memoryOf(engine), withSearch ? 6 : 4) },
  ];
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

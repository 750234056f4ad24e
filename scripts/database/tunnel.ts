import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ECS, Task } from "@aws-sdk/client-ecs";
import { type Clock, wallClock } from "../../infra/aws/deploying/one-off-task/clock.ts";
import { startTask } from "../../infra/aws/deploying/one-off-task/start.ts";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import type { StackState } from "../pulumi/state.ts";

/** The IAM actions that it takes. */
export const permissions = [
  "ecs:DescribeTasks",
  "ecs:RunTask",
  "ecs:StopTask",
  "ecs:TagResource",
  "iam:PassRole",
  "ssm:StartSession",
];

/** What the state of a stack says about the task that a port is forwarded through. */
export interface TunnelTask {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

/** Where a forwarded port leads. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly localPort: number;
}

/** The task of a stack; undefined where it was deployed by a version of this project that had none, or not yet. */
export function tunnelTask({ resources }: StackState): TunnelTask | undefined {
  const made = (type: string, name: string) =>
    resources.find((one) => one.type === type && nameOf(one.urn) === name && one.delete !== true);
  const taskDefinition = made("aws:ecs/taskDefinition:TaskDefinition", "nango-tunnel")?.outputs?.["arn"];
  const cluster = made("aws:ecs/cluster:Cluster", "nango")?.outputs?.["name"];
  const network = made("aws:ecs/service:Service", "nango")?.inputs?.["networkConfiguration"];
  if (typeof taskDefinition !== "string" || typeof cluster !== "string" || !isRecord(network))
    return undefined;
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return {
    cluster,
    taskDefinition,
    subnets: texts(network["subnets"]),
    securityGroups: texts(network["securityGroups"]),
    assignPublicIp: network["assignPublicIp"] === true,
  };
}

/** A running task, and how it is ended. */
export interface StartedTask {
  /** As Session Manager calls it. */
  readonly target: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the task, and waits until its agent takes sessions.
 * @throws Error with ECS's reason; the task is stopped then.
 */
export async function startTunnelTask(
  ecs: ECS,
  { cluster, taskDefinition, subnets, securityGroups, assignPublicIp }: TunnelTask,
  say: (line: string) => void,
  signal: AbortSignal,
  clock: Clock = wallClock,
): Promise<StartedTask> {
  const task = await startTask(
    ecs,
    {
      cluster,
      taskDefinition,
      startedBy: "nango-database",
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      propagateTags: "TASK_DEFINITION",
      launchType: "FARGATE",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...subnets],
          securityGroups: [...securityGroups],
          assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED",
        },
      },
    },
    clock,
    say,
  ).catch((error: unknown) => {
    throw new UserError(
      `ECS starts no task: ${error instanceof Error ? error.message : String(error)}\nIt takes ${permissions.join(", ")}.`,
    );
  });
  const id = task.replace(/^.*\//, "");
  say(`The task ${id} starts, which takes about a minute.`);
  const stop = async () => {
    await ecs.stopTask({ cluster, task, reason: "The database is not needed any more" });
  };
  try {
    const runtime = await runtimeIdOnceReady(ecs, { cluster, task }, signal, clock);
    return { target: `ecs:${cluster}_${id}_${runtime}`, stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

const patienceMilliseconds = 5 * 60_000;

async function runtimeIdOnceReady(
  ecs: ECS,
  { cluster, task }: { readonly cluster: string; readonly task: string },
  signal: AbortSignal,
  clock: Clock,
): Promise<string> {
  const end = clock.now() + patienceMilliseconds;
  while (clock.now() < end) {
    if (signal.aborted) throw new UserError("Interrupted.");
    const found = (await ecs.describeTasks({ cluster, tasks: [task] })).tasks?.[0];
    const container = found?.containers?.[0];
    if (found?.lastStatus === "STOPPED") throw new UserError(`The task did not start: ${reasonOf(found)}.`);
    const agent = container?.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
    if (agent?.lastStatus === "STOPPED")
      throw new UserError(
        `The task's agent for sessions ended${agent.reason === undefined ? "" : `: ${agent.reason}`}. It has to reach ssmmessages in the region: tasks need a way out, or an endpoint for it.`,
      );
    if (agent?.lastStatus === "RUNNING" && container?.runtimeId !== undefined) return container.runtimeId;
    await clock.sleep(2000);
  }
  throw new UserError(`The task did not take sessions within ${patienceMilliseconds / 60_000} minutes.`);
}

function reasonOf({ stoppedReason, containers = [] }: Task): string {
  return [stoppedReason, ...containers.map(({ reason }) => reason)].filter(Boolean).join("; ");
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A port that leads somewhere. */
export interface Forwarding {
  /** Fulfilled when it leads nowhere any more, with what the AWS CLI said. */
  readonly ended: Promise<string>;
  readonly end: () => Promise<void>;
}

/** How long the AWS CLI takes at most until the port takes connections. Milliseconds. */
const forwardingPatience = 60_000;

/**
 * Forwards a port through the task, and waits until it takes connections.
 * @throws UserError with what the AWS CLI says, or that it says nothing in time, or that the person has had enough.
 */
export async function forward(
  target: string,
  { host, port, localPort }: Destination,
  { region, variables }: { readonly region: string; readonly variables: NodeJS.ProcessEnv },
  signal: AbortSignal,
  patience = forwardingPatience,
): Promise<Forwarding> {
  const parameters = JSON.stringify({
    host: [host],
    portNumber: [String(port)],
    localPortNumber: [String(localPort)],
  });
  const document = "AWS-StartPortForwardingSessionToRemoteHost";
  const session = spawn(
    "aws",
    [
      "ssm",
      "start-session",
      "--region",
      region,
      "--target",
      target,
      "--document-name",
      document,
      "--parameters",
      parameters,
    ],
    // A group of its own: Ctrl-C in psql ends a query, and not the way to the database.
    { stdio: ["ignore", "pipe", "pipe"], env: variables, detached: true },
  );
  let said = "";
  const ended = new Promise<string>((resolve) => {
    session.once("error", (error) => resolve(error.message));
    session.once("close", () => resolve(said.trim()));
  });
  const ready = new Promise<true>((resolve) => {
    for (const stream of [session.stdout, session.stderr])
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (/waiting for connections/i.test(said)) resolve(true);
      });
  });
  const first = await firstOf([ready, ended], signal, { patience, said: () => said });
  if (first === true) return { ended, end: () => endSession(session, ended) };
  // Until it forwards, the plugin heeds no Ctrl-C.
  signalGroup(session, "SIGTERM");
  throw new UserError(`Session Manager forwards no port: ${first}`);
}

/** Not by AbortSignal.any, which forgets a signal that nothing else holds. https://github.com/nodejs/node/issues/54614 */
async function firstOf(
  awaited: readonly Promise<string | true>[],
  signal: AbortSignal,
  { patience, said }: { readonly patience: number; readonly said: () => string },
): Promise<string | true> {
  if (signal.aborted) return "interrupted";
  const over = new AbortController();
  const until = { signal: over.signal };
  const interrupted = once(signal, "abort", until).then(() => "interrupted");
  const tooLong = sleep(patience, undefined, until).then(() => inTime(patience, said()));
  try {
    return await Promise.race([...awaited, interrupted, tooLong]);
  } finally {
    over.abort();
  }
}

function inTime(patience: number, said: string): string {
  const words = said.trim() === "" ? "nothing" : said.trim();
  return (
    `within ${patience / 1000} s the AWS CLI said ${words}. This machine has to reach ssmmessages in the region by websocket, ` +
    "and the AWS CLI's plugin has to be a current one."
  );
}

/**
 * Ends as Ctrl-C does, at which the AWS CLI's plugin ends the session as well and takes its socket away, which it does at
 * no other signal; if it has not in time, by force.
 * https://github.com/aws/session-manager-plugin/blob/61cf1288c7c66b4cbff922b7ed8a6604b3a3c2ea/src/sessionmanagerplugin/session/portsession/muxportforwarding.go#L187-L202
 */
async function endSession(session: ChildProcess, ended: Promise<string>): Promise<void> {
  signalGroup(session, "SIGINT");
  const over = new AbortController();
  const late = sleep(endPatience, "late", { signal: over.signal });
  if ((await Promise.race([ended, late])) === "late") signalGroup(session, "SIGTERM");
  over.abort();
}

/** How long the plugin has to end the session. Milliseconds. */
const endPatience = 3_000;

/** The AWS CLI's plugin is a process of its own. */
function signalGroup({ pid }: ChildProcess, name: "SIGINT" | "SIGTERM"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}

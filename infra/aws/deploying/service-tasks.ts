import type { ECS, Service } from "@aws-sdk/client-ecs";
import type { FoundAlarms } from "./deployment-alarms.ts";
import { awsClientOptions } from "./client-options.ts";
import type { AwsProviderConfig } from "./provider-config.ts";
import { call, describeError } from "./one-off-task/calls.ts";
import { type Clock, wallClock } from "./one-off-task/clock.ts";
import { diagnose } from "./one-off-task/reasons.ts";

const pollIntervalMilliseconds = 5000;
/** As long as the provider waits for a service. */
const timeoutMilliseconds = 30 * 60_000;
const shownEvents = 5;

/** A service whose number of tasks is left to automatic scaling, so that Pulumi does not send it. */
export interface ScalingService {
  /** The configuration of the AWS provider: the service is in the account and region that it deploys to. */
  readonly provider: AwsProviderConfig;
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
  /** Gets a line at each step. */
  readonly log: (line: string) => void;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** The tasks of a service, of each of its deployments, and what ECS said of them, latest first. */
export interface TaskCounts {
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly deployments: readonly {
    /** `PRIMARY` for the newest. */
    readonly status: string;
    readonly desiredCount: number;
    readonly runningCount: number;
    readonly pendingCount: number;
  }[];
  readonly events: readonly { readonly message: string }[];
}

interface Connected extends ScalingService {
  readonly clock: Clock;
  readonly ecs: ECS;
}

/**
 * Starts a service that has no tasks, and waits until they run. One that has its tasks is left alone.
 *
 * @param replicas How many tasks there are to be at least.
 * @param prepare What has to be done before the first task starts.
 * @throws Error when the tasks do not last, with what ECS says of them.
 */
export async function startTasks(
  service: ScalingService,
  replicas: number,
  prepare: () => Promise<void>,
): Promise<void> {
  await connected(service, async (run) => {
    const found = await describe(run);
    const desired = found.desiredCount ?? 0;
    if (desired > 0 && (found.runningCount ?? 0) >= Math.min(desired, replicas)) return;
    await prepare();
    const desiredCount = Math.max(desired, replicas);
    run.log(`The service is started with ${desiredCount} tasks.`);
    // A deployment, so that its circuit breaker tells when the tasks do not last.
    const started = await update(run, { desiredCount, forceNewDeployment: true });
    await untilDeployed(run, primaryOf(started)?.id, desiredCount);
  });
}

/**
 * Stops all tasks of a service, and waits until none runs.
 * @throws Error when it cannot be stopped.
 */
export async function stopTasks(service: ScalingService): Promise<void> {
  await connected(service, async (run) => {
    const found = await describe(run);
    if (found.desiredCount === 0 && found.runningCount === 0) return;
    run.log(`The service is stopped: ${found.runningCount} tasks end what they are at.`);
    await update(run, { desiredCount: 0 });
    await poll(run, "stop", ({ runningCount }) => runningCount === 0);
    run.log("No task of the service runs.");
  });
}

/** How many tasks a service has, and whether it heeds alarms, as ECS itself tells it. */
export async function countTasks(
  service: Omit<ScalingService, "log">,
): Promise<TaskCounts & Required<FoundAlarms>> {
  return connected({ ...service, log: () => {} }, async (run) => {
    const {
      desiredCount = 0,
      runningCount = 0,
      pendingCount = 0,
      deployments = [],
      events = [],
      deploymentConfiguration: { alarms } = {},
    } = await describe(run);
    return {
      desiredCount,
      runningCount,
      pendingCount,
      deployments: deployments.map(({ status = "", ...counts }) => ({
        status,
        desiredCount: counts.desiredCount ?? 0,
        runningCount: counts.runningCount ?? 0,
        pendingCount: counts.pendingCount ?? 0,
      })),
      events: events.map(({ message = "" }) => ({ message })),
      deploymentConfigurations: [
        { alarms: alarms === undefined ? [] : [{ enable: alarms.enable === true }] },
      ],
    };
  });
}

/** The SDK is loaded here because a preview never needs it. */
async function connected<T>(service: ScalingService, work: (run: Connected) => Promise<T>): Promise<T> {
  const { ECS } = await import("@aws-sdk/client-ecs");
  const ecs = new ECS({ ...(await awsClientOptions(service.provider, "ecs")), maxAttempts: 1 });
  try {
    return await work({ ...service, clock: service.clock ?? wallClock, ecs });
  } finally {
    ecs.destroy();
  }
}

async function untilDeployed(run: Connected, deployment: string | undefined, tasks: number): Promise<void> {
  const start = run.clock.now();
  let shown = -1;
  await poll(run, "start", (service) => {
    const { runningCount = 0 } = service;
    if (runningCount !== shown) run.log(`${runningCount} of ${tasks} tasks run.`);
    shown = runningCount;
    const ours = service.deployments?.find(({ id }) => id === deployment);
    // The circuit breaker puts another deployment in the place of one that failed.
    if (ours === undefined || ours.status !== "PRIMARY" || ours.rolloutState === "FAILED") {
      throw new Error(failure("start", ours?.rolloutStateReason ?? "ECS gave its deployment up", service));
    }
    return (
      ours.rolloutState === "COMPLETED" && runningCount >= Math.min(tasks, service.desiredCount ?? tasks)
    );
  });
  run.log(`The service runs after ${Math.round((run.clock.now() - start) / 1000)} s.`);
}

async function poll(
  run: Connected,
  what: "start" | "stop",
  done: (service: Service) => boolean,
): Promise<void> {
  const deadline = run.clock.now() + timeoutMilliseconds;
  for (;;) {
    const service = await describe(run);
    if (done(service)) return;
    if (run.clock.now() >= deadline) {
      const minutes = timeoutMilliseconds / 60_000;
      throw new Error(failure(what, `${service.runningCount} tasks run after ${minutes} minutes`, service));
    }
    await run.clock.sleep(pollIntervalMilliseconds);
  }
}

function failure(what: "start" | "stop", reason: string, service: Service): string {
  const events = eventLines(service.events ?? []);
  const remedy = diagnose(events.join("\n"))?.remedy;
  return [
    `The service did not ${what}: ${reason.replace(/\.$/, "")}.`,
    ...(remedy === undefined ? [] : [remedy]),
    ...events,
    ...(what === "start" ? ["The next deployment tries again."] : []),
  ].join("\n");
}

/** What ECS said of a service last, latest first. */
export function eventLines(events: readonly { readonly message?: string | undefined }[]): string[] {
  if (events.length === 0) return [];
  return ["What ECS said last:", ...events.slice(0, shownEvents).map(({ message }) => `    ${message}`)];
}

function primaryOf({ deployments }: Service) {
  return deployments?.find(({ status }) => status === "PRIMARY");
}

async function describe({ clock, cluster, ecs, service }: Connected): Promise<Service> {
  return answered(async () => {
    const { services } = await call(clock, (abortSignal) =>
      ecs.describeServices({ cluster, services: [service] }, { abortSignal }),
    );
    return services?.[0];
  });
}

async function update(
  { clock, cluster, ecs, service }: Connected,
  change: { readonly desiredCount: number; readonly forceNewDeployment?: boolean },
): Promise<Service> {
  return answered(async () => {
    const answer = await call(clock, (abortSignal) =>
      ecs.updateService({ cluster, service, ...change }, { abortSignal }),
    );
    return answer.service;
  });
}

/** What AWS answers, or an error that says what to do. */
async function answered(request: () => Promise<Service | undefined>): Promise<Service> {
  try {
    const service = await request();
    if (service === undefined) throw new Error("ECS does not know the service");
    return service;
  } catch (error) {
    const said = describeError(error);
    throw new Error(
      [`The tasks of the service could not be looked up or changed: ${said}.`, diagnose(said)?.remedy ?? ""]
        .join("\n")
        .trim(),
      { cause: error },
    );
  }
}

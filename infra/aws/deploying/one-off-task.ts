import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECS, Task } from "@aws-sdk/client-ecs";
import { awsClientOptions } from "./client-options.ts";
import type { AwsProviderConfig } from "./provider-config.ts";
import { call, describeError } from "./one-off-task/calls.ts";
import { wallClock } from "./one-off-task/clock.ts";
import { commandFor, explanation, idOf, TaskFailed } from "./one-off-task/explanation.ts";
import { judge } from "./one-off-task/outcome.ts";
import { diagnose } from "./one-off-task/reasons.ts";
import type { OneOffTask, Run } from "./one-off-task/run.ts";
import { startTask } from "./one-off-task/start.ts";

const pollIntervalMilliseconds = 3000;
const restarts = 2;
const restartPauseMilliseconds = 10_000;

/**
 * Runs the task; returns when it has succeeded. An earlier task of the same family and `startedBy` that has not ended is
 * awaited, never joined by a second one: of two Nango migrations at once, one dies of the other's lock.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/database/lib/index.ts#L32-L46
 *
 * @throws Error with a message for the person at `pulumi up`: what failed and why, what to do, the last log lines.
 */
export async function runOneOffTask(task: OneOffTask): Promise<void> {
  const clock = task.clock ?? wallClock;
  const deadline = clock.now() + task.timeoutSeconds * 1000;
  const clients = await connect(task.provider);
  try {
    await run({ ...task, ...clients, clock, deadline });
  } finally {
    clients.ecs.destroy();
    clients.logs.destroy();
  }
}

/** The SDK is loaded here because a preview never needs it. */
async function connect(provider: AwsProviderConfig): Promise<{ ecs: ECS; logs: CloudWatchLogs }> {
  const { ECS } = await import("@aws-sdk/client-ecs");
  const { CloudWatchLogs } = await import("@aws-sdk/client-cloudwatch-logs");
  return {
    ecs: new ECS({ ...(await awsClientOptions(provider, "ecs")), maxAttempts: 1 }),
    logs: new CloudWatchLogs({ ...(await awsClientOptions(provider, "logs")), maxAttempts: 1 }),
  };
}

async function run(task: Run): Promise<void> {
  try {
    if (await earlierTaskDidIt(task)) return;
    for (let attempt = 0; ; attempt++) {
      if (await newTaskDidIt(task, attempt === restarts)) return;
      await task.clock.sleep(restartPauseMilliseconds);
    }
  } catch (error) {
    throw new Error(await explanation(task, error), { cause: error });
  }
}

/** Waits for the tasks that an earlier deployment left behind; says whether one of them did just what this one would. */
async function earlierTaskDidIt(task: Run): Promise<boolean> {
  for (const earlier of await unfinishedTasks(task)) {
    const arn = earlier.taskArn ?? "";
    task.log(
      `An earlier ${task.purpose} has not ended: waiting for its task ${idOf(arn)} instead of starting a second one.`,
    );
    const outcome = judge(await stoppedTask(task, arn), task.containerName);
    if (outcome.succeeded && earlier.taskDefinitionArn === task.taskDefinition) {
      task.log(`It succeeded, and it ran the same task definition: nothing is left to do.`);
      return true;
    }
    task.log(outcome.succeeded ? "It succeeded." : `It failed: ${outcome.what}.`);
  }
  return false;
}

async function unfinishedTasks(task: Run): Promise<Task[]> {
  const { cluster, clock, ecs } = task;
  const family = task.taskDefinition.replace(/^.*\//, "").replace(/:\d+$/, "");
  const arns: string[] = [];
  // A task that was told to stop counts as STOPPED here although it may go on for its `stopTimeout`. ListTasks takes
  // `startedBy` only as its sole filter: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
  for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
    const answer = await call(clock, (abortSignal) =>
      ecs.listTasks({ cluster, family, desiredStatus }, { abortSignal }),
    );
    arns.push(...(answer.taskArns ?? []));
  }
  if (arns.length === 0) return [];
  const answer = await call(clock, (abortSignal) =>
    ecs.describeTasks({ cluster, tasks: arns }, { abortSignal }),
  );
  return (answer.tasks ?? []).filter(
    ({ lastStatus, startedBy }) => lastStatus !== "STOPPED" && startedBy === task.startedBy,
  );
}

/** Starts a task and awaits it. False: it never started, for a reason that tends to pass, and this was not the last try. */
async function newTaskDidIt(task: Run, lastTry: boolean): Promise<boolean> {
  const {
    assignPublicIp,
    clock,
    cluster,
    purpose,
    securityGroups,
    startedBy,
    subnets,
    tags,
    taskDefinition,
  } = task;
  const request = {
    cluster,
    taskDefinition,
    startedBy,
    // A policy that demands tags sees those that the request names, and none that the task inherits.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    propagateTags: "TASK_DEFINITION" as const,
    enableECSManagedTags: true,
    launchType: "FARGATE" as const,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...subnets],
        securityGroups: [...securityGroups],
        assignPublicIp: assignPublicIp ? ("ENABLED" as const) : ("DISABLED" as const),
      },
    },
  };
  const arn = await startTask(task.ecs, request, clock, task.log);
  const start = clock.now();
  task.log(`The ${purpose} is task ${idOf(arn)}.`);
  const outcome = judge(await stoppedTask(task, arn), task.containerName);
  if (outcome.succeeded) {
    task.log(`The ${purpose} succeeded after ${Math.round((clock.now() - start) / 1000)} s.`);
    return true;
  }
  if (outcome.transient && !lastTry) {
    task.log(`The ${purpose} will be tried once more: ${outcome.what}.`);
    return false;
  }
  const ran = outcome.neverStarted ? undefined : { arn, container: outcome.container };
  throw new TaskFailed(`The ${purpose} failed: ${outcome.what}`, outcome.remedy, ran);
}

/** Awaits the end of a task. At the deadline it is stopped, and the run fails. */
async function stoppedTask(task: Run, arn: string): Promise<Task> {
  const { clock, deadline } = task;
  let status = "not yet known to ECS";
  while (true) {
    const found = await describedTask(task, arn);
    if (found?.lastStatus === "STOPPED") return found;
    if (found?.lastStatus !== undefined && found.lastStatus !== status) {
      status = found.lastStatus;
      task.log(`Task ${idOf(arn)} is ${status}.`);
    }
    const left = deadline - clock.now();
    if (left <= 0) throw await timedOut(task, arn, status);
    await clock.sleep(Math.min(pollIntervalMilliseconds, left));
  }
}

/** The task as ECS shows it; undefined until it does, which takes a moment after RunTask. */
async function describedTask({ clock, cluster, ecs, purpose }: Run, arn: string): Promise<Task | undefined> {
  try {
    const answer = await call(clock, (abortSignal) =>
      ecs.describeTasks({ cluster, tasks: [arn] }, { abortSignal }),
    );
    return answer.tasks?.[0];
  } catch (error) {
    const said = describeError(error);
    const remedy = [
      diagnose(said)?.remedy,
      `Its task ${idOf(arn)} may go on: the next deployment waits for it.`,
    ];
    throw new TaskFailed(`The ${purpose} could not be watched to its end: ${said}`, remedy.join(" ").trim());
  }
}

async function timedOut(task: Run, arn: string, status: string): Promise<TaskFailed> {
  const { clock, cluster, ecs, purpose, timeoutSeconds } = task;
  const reason = `The ${purpose} did not end within ${timeoutSeconds} s`;
  const ran = { arn, container: task.containerName };
  const what = `${reason} (its task was ${status})`;
  try {
    await call(clock, (abortSignal) => ecs.stopTask({ cluster, task: arn, reason }, { abortSignal }));
    return new TaskFailed(`${what} and was stopped`, undefined, ran);
  } catch (error) {
    const command = await commandFor(task, ["ecs", "stop-task", "--cluster", cluster, "--task", idOf(arn)]);
    return new TaskFailed(
      `${what} and could not be stopped (${describeError(error)})`,
      `Stop it: ${command}`,
      ran,
    );
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../../config/aws-command.ts";
import { type Clock, wallClock } from "./one-off-task/clock.ts";
import { eventLines } from "./service-tasks.ts";

const pollIntervalMilliseconds = 10_000;
/** A deployment that was begun by hand, or a task that is replaced, is through by then. */
const patienceMilliseconds = 10 * 60_000;
/** ECS puts a task in the place of one that ended within seconds, unless those before it did not last. */
const patienceWithoutTasksMilliseconds = 2 * 60_000;

type Answer = aws.ecs.GetServiceResult;

/** The service as the provider's lookup tells it; what the lookup leaves out is taken to be as it should be. */
export type FoundService = Pick<Answer, "taskDefinition" | "desiredCount"> &
  Partial<Pick<Answer, "runningCount" | "pendingCount">> & {
    readonly deployments?: readonly Pick<
      Answer["deployments"][number],
      "status" | "desiredCount" | "runningCount" | "pendingCount"
    >[];
    readonly loadBalancers?: readonly Pick<Answer["loadBalancers"][number], "targetGroupArn">[];
    readonly events?: readonly Pick<Answer["events"][number], "message">[];
  };

/** The service as this deployment wants it. */
export interface WantedService {
  readonly cluster: string;
  readonly service: string;
  readonly region: string;
  readonly stack: string;
  readonly profile?: string | undefined;
  /** The ARN of the task definition. */
  readonly taskDefinition: string;
  /** The ARNs of the target groups. */
  readonly targetGroups: readonly string[];
  /** How many tasks run at least; 0 for a service that is stopped. */
  readonly tasks: number;
}

/**
 * Waits until the service has what this deployment wants, as far as it is on the way there. A deployment that ECS rolled
 * back can look like a success (https://github.com/pulumi/pulumi-awsx/issues/1848), and one that failed is not repeated
 * by a later update, since nothing differs: so the service is asked in every update.
 * @param first What the service was found to be.
 * @param again Asks once more.
 * @throws pulumi.RunError, which fails the update, with the way out.
 */
export async function settled(
  wanted: WantedService,
  first: FoundService,
  again: () => Promise<FoundService>,
  log: (line: string) => void,
  clock: Clock = wallClock,
): Promise<void> {
  const start = clock.now();
  let lastSign = start;
  let said = "";
  for (let found = first; ; found = await again()) {
    const trouble = troubleOf(wanted, found);
    if (trouble === undefined) return;
    const now = clock.now();
    if (trouble.underWay) lastSign = now;
    if (
      trouble.final ||
      now - start >= patienceMilliseconds ||
      now - lastSign >= patienceWithoutTasksMilliseconds
    ) {
      throw new pulumi.RunError(
        [trouble.what, ...eventLines(found.events ?? []), ...trouble.wayOut].join("\n"),
      );
    }
    if (trouble.what !== said) log(`${trouble.what} Waiting for it.`);
    said = trouble.what;
    await clock.sleep(pollIntervalMilliseconds);
  }
}

interface Trouble {
  /** What is the matter, in a sentence. */
  readonly what: string;
  readonly wayOut: readonly string[];
  /** Whether waiting does not help. */
  readonly final: boolean;
  /** Whether there is a sign of its mending itself. */
  readonly underWay: boolean;
}

function troubleOf(wanted: WantedService, found: FoundService): Trouble | undefined {
  return (
    rolledBack(wanted, found) ??
    (wanted.tasks === 0 ? notStopped(wanted, found) : withoutTasks(wanted, found))
  );
}

function rolledBack(wanted: WantedService, found: FoundService): Trouble | undefined {
  const other = found.taskDefinition !== wanted.taskDefinition;
  const groups = found.loadBalancers?.map(({ targetGroupArn }) => targetGroupArn);
  const elsewhere = groups !== undefined && wanted.targetGroups.some((group) => !groups.includes(group));
  if (!other && !elsewhere) return undefined;
  const revision = (arn: string) => arn.split("/").at(-1);
  const instead = other
    ? `runs ${revision(found.taskDefinition)}, not ${revision(wanted.taskDefinition)}, which was asked for`
    : `is reached through its former load balancer, not through the one that was asked for`;
  return {
    what: `The deployment was rolled back: the service ${wanted.service} ${instead}.`,
    wayOut: [
      seeWhy(wanted),
      `When the cause is mended, try again with: npx pulumi up --refresh -s ${wanted.stack}`,
    ],
    final: true,
    underWay: false,
  };
}

function notStopped(wanted: WantedService, found: FoundService): Trouble | undefined {
  const { desiredCount, runningCount = 0 } = found;
  if (desiredCount === 0 && runningCount === 0) return undefined;
  return {
    what: `The service ${wanted.service} is to be stopped (nango:stopped), and ${Math.max(desiredCount, runningCount)} of its tasks run.`,
    wayOut: [
      `Stop it: ${serviceCommand("update-service", wanted, ["--desired-count", "0"])}`,
      `Then: npx pulumi up -s ${wanted.stack}`,
    ],
    final: desiredCount > 0,
    underWay: true,
  };
}

function withoutTasks(wanted: WantedService, found: FoundService): Trouble | undefined {
  const { desiredCount, deployments = [] } = found;
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const least = Math.min(wanted.tasks, desiredCount);
  const running = primary?.runningCount ?? found.runningCount ?? least;
  // Of two deployments the older one still serves: the newer one may fail yet.
  if (desiredCount > 0 && running >= least && deployments.length <= 1) return undefined;
  const restart = ["--desired-count", String(Math.max(wanted.tasks, desiredCount)), "--force-new-deployment"];
  return {
    what:
      desiredCount === 0
        ? `The service ${wanted.service} was scaled to no tasks at all, and not by nango:stopped.`
        : `The service ${wanted.service} runs ${running} of ${desiredCount} tasks of ${wanted.taskDefinition.split("/").at(-1)}.`,
    wayOut: [
      ...(desiredCount === 0 ? [] : [seeWhy(wanted)]),
      `Pulumi starts no tasks again. ${desiredCount === 0 ? "Start them" : "When the cause is mended"}: ${serviceCommand("update-service", wanted, restart)}`,
      `Then, which waits for them: npx pulumi up -s ${wanted.stack}`,
    ],
    final: desiredCount === 0,
    underWay: deployments.length > 1 || (found.pendingCount ?? 0) > 0,
  };
}

function seeWhy(wanted: WantedService): string {
  return `See why: ${serviceCommand("describe-services", wanted, ["--query", "services[0].events[:10].message"])}`;
}

function serviceCommand(
  operation: "describe-services" | "update-service",
  { cluster, service, region, profile }: WantedService,
  words: readonly string[],
): string {
  const option = operation === "describe-services" ? "--services" : "--service";
  return awsCommand(["ecs", operation, "--cluster", cluster, option, service, ...words], { region, profile });
}

import { vi } from "vitest";
import { runOneOffTask } from "../../../../infra/aws/deploying/one-off-task.ts";
import type { OneOffTask } from "../../../../infra/aws/deploying/one-off-task/run.ts";
import { type Scenario, type ScriptedAnswer, startStubbedAws } from "../../../stubbed-aws.ts";

export const taskDefinition = "arn:aws:ecs:us-east-1:123456789012:task-definition/nango-migration:7";
export const olderDefinition = "arn:aws:ecs:us-east-1:123456789012:task-definition/nango-migration:6";
export const startedBy = "nango/dev";

export interface Result {
  /** The message of the failure; undefined after a success. */
  readonly error: string | undefined;
  readonly operations: string[];
  readonly inputs: (operation: string) => Readonly<Record<string, unknown>>[];
  readonly progress: string[];
  readonly secondsWaited: number;
}

/** Runs the task with the real SDK over HTTP against a stubbed AWS; only the pauses take no time. */
export async function runAgainst(
  scenario: Omit<Scenario, "container">,
  changes: Partial<OneOffTask> = {},
): Promise<Result> {
  const aws = await startStubbedAws({ container: "migration", ...scenario });
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  let now = 0;
  const progress: string[] = [];
  const task: OneOffTask = {
    purpose: "database migration",
    provider: { region: "us-east-1" },
    cluster: "nango",
    taskDefinition,
    subnets: ["subnet-a", "subnet-b"],
    securityGroups: ["sg-a"],
    assignPublicIp: true,
    containerName: "migration",
    logGroup: "/nango/dev",
    logStreamPrefix: "nango",
    timeoutSeconds: 600,
    startedBy,
    tags: { Name: "nango-migrate", team: "platform" },
    deployment: "update",
    log: (line) => progress.push(line),
    clock: { now: () => now, sleep: async (milliseconds) => void (now += milliseconds) },
    ...changes,
  };
  const error = await runOneOffTask(task)
    .then(
      () => undefined,
      (error: Error) => error.message,
    )
    .finally(() => aws.close());
  vi.unstubAllEnvs();
  const { calls } = aws;
  return {
    error,
    operations: calls.map(({ operation }) => operation),
    inputs: (operation) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    progress,
    secondsWaited: now / 1000,
  };
}

/** AWS refuses an operation once. */
export function refusedOnce(operation: string, error: string, message: string): ScriptedAnswer {
  return { operation, answer: { error, message } };
}

import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECS } from "@aws-sdk/client-ecs";
import type { AwsProviderConfig } from "../provider-config.ts";
import type { Clock } from "./clock.ts";

/** A Fargate task that runs to its end before a service is deployed. */
export interface OneOffTask {
  /** What the task does, as it reads in messages: `database migration`. */
  readonly purpose: string;
  /** The configuration of the AWS provider: the task runs in the account and region that it deploys to. */
  readonly provider: AwsProviderConfig;
  /** Name or ARN. */
  readonly cluster: string;
  /** ARN with the revision, of a family that only this task uses. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** The container whose exit code counts. */
  readonly containerName: string;
  readonly logGroup: string;
  /** `awslogs-stream-prefix` of the containers: their streams are `<prefix>/<container>/<task id>`. */
  readonly logStreamPrefix: string;
  /** Seconds for everything, from looking for an earlier task to the end of this one, which is stopped then. */
  readonly timeoutSeconds: number;
  /**
   * Marks the tasks of this stack, so that one which a cancelled deployment left behind is found. At most 128 letters,
   * digits, `-`, `_` and `/`.
   */
  readonly startedBy: string;
  /** The tags of the task, by key. */
  readonly tags: Readonly<Record<string, string>>;
  /** What is about to happen to the service, and does not when the task fails. */
  readonly deployment: "create" | "update";
  /** Gets a line at each step. */
  readonly log: (line: string) => void;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** A task with what it takes to run it. */
export interface Run extends OneOffTask {
  readonly clock: Clock;
  readonly ecs: ECS;
  readonly logs: CloudWatchLogs;
  readonly deadline: number;
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeContainers, migrationContainers, type TaskContext } from "../service/containers.ts";
import { logStreamPrefix } from "../service/log-streams.ts";
import type { TaskImage } from "../image/task-image.ts";
import { known } from "./known.ts";
import type { Network } from "../network/network.ts";
import { runOneOffTask } from "./one-off-task.ts";
import { fargateTaskDefinition } from "../service/task-definition.ts";
import type { TaskRoles } from "../service/task-roles.ts";
import { refuseStopped } from "./stopped-database.ts";

export interface MigrationArgs {
  readonly task: TaskContext;
  readonly image: Pick<TaskImage, "makeAvailable">;
  readonly roles: TaskRoles;
  readonly cluster: aws.ecs.Cluster;
  readonly network: Network;
  readonly securityGroupId: pulumi.Input<string>;
  readonly timeoutMinutes: number;
  /** Whether locks that a killed migration left behind are removed. */
  readonly clearLock: boolean;
  /** Whether the service is to have no tasks: nothing runs then that needs a migration. */
  readonly stopped: boolean;
  /** Identifiers of the databases that a schedule stops; empty without one. */
  readonly scheduledDatabases: readonly pulumi.Output<string>[];
  /** What must be there and reachable before the migration can run. */
  readonly requirements: readonly pulumi.Resource[];
}

/** Minutes for starting the task, and for waiting for the logs store, the databases and locks, which each has its own limit. */
const marginMinutes = 30;

/**
 * The one-off task that brings the databases up to date before a new version serves. It is awaited by a hook of the
 * service, so that its failure leaves the old version serving and fails the update.
 */
export class Migration extends pulumi.ComponentResource {
  /** Runs the task before tasks of the service start on something new. For its `beforeCreate` and `beforeUpdate`. */
  readonly hook: pulumi.ResourceHook;
  /** Runs the task, unless this deployment has already done so. */
  readonly run: () => Promise<void>;
  /** What the service has to depend on, so that the hook finds it. */
  readonly requirements: readonly pulumi.Resource[];

  constructor(name: string, args: MigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Migration", name, {}, opts);
    const containers = migrationContainers(args.task, {
      environment: {
        MIGRATION_SECONDS: String(args.timeoutMinutes * 60),
        ...(args.clearLock ? { CLEAR_MIGRATION_LOCK: "true" } : {}),
      },
    });
    const { task, roles } = args;
    const taskDefinition = fargateTaskDefinition(
      name,
      { task, roles, containers, cpu: 512, memory: 2048 },
      { parent: this },
    );
    this.requirements = [taskDefinition, ...args.requirements];
    let ran: Promise<void> | undefined;
    this.run = () => (ran ??= this.migrate(args, taskDefinition, "update"));
    this.hook = new pulumi.ResourceHook(name, async ({ oldInputs, newInputs }) => {
      if (args.stopped || (oldInputs !== undefined && !startsSomethingNew(oldInputs, newInputs))) return;
      await (ran ??= this.migrate(args, taskDefinition, oldInputs === undefined ? "create" : "update"));
    });
    this.registerOutputs({ containers: describeContainers(containers) });
  }

  private async migrate(
    args: MigrationArgs,
    taskDefinition: aws.ecs.TaskDefinition,
    deployment: "create" | "update",
  ): Promise<void> {
    await args.image.makeAvailable?.();
    if (deployment === "update") await refuseStopped(args.scheduledDatabases);
    await runOneOffTask({
      purpose: "database migration",
      provider: aws.config,
      cluster: await known(args.cluster.arn),
      taskDefinition: await known(taskDefinition.arn),
      subnets: await known(args.network.taskSubnetIds),
      securityGroups: [await known(pulumi.output(args.securityGroupId))],
      assignPublicIp: args.network.assignPublicIp,
      containerName: "migrate",
      logGroup: await known(args.task.logGroup.name),
      logStreamPrefix,
      timeoutSeconds: (args.timeoutMinutes + marginMinutes) * 60,
      tags: (await known(taskDefinition.tagsAll)) ?? {},
      startedBy: `pulumi-${pulumi.getStack()}`.replaceAll(".", "-"),
      deployment,
      log: (line) => void pulumi.log.info(line, this),
    });
  }
}

type Inputs = Readonly<Record<string, unknown>>;

/**
 * Whether tasks start that did not run before: of another version, or of a service that was stopped and may have been
 * given another version meanwhile. A change of, say, the number of tasks starts nothing new.
 */
function startsSomethingNew(before: Inputs, after: Inputs | undefined): boolean {
  return (
    before["taskDefinition"] !== after?.["taskDefinition"] ||
    (before["desiredCount"] === 0 && after?.["desiredCount"] !== 0)
  );
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeContainers, logStreamPrefix, migrationContainers, type TaskContext } from "./containers.ts";
import type { TaskImage } from "./image.ts";
import type { Network } from "./network.ts";
import { runOneOffTask } from "./one-off-task.ts";
import { fargateTaskDefinition } from "./task-definition.ts";
import type { TaskRoles } from "./task-roles.ts";

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
  /** Runs the task. For a service's `beforeCreate` and `beforeUpdate`. */
  readonly hook: pulumi.ResourceHook;
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
    this.hook = this.createHook(name, args, taskDefinition);
    this.registerOutputs({ containers: describeContainers(containers) });
  }

  private createHook(
    name: string,
    args: MigrationArgs,
    taskDefinition: aws.ecs.TaskDefinition,
  ): pulumi.ResourceHook {
    return new pulumi.ResourceHook(name, async (change) => {
      // A change of, say, the number of tasks starts no new version.
      if (
        change.oldInputs !== undefined &&
        change.oldInputs["taskDefinition"] === change.newInputs?.["taskDefinition"]
      ) {
        return;
      }
      await args.image.makeAvailable();
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
        deployment: change.oldInputs === undefined ? "create" : "update",
        log: (line) => void pulumi.log.info(line, this),
      });
    });
  }
}

/** A value that is known by the time that a hook runs. */
function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve as (value: unknown) => void));
}

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeContainers, type TaskContext, tunnelContainers } from "./containers.ts";
import { fargateTaskDefinition } from "./task-definition.ts";
import type { TaskRoles } from "./task-roles.ts";

export interface TunnelArgs {
  readonly task: TaskContext;
  readonly roles: TaskRoles;
}

/**
 * What somebody starts who wants to reach the databases, which have no way in of their own: a task that does nothing,
 * whose agent Session Manager forwards a port through. Nothing of it runs until then, and it costs nothing.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html#sessions-remote-port-forwarding
 */
export class Tunnel extends pulumi.ComponentResource {
  readonly taskDefinition: aws.ecs.TaskDefinition;

  constructor(name: string, { task, roles }: TunnelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Tunnel", name, {}, opts);
    const containers = tunnelContainers(task);
    this.taskDefinition = fargateTaskDefinition(
      name,
      {
        task,
        roles: { executionRoleArn: roles.executionRoleArn, taskRoleArn: roles.tunnelRoleArn },
        containers,
        cpu: 256,
        memory: 512,
      },
      { parent: this },
    );
    this.registerOutputs({ containers: describeContainers(containers) });
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ContainerDefinition, containerJson, type TaskContext, taskVolumes } from "./containers.ts";
import type { TaskRoles } from "./task-roles.ts";

export interface TaskDefinitionArgs {
  readonly task: TaskContext;
  readonly roles: Pick<TaskRoles, "executionRoleArn" | "taskRoleArn">;
  readonly containers: readonly ContainerDefinition[];
  /** Units of 1/1024 of a virtual processor. */
  readonly cpu: number;
  /** MiB */
  readonly memory: number;
}

/** A task definition for Fargate. */
export function fargateTaskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ecs.TaskDefinition {
  return new aws.ecs.TaskDefinition(
    name,
    {
      family: `${name}-${args.task.stack}`.replaceAll(".", "-"),
      containerDefinitions: containerJson(args.containers),
      volumes: taskVolumes(args.task),
      cpu: String(args.cpu),
      memory: String(args.memory),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      // There is no image for ARM. https://github.com/NangoHQ/nango/issues/5576
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      executionRoleArn: args.roles.executionRoleArn,
      taskRoleArn: args.roles.taskRoleArn,
      // The revision before this one must stay usable for a deployment that is rolled back.
      skipDestroy: true,
      tags: { Name: name },
    },
    opts,
  );
}

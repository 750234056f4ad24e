import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";

const SERVICE = "aws:ecs/service:Service";

/** `aws.ecs` and `aws.appautoscaling` */
export const containerResources = {
  "aws:ecs/cluster:Cluster": resource<aws.ecs.Cluster, aws.ecs.ClusterArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({
      id: arn("ecs", `cluster/${inputs.name}`),
      arn: arn("ecs", `cluster/${inputs.name}`),
    }),
    replacedBy: ["name"],
  }),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": resource<
    aws.ecs.ClusterCapacityProviders,
    aws.ecs.ClusterCapacityProvidersArgs
  >({
    outputs: ({ inputs }) => ({ id: inputs.clusterName }),
    replacedBy: ["clusterName"],
  }),
  "aws:ecs/taskDefinition:TaskDefinition": resource<aws.ecs.TaskDefinition, aws.ecs.TaskDefinitionArgs>({
    outputs: ({ inputs, generation, arn }) => {
      const family = arn("ecs", `task-definition/${inputs.family}`);
      return {
        id: inputs.family,
        arn: `${family}:${generation}`,
        arnWithoutRevision: family,
        revision: generation,
        tagsAll: inputs.tags ?? {},
      };
    },
    replacedBy: [
      "containerDefinitions",
      "cpu",
      "executionRoleArn",
      "family",
      "memory",
      "networkMode",
      "requiresCompatibilities",
      "taskRoleArn",
      "ephemeralStorage",
      "runtimePlatform",
      "volumes",
    ],
  }),
  [SERVICE]: resource<aws.ecs.Service, aws.ecs.ServiceArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => {
      const cluster = inputs.cluster?.split("/").at(-1) ?? "default";
      const serviceArn = arn("ecs", `service/${cluster}/${inputs.name}`);
      return { id: serviceArn, arn: serviceArn };
    },
    replacedBy: ["name", "cluster", "launchType", "schedulingStrategy", "deploymentController"],
  }),
  "aws:appautoscaling/target:Target": resource<aws.appautoscaling.Target, aws.appautoscaling.TargetArgs>({
    outputs: ({ inputs, hex, arn }) => ({
      id: inputs.resourceId,
      arn: arn("application-autoscaling", `scalable-target/${hex(20)}`),
    }),
    replacedBy: ["serviceNamespace", "scalableDimension", "resourceId"],
  }),
  "aws:appautoscaling/policy:Policy": resource<aws.appautoscaling.Policy, aws.appautoscaling.PolicyArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, hex, arn }) => ({
      arn: arn("autoscaling", `scalingPolicy:${hex(32)}:resource/ecs/${inputs.resourceId}`),
      alarmArns: [],
    }),
    replacedBy: ["name", "serviceNamespace", "scalableDimension", "resourceId"],
  }),
};

/** A service that settled on what was asked of it. */
export const containerFunctions = {
  "aws:ecs/getService:getService": invocation<
    aws.ecs.GetServiceArgs,
    Pick<
      aws.ecs.GetServiceResult,
      | "id"
      | "arn"
      | "serviceName"
      | "clusterArn"
      | "taskDefinition"
      | "desiredCount"
      | "runningCount"
      | "deploymentConfigurations"
      | "status"
    >
  >({
    answer: ({ inputs, arn, registered }) => {
      const serviceArn = arn("ecs", `service/${inputs.clusterArn.split("/").at(-1)}/${inputs.serviceName}`);
      const service = registered(SERVICE).find(({ name }) => name === inputs.serviceName);
      const desiredCount = Number(service?.["desiredCount"] ?? 1);
      return {
        id: serviceArn,
        arn: serviceArn,
        serviceName: inputs.serviceName,
        clusterArn: inputs.clusterArn,
        taskDefinition: String(
          service?.["taskDefinition"] ?? arn("ecs", `task-definition/${inputs.serviceName}:1`),
        ),
        desiredCount,
        runningCount: desiredCount,
        // AWS tells more. What is bound at a service besides what is asked for would have to be undone at AWS, which a
        // rehearsal does not reach.
        deploymentConfigurations: [],
        status: "ACTIVE",
      };
    },
  }),
};

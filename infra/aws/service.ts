import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "../config/stack-config.ts";
import { plannedCallsPerMinute } from "../nango/api-rate-limit.ts";
import { startGraceSeconds } from "../nango/services.ts";
import { describeContainers, serviceContainers, type TaskContext } from "./containers.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Migration } from "./migration.ts";
import type { Network } from "./network.ts";
import { fargateTaskDefinition } from "./task-definition.ts";
import type { TaskRoles } from "./task-roles.ts";

export interface ServiceArgs {
  /** Plain, since it decides which resources there are. */
  readonly service: ServiceConfig;
  readonly task: TaskContext;
  readonly roles: TaskRoles;
  readonly cluster: aws.ecs.Cluster;
  readonly network: Network;
  readonly securityGroupId: pulumi.Input<string>;
  readonly loadBalancer: LoadBalancer;
  /** What runs before each deployment. */
  readonly migration: Migration;
}

/** Nango's containers, kept running behind the load balancer. */
export class Service extends pulumi.ComponentResource {
  /** The service's name in its cluster. */
  readonly serviceName: pulumi.Output<string>;
  /** The ARN of the task definition that runs, once it is known to be the one that was asked for. */
  readonly runningTaskDefinition: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Service", name, {}, opts);
    const containers = serviceContainers(args.task, {
      executeCommand: args.service.executeCommand,
      connectUi: args.loadBalancer.connectUrl !== undefined,
    });
    const { task, roles, service: size } = args;
    const taskDefinition = fargateTaskDefinition(
      name,
      { task, roles, containers, ...size },
      { parent: this },
    );
    const service = this.service(name, args, taskDefinition);
    if (args.service.maxReplicas > args.service.replicas) this.scaling(name, args, service);
    this.serviceName = service.name;
    this.runningTaskDefinition = settledOn(taskDefinition, service, args.cluster, this);
    this.registerOutputs({ containers: describeContainers(containers) });
  }

  private service(name: string, args: ServiceArgs, taskDefinition: aws.ecs.TaskDefinition): aws.ecs.Service {
    const { replicas, maxReplicas, spot, executeCommand } = args.service;
    const before = [args.migration.hook];
    return new aws.ecs.Service(
      name,
      {
        cluster: args.cluster.arn,
        taskDefinition: taskDefinition.arn,
        desiredCount: replicas,
        capacityProviderStrategies: [
          { capacityProvider: spot ? "FARGATE_SPOT" : "FARGATE", weight: 1, base: 0 },
        ],
        // ECS changes the strategy of a service only together with a new deployment.
        forceNewDeployment: true,
        networkConfiguration: {
          subnets: args.network.taskSubnetIds,
          securityGroups: [args.securityGroupId],
          assignPublicIp: args.network.assignPublicIp,
        },
        loadBalancers: args.loadBalancer.targets.map(({ service, group }) => ({
          containerName: service.name,
          containerPort: service.port,
          targetGroupArn: group.arn,
        })),
        healthCheckGracePeriodSeconds: startGraceSeconds,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        availabilityZoneRebalancing: "ENABLED",
        waitForSteadyState: true,
        enableExecuteCommand: executeCommand,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        tags: { Name: name },
      },
      {
        parent: this,
        dependsOn: [...args.loadBalancer.listeners, ...args.migration.requirements],
        hooks: { beforeCreate: before, beforeUpdate: before },
        // Above the floor the number of tasks is the scaling's affair.
        ignoreChanges: maxReplicas > replicas ? ["desiredCount"] : [],
        customTimeouts: { create: "30m", update: "30m", delete: "30m" },
      },
    );
  }

  private scaling(name: string, args: ServiceArgs, service: aws.ecs.Service): void {
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.cluster.name}/${service.name}`,
        minCapacity: args.service.replicas,
        maxCapacity: args.service.maxReplicas,
      },
      { parent: this },
    );
    const follow = (
      suffix: string,
      metric: { type: string; label?: pulumi.Input<string> },
      targetValue: number,
    ) =>
      new aws.appautoscaling.Policy(
        `${name}-${suffix}`,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: {
              predefinedMetricType: metric.type,
              ...(metric.label === undefined ? {} : { resourceLabel: metric.label }),
            },
            targetValue,
            scaleOutCooldown: 60,
            scaleInCooldown: 300,
          },
        },
        { parent: this },
      );
    follow("cpu", { type: "ECSServiceAverageCPUUtilization" }, 60);
    follow(
      "requests",
      { type: "ALBRequestCountPerTarget", label: args.loadBalancer.serverResourceLabel },
      plannedCallsPerMinute(args.service.cpu),
    );
  }
}

/**
 * The task definition that the service settled on. A deployment that ECS rolled back can look like a success
 * (https://github.com/pulumi/pulumi-awsx/issues/1848), so the service is asked, in every update, also in one that
 * changes nothing.
 * @throws pulumi.RunError, which fails the update, when it is another one than the one that was asked for.
 */
function settledOn(
  taskDefinition: aws.ecs.TaskDefinition,
  service: aws.ecs.Service,
  cluster: aws.ecs.Cluster,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return taskDefinition.arn;
  const settled = aws.ecs.getServiceOutput(
    { clusterArn: cluster.arn, serviceName: service.name },
    { parent },
  );
  return pulumi
    .all([taskDefinition.arn, settled.taskDefinition, service.name, cluster.name])
    .apply(([wanted, running, serviceName, clusterName]) => {
      if (running === wanted) return wanted;
      const revision = (arn: string) => arn.split("/").at(-1);
      throw new pulumi.RunError(
        `The deployment was rolled back: the service ${serviceName} runs ${revision(running)}, not ${revision(wanted)}, which was asked for. ` +
          `See why: aws ecs describe-services --cluster ${clusterName} --services ${serviceName} --query 'services[0].events[:10].message'. ` +
          `When the cause is mended, try again with: npx pulumi up --refresh -s ${pulumi.getStack()}`,
      );
    });
}

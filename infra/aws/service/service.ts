import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isOpen } from "../../config/rules/schedule.ts";
import type { ServiceConfig } from "../../config/stack-config.ts";
import { plannedCallsPerMinute } from "../../nango/api-rate-limit.ts";
import { startGraceSeconds } from "../../nango/services.ts";
import { describeContainers, serviceContainers, type TaskContext } from "./containers.ts";
import {
  bindAlarms,
  type DeploymentAlarms,
  deploymentConfiguration,
  differ,
  type FoundAlarms,
} from "../deploying/deployment-alarms.ts";
import type { LoadBalancer } from "../entry/load-balancer.ts";
import type { Migration } from "../deploying/migration.ts";
import type { Network } from "../network/network.ts";
import { countTasks, type ScalingService, startTasks, stopTasks } from "../deploying/service-tasks.ts";
import { type FoundService, settled } from "../deploying/settled.ts";
import { fargateTaskDefinition } from "./task-definition.ts";
import type { TaskRoles } from "./task-roles.ts";

type Metric =
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification;

export interface ServiceArgs {
  /** Plain, since it decides which resources there are. */
  readonly service: ServiceConfig;
  readonly task: TaskContext;
  /** The AWS region. */
  readonly region: string;
  readonly roles: TaskRoles;
  readonly cluster: aws.ecs.Cluster;
  readonly network: Network;
  readonly securityGroupId: pulumi.Input<string>;
  readonly loadBalancer: LoadBalancer;
  /** What runs before each deployment. */
  readonly migration: Migration;
  /** The alarms at which ECS takes a deployment back; undefined where there are none. */
  readonly deploymentAlarms: pulumi.Input<DeploymentAlarms> | undefined;
}

/** Nango's containers, kept running behind the load balancer. */
export class Service extends pulumi.ComponentResource {
  /** The service's name in its cluster. */
  readonly serviceName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** The ARN of the task definition that runs, once it is known to be the one that was asked for. */
  readonly runningTaskDefinition: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Service", name, {}, opts);
    const containers = serviceContainers(args.task, {
      executeCommand: args.service.executeCommand,
      connectUi: args.loadBalancer.connectUrl !== undefined,
      memory: args.service.memory,
    });
    const { task, roles } = args;
    const { cpu, memory } = args.service;
    const taskDefinition = fargateTaskDefinition(
      name,
      { task, roles, containers, cpu, memory },
      { parent: this },
    );
    const hooks = this.hooks(name, args);
    const service = this.service(name, args, taskDefinition, hooks);
    const scaling = scales(args.service) ? [this.scaling(name, args, service, hooks)] : [];
    this.serviceName = service.name;
    this.arn = service.id;
    this.runningTaskDefinition = this.settledOn(taskDefinition, service, scaling, args);
    this.registerOutputs({ containers: describeContainers(containers) });
  }

  /**
   * What starts and stops the tasks of a service whose number of tasks Pulumi does not send. They hang on the scaling,
   * which keeps its floor: a start that failed is tried again by the next deployment.
   */
  private hooks(name: string, args: ServiceArgs): Hooks {
    const about = (change: pulumi.ResourceHookArgs): ScalingService => ({
      provider: aws.config,
      ...serviceOf(change),
      log: (line) => void pulumi.log.info(line, this),
    });
    return {
      start: new pulumi.ResourceHook(`${name}-start`, (change) =>
        startTasks(about(change), args.service.replicas, args.migration.run),
      ),
      stop: new pulumi.ResourceHook(`${name}-stop`, (change) => stopTasks(about(change))),
    };
  }

  private service(
    name: string,
    args: ServiceArgs,
    taskDefinition: aws.ecs.TaskDefinition,
    { stop }: Hooks,
  ): aws.ecs.Service {
    const { replicas, spot, stopped, executeCommand } = args.service;
    return new aws.ecs.Service(
      name,
      {
        cluster: args.cluster.arn,
        taskDefinition: taskDefinition.arn,
        desiredCount: stopped ? 0 : replicas,
        capacityProviderStrategies: [
          { capacityProvider: spot ? "FARGATE_SPOT" : "FARGATE", weight: 1, base: 0 },
        ],
        // ECS changes the strategy of a service only together with a new deployment, and the provider wants to be told so
        // in the same update. A program cannot know whether its strategy is another one than before, so that each change
        // of the service is a rolling deployment.
        // https://github.com/hashicorp/terraform-provider-aws/blob/8f59f682cd9f38c42893cbeeddcc1953aed246b7/internal/service/ecs/service.go (capacityProviderStrategyCustomizeDiff)
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
        deploymentMinimumHealthyPercent: deploymentConfiguration.minimumHealthyPercent,
        deploymentMaximumPercent: deploymentConfiguration.maximumPercent,
        deploymentCircuitBreaker: deploymentConfiguration.deploymentCircuitBreaker,
        ...(args.deploymentAlarms === undefined ? {} : { alarms: boundAlarms(args.deploymentAlarms) }),
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
        hooks: {
          beforeCreate: [args.migration.hook],
          // Another version that is deployed while Nango is being stopped must not start first.
          beforeUpdate: [args.migration.hook, ...(stopped && scales(args.service) ? [stop] : [])],
        },
        // Above the floor the number of tasks is the scaling's affair, and by a schedule that of the hour.
        ignoreChanges: [
          ...(scales(args.service) || args.service.schedule !== undefined ? ["desiredCount"] : []),
          // deployment-alarms.ts takes them away.
          ...(args.deploymentAlarms === undefined ? ["alarms"] : []),
        ],
        customTimeouts: { create: "30m", update: "30m", delete: "30m" },
      },
    );
  }

  private scaling(
    name: string,
    args: ServiceArgs,
    service: aws.ecs.Service,
    { start, stop }: Hooks,
  ): aws.appautoscaling.Target {
    const { stopped, replicas, maxReplicas } = args.service;
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.cluster.name}/${service.name}`,
        // A floor would bring tasks back whenever an alarm goes off, and that of few requests does when there are none.
        // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
        minCapacity: stopped ? 0 : replicas,
        maxCapacity: maxReplicas,
      },
      {
        parent: this,
        hooks: stopped
          ? { afterCreate: [stop], afterUpdate: [stop] }
          : { beforeCreate: [start], beforeUpdate: [start] },
      },
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
              ...(metric.label === undefined
                ? {}
                : ({ resourceLabel: metric.label } satisfies Partial<Metric>)),
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
    return target;
  }

  /** The task definition that the service has settled on. A preview takes the service for settled. */
  private settledOn(
    taskDefinition: aws.ecs.TaskDefinition,
    service: aws.ecs.Service,
    scaling: readonly pulumi.Resource[],
    args: ServiceArgs,
  ): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun()) return taskDefinition.arn;
    const groups = pulumi.all(args.loadBalancer.targets.map(({ group }) => group.arn));
    const found = aws.ecs.getServiceOutput(
      { clusterArn: args.cluster.arn, serviceName: service.name },
      { parent: this, dependsOn: [...scaling] },
    );
    const alarms = pulumi.output(args.deploymentAlarms);
    return pulumi
      .all([taskDefinition.arn, groups, args.cluster.name, args.cluster.arn, service.name, found, alarms])
      .apply(async ([arn, targetGroups, cluster, clusterArn, serviceName, first, wanted]) => {
        // A provider before line 7 tells neither numbers of tasks, without which a service that has none would pass, nor alarms.
        const counted = async (found: FoundService & FoundAlarms): Promise<FoundService & FoundAlarms> => {
          const isWhole = found.runningCount !== undefined && found.deploymentConfigurations !== undefined;
          if (isWhole || found.taskDefinition !== arn) return found;
          const service = { provider: aws.config, cluster: clusterArn, service: serviceName };
          return { ...found, ...(await countTasks(service)) };
        };
        const told = await counted(first);
        await settled(
          {
            cluster,
            service: serviceName,
            region: args.region,
            profile: aws.config.profile,
            stack: pulumi.getStack(),
            taskDefinition: arn,
            targetGroups,
            tasks: args.service.stopped || closed(args.service, first) ? 0 : args.service.replicas,
          },
          told,
          async () => counted(await aws.ecs.getService({ clusterArn, serviceName }, { parent: this })),
          (line) => void pulumi.log.info(line, this),
        );
        if (differ(wanted, told))
          await bindAlarms(aws.config, { cluster: clusterArn, service: serviceName }, wanted);
        return arn;
      });
  }
}

interface Hooks {
  readonly start: pulumi.ResourceHook;
  readonly stop: pulumi.ResourceHook;
}

function boundAlarms(
  alarms: pulumi.Input<DeploymentAlarms>,
): pulumi.Output<aws.types.output.ecs.ServiceAlarms> {
  return pulumi
    .output(alarms)
    .apply(({ names, enabled }) => ({ enable: enabled, rollback: enabled, alarmNames: [...names] }));
}

/** Whether the number of tasks is left to automatic scaling. */
function scales({ replicas, maxReplicas }: ServiceConfig): boolean {
  return maxReplicas > replicas;
}

/** Whether a schedule has stopped the tasks. One that is deployed at night for the first time runs until the next evening. */
function closed({ schedule }: ServiceConfig, { desiredCount }: FoundService): boolean {
  return schedule !== undefined && desiredCount === 0 && !isOpen(schedule, new Date());
}

/** The service that a change of it, or of its scaling, is about. */
function serviceOf({ newInputs, oldInputs, oldOutputs }: pulumi.ResourceHookArgs) {
  const resourceId: unknown = newInputs?.["resourceId"];
  if (typeof resourceId !== "string") {
    return { cluster: String(oldInputs?.["cluster"]), service: String(oldOutputs?.["name"]) };
  }
  const [, cluster = "", service = ""] = resourceId.split("/");
  return { cluster, service };
}

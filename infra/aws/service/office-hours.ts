import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../../config/rules/aws-region.ts";
import { databaseLag, databaseLead, type Schedule } from "../../config/rules/schedule.ts";
import type { Database } from "../data/database.ts";
import type { Service } from "./service.ts";

export interface OfficeHoursArgs {
  readonly schedule: Schedule;
  /** The AWS region. */
  readonly region: string;
  readonly cluster: aws.ecs.Cluster;
  readonly service: Service;
  /** How many tasks run by day. */
  readonly replicas: number;
  /** The databases that the stack made, by a word for each. */
  readonly databases: Readonly<Record<string, Database>>;
  /** The policy that bounds the role; undefined where nothing does. */
  readonly permissionsBoundaryArn: string | undefined;
}

/** What EventBridge Scheduler calls, with what. */
interface Call {
  /** `service:action`, as the AWS SDK for Java calls them. */
  readonly action: string;
  readonly input: pulumi.Input<object>;
  /** Minutes after midnight. */
  readonly at: number;
}

/**
 * Stops Nango and its databases outside the hours of a schedule, and starts them: databases first, tasks last. Pulumi makes
 * the schedules; AWS follows them, so that nothing of this project has to run.
 */
export class OfficeHours extends pulumi.ComponentResource {
  /** The ARN of the role with which the scheduler does it. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: OfficeHoursArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:OfficeHours", name, {}, opts);
    const group = new aws.scheduler.ScheduleGroup(name, { tags: { Name: name } }, { parent: this });
    const role = this.role(name, args);
    for (const [suffix, call] of Object.entries(callsOf(args)))
      this.schedule(`${name}-${suffix}`, call, { ...args, group, role });
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: role.arn });
  }

  private role(name: string, { service, databases, permissionsBoundaryArn }: OfficeHoursArgs): aws.iam.Role {
    const role = new aws.iam.Role(
      name,
      {
        description: "Stops and starts Nango by its schedule",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
        ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
        tags: { Name: name },
      },
      { parent: this },
    );
    const instances = pulumi.all(Object.values(databases).map(({ arn }) => arn));
    new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: instances.apply((arns) => [
            { Effect: "Allow", Action: "ecs:UpdateService", Resource: service.arn },
            ...(arns.length === 0
              ? []
              : [{ Effect: "Allow", Action: ["rds:StartDBInstance", "rds:StopDBInstance"], Resource: arns }]),
          ]),
        }),
      },
      { parent: this },
    );
    return role;
  }

  private schedule(
    name: string,
    { action, input, at }: Call,
    {
      schedule,
      region,
      group,
      role,
    }: OfficeHoursArgs & { group: aws.scheduler.ScheduleGroup; role: aws.iam.Role },
  ): void {
    new aws.scheduler.Schedule(
      name,
      {
        groupName: group.name,
        // https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
        scheduleExpression: `cron(${at % 60} ${Math.floor(at / 60)} ? * ${schedule.days.join(",").toUpperCase()} *)`,
        scheduleExpressionTimezone: schedule.zone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
          arn: `arn:${partitionOf(region).name}:scheduler:::aws-sdk:${action}`,
          roleArn: role.arn,
          input: pulumi.jsonStringify(input),
          // The preset tries for a day, and would stop in the morning what could not be stopped in the evening.
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        },
      },
      { parent: this },
    );
  }
}

/** What happens when, by the ends of the schedules' names. */
function callsOf({ schedule, cluster, service, replicas, databases }: OfficeHoursArgs): Record<string, Call> {
  const tasks = (desiredCount: number, at: number): Call => ({
    action: "ecs:updateService",
    input: { Cluster: cluster.name, Service: service.serviceName, DesiredCount: desiredCount },
    at,
  });
  const database = (verb: "start" | "stop", { identifier }: Database, at: number): Call => ({
    action: `rds:${verb}DBInstance`,
    input: { DbInstanceIdentifier: identifier },
    at,
  });
  return {
    "start-tasks": tasks(replicas, schedule.from),
    "stop-tasks": tasks(0, schedule.to),
    ...Object.fromEntries(
      Object.entries(databases).flatMap(([which, instance]) => [
        [`start-${which}`, database("start", instance, schedule.from - databaseLead)],
        [`stop-${which}`, database("stop", instance, schedule.to + databaseLag)],
      ]),
    ),
  };
}

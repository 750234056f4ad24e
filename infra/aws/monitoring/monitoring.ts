import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeploymentAlarms } from "../deploying/deployment-alarms.ts";
import { wallClock } from "../deploying/one-off-task/clock.ts";
import type { MonitoringConfig } from "../../config/monitoring-config.ts";
import type { ServiceConfig } from "../../config/stack-config.ts";
import { type AlarmDefinition, describe, type EventDefinition, idOf, sectionOf } from "./alarm.ts";
import { type DashboardSection, dashboardBody } from "./dashboard.ts";
import type { LogAlarm } from "./task-alarms.ts";
import { Notifications } from "./notifications.ts";
import { askCloudWatch, untilQuiet } from "./quiet.ts";
import { deploymentAlarm, type WatchedEntry } from "./serving-alarms.ts";
import { eventsOf, logAlarmsOf, sectionsOf, type WatchedStack } from "./watched.ts";

type MetricQuery = aws.types.input.cloudwatch.MetricAlarmMetricQuery;

export interface MonitoringArgs {
  readonly monitoring: MonitoringConfig;
  readonly service: ServiceConfig;
  readonly entry: WatchedEntry;
  /** The stack's name in physical names. */
  readonly stack: string;
  /** The AWS account. */
  readonly account: string;
  readonly region: string;
}

/** Alarms, who is told of them, and a dashboard: in two steps, since ECS has to know of some before it deploys. */
export class Monitoring extends pulumi.ComponentResource {
  /**
   * The alarms at which ECS takes a deployment back. They are there at level none, too, where ECS does not heed them: it
   * is not told to forget them.
   */
  readonly deploymentAlarms: pulumi.Output<DeploymentAlarms>;
  /** What the names of alarms begin with. */
  private readonly prefix: string;
  private readonly notifications: Notifications;
  private readonly name: string;
  private readonly args: MonitoringArgs;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Monitoring", name, {}, opts);
    this.name = name;
    this.args = args;
    const { stack, entry, monitoring } = args;
    this.prefix = `nango-${stack}`;
    this.notifications = new Notifications(`${name}-notifications`, args, { parent: this });
    const enabled = monitoring.level !== "none";
    this.deploymentAlarms = this.alarm(deploymentAlarm(entry)).name.apply((name) => ({
      names: [name],
      enabled,
    }));
    this.registerOutputs({ topics: this.notifications.topics });
  }

  /** Watches what the stack has. */
  watch(watched: WatchedStack): void {
    const { level } = this.args.monitoring;
    if (level === "none") return;
    const isWanted = (alarm: AlarmDefinition) => level === "all" || alarm.level === "essential";
    const counted = logAlarmsOf(watched).filter(({ alarm }) => isWanted(alarm));
    this.countInLog(counted, watched);
    const sections = sectionsOf(watched, counted);
    const alarms = sections
      .flatMap((section) => section.alarms)
      .filter((alarm) => isWanted(alarm) && alarm.notice !== "through ECS");
    const made = alarms.map((alarm) => [alarm, this.alarm(alarm)] as const);
    this.serving(
      made.filter(([{ notice }]) => notice === "through Serving"),
      watched.server,
    );
    for (const event of eventsOf(watched)) this.event(event);
    this.dashboard(sections);
  }

  /** It says the stack, since it is the subject of a mail. */
  private nameOf(definition: Pick<AlarmDefinition, "title" | "of">): string {
    return `${this.prefix}-${idOf(definition)}`;
  }

  /** An alarm of CloudWatch. */
  private alarm(definition: AlarmDefinition): aws.cloudwatch.MetricAlarm {
    const { when, threshold, window, missing, notice } = definition;
    return new aws.cloudwatch.MetricAlarm(
      `${this.name}-${idOf(definition)}`,
      {
        name: this.nameOf(definition),
        alarmDescription: describe(definition),
        comparisonOperator: when === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
        threshold,
        evaluationPeriods: window.periods,
        datapointsToAlarm: window.periods,
        treatMissingData: missing,
        ...measured(definition),
        alarmActions: notice === "by itself" ? this.actions(definition) : [],
        tags: { Name: this.name },
      },
      { parent: this },
    );
  }

  /** Nobody is told of a stopped Nango that it serves nobody. */
  private actions({ ofTasks }: Pick<AlarmDefinition, "ofTasks">): pulumi.Input<string>[] {
    return ofTasks === true && this.args.service.stopped ? [] : [...this.notifications.topics];
  }

  /**
   * One notification where many alarms mean the same, and another one when it is over. It is made when the first start is
   * over, but silenced before the last stop.
   */
  private serving(
    alarms: readonly (readonly [AlarmDefinition, aws.cloudwatch.MetricAlarm])[],
    server: pulumi.Resource,
  ): void {
    const title = "Serving";
    const { stopped } = this.args.service;
    const actions = this.actions({ ofTasks: true });
    const ask = askCloudWatch(
      aws.config,
      alarms.map(([definition]) => this.nameOf(definition)),
    );
    const quiet = new pulumi.ResourceHook(`${this.name}-quiet`, () =>
      untilQuiet(ask, (line) => void pulumi.log.info(line, this), wallClock),
    );
    new aws.cloudwatch.CompositeAlarm(
      `${this.name}-${idOf({ title })}`,
      {
        alarmName: this.nameOf({ title }),
        alarmDescription: `Users are served badly, or not at all: the alarms in it say how. What to do: ${sectionOf({ title })}`,
        alarmRule: pulumi
          .all(alarms.map(([, { name }]) => name))
          .apply((names) => names.map((name) => `ALARM("${name}")`).join(" OR ")),
        alarmActions: actions,
        okActions: actions,
        tags: { Name: this.name },
      },
      { parent: this, ...(stopped ? {} : { dependsOn: server, hooks: { beforeCreate: [quiet] } }) },
    );
  }

  private countInLog(alarms: readonly LogAlarm[], { logs }: WatchedStack): void {
    for (const { counted } of alarms) {
      new aws.cloudwatch.LogMetricFilter(
        `${this.name}-${counted.name}`,
        {
          logGroupName: logs.group,
          pattern: counted.pattern,
          metricTransformation: { namespace: logs.namespace, name: counted.name, value: "1" },
        },
        { parent: this },
      );
    }
  }

  private event(definition: EventDefinition): void {
    const name = `${this.name}-${idOf(definition)}`;
    const { says, pattern, shows } = definition;
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: `${definition.title}: ${says}. What to do: ${sectionOf(definition)}`,
        eventPattern: pulumi.jsonStringify(pattern),
        tags: { Name: name },
      },
      { parent: this },
    );
    for (const [index, topic] of this.notifications.topics.entries()) {
      new aws.cloudwatch.EventTarget(
        index === 0 ? name : `${name}-${index + 1}`,
        {
          rule: rule.name,
          // Without a role, with which deliveries to SNS may fail.
          // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
          arn: topic,
          inputTransformer: {
            inputPaths: { what: shows, time: "$.time" },
            inputTemplate: JSON.stringify(
              `Nango ${this.args.stack}: ${says}. <what> (<time>) What to do: ${sectionOf(definition)}`,
            ),
          },
        },
        { parent: this },
      );
    }
  }

  private dashboard(sections: readonly DashboardSection[]): void {
    const { stack, region } = this.args;
    new aws.cloudwatch.Dashboard(
      this.name,
      {
        // Dashboards belong to all regions of an account, and take neither dots nor tags of the provider's.
        dashboardName: `${this.prefix}-${region}`.replaceAll(".", "-"),
        dashboardBody: dashboardBody(sections, { region, stack }),
      },
      { parent: this },
    );
  }
}

/** What an alarm looks at, as CloudWatch takes it: one metric, or several and what is made of them. */
function measured({ metrics, expression, title, window }: AlarmDefinition): aws.cloudwatch.MetricAlarmArgs {
  const { period } = window;
  const entries = Object.entries(metrics);
  const [[, only] = []] = entries;
  if (expression === undefined && only !== undefined) {
    const { namespace, name, dimensions, statistic } = only;
    return {
      namespace,
      metricName: name,
      ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
      period,
      ...(statistic === "p95"
        ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" }
        : { statistic }),
    };
  }
  return {
    metricQueries: [
      { id: "value", expression: expression!, label: title, returnData: true } satisfies MetricQuery,
      ...entries.map(
        ([id, { namespace, name: metricName, dimensions, statistic: stat }]) =>
          ({ id, metric: { namespace, metricName, dimensions, period, stat } }) satisfies MetricQuery,
      ),
    ],
  };
}

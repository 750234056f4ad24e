import type * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "../../config/stack-config.ts";
import { callNotLookedUp, refreshFailed, serverError, serverListens } from "../../nango/log-lines.ts";
import type { AlarmDefinition, Metric } from "./alarm.ts";
import { manyErrors } from "./serving-alarms.ts";

/** The service, as CloudWatch knows it. */
export interface WatchedService {
  readonly cluster: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
function ecs(
  name: string,
  statistic: Metric["statistic"],
  { cluster, service }: WatchedService,
): Readonly<Record<string, Metric>> {
  const dimensions = { ClusterName: cluster, ServiceName: service };
  return { used: { namespace: "AWS/ECS", name, dimensions, statistic } };
}

/** MiB: what a call with a body of 10 MB takes, of which Nango holds several copies: 70 to 110 were seen. */
const leastFreeMemory = 128;

/** The share of a task's memory, in percent, above which too little is left. */
function highMemory({ memory }: Pick<ServiceConfig, "memory">): number {
  return Math.min(95, Math.floor(100 * (1 - leastFreeMemory / memory)));
}

/** What says that tasks are worked too hard. */
export function taskAlarms(watched: WatchedService, service: ServiceConfig): AlarmDefinition[] {
  const { memory, replicas, maxReplicas } = service;
  return [
    {
      title: "CPU of tasks",
      level: "all",
      notice: "by itself",
      ofTasks: true,
      metrics: ecs("CPUUtilization", "Average", watched),
      when: "above",
      threshold: 85,
      unit: "%",
      because:
        maxReplicas > replicas
          ? "scaling aims at 60, and has reached its ceiling or does not keep up"
          : "there is no scaling, and answers become slow from there on",
      window: { period: 300, periods: 3 },
      missing: "notBreaching",
    },
    {
      title: "Memory of tasks",
      level: "all",
      notice: "by itself",
      ofTasks: true,
      metrics: ecs("MemoryUtilization", "Maximum", watched),
      when: "above",
      threshold: highMemory(service),
      unit: "%",
      because: `of ${memory} MiB fewer than ${leastFreeMemory} are left then, and a task that runs out is killed`,
      window: { period: 300, periods: 3 },
      missing: "notBreaching",
    },
  ];
}

/** A metric that is counted out of the containers' log. */
interface LogMetric {
  readonly name: string;
  /** The filter pattern of the lines that are counted. */
  readonly pattern: string;
}

const starts: LogMetric = { name: "ServerStarts", pattern: serverListens };
const errors: LogMetric = { name: "ServerErrors", pattern: serverError };
const notLookedUp: LogMetric = { name: "CallsNotLookedUp", pattern: callNotLookedUp };
const refreshes: LogMetric = { name: "FailedTokenRefreshes", pattern: refreshFailed };

/** An alarm on what is counted out of the log. */
export interface LogAlarm {
  readonly counted: LogMetric;
  readonly alarm: AlarmDefinition;
}

/**
 * What the server's log tells.
 * @param namespace That of the metrics.
 * @param printsOperations Whether the dashboard's logs are kept nowhere, so that they are printed.
 */
export function logAlarms(
  namespace: pulumi.Input<string>,
  service: ServiceConfig,
  printsOperations: boolean,
): LogAlarm[] {
  const { maxReplicas } = service;
  const count = ({ name }: LogMetric): Readonly<Record<string, Metric>> => ({
    count: { namespace, name, dimensions: {}, statistic: "Sum" },
  });
  const common = { level: "all", when: "above", missing: "notBreaching", ofTasks: true } as const;
  return [
    {
      counted: starts,
      alarm: {
        ...common,
        title: "Restarts",
        notice: "through Serving",
        metrics: count(starts),
        threshold: 2 * maxReplicas,
        unit: "starts of a server",
        because: `two deployments at full scale start as many: up to ${maxReplicas} each`,
        window: { period: 1800, periods: 1 },
      },
    },
    {
      counted: notLookedUp,
      alarm: {
        ...common,
        title: "Database out of reach",
        level: "essential",
        notice: "through Serving",
        metrics: count(notLookedUp),
        threshold: manyErrors(service),
        unit: "calls whose key Nango could not look up",
        because: "it answers them with 401, not with 5xx, and its health checks stay well",
        window: { period: 300, periods: 1 },
      },
    },
    {
      counted: errors,
      alarm: {
        ...common,
        title: "Errors in the log",
        notice: "through Serving",
        metrics: count(errors),
        threshold: manyErrors(service),
        unit: "errors that Nango answered with 5xx",
        because: "these tasks are made for a thousand times as many calls, and fewer than ten are chance",
        window: { period: 300, periods: 1 },
      },
    },
    ...(printsOperations
      ? [
          {
            counted: refreshes,
            alarm: {
              ...common,
              title: "Failed token refreshes",
              notice: "by itself",
              metrics: count(refreshes),
              threshold: 20,
              unit: "failed refreshes",
              because:
                "connections that users have revoked fail one at a time, and many at once are an application or a provider",
              window: { period: 900, periods: 1 },
            } as const,
          },
        ]
      : []),
  ];
}

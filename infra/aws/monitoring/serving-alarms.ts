import type * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "../../config/stack-config.ts";
import { plannedCallsPerMinute } from "../../nango/api-rate-limit.ts";
import { server, startGraceSeconds } from "../../nango/services.ts";
import type { AlarmDefinition, Metric } from "./alarm.ts";

/** The load balancer and its target groups, as CloudWatch knows them. */
export interface WatchedEntry {
  /** `app/<name>/<id>` */
  readonly balancer: pulumi.Input<string>;
  readonly targets: readonly {
    /** The service behind it. */
    readonly service: string;
    /** `targetgroup/<name>/<id>` */
    readonly group: pulumi.Input<string>;
  }[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
function elb(
  name: string,
  statistic: Metric["statistic"],
  balancer: pulumi.Input<string>,
  group?: pulumi.Input<string>,
): Metric {
  const dimensions = { LoadBalancer: balancer, ...(group === undefined ? {} : { TargetGroup: group }) };
  return { namespace: "AWS/ApplicationELB", name, dimensions, statistic };
}

const fiveMinutes = 300;

/** How many errors in five minutes are more than a few: one of a thousand calls that the fewest tasks are made for. */
export function manyErrors({ cpu, replicas }: Pick<ServiceConfig, "cpu" | "replicas">): number {
  return Math.max(10, Math.ceil((plannedCallsPerMinute(cpu) * replicas * 5) / 1000));
}

/** Below so many requests a share of them says nothing. */
const fewRequests = 20;

const groupOfServer = ({ targets }: WatchedEntry) =>
  targets.find(({ service }) => service === server.name)?.group;

/** The share of requests that end in an error of the server, or in a connection that it does not keep. */
function shareOfErrors(entry: WatchedEntry) {
  const { balancer } = entry;
  const group = groupOfServer(entry);
  return {
    metrics: {
      requests: elb("RequestCount", "Sum", balancer, group),
      answered: elb("HTTPCode_Target_5XX_Count", "Sum", balancer, group),
      broken: elb("HTTPCode_ELB_502_Count", "Sum", balancer),
      late: elb("HTTPCode_ELB_504_Count", "Sum", balancer),
    },
    // A count that is zero is not reported.
    expression: `IF(requests >= ${fewRequests}, 100 * (FILL(answered, 0) + FILL(broken, 0) + FILL(late, 0)) / requests, 0)`,
    unit: "% of requests",
  };
}

const common = { notice: "through Serving", ofTasks: true } as const;

/** What says that users are served badly, or not at all. */
export function servingAlarms(entry: WatchedEntry, service: ServiceConfig): AlarmDefinition[] {
  const { balancer, targets } = entry;
  const { replicas } = service;
  const group = groupOfServer(entry);
  return [
    {
      ...common,
      title: "Load balancer errors",
      level: "essential",
      metrics: { errors: elb("HTTPCode_ELB_5XX_Count", "Sum", balancer) },
      when: "above",
      threshold: manyErrors(service),
      unit: "answers 5xx of the load balancer's own",
      because: `${replicas} of these tasks are made for a thousand times as many calls, and fewer than ten are chance`,
      window: { period: fiveMinutes, periods: 1 },
      missing: "notBreaching",
    },
    {
      ...common,
      ...shareOfErrors(entry),
      title: "Server errors",
      level: "essential",
      when: "above",
      threshold: 10,
      because: "an API behind Nango that fails brings some, and only Nango brings many",
      window: { period: fiveMinutes, periods: 2 },
      missing: "notBreaching",
    },
    ...targets.flatMap((target) => targetAlarms(entry, target, service)),
    {
      ...common,
      title: "Tasks below desired",
      level: "all",
      metrics: { healthy: elb("HealthyHostCount", "Maximum", balancer, group) },
      when: "below",
      threshold: replicas,
      unit: "tasks that serve",
      because: `the stack keeps at least ${replicas}, and ECS puts one in the place of another within minutes`,
      window: { period: 60, periods: 10 },
      missing: "breaching",
    },
    {
      ...common,
      title: "Slow answers",
      level: "all",
      metrics: { time: elb("TargetResponseTime", "p95", balancer, group) },
      when: "above",
      threshold: 5,
      unit: "s for the slowest twentieth of requests",
      because: "Nango's own answers take less than one, and the APIs that it calls seldom more than these",
      window: { period: fiveMinutes, periods: 3 },
      missing: "notBreaching",
    },
  ];
}

/** Fargate Spot gives two minutes' warning and needs some more to find another place; that is no incident. */
const minutesWithout = ({ spot }: ServiceConfig) => (spot ? 10 : 3);

/** Starting tasks count as unhealthy until they listen, and one more minute is the health check's. */
const minutesUnhealthy = startGraceSeconds / 60 + 2;

function targetAlarms(
  { balancer }: WatchedEntry,
  { service: of, group }: WatchedEntry["targets"][number],
  service: ServiceConfig,
): AlarmDefinition[] {
  const why = "nobody is served without one";
  return [
    {
      of,
      ...common,
      title: "Targets missing",
      level: "essential",
      metrics: { healthy: elb("HealthyHostCount", "Minimum", balancer, group) },
      when: "below",
      threshold: 1,
      unit: "healthy target",
      because: service.spot ? `${why}, and Spot needs some minutes for another task` : why,
      window: { period: 60, periods: minutesWithout(service) },
      missing: "breaching",
    },
    {
      of,
      ...common,
      title: "Targets unhealthy",
      level: "all",
      metrics: { unhealthy: elb("UnHealthyHostCount", "Maximum", balancer, group) },
      when: "above",
      threshold: 0,
      unit: "unhealthy targets",
      because: "a task that starts listens by then, and ECS has replaced one that is not well",
      window: { period: 60, periods: minutesUnhealthy },
      missing: "notBreaching",
    },
  ];
}

/**
 * What makes ECS take a deployment back: half of all requests fail. A target that starts counts as unhealthy, its
 * processor is busy, and before the first task the load balancer itself answers 503: none of these is heeded. With few
 * requests nothing is. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function deploymentAlarm(entry: WatchedEntry): AlarmDefinition {
  return {
    ...shareOfErrors(entry),
    title: "Deployment errors",
    level: "essential",
    notice: "through ECS",
    ofTasks: true,
    when: "above",
    threshold: 50,
    because: "old tasks and new ones serve side by side, and a version that fails fails nearly always",
    window: { period: 60, periods: 3 },
    missing: "notBreaching",
  };
}

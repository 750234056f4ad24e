import type { Rehearsal, RecordedResource } from "../../../rehearsal/rehearse.ts";
import { ofType, the } from "../find.ts";

/** A metric as an alarm of a rehearsal names it. */
export interface NamedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions?: Readonly<Record<string, string>>;
  };
}

export const alarmsIn = (rehearsal: Rehearsal): RecordedResource[] =>
  ofType(rehearsal, "cloudwatch/metricAlarm:MetricAlarm");

/** The alarm of that name, without what all names of the stack begin with. */
export function alarm(rehearsal: Rehearsal, name: string): RecordedResource["inputs"] {
  return the(rehearsal, "cloudwatch/metricAlarm:MetricAlarm", `nango-monitoring-${name}`).inputs;
}

/** The names of all alarms, without what they begin with. */
export function alarmNames(rehearsal: Rehearsal): string[] {
  return alarmsIn(rehearsal)
    .map(({ inputs }) => String(inputs["name"]).replace(/^nango-[a-z]+-/, ""))
    .toSorted();
}

export const queriesOf = ({ inputs }: RecordedResource): readonly Query[] =>
  (inputs["metricQueries"] ?? []) as readonly Query[];

/** The metrics that an alarm looks at. */
export function metricsOf(one: RecordedResource): NamedMetric[] {
  const { namespace, metricName, dimensions } = one.inputs;
  if (metricName !== undefined)
    return [{ namespace, name: metricName, dimensions: dimensions ?? {} }] as NamedMetric[];
  return queriesOf(one).flatMap(({ metric }) =>
    metric === undefined
      ? []
      : [{ namespace: metric.namespace, name: metric.metricName, dimensions: metric.dimensions ?? {} }],
  );
}

/** What may stand for each dimension, by what a rehearsal made. */
export function dimensionsIn(rehearsal: Rehearsal): Readonly<Record<string, readonly unknown[]>> {
  const outputs = (type: string, property: string) =>
    ofType(rehearsal, type).flatMap((resource) => resource.outputs[property]);
  return {
    LoadBalancer: outputs("lb/loadBalancer:LoadBalancer", "arnSuffix"),
    TargetGroup: outputs("lb/targetGroup:TargetGroup", "arnSuffix"),
    ClusterName: outputs("ecs/cluster:Cluster", "name"),
    ServiceName: outputs("ecs/service:Service", "name"),
    DBInstanceIdentifier: outputs("rds/instance:Instance", "identifier"),
    CacheClusterId: outputs("elasticache/replicationGroup:ReplicationGroup", "memberClusters"),
    DomainName: outputs("opensearch/domain:Domain", "domainName"),
    ClientId: ["123456789012"],
    CertificateArn: outputs("acm/certificate:Certificate", "arn"),
  };
}

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly period?: number;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

export function widgetsIn(rehearsal: Rehearsal): Widget[] {
  const { inputs } = the(rehearsal, "cloudwatch/dashboard:Dashboard");
  return (JSON.parse(String(inputs["dashboardBody"])) as { widgets: Widget[] }).widgets;
}

import type * as pulumi from "@pulumi/pulumi";
import type { SearchConfig } from "../../config/stack-config.ts";
import type { AlarmDefinition, Metric } from "./alarm.ts";

/** A Valkey of the stack, as CloudWatch knows it: by its nodes. */
export interface WatchedCache {
  readonly nodes: readonly pulumi.Input<string>[];
  readonly nodeType: string;
}

/** The highest value of all nodes. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
function ofNodes(name: string, statistic: Metric["statistic"], { nodes }: WatchedCache) {
  const metrics: Record<string, Metric> = Object.fromEntries(
    nodes.map((node, index) => [
      `node${index + 1}`,
      { namespace: "AWS/ElastiCache", name, dimensions: { CacheClusterId: node }, statistic },
    ]),
  );
  const names = Object.keys(metrics);
  return { metrics, ...(names.length === 1 ? {} : { expression: `MAX([${names.join(", ")}])` }) };
}

/** What says that Valkey comes to its limits. */
export function cacheAlarms(cache: WatchedCache): AlarmDefinition[] {
  const common = {
    level: "all",
    notice: "by itself",
    when: "above",
    window: { period: 300, periods: 3 },
    missing: "notBreaching",
  } as const;
  return [
    {
      ...common,
      ...ofNodes("DatabaseMemoryUsagePercentage", "Maximum", cache),
      title: "Valkey memory",
      threshold: 80,
      unit: "%",
      because: `${cache.nodeType} throws out keys when it is full, and locks are among them`,
    },
    {
      ...common,
      ...ofNodes("Evictions", "Sum", cache),
      title: "Valkey evictions",
      threshold: 0,
      unit: "keys that were thrown out",
      because: "none may be: they are locks, limits and results of OAuth that somebody waits for",
    },
    ...(cache.nodes.length === 1
      ? []
      : [
          {
            ...common,
            // Only a replica reports it.
            ...ofNodes("ReplicationLag", "Maximum", cache),
            title: "Valkey replica lag",
            threshold: 10,
            unit: "s",
            because: "a replica that takes over has lost as much, and a lock of Nango's lives ten seconds",
          } satisfies AlarmDefinition,
        ]),
  ];
}

/** A domain of the stack, as CloudWatch knows it. */
export interface WatchedSearch {
  readonly domainName: pulumi.Input<string>;
  /** The account. */
  readonly clientId: pulumi.Input<string>;
  readonly domain: SearchConfig;
}

/** Above it OpenSearch may stop. https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html */
const pressure = {
  threshold: 95,
  unit: "%",
  because: "OpenSearch refuses requests, or stops, soon above it",
  window: { period: 60, periods: 3 },
} as const;

/** What says that logs of the dashboard are lost, or soon will be. */
export function searchAlarms({ domainName, clientId, domain }: WatchedSearch): AlarmDefinition[] {
  const es = (name: string, statistic: Metric["statistic"]): Readonly<Record<string, Metric>> => ({
    value: {
      namespace: "AWS/ES",
      name,
      dimensions: { DomainName: domainName, ClientId: clientId },
      statistic,
    },
  });
  const { volumeGb, instanceCount, masterType } = domain;
  const common = { notice: "by itself", when: "above", missing: "ignore" } as const;
  return [
    {
      ...common,
      title: "OpenSearch red",
      level: "essential",
      metrics: es("ClusterStatus.red", "Maximum"),
      threshold: 0,
      unit: "",
      because: "a part of the logs is gone, and new ones are lost",
      window: { period: 60, periods: 5 },
    },
    // A single node has no place for copies: it is yellow at all times.
    ...(instanceCount === 1
      ? []
      : [
          {
            ...common,
            title: "OpenSearch yellow",
            level: "all",
            metrics: es("ClusterStatus.yellow", "Maximum"),
            threshold: 0,
            unit: "",
            because: "copies are missing for longer than a node takes to be replaced",
            window: { period: 300, periods: 6 },
          } satisfies AlarmDefinition,
        ]),
    {
      ...common,
      title: "OpenSearch storage",
      level: "essential",
      metrics: es("FreeStorageSpace", "Minimum"),
      when: "below",
      threshold: volumeGb * 1024 * 0.25,
      unit: "MiB on a node",
      because: `it is a quarter of ${volumeGb} GiB, and OpenSearch writes nothing more when a fifth is left`,
      window: { period: 300, periods: 3 },
    },
    {
      ...common,
      ...pressure,
      title: "OpenSearch memory",
      level: "all",
      metrics: es("JVMMemoryPressure", "Maximum"),
    },
    ...(masterType === undefined
      ? []
      : [
          {
            ...common,
            ...pressure,
            title: "OpenSearch memory",
            of: "masters",
            level: "all",
            metrics: es("MasterJVMMemoryPressure", "Maximum"),
          } satisfies AlarmDefinition,
        ]),
  ];
}

/**
 * A certificate that nobody renewed. ACM renews its own 60 days before the end.
 * https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
 */
export function certificateAlarm(arn: pulumi.Input<string>): AlarmDefinition {
  return {
    title: "Certificate expiry",
    level: "essential",
    notice: "by itself",
    metrics: {
      days: {
        namespace: "AWS/CertificateManager",
        name: "DaysToExpiry",
        dimensions: { CertificateArn: arn },
        statistic: "Minimum",
      },
    },
    when: "below",
    threshold: 30,
    unit: "days",
    because: "ACM renews its own 60 days before the end, and has not",
    window: { period: 86_400, periods: 1 },
    // It is reported no more once the certificate has expired.
    missing: "ignore",
  };
}

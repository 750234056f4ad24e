import type * as pulumi from "@pulumi/pulumi";
import type { RdsConfig } from "../../config/stack-config.ts";
import { freeConnections } from "../../nango/connection-budget.ts";
import type { AlarmDefinition, EventDefinition, Metric } from "./alarm.ts";

/** A database of the stack, as CloudWatch and EventBridge know it. */
export interface WatchedDatabase {
  /** Which of the stack's databases, where it has two. */
  readonly of?: string;
  readonly identifier: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
  readonly instance: RdsConfig;
}

const gib = 1024 ** 3;
/** CloudWatch shows bytes, which nobody reads. */
const inGib = (bytes: number) => Math.round((bytes / gib) * 100) / 100;

/**
 * The free storage, in bytes, below which growing by itself has failed: RDS begins to grow a database when a tenth of
 * its storage is free. One that does not grow is left a sixth of its storage to act in.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
function lowStorage({ storageGb, maxStorageGb }: Pick<RdsConfig, "storageGb" | "maxStorageGb">): number {
  const share = maxStorageGb > storageGb ? 0.08 : 1 / 6;
  return Math.floor(storageGb * share * gib);
}

/** What a deployment at full scale never exceeds. */
function fullBudget({ expectedConnections }: Pick<RdsConfig, "expectedConnections">): number {
  return expectedConnections - freeConnections(expectedConnections);
}

/** Hours of earnings that a burstable class may have borrowed. After 24 AWS begins to charge for them. */
const hoursBorrowed = 6;

/** The share of an instance's memory that has to be free. */
const freeShare = 0.05;

/** What says that a database comes to its limits. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export function databaseAlarms({ of, identifier, instance }: WatchedDatabase): AlarmDefinition[] {
  const { instanceClass, storageGb, maxStorageGb, expectedConnections, capacity } = instance;
  const rds = (name: string, statistic: Metric["statistic"]): Metric => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBInstanceIdentifier: identifier },
    statistic,
  });
  const common = { ...(of === undefined ? {} : { of }), notice: "by itself" } as const;
  const storage = lowStorage(instance);
  return [
    {
      ...common,
      title: "Database storage",
      level: "essential",
      metrics: { free: rds("FreeStorageSpace", "Minimum") },
      when: "below",
      threshold: storage,
      unit: `bytes (${inGib(storage)} GiB)`,
      because:
        maxStorageGb > storageGb
          ? `RDS grows a database of ${storageGb} GiB when a tenth is free, up to ${maxStorageGb} GiB, and has not`
          : `${storageGb} GiB do not grow by themselves`,
      window: { period: 300, periods: 6 },
      missing: "ignore",
    },
    {
      ...common,
      title: "Database connections",
      level: "essential",
      metrics: { open: rds("DatabaseConnections", "Maximum") },
      when: "above",
      threshold: fullBudget(instance),
      unit: "connections",
      because: `a deployment at full scale needs no more, and the database takes about ${expectedConnections}`,
      window: { period: 300, periods: 2 },
      missing: "notBreaching",
    },
    {
      ...common,
      title: "Database CPU",
      level: "all",
      metrics: { used: rds("CPUUtilization", "Average") },
      when: "above",
      threshold: 90,
      unit: "%",
      because: "queries wait for each other from there on",
      window: { period: 300, periods: 3 },
      missing: "notBreaching",
    },
    ...(capacity?.creditsPerHour === undefined
      ? []
      : [
          {
            ...common,
            title: "Database CPU credits",
            level: "all",
            metrics: {
              balance: rds("CPUCreditBalance", "Minimum"),
              borrowed: rds("CPUSurplusCreditBalance", "Maximum"),
            },
            expression: "balance - borrowed",
            when: "below",
            threshold: -hoursBorrowed * capacity.creditsPerHour,
            unit: "credits",
            because: `${instanceClass} earns ${capacity.creditsPerHour} an hour, and AWS charges for what is borrowed beyond those of 24 hours`,
            window: { period: 300, periods: 3 },
            missing: "notBreaching",
          } satisfies AlarmDefinition,
        ]),
    ...(capacity === undefined
      ? []
      : [
          {
            ...common,
            title: "Database memory",
            level: "all",
            metrics: { free: rds("FreeableMemory", "Minimum") },
            when: "below",
            threshold: Math.floor(capacity.memoryGib * gib * freeShare),
            unit: `bytes (${inGib(capacity.memoryGib * gib * freeShare)} GiB)`,
            because: `it is a twentieth of the ${capacity.memoryGib} GiB of ${instanceClass}, and Postgres is killed when they are used up`,
            window: { period: 300, periods: 3 },
            missing: "notBreaching",
          } satisfies AlarmDefinition,
        ]),
  ];
}

/**
 * RDS itself tells when the ceiling is near, which no metric shows: 80 % of it are allocated (0225), growing would reach
 * it (0224), growing failed (0223), or the storage is full (0007).
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export function databaseEvents({ of, arn }: WatchedDatabase): EventDefinition[] {
  return [
    {
      title: "Database storage ceiling",
      ...(of === undefined ? {} : { of }),
      says: "the storage of the database comes to the ceiling up to which it grows by itself",
      pattern: {
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event"],
        resources: [arn],
        detail: { EventID: [223, 224, 225, 7].map((id) => `RDS-EVENT-${String(id).padStart(4, "0")}`) },
      },
      shows: "$.detail.Message",
    },
  ];
}

// What AWS, or the provider before it, takes as the value of a single input.

import { logRetentions } from "../../infra/config/rules/log-retention.ts";
import { isRecord, pathText, UNKNOWN } from "../../project/values.ts";
import type { Finding } from "../record.ts";
import type { Rule } from "./plan.ts";

/** What is taken, in words that follow "AWS takes". */
interface Limit {
  readonly takes: string;
  readonly isTaken: (value: number | string) => boolean;
}

const whole = (value: number | string) => Number.isInteger(Number(value));

function between(least: number, most: number): Limit {
  const isTaken = (value: number | string) => whole(value) && Number(value) >= least && Number(value) <= most;
  return { takes: `${least} to ${most}`, isTaken };
}

function atLeast(least: number): Limit {
  return { takes: `${least} or more`, isTaken: (value) => whole(value) && Number(value) >= least };
}

function oneOf(...values: readonly number[]): Limit {
  return { takes: values.join(", "), isTaken: (value) => values.includes(Number(value)) };
}

function either(one: Limit, other: Limit): Limit {
  const isTaken = (value: number | string) => one.isTaken(value) || other.isTaken(value);
  return { takes: `${one.takes} or ${other.takes}`, isTaken };
}

function multipleOf(step: number, most: number): Limit {
  const isTaken = (value: number | string) =>
    Number(value) % step === 0 && between(step, most).isTaken(value);
  return { takes: `a multiple of ${step} up to ${most}`, isTaken };
}

function like(pattern: RegExp, example: string): Limit {
  return { takes: `what looks like ${example}`, isTaken: (value) => pattern.test(String(value)) };
}

const anyPort = between(-1, 65_535);
const docs = "https://docs.aws.amazon.com";
const instance = `${docs}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html`;
const strategy = `${docs}/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html`;
const scaling = `${docs}/autoscaling/application/APIReference/API_RegisterScalableTarget.html`;
const cache = `${docs}/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html`;
const groupAttribute = `${docs}/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html`;
const balancerAttribute = `${docs}/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html`;
const alarm = `${docs}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`;
const healthCheck = `${docs}/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html`;
const securityGroup = `${docs}/AWSEC2/latest/APIReference/API_IpPermission.html`;

/** By type and path, where `[]` stands for each of a list; with AWS's word for it. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, readonly [limit: Limit, link: string]>>>> = {
  "aws:ecs/service:Service": {
    desiredCount: [atLeast(0), "https://github.com/floci-io/floci/issues/1382"],
    healthCheckGracePeriodSeconds: [
      between(0, 2_147_483_647),
      `${docs}/AmazonECS/latest/APIReference/API_CreateService.html`,
    ],
    "capacityProviderStrategies[].base": [between(0, 100_000), strategy],
    "capacityProviderStrategies[].weight": [between(0, 1000), strategy],
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    "ephemeralStorage.sizeInGib": [
      between(21, 200),
      `${docs}/AmazonECS/latest/APIReference/API_EphemeralStorage.html`,
    ],
  },
  "aws:appautoscaling/target:Target": {
    minCapacity: [atLeast(0), scaling],
    maxCapacity: [atLeast(0), scaling],
  },
  "aws:rds/instance:Instance": {
    allocatedStorage: [between(5, 65_536), instance],
    backupRetentionPeriod: [between(0, 35), instance],
    instanceClass: [
      like(/^db\.[\w-]+\.[\w.-]+$/, "db.t4g.micro"),
      `${docs}/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html`,
    ],
    monitoringInterval: [oneOf(0, 1, 5, 10, 15, 30, 60), instance],
    performanceInsightsRetentionPeriod: [either(oneOf(0, 7, 731), multipleOf(31, 713)), instance],
    port: [between(1150, 65_535), instance],
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    nodeType: [
      like(/^cache\.[\w-]+\.[\w.-]+$/, "cache.t4g.micro"),
      `${docs}/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html`,
    ],
    numCacheClusters: [between(1, 6), cache],
    snapshotRetentionLimit: [between(0, 35), cache],
  },
  "aws:opensearch/domain:Domain": {
    "clusterConfig.instanceType": [
      like(/\.search$/, "t3.small.search"),
      `${docs}/opensearch-service/latest/developerguide/supported-instance-types.html`,
    ],
    "clusterConfig.instanceCount": [
      atLeast(1),
      `${docs}/opensearch-service/latest/APIReference/API_ClusterConfig.html`,
    ],
    "clusterConfig.warmCount": [
      between(2, 150),
      `${docs}/opensearch-service/latest/developerguide/ultrawarm.html`,
    ],
    "ebsOptions.volumeSize": [atLeast(10), `${docs}/opensearch-service/latest/developerguide/limits.html`],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    idleTimeout: [between(1, 4000), balancerAttribute],
    clientKeepAlive: [between(60, 604_800), balancerAttribute],
  },
  "aws:lb/targetGroup:TargetGroup": {
    port: [between(1, 65_535), healthCheck],
    deregistrationDelay: [between(0, 3600), groupAttribute],
    slowStart: [either(oneOf(0), between(30, 900)), groupAttribute],
    "healthCheck.interval": [between(5, 300), healthCheck],
    "healthCheck.timeout": [between(2, 120), healthCheck],
    "healthCheck.healthyThreshold": [between(2, 10), healthCheck],
    "healthCheck.unhealthyThreshold": [between(2, 10), healthCheck],
  },
  "aws:lb/listenerRule:ListenerRule": {
    priority: [between(1, 50_000), `${docs}/elasticloadbalancing/latest/APIReference/API_CreateRule.html`],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    fromPort: [anyPort, securityGroup],
    toPort: [anyPort, securityGroup],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    fromPort: [anyPort, securityGroup],
    toPort: [anyPort, securityGroup],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    retentionInDays: [
      oneOf(0, ...logRetentions),
      `${docs}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
    ],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    evaluationPeriods: [atLeast(1), alarm],
    period: [either(oneOf(10, 20, 30), multipleOf(60, 604_800)), alarm],
  },
  "aws:secretsmanager/secret:Secret": {
    recoveryWindowInDays: [
      either(oneOf(0), between(7, 30)),
      `${docs}/secretsmanager/latest/apireference/API_DeleteSecret.html`,
    ],
  },
  "aws:kms/key:Key": {
    deletionWindowInDays: [between(7, 30), `${docs}/kms/latest/APIReference/API_ScheduleKeyDeletion.html`],
  },
};

/** The values at a path, each with its own: `a[].b` has one for each of the list. */
function valuesAt(
  value: unknown,
  steps: readonly string[],
  at: (string | number)[] = [],
): [string, unknown][] {
  const [step, ...rest] = steps;
  if (step === undefined) return [[pathText(at), value]];
  if (step === "[]")
    return Array.isArray(value) ? value.flatMap((one, index) => valuesAt(one, rest, [...at, index])) : [];
  return isRecord(value) ? valuesAt(value[step], rest, [...at, step]) : [];
}

/** No setting leads here, since settings are checked before: `infra/customize.ts` does. */
export const valuesAreTaken: Rule = ({ resources }) =>
  resources.flatMap(({ urn, type, inputs }): Finding[] =>
    Object.entries(LIMITS[type] ?? {}).flatMap(([path, [{ takes, isTaken }, link]]) =>
      valuesAt(inputs, path.match(/\w+|\[\]/g) ?? []).flatMap(([property, value]): Finding[] => {
        if ((typeof value !== "number" && typeof value !== "string") || value === UNKNOWN) return [];
        if (isTaken(value)) return [];
        const message = `AWS takes ${takes}, and not ${value}: see what infra/customize.ts makes of it. ${link}`;
        return [{ urn, property, message }];
      }),
    ),
  );

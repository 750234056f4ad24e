// Inputs of one resource that AWS does not take beside each other.

import { fargatePairProblem } from "../../infra/config/rules/fargate.ts";
import { isRecord, numberIn, type Properties } from "../../project/values.ts";
import type { Finding } from "../record.ts";
import type { Rule } from "./plan.ts";

/** What AWS says against inputs, and of which of them. */
interface Contradiction {
  readonly property: string;
  readonly says: string;
  readonly link: string;
}

type Judge = (inputs: Properties) => Contradiction | undefined;

const docs = "https://docs.aws.amazon.com";

/** `No Fargate configuration exists for given values`. */
const fargateSize: Judge = (inputs) => {
  const { requiresCompatibilities: kinds } = inputs;
  const [cpu, memory] = [numberIn(inputs, "cpu"), numberIn(inputs, "memory")];
  const isFargate = Array.isArray(kinds) && kinds.includes("FARGATE");
  if (!isFargate || cpu === undefined || memory === undefined) return undefined;
  const says = fargatePairProblem(cpu, memory);
  const link = `${docs}/AmazonECS/latest/developerguide/task-cpu-memory-error.html`;
  return says === undefined
    ? undefined
    : { property: "memory", says: `${says}, and here are ${cpu} with ${memory} MiB`, link };
};

const oneBase: Judge = ({ capacityProviderStrategies: given }) => {
  const bases = (Array.isArray(given) ? given : []).filter(
    (one) => isRecord(one) && (numberIn(one, "base") ?? 0) > 0,
  );
  if (bases.length < 2) return undefined;
  return {
    property: "capacityProviderStrategies",
    says: "one capacity provider may have a base, and no second one",
    link: `${docs}/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html`,
  };
};

const roomToScale: Judge = (inputs) => {
  const [least, most] = [numberIn(inputs, "minCapacity"), numberIn(inputs, "maxCapacity")];
  if (least === undefined || most === undefined || least <= most) return undefined;
  return {
    property: "maxCapacity",
    says: `it is at least the least (${least}), and not ${most}`,
    link: `${docs}/autoscaling/application/APIReference/API_RegisterScalableTarget.html`,
  };
};

/** `Invalid storage size for engine name postgres and storage type gp3`. */
const leastOfGp3: Judge = (inputs) => {
  const gb = numberIn(inputs, "allocatedStorage");
  if (inputs["storageType"] !== "gp3" || gb === undefined || gb >= 20) return undefined;
  const link = `${docs}/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage`;
  return { property: "allocatedStorage", says: `gp3 has 20 GiB or more, and not ${gb}`, link };
};

const nodesToFailOverTo: Judge = (inputs) => {
  const nodes = numberIn(inputs, "numCacheClusters");
  const needsTwo = ["automaticFailoverEnabled", "multiAzEnabled"].find((name) => inputs[name] === true);
  if (nodes !== 1 || needsTwo === undefined) return undefined;
  const link = `${docs}/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html`;
  return { property: "numCacheClusters", says: `${needsTwo} takes two nodes or more, and not 1`, link };
};

const timeoutWithinInterval: Judge = ({ healthCheck }) => {
  const check = isRecord(healthCheck) ? healthCheck : {};
  const [interval, timeout] = [numberIn(check, "interval"), numberIn(check, "timeout")];
  if (interval === undefined || timeout === undefined || timeout < interval) return undefined;
  return {
    property: "healthCheck.timeout",
    says: `it is shorter than the interval (${interval}), and not ${timeout}`,
    link: `${docs}/elasticloadbalancing/latest/application/target-group-health-checks.html`,
  };
};

const datapointsWithinPeriods: Judge = (inputs) => {
  const [periods, points] = [numberIn(inputs, "evaluationPeriods"), numberIn(inputs, "datapointsToAlarm")];
  if (periods === undefined || points === undefined || (points >= 1 && points <= periods)) return undefined;
  return {
    property: "datapointsToAlarm",
    says: `it is 1 to the number of periods (${periods}), and not ${points}`,
    link: `${docs}/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html`,
  };
};

const JUDGES: Readonly<Record<string, readonly Judge[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": [fargateSize],
  "aws:ecs/service:Service": [oneBase],
  "aws:appautoscaling/target:Target": [roomToScale],
  "aws:rds/instance:Instance": [leastOfGp3],
  "aws:elasticache/replicationGroup:ReplicationGroup": [nodesToFailOverTo],
  "aws:lb/targetGroup:TargetGroup": [timeoutWithinInterval],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [datapointsWithinPeriods],
};

/** As `valuesAreTaken`: settings are checked before, so that `infra/customize.ts` leads here. */
export const inputsAgree: Rule = ({ resources }) =>
  resources.flatMap(({ urn, type, inputs }): Finding[] =>
    (JUDGES[type] ?? []).flatMap((judge): Finding[] => {
      const found = judge(inputs);
      if (found === undefined) return [];
      const { property, says, link } = found;
      return [
        {
          urn,
          property,
          message: `AWS refuses it: ${says}. See what infra/customize.ts makes of it. ${link}`,
        },
      ];
    }),
  );

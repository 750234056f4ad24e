// Values that no setting leads to, as `infra/customize.ts` may give them. Where the provider itself
// knows a range, it is that of terraform-provider-aws.
import { expect, test } from "vitest";
import { refusedByAws } from "../../rehearsal/aws-refusals.ts";
import type { Properties } from "../../project/values.ts";
import { resource } from "./recorded.ts";

/** What is found about a resource with these inputs, by property. */
function found(type: string, inputs: Properties): string[] {
  return refusedByAws([resource(type, "odd", { inputs })], new Map()).map(
    ({ property, message }) => `${property}: ${message}`,
  );
}

const service = "aws:ecs/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const scaling = "aws:appautoscaling/target:Target";
const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const search = "aws:opensearch/domain:Domain";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const group = "aws:lb/targetGroup:TargetGroup";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const strategies = (...given: Properties[]) => ({ capacityProviderStrategies: given });
const onFargate = { requiresCompatibilities: ["FARGATE"] };

test.each<[type: string, inputs: Properties, message: RegExp]>([
  [
    service,
    { desiredCount: -1 },
    /^desiredCount: AWS takes 0 or more, and not -1: see what infra\/customize/,
  ],
  [service, { desiredCount: 1.5 }, /^desiredCount: .* not 1\.5/],
  [service, strategies({ base: 0 }, { weight: -1 }), /^capacityProviderStrategies\[1\]\.weight: .*0 to 1000/],
  [service, strategies({ base: 1e6 }), /^capacityProviderStrategies\[0\]\.base: AWS takes 0 to 100000/],
  [service, strategies({ base: 1 }, { base: 2 }), /^capacityProviderStrategies: .* one capacity provider/],
  [
    task,
    { ...onFargate, cpu: "512", memory: "512" },
    /^memory: .* 512 CPU units Fargate offers 1024 to 4096/,
  ],
  [task, { ...onFargate, cpu: "300", memory: "512" }, /^memory: .* these amounts of CPU: 256, 512/],
  [task, { ephemeralStorage: { sizeInGib: 20 } }, /^ephemeralStorage\.sizeInGib: AWS takes 21 to 200/],
  [scaling, { minCapacity: -1, maxCapacity: 2 }, /^minCapacity: AWS takes 0 or more/],
  [scaling, { minCapacity: 3, maxCapacity: 2 }, /^maxCapacity: .*at least the least \(3\), and not 2/],
  [database, { allocatedStorage: 0 }, /^allocatedStorage: AWS takes 5 to 65536/],
  [
    database,
    { allocatedStorage: 19, storageType: "gp3" },
    /^allocatedStorage: .* 20 GiB or more, and not 19/,
  ],
  [database, { backupRetentionPeriod: 36 }, /^backupRetentionPeriod: AWS takes 0 to 35, and not 36/],
  [database, { instanceClass: "t4g.micro" }, /^instanceClass: AWS takes what looks like db\.t4g\.micro/],
  [database, { monitoringInterval: 7 }, /^monitoringInterval: AWS takes 0, 1, 5, 10, 15, 30, 60/],
  [
    database,
    { performanceInsightsRetentionPeriod: 8 },
    /^performanceInsights.* 0, 7, 731 or a multiple of 31/,
  ],
  [database, { port: 99 }, /^port: AWS takes 1150 to 65535/],
  [cache, { numCacheClusters: 0 }, /^numCacheClusters: AWS takes 1 to 6/],
  [cache, { numCacheClusters: 1, multiAzEnabled: true }, /^numCacheClusters: .*multiAzEnabled takes two/],
  [cache, { nodeType: "db.t4g.micro" }, /^nodeType: AWS takes what looks like cache\./],
  [search, { clusterConfig: { instanceCount: 0 } }, /^clusterConfig\.instanceCount: AWS takes 1 or more/],
  [search, { clusterConfig: { warmCount: 1 } }, /^clusterConfig\.warmCount: AWS takes 2 to 150/],
  [search, { ebsOptions: { volumeSize: 9 } }, /^ebsOptions\.volumeSize: AWS takes 10 or more/],
  [balancer, { idleTimeout: 0 }, /^idleTimeout: AWS takes 1 to 4000/],
  [group, { deregistrationDelay: 3601 }, /^deregistrationDelay: AWS takes 0 to 3600/],
  [group, { slowStart: 3 }, /^slowStart: AWS takes 0 or 30 to 900/],
  [group, { healthCheck: { interval: 10, timeout: 10 } }, /^healthCheck\.timeout: .* shorter than the int/],
  [alarm, { period: 90 }, /^period: AWS takes 10, 20, 30 or a multiple of 60/],
  [alarm, { evaluationPeriods: 2, datapointsToAlarm: 3 }, /^datapointsToAlarm: .* \(2\), and not 3/],
  ["aws:lb/listenerRule:ListenerRule", { priority: 0 }, /^priority: AWS takes 1 to 50000/],
  ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { toPort: 65_536 }, /^toPort: .*-1 to 65535/],
  ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 13 }, /^retentionInDays: AWS takes 0, 1, 3, 5, /],
  ["aws:secretsmanager/secret:Secret", { recoveryWindowInDays: 3 }, /^recoveryWindow.* 0 or 7 to 30/],
  ["aws:kms/key:Key", { deletionWindowInDays: 31 }, /^deletionWindowInDays: AWS takes 7 to 30/],
])("%s with %j is refused, with AWS's word for it", (type, inputs, message) => {
  expect(found(type, inputs)).toEqual([expect.stringMatching(message)]);
  expect(found(type, inputs)[0]).toMatch(/infra\/customize\.ts makes of it\. https:\/\/\S+$/);
});

test("what is legal at its edges, absent, or not known yet is no finding", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  for (const desiredCount of [0, "3", unknown, undefined])
    expect(found(service, { desiredCount })).toEqual([]);
  expect(found(service, strategies({ base: 1, weight: 0 }, { base: 0, weight: 1000 }))).toEqual([]);
  expect(found(task, { ...onFargate, cpu: "1 vCPU", memory: "2 GB" })).toEqual([]);
  expect(found(scaling, { minCapacity: 2, maxCapacity: 2 })).toEqual([]);
  for (const performanceInsightsRetentionPeriod of [7, 31, 713, 731])
    expect(found(database, { performanceInsightsRetentionPeriod })).toEqual([]);
  expect(
    found(database, { allocatedStorage: 20, storageType: "gp3", instanceClass: "db.m7g.large" }),
  ).toEqual([]);
  expect(found(cache, { numCacheClusters: 6, multiAzEnabled: true, nodeType: "cache.t4g.micro" })).toEqual(
    [],
  );
  for (const period of [10, 30, 60, 86_400]) expect(found(alarm, { period })).toEqual([]);
  expect(found(group, { slowStart: 0, healthCheck: { interval: 10, timeout: 9 } })).toEqual([]);
});

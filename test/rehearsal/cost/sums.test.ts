// Ten sums done by hand. The figures are those of AWS's price lists, and stand here a second time on purpose.
import { expect, test } from "vitest";
import type { Assumptions } from "../../../rehearsal/cost/assumptions.ts";
import { costOf } from "../../../rehearsal/cost/cost.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { resource } from "../recorded.ts";
import { deployed, graph, service } from "./graph.ts";

const idle: Partial<Assumptions> = { gbOut: 0, natGb: 0, lcu: 0, logGb: 0 };

function expectSum(rehearsal: Rehearsal, region: string, sums: [fixed: number, byUse: number], given = idle) {
  const { fixed, byUse, complete, lines } = costOf(rehearsal, region, given);
  expect(lines.filter(({ monthly }) => monthly === undefined)).toEqual([]);
  expect(complete).toBe(true);
  expect(fixed).toBeCloseTo(sums[0], 6);
  expect(byUse).toBeCloseTo(sums[1], 6);
}

test("small in us-east-1", async () => {
  const task = 0.5 * 730 * 0.04048 + 1 * 730 * 0.004445; // 14.7752 + 3.24485
  const database = 730 * 0.016 + 20 * 0.115; // 11.68 + 2.30
  const balancer = 730 * 0.0225 + 2 * 730 * 0.005; // 16.425 + 7.30
  expectSum(await deployed("dev"), "us-east-1", [task + database + balancer + 730 * 0.005 + 0.4, 0]);
  expect(task + database + balancer + 730 * 0.005 + 0.4).toBeCloseTo(59.77505, 6);
});

test("small on Spot in eu-central-1, for the 176 hours of a working month", async () => {
  const task = 0.5 * 176 * 0.0140458 + 1 * 176 * 0.00154154;
  const database = 176 * 0.019 + 20 * (176 / 730) * 0.137;
  const balancer = 176 * 0.027 + 2 * 176 * 0.005;
  const others = 176 * 0.005 + 0.4 * (176 / 730);
  const rehearsal = await deployed("dev", { "nango:spot": "true" });
  expectSum(rehearsal, "eu-central-1", [task + database + balancer + others, 0], { ...idle, hours: 176 });
});

test("medium in us-east-1", async () => {
  const tasks = 2 * (730 * 0.04048 + 2 * 730 * 0.004445); // 72.0802
  const database = 730 * 0.065 + 50 * 0.23; // 47.45 + 11.50
  const balancer = 730 * 0.0225 + 2 * 730 * 0.005;
  const wayOut = 730 * 0.045 + 730 * 0.005; // 32.85 + 3.65
  const valkey = 2 * 730 * 0.0128; // 18.688
  const sum = tasks + database + balancer + wayOut + valkey + 0.4;
  expectSum(await deployed("dev", { "nango:size": "medium" }), "us-east-1", [sum, 0]);
  expect(sum).toBeCloseTo(210.3432, 6);
});

test("large in us-east-1", async () => {
  const tasks = 6 * (730 * 0.04048 + 2 * 730 * 0.004445); // 216.2406
  const database = 730 * 0.337 + 100 * 0.23; // 246.01 + 23
  const balancer = 730 * 0.0225 + 3 * 730 * 0.005;
  const wayOut = 3 * (730 * 0.045 + 730 * 0.005);
  const valkey = 2 * 730 * 0.0128;
  const sum = tasks + database + balancer + wayOut + valkey + 0.4;
  expectSum(await deployed("dev", { "nango:size": "large" }), "us-east-1", [sum, 0]);
  expect(sum).toBeCloseTo(641.2136, 6);
});

test("medium in ap-southeast-1 in a busy month", async () => {
  const tasks = 4 * (730 * 0.05056 + 2 * 730 * 0.00553);
  const database = 730 * 0.102 + 50 * 0.276;
  const balancer = 730 * 0.0252 + 2 * 730 * 0.005;
  const wayOut = 730 * 0.059 + 730 * 0.005;
  const valkey = 2 * 730 * 0.0192;
  const traffic = 500 * 0.12 + 800 * 0.059 + 3 * 730 * 0.008;
  // 60 GB of logs, kept for 30 of the month's 30.4167 days, and 200 GB of backups beyond the free ones.
  const kept = 60 * 0.7 + 60 * (30 / (730 / 24)) * 0.03 + 200 * 0.095;
  expectSum(
    await deployed("dev", { "nango:size": "medium" }),
    "ap-southeast-1",
    [tasks + database + balancer + wayOut + valkey + 0.4, traffic + kept],
    { tasks: 4, gbOut: 500, natGb: 800, lcu: 3, logGb: 60, backupGb: 200 },
  );
});

test("OpenSearch and a records database in us-west-2, the stack `search`", async () => {
  const tasks = 2 * (730 * 0.04048 + 2 * 730 * 0.004445);
  const databases = 730 * 0.065 + 50 * 0.23 + 730 * 0.065 + 50 * 0.23;
  const search = 2 * 730 * 0.073 + 3 * 730 * 0.036 + 2 * 100 * 0.122;
  const balancer = 730 * 0.0225 + 2 * 730 * 0.005;
  const others = 730 * 0.045 + 730 * 0.005 + 2 * 730 * 0.0128 + 0.4;
  expectSum(await deployed("search"), "us-west-2", [tasks + databases + search + balancer + others, 0]);
});

test("an internal Nango in eu-west-1, with an image mirrored into ECR and a Redis of one node", async () => {
  const task = 0.5 * 730 * 0.04048 + 730 * 0.004445 + 730 * 0.005;
  const database = 730 * 0.017 + 20 * 0.127;
  const rehearsal = await deployed("dev", {
    "nango:internal": "true",
    "nango:imageSource": "ecr-mirror",
    "nango:redis": "elasticache",
  });
  const [fixed, images] = [task + database + 730 * 0.0252 + 730 * 0.0136 + 0.4, 3 * 0.1];
  expectSum(rehearsal, "eu-west-1", [fixed, images], { ...idle, imageGb: 3 });
});

test("a firewall, alarms, a dashboard, a key, a bucket and an endpoint that were added to a stack", () => {
  const alarm = ["aws:cloudwatch/metricAlarm:MetricAlarm", {}] as const;
  const rehearsal = graph(
    ["aws:wafv2/webAcl:WebAcl", { rules: [{}, {}, {}] }],
    alarm,
    alarm,
    alarm,
    alarm,
    ["aws:cloudwatch/dashboard:Dashboard", {}],
    ["aws:kms/key:Key", {}],
    ["aws:s3/bucket:Bucket", {}],
    [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { vpcEndpointType: "Interface", subnetIds: ["subnet-1", "subnet-2"] },
    ],
  );
  const fixed = 5 + 3 * 1 + 4 * 0.1 + 3 + 1 + 2 * 730 * 0.012;
  const byUse = 7 * 0.6 + 12 * 0.0245 + 40 * 0.01;
  expectSum(rehearsal, "eu-central-1", [fixed, byUse], { millionRequests: 7, bucketGb: 12, endpointGb: 40 });
});

test("three tasks with 50 GB of storage, one on demand and the others by halves on Spot", () => {
  const capacityProviderStrategies = [
    { capacityProvider: "FARGATE", base: 1, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", weight: 1 },
  ];
  const rehearsal = service({ ephemeralStorage: { sizeInGib: 50 } }, { capacityProviderStrategies });
  const onDemand = 2 * 730 * (0.04048 + 2 * 0.004445);
  const onSpot = 1 * 730 * (0.01224056 + 2 * 0.0013441);
  expectSum(rehearsal, "eu-west-1", [onDemand + onSpot + 3 * 730 * 30 * 0.000122, 0]);
});

test("a stopped Nango, whose tasks, traffic and logs cost nothing", async () => {
  const rehearsal = await deployed("dev", { "nango:stopped": "true" });
  const fixed = 730 * 0.016 + 20 * 0.115 + 730 * 0.0225 + 2 * 730 * 0.005 + 0.4;
  expectSum(rehearsal, "us-east-1", [fixed, 0], {});
  expectSum(rehearsal, "us-east-1", [fixed, 3 * 0.09 + 2 * 0.095], { gbOut: 3, backupGb: 2 });
  const medium = await deployed("dev", { "nango:size": "medium" });
  expect(costOf(medium, "us-east-1", { tasks: 0 })).toMatchObject({ byUse: 0, idle: true, capacities: [] });
  expect(costOf(medium, "us-east-1", { hours: 0 })).toMatchObject({ fixed: 0, byUse: 0, capacities: [] });
  expect(costOf(medium, "us-east-1")).not.toHaveProperty("idle");
});

test("backups of two databases in a vault, and a copy at the prices of its own region", async () => {
  const rehearsal = await deployed("search", {
    "nango:backupVault": "true",
    "nango:backupCopyRegion": "eu-central-1",
  });
  const without = costOf(await deployed("search"), "us-east-1", idle).fixed;
  expectSum(rehearsal, "us-east-1", [without, 100 * (0.095 + 0.103)]);
  expectSum(rehearsal, "us-east-1", [without, 30 * (0.095 + 0.103)], { ...idle, vaultGb: 30 });
});

test("what lies in another region, by its own word or its provider's, is paid at the prices there", () => {
  const provider = resource("pulumi:providers:aws", "asia", { inputs: { region: "ap-southeast-1" } });
  const there = { provider: `${provider.urn}::id`, inputs: { retentionInDays: 30 } };
  const group = resource("aws:cloudwatch/logGroup:LogGroup", "logs", there);
  const named = graph(["aws:s3/bucket:Bucket", { region: "eu-central-1" }]);
  const all = { ...named, resources: [...named.resources, provider, group] };
  const logs = 4 * 0.7 + 4 * (30 / (730 / 24)) * 0.03;
  expectSum(all, "us-east-1", [0, 10 * 0.0245 + logs], { bucketGb: 10, logGb: 4 });
  expect(costOf(all, "us-east-1").lines.map(({ what }) => what)).toContain("bucket in eu-central-1");
});

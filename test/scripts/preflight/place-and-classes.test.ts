import { expect, test } from "vitest";
import type { AwsCheck } from "../../../scripts/preflight/subject.ts";
import { cacheNode, databaseClass, searchInstance } from "../../../scripts/preflight/checks/classes.ts";
import { freePlan, quotas } from "../../../scripts/preflight/checks/limits.ts";
import { region, zones } from "../../../scripts/preflight/checks/place.ts";
import { type Answer, type Changes, orderable, refusal, said, subject } from "./recorded-aws.ts";
import { deployedAs } from "./deployed-state.ts";

type Case = readonly [what: string, check: AwsCheck, answers: Readonly<Record<string, Answer>>, says: RegExp];

const options = (changes: object) => ({
  DescribeOrderableDBInstanceOptions: { OrderableDBInstanceOptions: [{ ...orderable, ...changes }] },
});
const onlyIn = (...names: string[]) => ({ AvailabilityZones: names.map((Name) => ({ Name })) });

const cases: readonly Case[] = [
  ["a region that is enabled", region, {}, /^good: eu-central-1 is enabled$/],
  [
    "a region that is not",
    region,
    { DescribeRegions: { Regions: [{ RegionName: "eu-central-1", OptInStatus: "not-opted-in" }] } },
    /^bad: this account has not enabled eu-central-1$/,
  ],
  [
    "a region that there is not",
    region,
    { DescribeRegions: { Regions: [] } },
    /^bad: AWS has no region eu-central-1$/,
  ],
  ["zones enough", zones, {}, /^good: eu-central-1a, eu-central-1b, of 3 with Fargate$/],
  [
    "a zone too few",
    zones,
    { DescribeAvailabilityZones: { AvailabilityZones: [{ ZoneName: "eu-central-1a", ZoneId: "euc1-az1" }] } },
    /^bad: the region has 1 zones with Fargate \(eu-central-1a\), and the stack spreads over 2$/,
  ],
  [
    "a class that RDS offers",
    databaseClass,
    {},
    /^good: nango-database db.t4g.small with Postgres 16 and storage gp3, a standby$/,
  ],
  [
    "a class that RDS does not offer",
    databaseClass,
    {
      DescribeOrderableDBInstanceOptions: ({ DBInstanceClass }) => ({
        OrderableDBInstanceOptions: DBInstanceClass === undefined ? [orderable] : [],
      }),
    },
    /^bad: nango-database RDS offers no db.t4g.small for Postgres in eu-central-1$/,
  ],
  [
    "an RDS that lists nothing",
    databaseClass,
    { DescribeOrderableDBInstanceOptions: {} },
    /^warning: nango-database RDS lists no class of Postgres at all$/,
  ],
  [
    "a class of other versions",
    databaseClass,
    options({ EngineVersion: "17.1" }),
    /^bad: .* but not for Postgres 16$/,
  ],
  [
    "a version that begins alike",
    databaseClass,
    options({ EngineVersion: "160.1" }),
    /^bad: .* but not for Postgres 16$/,
  ],
  [
    "a class with older storage",
    databaseClass,
    options({ StorageType: "gp2" }),
    /^bad: .* but not with storage gp3, a standby$/,
  ],
  [
    "a class without a standby",
    databaseClass,
    options({ MultiAZCapable: false }),
    /^bad: .* but not with storage gp3, a standby$/,
  ],
  [
    "a class in one zone only",
    databaseClass,
    options(onlyIn("eu-central-1a", "eu-central-1d")),
    /^bad: .* in eu-central-1a, eu-central-1d, and the stack's subnets lie in eu-central-1a, eu-central-1b, eu-central-1c$/,
  ],
  ["a node of the cache", cacheNode, {}, /^good: nango-cache cache.t4g.micro is offered in eu-central-1$/],
  [
    "a node that is not sold",
    cacheNode,
    { DescribeReservedCacheNodesOfferings: {} },
    /^warning: nango-cache ElastiCache sells no reservation of cache.t4g.micro/,
  ],
  [
    "an instance of the search domain",
    searchInstance,
    {},
    /^good: nango-search t3.medium.search, t3.small.search with OpenSearch_2.19$/,
  ],
  [
    "an instance that OpenSearch does not offer",
    searchInstance,
    { ListInstanceTypeDetails: {} },
    /^bad: nango-search OpenSearch offers no t3.medium.search for OpenSearch_2.19 in eu-central-1$/,
  ],
  [
    "an instance in a zone too few",
    searchInstance,
    {
      ListInstanceTypeDetails: ({ InstanceType }) => ({
        InstanceTypeDetails: [{ InstanceType, AvailabilityZones: ["eu-central-1c"] }],
      }),
    },
    /^bad: nango-search OpenSearch offers t3.medium.search in eu-central-1c, and the stack's subnets lie in/,
  ],
];

test.each(cases)("says of %s what it is", async (_, check, answers, says) => {
  const lines = await said([check], await subject("search and records", answers));
  expect(
    lines.some((line) => says.test(line)),
    lines.join("\n"),
  ).toBe(true);
});

test("what a deployed stack has is not refused any more", async () => {
  const state = await deployedAs("search and records");
  const none = {
    DescribeOrderableDBInstanceOptions: {},
    ListInstanceTypeDetails: {},
    DescribeAvailabilityZones: {},
  };
  const lines = await said(
    [databaseClass, cacheNode, searchInstance, zones],
    await subject("search and records", none, { state }),
  );
  expect(lines).toHaveLength(5);
  for (const line of lines)
    expect(line).toMatch(
      /^good: (\S+ it has what it asks for already|the stack stays in the zones that it has)$/,
    );
});

const quotaLines = async (answers: Readonly<Record<string, Answer>>, changes: Changes = {}) =>
  said(quotas, await subject("search and records", answers, changes));

test("a quota holds what is there and what is to come", async () => {
  const vpcs = (count: number) => ({ DescribeVpcs: { Vpcs: Array.from({ length: count }, () => ({})) } });
  expect(await quotaLines(vpcs(4))).toContain("good: VPCs 4 of 5 in use, and this deployment takes 1 more");
  expect(await quotaLines(vpcs(5))).toContain("bad: VPCs 5 of 5 in use, and this deployment takes 1 more");
});

test("Fargate takes the new tasks, and the one-off task before them", async () => {
  const fargate = (most: number, used: number) => ({
    GetServiceQuota: {
      Quota: { Value: most, UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount" } },
    },
    GetMetricStatistics: { Datapoints: [{ Maximum: used }] },
  });
  // Two tasks of one virtual processor, and half of one.
  expect(await quotaLines(fargate(6, 3.5))).toContain(
    "good: virtual processors of Fargate 3.5 of 6 in use, and this deployment takes 2.5 more",
  );
  expect(await quotaLines(fargate(6, 4))).toContain(
    "bad: virtual processors of Fargate 4 of 6 in use, and this deployment takes 2.5 more",
  );
});

test("an account that was given no quota of its own has AWS's", async () => {
  const none = {
    GetServiceQuota: refusal("NoSuchResourceException", "The quota does not exist"),
    GetAWSDefaultServiceQuota: { Quota: { Value: 1 } },
  };
  expect(await quotaLines(none)).toContain("bad: VPCs 1 of 1 in use, and this deployment takes 1 more");
});

test("RDS counts instances and storage, and CloudWatch Logs its policies", async () => {
  const full = {
    DescribeAccountAttributes: {
      AccountQuotas: [
        { AccountQuotaName: "DBInstances", Used: 39, Max: 40 },
        { AccountQuotaName: "AllocatedStorage", Used: 99_950, Max: 100_000 },
      ],
    },
    DescribeResourcePolicies: { resourcePolicies: Array.from({ length: 10 }, () => ({})) },
  };
  const lines = await quotaLines(full);
  expect(lines).toContain("bad: RDS instances 39 of 40 in use, and this deployment takes 2 more");
  expect(lines).toContain(
    "bad: GiB of RDS storage 99950 of 100000 in use, and this deployment takes 100 more",
  );
  expect(lines).toContain(
    "bad: resource policies of CloudWatch Logs 10 of 10 in use, and this deployment takes 1 more",
  );
});

test("NAT gateways are counted in the zone that has most", async () => {
  const gateways = {
    DescribeNatGateways: {
      NatGateways: ["s1", "s1", "s1", "s1", "s1", "s2"].map((SubnetId) => ({ SubnetId })),
    },
    DescribeSubnets: {
      Subnets: [
        { SubnetId: "s1", AvailabilityZone: "eu-central-1a" },
        { SubnetId: "s2", AvailabilityZone: "eu-central-1b" },
      ],
    },
  };
  expect(await quotaLines(gateways)).toContain(
    "bad: NAT gateways in one zone 5 of 5 in use, and this deployment takes 1 more",
  );
});

test("a deployed stack takes nothing more but the tasks of its next deployment", async () => {
  const state = await deployedAs("search and records");
  const lines = await quotaLines(
    { DescribeVpcs: { Vpcs: Array.from({ length: 5 }, () => ({})) } },
    { state },
  );
  expect(lines).toEqual([
    "good: virtual processors of Fargate 1 of 5 in use, and this deployment takes 2.5 more",
  ]);
});

test.each<[string, Awaited<ReturnType<NonNullable<Changes["askForPlan"]>>>, readonly RegExp[]]>([
  ["the paid plan", { accountPlanType: "PAID" }, [/^good: the account is on the paid plan$/]],
  ["an account of before the plans", undefined, [/^good: the account is older than AWS's plans/]],
  [
    "the free plan, which has no such class and keeps backups for a day",
    { accountPlanType: "FREE", accountPlanStatus: "ACTIVE" },
    [
      /which keeps backups for a day, and nango-database would keep 14$/,
      /has no db.t4g.small, the class of nango-database$/,
      /nango-records/,
      /nango-records/,
    ],
  ],
  [
    "an expired one",
    { accountPlanType: "FREE", accountPlanStatus: "EXPIRED" },
    [/^bad: the account's free plan has expired/],
  ],
])("says of %s what it means for the stack", async (_, plan, says) => {
  const lines = await said(
    [freePlan],
    await subject("search and records", {}, { askForPlan: async () => plan }),
  );
  expect(lines).toHaveLength(says.length);
  says.forEach((pattern, index) => expect(lines[index]).toMatch(pattern));
});

test("on the free plan a stack without a database of its own is warned of its end", async () => {
  const askForPlan = async () => ({
    accountPlanType: "FREE",
    accountPlanStatus: "ACTIVE",
    accountPlanRemainingCredits: { amount: 93.5, unit: "USD" },
    accountPlanExpirationDate: "2027-05-01T00:00:00Z",
  });
  const lines = await said([freePlan], await subject("existing VPC and database", {}, { askForPlan }));
  expect(lines).toEqual([
    "warning: the account is on AWS's free plan (93.5 USD of credits left, until 2027-05-01): Nango stops when it ends",
  ]);
});

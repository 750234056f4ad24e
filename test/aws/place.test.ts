import { beforeAll, describe, expect, test } from "vitest";
import type { Answers, Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";
import { ofType, the } from "./find.ts";
import { topologies } from "./topologies.ts";

/** A region with these zones, by the ends of their names. */
const zones = (...ends: string[]): Answers => ({
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ends.map((end) => `eu-central-1${end}`),
    zoneIds: ends.map((end) => `euc1-az${end}`),
  }),
});
const account = (accountId: string): Answers => ({
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId }),
});

const update = (options: Partial<RehearseOptions>) => rehearse({ stack: "dev", mode: "update", ...options });
const zonesOf = (rehearsal: Rehearsal, kind: string) =>
  ofType(rehearsal, "ec2/subnet:Subnet")
    .filter(({ name }) => name.startsWith(`nango-network-${kind}`))
    .map(({ inputs }) => inputs["availabilityZone"]);
const changed = (rehearsal: Rehearsal, kind: string) =>
  rehearsal.changes.filter((change) => change.kind === kind).map(({ name }) => name);
const [a, b, c] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

describe("a deployed stack", () => {
  let deployed: Rehearsal;
  beforeAll(async () => {
    deployed = await update({ answers: zones("c", "a", "b", "d") });
  }, 120_000);

  test("spreads what costs over as many zones as its size says, and subnets of databases over three", () => {
    expect(deployed.findings).toEqual([]);
    expect(zonesOf(deployed, "public")).toEqual([a, b]);
    expect(zonesOf(deployed, "database")).toEqual([a, b, c]);
  });

  test.each([
    [
      "preview",
      { "aws:region": "eu-west-1" },
      {},
      /aws:region = "eu-west-1".*deployed in eu-central-1.*config set -s dev aws:region eu-central-1/s,
    ],
    ["update", { "aws:region": "eu-west-1" }, {}, /aws:region = "eu-west-1"/],
    [
      "update",
      {},
      account("210987654321"),
      /account 210987654321.*deployed in the account 123456789012.*allowedAccountIds/s,
    ],
  ] as const)(
    "is refused elsewhere before anything else happens (%s, %o)",
    async (mode, set, answers, message) => {
      const elsewhere = await update({ previous: deployed, mode, set, answers });
      expect(elsewhere.program.exitCode).not.toBe(0);
      expect(elsewhere.program.message).toMatch(message);
      expect(elsewhere.resources.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["nango-first-deployment"]),
      );
      expect(ofType(elsewhere, "ec2/vpc:Vpc")).toEqual([]);
      expect(elsewhere.changes).toEqual([]);
    },
  );

  test("keeps its zones when others come first one day", async () => {
    const later = await update({ previous: deployed, answers: zones("b", "c", "d"), set: { size: "large" } });
    expect(later.findings).toEqual([]);
    expect(zonesOf(later, "public")).toEqual([a, b, c]);
    expect(zonesOf(later, "database")).toEqual([a, b, c]);
    expect(changed(later, "replace")).not.toContain("nango-network-public-0");

    const smaller = await update({ previous: later, set: { size: "medium" } });
    expect(smaller.changes.filter(({ type }) => /subnetGroup/i.test(type))).toEqual([]);
    expect(changed(smaller, "delete")).toContain("nango-network-public-2");
  });

  test("that had two subnets for databases and remembers nothing gets a third, and keeps the zones of the others", async () => {
    const later = ["nango-first-deployment", "nango-network-database-2", "nango-network-database-2"];
    const before: Rehearsal = {
      ...deployed,
      resources: deployed.resources.filter(({ name }) => !later.includes(name)),
    };
    const next = await update({ previous: before, answers: zones("b", "c", "d") });
    expect(next.findings).toEqual([]);
    expect(changed(next, "replace")).toEqual([]);
    expect(changed(next, "create")).toEqual(
      expect.arrayContaining(["nango-first-deployment", "nango-network-database-2"]),
    );
    expect(the(next, "pulumi:index:Stash").outputs["output"]).toMatchObject({
      account: "123456789012",
      region: "eu-central-1",
      stack: "dev",
    });
  });
});

test("a region with two zones has two subnets for databases, and no stack that spreads over three", async () => {
  const answers = zones("a", "b");
  const two = await update({ answers });
  expect(two.findings).toEqual([]);
  expect(zonesOf(two, "database")).toEqual([a, b]);
  const { program } = await update({ answers, set: { size: "large" } });
  expect(program.message).toMatch(
    /nango:availabilityZones is 3, but the region has 2 zones .*\.\nTake fewer in .*`nango:availabilityZones: 2`/,
  );
});

test("of subnets that are there none is taken for one without Fargate", async () => {
  const { set } = topologies["existing VPC"];
  const { program } = await rehearse({ stack: "dev", set: { ...set, "aws:region": "ap-northeast-1" } });
  expect(program.message).toBeUndefined();
});

test("zones without Fargate are left out", async () => {
  const tokyo = await update({
    set: { "aws:region": "ap-northeast-1" },
    answers: {
      "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
        names: ["ap-northeast-1a", "ap-northeast-1b", "ap-northeast-1c", "ap-northeast-1d"],
        zoneIds: ["apne1-az4", "apne1-az3", "apne1-az1", "apne1-az2"],
      }),
    },
  });
  expect(zonesOf(tokyo, "public")).toEqual(["ap-northeast-1a", "ap-northeast-1c"]);
});

test("a stack that was renamed keeps the names that hold its old one", async () => {
  const renamed = await update({
    set: { logs: "opensearch", imageSource: "ecr-pull-through", dockerHubUser: "user" },
    secrets: { dockerHubToken: "token-of-docker-hub" },
    answers: {
      "pulumi:index:Stash": ({ inputs }) => ({
        output: { ...(inputs["input"] as object), stack: "before" },
      }),
    },
  });
  expect(renamed.findings).toEqual([]);
  expect(the(renamed, "opensearch/domain:Domain").inputs["domainName"]).toMatch(/^nango-search-before/);
  expect(the(renamed, "ecr/pullThroughCacheRule:PullThroughCacheRule").inputs["ecrRepositoryPrefix"]).toBe(
    "nango-before",
  );
  expect(the(renamed, "ecr/repository:Repository").inputs["name"]).toMatch(/^nango-before\//);
  const families = ofType(renamed, "ecs/taskDefinition:TaskDefinition").map(({ inputs }) => inputs["family"]);
  expect(families.toSorted()).toEqual(["nango-before", "nango-migrate-before", "nango-tunnel-before"]);
});

describe("an existing VPC", () => {
  const { set } = topologies["existing VPC"];
  const lookups = (zoneOf: Record<string, string>, vpc: object = { enableDnsSupport: true }): Answers => ({
    "aws:ec2/getVpc:getVpc": () => ({ id: set.vpcId, ...vpc }),
    "aws:ec2/getSubnet:getSubnet": ({ inputs }) => {
      expect(inputs["vpcId"]).toBe(set.vpcId);
      const zone = zoneOf[String(inputs["id"]).at(-1)!]!;
      return { id: inputs["id"], availabilityZone: zone, availabilityZoneId: zone };
    },
  });
  const inTwoZones = { 0: "a", 1: "b", 2: "a", 3: "b", 4: "a", 5: "a", 6: "b" };

  test("is looked at before anything is made, and everything is said at once", async () => {
    const { program, resources } = await update({
      set,
      answers: lookups({ ...inTwoZones, 1: "a" }, { enableDnsSupport: false }),
      mode: "preview",
    });
    expect(program.message).toMatch(
      /does not resolve names.*modify-vpc-attribute.*--enable-dns-support\n.*publicSubnetIds has another.*\n.*all lie in a, and RDS/,
    );
    expect(resources.map(({ type }) => type)).not.toContain("nango:aws:Nango");
  });

  test("gives the search domain one subnet in each zone", async () => {
    const subnet = (digit: number) => `subnet-0123456789abcdef${digit}`;
    const { findings, ...rehearsal } = await update({
      set: {
        ...set,
        logs: "opensearch",
        searchInstanceCount: "2",
        databaseSubnetIds: JSON.stringify([subnet(4), subnet(5), subnet(6)]),
      },
      answers: lookups(inTwoZones),
    });
    expect(findings).toEqual([]);
    expect(the({ ...rehearsal, findings }, "opensearch/domain:Domain").inputs["vpcOptions"]).toMatchObject({
      subnetIds: [subnet(4), subnet(6)],
    });
    expect(the({ ...rehearsal, findings }, "rds/subnetGroup:SubnetGroup").inputs["subnetIds"]).toHaveLength(
      3,
    );
  });
});

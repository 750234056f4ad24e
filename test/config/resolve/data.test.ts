import { describe, expect, test } from "vitest";
import { rdsCertificates } from "../../../infra/config/rules/rds-certificates.ts";
import { awsConfig, parseTexts, type Texts } from "../given.ts";
import { bring, connections, subnets } from "./samples.ts";

const ca = rdsCertificates("us-east-1") ?? "";

describe("databases that are there already", () => {
  test("are verified whatever their URL said, and kept secret", () => {
    const { database } = awsConfig(bring);
    const url = "postgresql://nango:p%40ss@db.example.com:6543/nango?sslmode=verify-full";
    expect(database).toEqual({ kind: "external", url: { concealed: url }, host: "db.example.com" });
    expect(awsConfig({ ...bring, databaseTls: "unverified" }).database).toMatchObject({
      url: { concealed: url.replace("verify-full", "no-verify") },
    });
  });

  test.each([
    ["RDS is verified against its region's roots", {}, rdsCertificates("eu-central-1")],
    ["a database of one's own against what the public trusts", bring, undefined],
    [
      "an RDS of one's own against the roots of its region",
      { databaseUrl: "postgresql://nango:p@db.c0ffee.eu-west-1.rds.amazonaws.com/nango" },
      rdsCertificates("eu-west-1"),
    ],
    ["a database of one's own against its own authority", { ...bring, trustedCaPem: ca }, ca],
    [
      "both against both",
      { recordsDatabaseUrl: bring.databaseUrl, trustedCaPem: ca },
      `${rdsCertificates("eu-central-1")}${ca}`,
    ],
  ])("%s", (_, values, certificates) => {
    expect(awsConfig(values).databaseCertificates).toBe(certificates);
  });
});

test.each([
  ["t3.medium.search", "t3.small.search", false],
  ["r7g.large.search", "m7g.large.search", true],
  ["r5.large.search", "m5.large.search", true],
])("masters go with data nodes of %s", (searchInstanceType, masterType, autoTune) => {
  const { logs } = awsConfig({ size: "medium", logs: "opensearch", searchInstanceType });
  expect(logs).toMatchObject({ domain: { masterType, autoTune } });
  const none = awsConfig({
    size: "medium",
    logs: "opensearch",
    searchInstanceType,
    searchMasterType: "none",
  });
  expect(none.logs).toMatchObject({ domain: { masterType: undefined } });
  const slow = awsConfig({
    size: "medium",
    logs: "opensearch",
    searchInstanceType,
    searchMasterType: "t3.small.search",
  });
  expect(slow.logs).toMatchObject({ domain: { autoTune: false } });
});

test("storage grows to twice its start by itself, and never beyond what RDS offers", () => {
  expect(awsConfig({ databaseStorageGb: "400" }).database).toMatchObject({
    storageGb: 400,
    maxStorageGb: 800,
  });
  expect(awsConfig({ databaseStorageGb: "40000" }).database).toMatchObject({ maxStorageGb: 65536 });
});

describe("a records database of one's own", () => {
  const maxReplicas = "1";
  const pair = (databaseUrl: string, recordsDatabaseUrl: string) =>
    awsConfig({ maxReplicas, databaseUrl, recordsDatabaseUrl }).pools;

  test.each([
    ["postgresql://a:b@db.example.com/nango", "postgresql://c:d@DB.example.com:5432/records"],
    ["postgres://a:b@db.example.com:6543/nango", "postgresql://a:b@db.example.com:6543/records"],
  ])("on the server of the main one shares its connections: %s, %s", (main, records) => {
    expect(connections(pair(main, records)) * 2).toBeLessThanOrEqual(80);
  });

  test.each([
    ["postgresql://a:b@db.example.com/nango", "postgresql://a:b@records.example.com/nango"],
    ["postgresql://a:b@db.example.com/nango", "postgresql://a:b@db.example.com:5433/nango"],
  ])("on another server has those of that: %s, %s", (main, records) => {
    expect(connections(pair(main, records)) * 2).toBeGreaterThan(80);
  });

  test("shares the one server that a laptop has, unless it is brought", () => {
    const laptop = (values: Texts) =>
      parseTexts({ target: "docker", ...values }, { region: undefined }).config.pools;
    expect(connections(laptop({ recordsDatabase: "dedicated" }))).toBe(connections(laptop({})));
    const elsewhere = laptop({ recordsDatabaseUrl: "postgresql://a:b@records.example.com/nango" });
    expect(connections(elsewhere)).toBeGreaterThan(connections(laptop({})));
  });
});

test.each([
  ["one node, whatever there is", "1", ["3", "4", "5"], 1],
  ["no more zones than nodes", "2", ["3", "4", "5"], 2],
  ["no more zones than subnets", "4", ["3", "4"], 2],
  ["no more than the three that a domain takes", "6", ["3", "4", "5", "6"], 3],
])("search nodes spread over %s", (_, searchInstanceCount, databases, zones) => {
  const { logs } = awsConfig({
    vpcId: "vpc-01234567",
    publicSubnetIds: subnets("1", "2"),
    databaseSubnetIds: subnets(...databases),
    logs: "opensearch",
    searchInstanceCount,
  });
  expect(logs).toMatchObject({ domain: { zones } });
});

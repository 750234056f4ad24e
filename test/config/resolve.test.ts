import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { presets } from "../../infra/config/presets.ts";
import { fargatePairProblem } from "../../infra/config/rules/fargate.ts";
import { defaultMaxConnections } from "../../infra/config/rules/instance-class.ts";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { searchNodesProblem } from "../../infra/config/rules/search.ts";
import type { ConnectionPools } from "../../infra/nango/connection-budget.ts";
import { awsConfig, parseTexts, type Texts } from "./given.ts";

/** The connections of one task to all its databases. */
const connections = ({ main, records, tasks, fleet }: ConnectionPools) => main + records + tasks + fleet;

const sizes = Object.keys(presets);
const subnets = (...digits: string[]) => JSON.stringify(digits.map((digit) => `subnet-0000000${digit}`));
const ids = (...digits: string[]) => digits.map((digit) => `subnet-0000000${digit}`);
const bring = { databaseUrl: "postgresql://nango:p%40ss@db.example.com:6543/nango?sslmode=disable" };
const ca = rdsCertificates("us-east-1") ?? "";

describe.each(sizes)("the size %s", (size) => {
  test("is legal with every data service, in a VPC of the stack's and in one's own", () => {
    const vpc = {
      vpcId: "vpc-01234567",
      publicSubnetIds: subnets("1", "2"),
      privateSubnetIds: subnets("3", "4", "5"),
    };
    const choices = fc.record({
      logs: fc.constantFrom("stdout", "opensearch"),
      recordsDatabase: fc.constantFrom("shared", "dedicated"),
      dashboardAuth: fc.constantFrom("basic", "accounts"),
      network: fc.constantFrom({}, { availabilityZones: "2" }, { availabilityZones: "3" }, vpc),
    });
    fc.assert(
      fc.property(choices, ({ network, ...values }) => {
        // Three search nodes do not share two zones: the one choice that needs another.
        const nodes =
          values.logs === "opensearch" && "availabilityZones" in network ? { searchInstanceCount: "6" } : {};
        awsConfig({ ...values, ...network, ...nodes, size });
      }),
    );
  });

  test("is a combination that AWS offers", () => {
    const config = awsConfig({ size, logs: "opensearch", recordsDatabase: "dedicated" });
    const { service, database, recordsDatabase, logs } = config;
    expect(fargatePairProblem(service.cpu, service.memory)).toBeUndefined();
    for (const instance of [database, recordsDatabase]) {
      if (instance?.kind !== "rds") throw new Error("no database is created");
      expect(instance.maxStorageGb * 10).toBeGreaterThanOrEqual(instance.storageGb * 11);
      expect(defaultMaxConnections(instance.instanceClass)).toBeTypeOf("number");
    }
    if (logs.store !== "domain") throw new Error("no domain is created");
    const { instanceType, instanceCount, volumeGb, zones } = logs.domain;
    expect(searchNodesProblem(instanceType, instanceCount, volumeGb, zones)).toBeUndefined();
    expect(instanceCount % zones).toBe(0);
  });

  test("leaves a fifth of the connections free when all tasks run twice over, and takes most of the rest", () => {
    const { pools, service } = awsConfig({ size });
    const most = defaultMaxConnections(presets[size as keyof typeof presets].databaseInstanceClass) ?? 0;
    const planned = connections(pools) * service.maxReplicas * 2;
    expect(planned).toBeLessThanOrEqual(most * 0.8);
    expect(planned).toBeGreaterThan(most * 0.7);
  });

  test("can be overridden in each value", () => {
    const { service, database } = awsConfig({
      size,
      cpu: "4096",
      memory: "16384",
      replicas: "1",
      maxReplicas: "1",
      databaseInstanceClass: "db.r7g.large",
      databaseStorageGb: "300",
      databaseMaxStorageGb: "330",
      databaseMultiAz: String(!presets[size as keyof typeof presets].databaseMultiAz),
      databaseBackupDays: "3",
    });
    expect(service).toMatchObject({ cpu: 4096, memory: 16384, replicas: 1, maxReplicas: 1 });
    expect(database).toMatchObject({
      instanceClass: "db.r7g.large",
      storageGb: 300,
      maxStorageGb: 330,
      backupDays: 3,
    });
    expect(database).toMatchObject({ multiAz: !presets[size as keyof typeof presets].databaseMultiAz });
  });
});

test("small is the cheapest that is safe; medium and large survive the loss of a zone", () => {
  expect(awsConfig()).toMatchObject({
    network: { kind: "created", zones: 2, nat: "none" },
    database: { instanceClass: "db.t4g.micro", multiAz: false, backupDays: 7 },
    recordsDatabase: undefined,
    redis: { kind: "none" },
    logs: { store: "none" },
    service: { replicas: 1, maxReplicas: 1, spot: false },
    protect: true,
    dashboard: { auth: "basic" },
  });
  for (const size of ["medium", "large"]) {
    const { service, redis, database, network } = awsConfig({ size });
    expect(service.replicas).toBeGreaterThan(1);
    expect(redis).toMatchObject({ kind: "elasticache", nodes: 2 });
    expect(database).toMatchObject({ multiAz: true });
    expect(network).not.toMatchObject({ nat: "none" });
  }
});

test.each([
  [{}, { replicas: 1, maxReplicas: 1 }, "none"],
  [{ replicas: "3" }, { replicas: 3, maxReplicas: 3 }, "elasticache"],
  [{ maxReplicas: "2" }, { replicas: 1, maxReplicas: 2 }, "elasticache"],
  [{ size: "medium", maxReplicas: "1" }, { replicas: 1, maxReplicas: 1 }, "none"],
  [{ size: "medium", replicas: "3" }, { replicas: 3, maxReplicas: 4 }, "elasticache"],
  [{ redis: "elasticache" }, { replicas: 1, maxReplicas: 1 }, "elasticache"],
  [{ replicas: "2", redisUrl: "rediss://:t@redis.example.com" }, { replicas: 2, maxReplicas: 2 }, "external"],
])("%j runs %j tasks, with the Redis %s", (values, scale, kind) => {
  expect(awsConfig(values).service).toMatchObject(scale);
  expect(awsConfig(values).redis.kind).toBe(kind);
});

describe("a VPC of one's own", () => {
  const vpc = { vpcId: "vpc-01234567", publicSubnetIds: subnets("1", "2") };
  test("with private subnets keeps tasks and databases in them", () => {
    expect(awsConfig({ ...vpc, privateSubnetIds: subnets("3", "4") }).network).toEqual({
      kind: "existing",
      vpcId: "vpc-01234567",
      loadBalancerSubnetIds: ids("1", "2"),
      taskSubnetIds: ids("3", "4"),
      assignPublicIp: false,
      databaseSubnetIds: ids("3", "4"),
    });
  });
  test("without them gives tasks public addresses, and databases their own subnets", () => {
    expect(awsConfig({ ...vpc, databaseSubnetIds: subnets("5", "6") }).network).toMatchObject({
      taskSubnetIds: ids("1", "2"),
      assignPublicIp: true,
      databaseSubnetIds: ids("5", "6"),
    });
  });
});

test("Connect UI has a host of its own, by default below the domain", () => {
  expect(awsConfig().access.https).toEqual({
    domain: "nango.example.com",
    connectDomain: "connect.nango.example.com",
    hostedZone: { name: "example.com" },
    certificateArn: undefined,
  });
  expect(
    awsConfig({ connectDomain: "connect.example.com", hostedZone: "Z0123456789" }).access.https,
  ).toMatchObject({
    connectDomain: "connect.example.com",
    hostedZone: { id: "Z0123456789" },
  });
  const { config } = parseTexts({ insecureHttp: "true" });
  expect(config).toMatchObject({ access: { https: undefined } });
});

test.each([
  [{}, false],
  [{ internal: "true" }, true],
  [{ internal: "true", allowPrivateAddresses: "false" }, false],
  [{ allowPrivateAddresses: "true" }, true],
])("%j allows requests to private addresses: %s", (values, allowed) => {
  expect(awsConfig(values).access.allowPrivateAddresses).toBe(allowed);
});

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

test("secrets are concealed one by one", () => {
  const prodKey = "8a6e0804-2bd0-4672-b79d-d97027f9071a";
  const key = Buffer.alloc(32, 1).toString("base64");
  const config = awsConfig(
    {
      encryptionKey: key,
      dashboardPassword: "long-enough-word",
      apiKeyProd: prodKey,
      smtpUrl: "smtps://u:p@smtp.example.com",
      smtpFrom: "nango@example.com",
      redisUrl: "rediss://:t@redis.example.com",
      recordsDatabaseUrl: bring.databaseUrl,
      logs: "external",
      logsProvider: "opensearch",
      logsUrl: "https://logs.example.com",
      logsUser: "nango",
      logsPassword: "s3cret",
      environment: '{"MY_TOKEN":"hunter2"}',
    },
    { secretKeys: new Set(["environment"]) },
  );
  expect(config.secrets).toEqual({
    encryptionKey: { concealed: key },
    dashboardPassword: { concealed: "long-enough-word" },
    apiKeys: { prod: { concealed: prodKey }, dev: undefined },
  });
  expect(config.email?.smtpUrl).toEqual({ concealed: "smtps://u:p@smtp.example.com" });
  expect(config.redis).toEqual({ kind: "external", url: { concealed: "rediss://:t@redis.example.com" } });
  expect(config.recordsDatabase).toMatchObject({ url: { concealed: expect.stringContaining("p%40ss") } });
  expect(config.logs).toMatchObject({ user: "nango", password: { concealed: "s3cret" } });
  expect(config.environment).toEqual({ plain: {}, secret: { MY_TOKEN: { concealed: "hunter2" } } });
});

test("an environment in plain text stays readable", () => {
  expect(awsConfig({ environment: '{"LOG_LEVEL":"debug"}' }).environment).toEqual({
    plain: { LOG_LEVEL: "debug" },
    secret: {},
  });
});

test.each([
  ["DD_API_KEY", "0123456789"],
  ["NANGO_SECRET_KEY_STAGING", "8a6e0804-2bd0-4672-b79d-d97027f9071a"],
  ["NANGO_CUSTOMER_REDIS_AUTH", "word"],
  ["HTTPS_PROXY", "http://user:word@proxy.example.com:3128"],
])("%s is a secret even where the stack file has it in plain text", (name, value) => {
  const { environment } = awsConfig({ environment: JSON.stringify({ LOG_LEVEL: "debug", [name]: value }) });
  expect(environment).toEqual({ plain: { LOG_LEVEL: "debug" }, secret: { [name]: { concealed: value } } });
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

describe("the API calls that Nango answers in a minute", () => {
  test.each([
    [{}, 3000],
    [{ size: "medium" }, 24_000],
    [{ size: "large" }, 60_000],
    [{ cpu: "256", memory: "1024" }, 1500],
    [{ cpu: "16384", memory: "32768" }, 6000],
    [{ size: "medium", replicas: "3", maxReplicas: "3" }, 18_000],
    [{ size: "large", apiRateLimitPerMinute: "200" }, 200],
    [{ apiRateLimitPerMinute: "off" }, "off"],
  ] as const)("with %o are %s", (values, limit) => {
    expect(awsConfig(values).apiRateLimitPerMinute).toBe(limit);
  });

  test("are those of one server on a laptop", () => {
    expect(parseTexts({ target: "docker" }, { region: undefined }).config.apiRateLimitPerMinute).toBe(6000);
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

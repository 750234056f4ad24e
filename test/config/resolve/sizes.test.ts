import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { presets } from "../../../infra/config/presets.ts";
import { fargatePairProblem } from "../../../infra/config/rules/fargate.ts";
import { defaultMaxConnections } from "../../../infra/config/rules/instance-class.ts";
import { searchNodesProblem } from "../../../infra/config/rules/search.ts";
import { awsConfig, parseTexts } from "../given.ts";
import { connections, subnets } from "./samples.ts";

const sizes = Object.keys(presets);

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
  [{}, { cpu: 512, memory: 1024 }],
  [{ cpu: "256" }, { cpu: 256, memory: 1024 }],
  [{ cpu: "1024" }, { cpu: 1024, memory: 2048 }],
  [
    { cpu: "1024", memory: "3072" },
    { cpu: 1024, memory: 3072 },
  ],
  [
    { size: "large", cpu: "2048" },
    { cpu: 2048, memory: 4096 },
  ],
  [
    { size: "large", cpu: "512" },
    { cpu: 512, memory: 2048 },
  ],
])("memory that is not given goes with the CPU: %j", (given, expected) => {
  expect(awsConfig(given).service).toMatchObject(expected);
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

describe("the API calls that Nango answers in a minute", () => {
  test.each([
    [{}, 3000],
    [{ size: "medium" }, 24_000],
    [{ size: "large" }, 72_000],
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

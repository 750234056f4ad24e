import { describe, expect, test } from "vitest";
import type { RecordedResource, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { hooks, minutes, stacks } from "./stacks.ts";

const databases = stacks.flatMap(({ name, config }) =>
  [["nango-database", config.database] as const, ["nango-records", config.recordsDatabase] as const].map(
    ([database, wanted]) => ({ name, database, wanted, config }),
  ),
);

describe.each(databases)("$database of the stack $name", ({ name, database, wanted, config }) => {
  test("is as large, as new and as hard to lose as it should be", async () => {
    const rehearsal = await deployed(name);
    const instances = ofType(rehearsal, "rds/instance:Instance").filter((made) => made.name === database);
    if (wanted?.kind !== "rds") return expect(instances).toEqual([]);
    const instance = the(rehearsal, "rds/instance:Instance", database);
    expect(instance.inputs).toMatchObject({
      engineVersion: wanted.version,
      instanceClass: wanted.instanceClass,
      allocatedStorage: wanted.storageGb,
      maxAllocatedStorage: wanted.maxStorageGb,
      multiAz: wanted.multiAz,
      backupRetentionPeriod: wanted.backupDays,
      performanceInsightsEnabled: wanted.performanceInsights,
      deletionProtection: config.protect,
      // A new value holds when the deployment ends, and a new major version is one.
      applyImmediately: true,
      allowMajorVersionUpgrade: true,
    });
    expect(instance.protect).toBe(config.protect);
    // A larger database takes longer than the provider's own limits.
    expect(minutes(instance.customTimeouts)).toMatchObject({ create: 60, update: 120, delete: 60 });
    const parameters = ofType(rehearsal, "rds/parameterGroup:ParameterGroup").find(
      ({ outputs }) => outputs["name"] === instance.inputs["parameterGroupName"],
    )!;
    expect(parameters.inputs["family"]).toBe(`postgres${wanted.version}`);
    const connections = (parameters.inputs["parameters"] as { name: string; value: string }[]).filter(
      (parameter) => parameter.name === "max_connections",
    );
    expect(connections.map(({ value }) => Number(value))).toEqual(
      wanted.maxConnections === undefined ? [] : [wanted.maxConnections],
    );
  });

  test("finds its log groups made, so that none is kept for ever", async () => {
    if (wanted?.kind !== "rds") return;
    const rehearsal = await deployed(name);
    const { inputs, dependencies } = the(rehearsal, "rds/instance:Instance", database);
    for (const log of inputs["enabledCloudwatchLogsExports"] as string[]) {
      const [group] = ofType(rehearsal, "cloudwatch/logGroup:LogGroup").filter(
        (made) => made.inputs["name"] === `/aws/rds/instance/${String(inputs["identifier"])}/${log}`,
      );
      expect(group?.inputs["retentionInDays"]).toBe(config.service.logRetentionDays);
      expect(dependencies).toContain(group?.urn);
    }
  });
});

describe.each(stacks)("the stack $name", ({ name, config }) => {
  test("protects the groups of what it protects, which hold it as much as it holds them", async () => {
    const rehearsal = await deployed(name);
    for (const { inputs } of ofType(rehearsal, "rds/instance:Instance").concat(domains(rehearsal))) {
      for (const id of groupIds(inputs)) {
        const group = ofType(rehearsal, "ec2/securityGroup:SecurityGroup").find((one) => one.id === id);
        expect(group?.protect).toBe(config.protect);
      }
    }
  });

  test("has the cache that it should have, which fails over when it can", async () => {
    const rehearsal = await deployed(name);
    const caches = ofType(rehearsal, "elasticache/replicationGroup:ReplicationGroup");
    if (config.redis.kind !== "elasticache") return expect(caches).toEqual([]);
    const { nodeType, nodes } = config.redis;
    expect(caches).toHaveLength(1);
    expect(caches[0]!.inputs).toMatchObject({
      nodeType,
      numCacheClusters: nodes,
      automaticFailoverEnabled: nodes > 1,
      multiAzEnabled: nodes > 1,
      applyImmediately: true,
      authTokenUpdateStrategy: "ROTATE",
    });
    // AWS raises the minor version by itself: the way back replaces the cache.
    expect(caches[0]!.ignoreChanges).toContain("engineVersion");
    expect(minutes(caches[0]!.customTimeouts)).toMatchObject({ create: 60, update: 60, delete: 60 });
  });

  test("has the search domain that it should have, behind the role that OpenSearch joins the VPC with", async () => {
    const rehearsal = await deployed(name);
    const [domain, ...others] = domains(rehearsal);
    if (config.logs.store !== "domain") return expect(domain).toBeUndefined();
    const wanted = config.logs.domain;
    expect(others).toEqual([]);
    expect(domain!.inputs).toMatchObject({
      clusterConfig: {
        instanceType: wanted.instanceType,
        instanceCount: wanted.instanceCount,
        zoneAwarenessEnabled: wanted.zones > 1,
        ...(wanted.zones > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: wanted.zones } } : {}),
        ...(wanted.masterType === undefined
          ? {}
          : {
              dedicatedMasterEnabled: true,
              dedicatedMasterCount: 3,
              dedicatedMasterType: wanted.masterType,
            }),
      },
      ebsOptions: { ebsEnabled: true, volumeSize: wanted.volumeGb },
      autoTuneOptions: { desiredState: wanted.autoTune ? "ENABLED" : "DISABLED" },
    });
    if (wanted.masterType === undefined)
      expect(domain!.inputs["clusterConfig"]).not.toHaveProperty("dedicatedMasterEnabled");
    expect((domain!.inputs["vpcOptions"] as { subnetIds: string[] }).subnetIds).toHaveLength(wanted.zones);
    expect(domain!.protect).toBe(config.protect);
    expect(minutes(domain!.customTimeouts)).toMatchObject({ create: 120, update: 180, delete: 120 });
    expect(hooks(rehearsal, domain!, "beforeCreate")).toContainEqual(
      expect.stringMatching(/service-linked-role$/),
    );
    expect(domain!.dependencies).toContain(the(rehearsal, "LogResourcePolicy").urn);
    const group = the(rehearsal, "cloudwatch/logGroup:LogGroup", "nango-search");
    expect(group.inputs["retentionInDays"]).toBe(config.service.logRetentionDays);
    for (const { cloudwatchLogGroupArn } of domain!.inputs["logPublishingOptions"] as Publishing[])
      expect(cloudwatchLogGroupArn).toBe(group.outputs["arn"]);
  });
});

interface Publishing {
  readonly cloudwatchLogGroupArn: string;
}

const domains = (rehearsal: Rehearsal) => ofType(rehearsal, "opensearch/domain:Domain");

/** The security groups of a database or a search domain. */
function groupIds(inputs: RecordedResource["inputs"]): string[] {
  const { securityGroupIds } = (inputs["vpcOptions"] ?? {}) as { securityGroupIds?: string[] };
  return securityGroupIds ?? (inputs["vpcSecurityGroupIds"] as string[]);
}

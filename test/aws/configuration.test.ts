// What a stack's configuration says arrives at AWS: the configuration is read by the program's own parser.

import { describe, expect, test } from "vitest";
import { overlap, parseCidr, size } from "../../infra/config/rules/cidr.ts";
import type { NetworkConfig } from "../../infra/config/stack-config.ts";
import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";
import { ofType, the } from "./find.ts";
import { configOf, deployed, topologyNames } from "./topologies.ts";

type Created = Extract<NetworkConfig, { kind: "created" }>;

const stacks = topologyNames.map((name) => ({ name, config: configOf(name) }));
const withNetwork = stacks.flatMap(({ name, config: { network } }) =>
  network.kind === "created" ? [{ name, network }] : [],
);

/** The subnets of each kind, in the order of their zones, by what is put into them. */
function subnetsOf(rehearsal: Rehearsal) {
  const byId = new Map(ofType(rehearsal, "ec2/subnet:Subnet").map((subnet) => [subnet.id, subnet]));
  const found = (ids: unknown) => (ids as string[]).map((id) => byId.get(id)!);
  const { networkConfiguration } = the(rehearsal, "ecs/service:Service").inputs;
  return {
    balancer: found(the(rehearsal, "lb/loadBalancer:LoadBalancer").inputs["subnets"]),
    tasks: found((networkConfiguration as { subnets: string[] }).subnets),
    data: ofType(rehearsal, "SubnetGroup").map(({ inputs }) => found(inputs["subnetIds"])),
  };
}

const zonesOf = (subnets: readonly RecordedResource[]) =>
  subnets.map(({ inputs }) => inputs["availabilityZone"] ?? inputs["availabilityZoneId"]);

/** Where a subnet's packets for the internet go: `internet gateway`, a NAT gateway's name, or nowhere. */
function wayOut(rehearsal: Rehearsal, subnet: RecordedResource): string | undefined {
  const associated = ofType(rehearsal, "RouteTableAssociation").filter(
    ({ inputs }) => inputs["subnetId"] === subnet.id,
  );
  expect(associated, subnet.name).toHaveLength(1);
  const routes = ofType(rehearsal, "ec2/route:Route").filter(
    ({ inputs }) => inputs["routeTableId"] === associated[0]!.inputs["routeTableId"],
  );
  const [route, ...others] = routes.map(({ inputs }) => inputs);
  expect(others).toEqual([]);
  if (route === undefined) return undefined;
  expect(route["destinationCidrBlock"]).toBe("0.0.0.0/0");
  if (route["gatewayId"] === the(rehearsal, "InternetGateway").id) return "internet gateway";
  return ofType(rehearsal, "NatGateway").find(({ id }) => id === route["natGatewayId"])!.name;
}

describe.each(withNetwork)("the network of the stack $name", ({ name, network }) => {
  test("has the range and the zones that it should have, and no two subnets share an address", async () => {
    const rehearsal = await deployed(name);
    const vpc = the(rehearsal, "ec2/vpc:Vpc");
    expect(vpc.inputs).toMatchObject({ cidrBlock: network.cidr, enableDnsHostnames: true });
    const { balancer, tasks, data } = subnetsOf(rehearsal);
    for (const subnets of [balancer, tasks, ...data]) {
      expect(new Set(zonesOf(subnets)).size, "a zone each").toBe(subnets.length);
      expect(subnets.length).toBeGreaterThanOrEqual(network.zones);
    }
    expect([balancer.length, tasks.length]).toEqual([network.zones, network.zones]);
    const ranges = ofType(rehearsal, "ec2/subnet:Subnet").map(({ inputs }) => {
      expect(inputs["vpcId"]).toBe(vpc.id);
      return parseCidr(inputs["cidrBlock"] as string);
    });
    const whole = parseCidr(network.cidr);
    for (const [index, range] of ranges.entries()) {
      expect(range.base).toBeGreaterThanOrEqual(whole.base);
      expect(range.base + size(range)).toBeLessThanOrEqual(whole.base + size(whole));
      expect(ranges.slice(index + 1).filter((other) => overlap(range, other))).toEqual([]);
    }
  });

  test("lets tasks out through the NAT gateways that it should have, and databases nowhere", async () => {
    const rehearsal = await deployed(name);
    const { balancer, tasks, data } = subnetsOf(rehearsal);
    const gateways = ofType(rehearsal, "NatGateway");
    expect(gateways).toHaveLength(gatewaysOf(network));
    for (const subnet of balancer) expect(wayOut(rehearsal, subnet)).toBe("internet gateway");
    for (const subnet of data.flat()) expect(wayOut(rehearsal, subnet), subnet.name).toBeUndefined();
    const places = new Map(gateways.map(({ name: gateway, inputs }) => [gateway, inputs["subnetId"]]));
    for (const [zone, subnet] of tasks.entries()) {
      const through = wayOut(rehearsal, subnet)!;
      if (network.nat === "none") expect(through).toBe("internet gateway");
      // Each zone has its own way out, so that the loss of one takes no other with it.
      else expect(places.get(through)).toBe(balancer[network.nat === "perAz" ? zone : 0]!.id);
    }
    const { networkConfiguration } = the(rehearsal, "ecs/service:Service").inputs;
    expect(networkConfiguration).toMatchObject({ assignPublicIp: network.nat === "none" });
    const internet = the(rehearsal, "InternetGateway");
    for (const gateway of gateways) expect(gateway.dependencies).toContain(internet.urn);
  });

  test("takes what goes to S3 off the NAT gateways, from every subnet", async () => {
    const rehearsal = await deployed(name);
    const endpoint = the(rehearsal, "ec2/vpcEndpoint:VpcEndpoint").inputs;
    const tables = ofType(rehearsal, "ec2/routeTable:RouteTable").map(({ id }) => id);
    expect((endpoint["routeTableIds"] as string[]).toSorted()).toEqual(tables.toSorted());
  });
});

const gatewaysOf = ({ nat, zones }: Created) => ({ none: 0, single: 1, perAz: zones })[nat];

describe.each(stacks)("the way into the stack $name", ({ name, config: { access } }) => {
  test("is open to the ranges that it should be open to, on its own ports, and to no other", async () => {
    const rehearsal = await deployed(name);
    const open = ofType(rehearsal, "SecurityGroupIngressRule").flatMap(({ inputs }) =>
      inputs["referencedSecurityGroupId"] === undefined
        ? [`${String(inputs["cidrIpv4"])} ${String(inputs["fromPort"])}`]
        : [],
    );
    const ports = access.https === undefined ? [80] : [80, 443];
    expect(open.toSorted()).toEqual(
      access.allowedCidrs.flatMap((range) => ports.map((port) => `${range} ${port}`)).toSorted(),
    );
    for (const { inputs } of ofType(rehearsal, "lb/loadBalancer:LoadBalancer"))
      expect(inputs["internal"]).toBe(access.internal);
  });

  test("has the certificate and the DNS records of its own names, in the public zone", async () => {
    const rehearsal = await deployed(name);
    const names = access.https === undefined ? [] : [access.https.domain, access.https.connectDomain];
    const issued = ofType(rehearsal, "acm/certificate:Certificate").map(({ inputs }) => [
      inputs["domainName"],
      ...(inputs["subjectAlternativeNames"] as string[]),
    ]);
    expect(issued).toEqual(access.https?.certificateArn === undefined && names.length > 0 ? [names] : []);
    const zone = access.https?.hostedZone;
    const lookups = rehearsal.invokes.filter(({ token }) => token.endsWith(":getZone"));
    expect(lookups.map((lookup) => lookup.arguments)).toEqual(
      zone !== undefined && "name" in zone ? [{ name: zone.name, privateZone: false }] : [],
    );
    const records = ofType(rehearsal, "route53/record:Record").filter(({ inputs }) => "aliases" in inputs);
    expect(records.map(({ inputs }) => inputs["name"])).toEqual(zone === undefined ? [] : names);
    const balancers = ofType(rehearsal, "lb/loadBalancer:LoadBalancer").map(
      ({ outputs }) => outputs["dnsName"],
    );
    for (const { inputs } of records)
      expect((inputs["aliases"] as { name: string }[]).map((alias) => alias.name)).toEqual(balancers);
  });
});

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

/** Timeouts in minutes. */
function minutes(timeouts: RecordedResource["customTimeouts"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timeouts).map(([what, text]) => [what, Number(/^(\d+)m$/.exec(text)?.[1])]),
  );
}

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

  test("keeps the version of its secret that a rolled back deployment goes back to", async () => {
    const rehearsal = await deployed(name);
    const secret = the(rehearsal, "secretsmanager/secret:Secret", "nango");
    const version = the(rehearsal, "secretsmanager/secretVersion:SecretVersion", "nango");
    expect(version.inputs["secretId"]).toBe(secret.id);
    expect(version.retainOnDelete).toBe(true);
    expect(secret.protect).toBe(config.protect);
    expect(hooks(rehearsal, secret, "beforeUpdate")).toHaveLength(config.allowEncryptionKeyChange ? 0 : 1);
  });

  test("runs the tasks that it should run, on what it should run them", async () => {
    const rehearsal = await deployed(name);
    const { replicas, maxReplicas, cpu, memory, spot, executeCommand, logRetentionDays } = config.service;
    const service = the(rehearsal, "ecs/service:Service");
    expect(service.inputs).toMatchObject({
      desiredCount: replicas,
      capacityProviderStrategies: [{ capacityProvider: spot ? "FARGATE_SPOT" : "FARGATE" }],
      // Without it ECS leaves running tasks on the strategy before.
      forceNewDeployment: true,
      enableExecuteCommand: executeCommand,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      waitForSteadyState: true,
    });
    expect(minutes(service.customTimeouts)).toMatchObject({ create: 30, update: 30, delete: 30 });
    expect(the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango").inputs).toMatchObject({
      cpu: String(cpu),
      memory: String(memory),
      skipDestroy: true,
    });
    for (const moment of ["beforeCreate", "beforeUpdate"] as const)
      expect(hooks(rehearsal, service, moment)).toContain("nango-migrate");
    const groups = ofType(rehearsal, "cloudwatch/logGroup:LogGroup").filter((made) => made.name === "nango");
    expect(groups.map(({ inputs }) => inputs["retentionInDays"])).toEqual([logRetentionDays]);

    const targets = ofType(rehearsal, "appautoscaling/target:Target");
    expect(targets.map(({ inputs }) => [inputs["minCapacity"], inputs["maxCapacity"]])).toEqual(
      maxReplicas > replicas ? [[replicas, maxReplicas]] : [],
    );
    // What scales is not set back by the next deployment.
    expect(service.ignoreChanges.includes("desiredCount")).toBe(maxReplicas > replicas);
    for (const { inputs } of ofType(rehearsal, "appautoscaling/policy:Policy")) {
      const { scaleInCooldown, scaleOutCooldown } = inputs[
        "targetTrackingScalingPolicyConfiguration"
      ] as Cooldowns;
      expect(scaleOutCooldown).toBeLessThan(scaleInCooldown);
    }
  });
});

interface Publishing {
  readonly cloudwatchLogGroupArn: string;
}

interface Cooldowns {
  readonly scaleInCooldown: number;
  readonly scaleOutCooldown: number;
}

const domains = (rehearsal: Rehearsal) => ofType(rehearsal, "opensearch/domain:Domain");

/** The security groups of a database or a search domain. */
function groupIds(inputs: RecordedResource["inputs"]): string[] {
  const { securityGroupIds } = (inputs["vpcOptions"] ?? {}) as { securityGroupIds?: string[] };
  return securityGroupIds ?? (inputs["vpcSecurityGroupIds"] as string[]);
}

/** The hooks of a resource at a moment, each of which the program registered. */
function hooks(
  rehearsal: Rehearsal,
  resource: RecordedResource,
  moment: "beforeCreate" | "beforeUpdate",
): readonly string[] {
  const names = resource.hooks[moment] ?? [];
  expect(rehearsal.hooks.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
  return names;
}

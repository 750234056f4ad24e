import { expect, test } from "vitest";
import { creationMinutes, firstDeployment } from "../../rehearsal/duration.ts";
import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";
import { ofType, the } from "./find.ts";
import { deployed, topologyNames } from "./topologies.ts";

/** Everything that a resource waits for, directly or not; a component stands for all that is in it. */
function waitsFor(rehearsal: Rehearsal, resource: RecordedResource): RecordedResource[] {
  const byUrn = new Map(rehearsal.resources.map((one) => [one.urn, one]));
  const seen = new Set<string>();
  const visit = (urn: string) => {
    if (seen.has(urn)) return;
    seen.add(urn);
    byUrn.get(urn)?.dependencies.forEach(visit);
    for (const child of rehearsal.resources) if (child.parent === urn) visit(child.urn);
  };
  resource.dependencies.forEach(visit);
  return [...seen].flatMap((urn) => byUrn.get(urn) ?? []);
}

const isSlow = (resource: RecordedResource) => creationMinutes(resource) > 0 && !/ecs/.test(resource.type);

test.each(topologyNames)(
  "%s is made in the time of its slowest data service and its service",
  async (name) => {
    const { resources } = await deployed(name);
    const minutes = (type: RegExp) =>
      Math.max(0, ...resources.filter((one) => type.test(one.type)).map((one) => creationMinutes(one)));
    const necessary = minutes(/:(rds|elasticache|opensearch)\//) + minutes(/:ecs\/service:/);
    // Where every data service is brought, what decides is the way in and out, of 3 minutes.
    expect(firstDeployment(resources).minutes).toBeLessThanOrEqual(
      Math.max(necessary * 1.05, minutes(/:ecs\/service:/) + 3),
    );
  },
);

test.each(topologyNames)("no two slow resources of the stack %s wait for each other", async (topology) => {
  const rehearsal = await deployed(topology);
  const slow = rehearsal.resources.filter(isSlow);
  for (const resource of slow) {
    expect(
      waitsFor(rehearsal, resource)
        .filter(isSlow)
        .map(({ name }) => name),
      resource.name,
    ).toEqual([]);
  }
});

test("the slow resources are the databases, the domain, the cache, the certificate and what leads in and out", async () => {
  const rehearsal = await deployed("search and records");
  expect(
    rehearsal.resources
      .filter(isSlow)
      .map(({ type }) => type.split(":").at(-1))
      .toSorted(),
  ).toEqual([
    "CertificateValidation",
    "Domain",
    "Instance",
    "Instance",
    "LoadBalancer",
    "NatGateway",
    "ReplicationGroup",
  ]);
});

test("the service waits for everything that it needs to start", async () => {
  const rehearsal = await deployed("search and records");
  const service = the(rehearsal, "ecs/service:Service");
  const awaited = waitsFor(rehearsal, service).map(({ type }) => type.split(":").at(-1));
  for (const type of [
    "Instance",
    "Domain",
    "ReplicationGroup",
    "SecretVersion",
    "RolePolicy",
    "Listener",
    "ListenerRule",
    "ClusterCapacityProviders",
    "SecurityGroupIngressRule",
    "SecurityGroupEgressRule",
  ]) {
    expect(awaited).toContain(type);
  }
  const rules = ["SecurityGroupEgressRule", "SecurityGroupIngressRule"].flatMap((type) =>
    ofType(rehearsal, type),
  );
  const names = waitsFor(rehearsal, service).map(({ urn }) => urn);
  const unawaited = rules.filter(({ urn }) => !names.includes(urn)).map(({ name }) => name);
  expect(unawaited).toEqual(["nango-443-0.0.0.0/0", "nango-80-0.0.0.0/0"]);
});

test("the role with which ECS acts in the account is there before the first cluster", async () => {
  expect(the(await deployed("dev"), "ecs/cluster:Cluster").hooks).toEqual({
    beforeCreate: ["nango-service-linked-role"],
  });
});

/** What a resource of a type waits for, each as `<type> <name>`. */
function awaited(rehearsal: Rehearsal, type: string, name?: string): string[] {
  return waitsFor(rehearsal, the(rehearsal, type, name)).map(
    (one) => `${one.type.split(":").at(-1)} ${one.name}`,
  );
}

test.each([
  ["lb/loadBalancer:LoadBalancer", "nango", "InternetGateway nango-network-internet"],
  ["lb/loadBalancer:LoadBalancer", "nango", "Route nango-network-public"],
  ["ec2/eip:Eip", "nango-network-nat-0", "InternetGateway nango-network-internet"],
  ["ec2/natGateway:NatGateway", "nango-network-nat-1", "InternetGateway nango-network-internet"],
  ["lb/targetGroup:TargetGroup", "nango-server", "LoadBalancer nango"],
  ["ecs/service:Service", "nango", "Route nango-network-private-1"],
  ["ecs/service:Service", "nango", "Listener nango-https"],
  ["appautoscaling/policy:Policy", "nango-requests", "Listener nango-https"],
])(
  "the %s %s waits for the %s, without which AWS refuses it or it leads nowhere",
  async (type, name, what) => {
    expect(awaited(await deployed("production"), type, name)).toContain(what);
  },
);

test("host names lead to the load balancer once the service is reached through it", async () => {
  const rehearsal = await deployed("production");
  const records = ofType(rehearsal, "route53/record:Record").filter(({ inputs }) => "aliases" in inputs);
  expect(records.map(({ inputs }) => inputs["name"])).toEqual(["nango.example.com", "connect.example.com"]);
  for (const record of records) {
    expect(waitsFor(rehearsal, record).map(({ type }) => type)).toContain("aws:ecs/service:Service");
  }
});

import { expect, test } from "vitest";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";

test("the service never falls below what it should run, and goes back when a version does not get healthy", async () => {
  const service = the(await deployed("production"), "ecs/service:Service");
  expect(service.inputs).toMatchObject({
    desiredCount: 2,
    deploymentMinimumHealthyPercent: 100,
    deploymentMaximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    waitForSteadyState: true,
    healthCheckGracePeriodSeconds: 180,
    availabilityZoneRebalancing: "ENABLED",
    enableExecuteCommand: false,
    loadBalancers: [
      { containerName: "server", containerPort: 3003 },
      { containerName: "connect-ui", containerPort: 3009 },
    ],
  });
  expect(service.hooks).toEqual({ beforeCreate: ["nango-migrate"], beforeUpdate: ["nango-migrate"] });
  expect(the(await deployed("production"), "appautoscaling/target:Target").hooks).toEqual({
    beforeCreate: ["nango-start"],
    beforeUpdate: ["nango-start"],
  });
  expect(service.customTimeouts).toEqual({ create: "30m", update: "30m", delete: "30m" });
});

test("scaling moves between the replicas and their ceiling, and Pulumi leaves the number to it", async () => {
  const rehearsal = await deployed("production");
  expect(the(rehearsal, "ecs/service:Service").ignoreChanges).toEqual(["desiredCount", "alarms"]);
  expect(the(rehearsal, "appautoscaling/target:Target").inputs).toMatchObject({
    minCapacity: 2,
    maxCapacity: 4,
    scalableDimension: "ecs:service:DesiredCount",
  });
  const followed = ofType(rehearsal, "appautoscaling/policy:Policy").map(
    ({ inputs }) => inputs["targetTrackingScalingPolicyConfiguration"],
  );
  expect(followed).toMatchObject([
    {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: 60,
    },
    {
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: expect.stringMatching(
          /^app\/nango-[^/]+\/[^/]+\/targetgroup\/nango-server-[^/]+\/[^/]+$/,
        ),
      },
      targetValue: 6000,
    },
  ]);
  expect(ofType(await deployed("dev"), "appautoscaling/target:Target")).toEqual([]);
  expect(the(await deployed("dev"), "ecs/service:Service").ignoreChanges).toEqual(["alarms"]);
});

test.each([
  ["dev", "FARGATE"],
  ["large, internal, on Spot", "FARGATE_SPOT"],
] as const)("the tasks of %s run on %s", async (topology, capacityProvider) => {
  expect(the(await deployed(topology), "ecs/service:Service").inputs["capacityProviderStrategies"]).toEqual([
    { capacityProvider, weight: 1, base: 0 },
  ]);
});

test("the load balancer outlasts silent websockets and lets headers with an underscore pass", async () => {
  const rehearsal = await deployed("dev");
  expect(the(rehearsal, "lb/loadBalancer:LoadBalancer").inputs).toMatchObject({
    idleTimeout: 300,
    dropInvalidHeaderFields: false,
    internal: false,
  });
  for (const group of ofType(rehearsal, "lb/targetGroup:TargetGroup")) {
    expect(group.inputs).toMatchObject({
      deregistrationDelay: 120,
      targetType: "ip",
      healthCheck: { matcher: "200" },
    });
  }
  expect(the(rehearsal, "lb/targetGroup:TargetGroup", "nango-server").inputs["healthCheck"]).toMatchObject({
    path: "/ready",
  });
  expect(
    the(await deployed("large, internal, on Spot"), "lb/loadBalancer:LoadBalancer").inputs["internal"],
  ).toBe(true);
});

test("tasks without a NAT gateway have public addresses, databases never do", async () => {
  const dev = await deployed("dev");
  const assigned = (rehearsal: typeof dev) =>
    (the(rehearsal, "ecs/service:Service").inputs["networkConfiguration"] as { assignPublicIp: boolean })
      .assignPublicIp;
  expect(assigned(dev)).toBe(true);
  expect(assigned(await deployed("production"))).toBe(false);
  expect(ofType(dev, "ec2/natGateway:NatGateway")).toEqual([]);
  const databaseTable = the(dev, "ec2/routeTable:RouteTable", "nango-network-database");
  const routes = ofType(dev, "ec2/route:Route").map(({ inputs }) => inputs["routeTableId"]);
  expect(routes).not.toContain(databaseTable.id);
  expect(the(dev, "ec2/vpcEndpoint:VpcEndpoint").inputs).toMatchObject({ vpcEndpointType: "Gateway" });
});

test("an existing VPC is neither changed nor tagged", async () => {
  const rehearsal = await deployed("existing VPC");
  expect(rehearsal.resources.filter(({ type }) => /^aws:ec2\/(?!securityGroup)/.test(type))).toEqual([]);
  expect(the(rehearsal, "lb/loadBalancer:LoadBalancer").inputs["subnets"]).toEqual([
    "subnet-0123456789abcdef0",
    "subnet-0123456789abcdef1",
  ]);
  expect(the(rehearsal, "rds/subnetGroup:SubnetGroup").inputs["subnetIds"]).toEqual([
    "subnet-0123456789abcdef4",
    "subnet-0123456789abcdef5",
  ]);
});

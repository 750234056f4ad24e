import { describe, expect, test } from "vitest";
import { overlap, parseCidr, size } from "../../../infra/config/rules/cidr.ts";
import type { NetworkConfig } from "../../../infra/config/stack-config.ts";
import type { RecordedResource, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { stacks } from "./stacks.ts";

type Created = Extract<NetworkConfig, { kind: "created" }>;

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

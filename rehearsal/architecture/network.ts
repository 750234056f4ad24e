// The network of a stack on AWS: subnets in tiers by the way that leads out of them.

import type { RecordedResource } from "../record.ts";
import { type Graph, input } from "./graph.ts";
import type { Part, Place, Talk } from "./architecture.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const NAT = "aws:ec2/natGateway:NatGateway";

/** How packets leave a subnet for the internet. */
type WayOut = "internet" | "nat" | "none";

const tierTitles: Readonly<Record<WayOut, readonly [title: string, about: string]>> = {
  internet: ["Public subnets", "with public addresses"],
  nat: ["Private subnets", "out through NAT"],
  none: ["Isolated subnets", "no way out"],
};

/** Where something is: its tier, and the zones of its subnets by their letters. */
export interface Location {
  readonly within: string;
  readonly zones: readonly string[];
  readonly wayOut: WayOut | "unknown";
  /** The part that it leaves by; absent for the internet itself. */
  readonly gateway?: string;
}

export interface Network {
  readonly places: readonly Place[];
  readonly parts: readonly Part[];
  readonly talks: readonly Talk[];
  /** Where the subnets are that a property of a resource names. */
  locate(resource: RecordedResource, property: string): Location;
}

/** The internet, as what tasks reach. */
export const apis = "apis";

const gatewayPart = "nat";
const vpc = "vpc";

/** A zone's letter: `a` of `eu-central-1a`. The whole name where it has none, as in Local Zones. */
function zoneOf(subnet: RecordedResource): string {
  const name = input(subnet, "availabilityZone");
  return /^[a-z]+(?:-[a-z]+)+-\d([a-z])$/.exec(name)?.[1] ?? name;
}

function wayOutOf(subnet: RecordedResource, graph: Graph): WayOut {
  const tables = graph
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter((association) => graph.behind(association, "subnetId", SUBNET).includes(subnet))
    .flatMap((association) => graph.behind(association, "routeTableId", TABLE));
  const routes = graph
    .all("aws:ec2/route:Route")
    .filter((route) => graph.behind(route, "routeTableId", TABLE).some((table) => tables.includes(table)));
  if (routes.some(({ inputs }) => inputs["natGatewayId"] !== undefined)) return "nat";
  return routes.some(({ inputs }) => inputs["gatewayId"] !== undefined) ? "internet" : "none";
}

function gateways(graph: Graph): Part[] {
  const all = graph.all(NAT);
  if (all.length === 0) return [];
  const subnets = all.flatMap((gateway) => graph.behind(gateway, "subnetId", SUBNET));
  const zones = [...new Set(subnets.map(zoneOf))].sort();
  const title = all.length === 1 ? "NAT gateway" : `${all.length} NAT gateways`;
  return [{ id: gatewayPart, role: "network", title, about: [], zones, within: "tier-internet" }];
}

/** Gateway endpoints have no address in a subnet: they are part of the network. */
function vpcPlace(graph: Graph): Place {
  const [own] = graph.all("aws:ec2/vpc:Vpc");
  const endpoints = graph
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter((endpoint) => input(endpoint, "vpcEndpointType") === "Gateway")
    .map((endpoint) => input(endpoint, "serviceName").split(".").at(-1)?.toUpperCase() ?? "");
  const [group] = graph.all("aws:ec2/securityGroup:SecurityGroup");
  const title =
    own === undefined
      ? `Given ${group === undefined ? "VPC" : input(group, "vpcId")}`
      : `VPC ${input(own, "cidrBlock")}`;
  const about = endpoints.length === 0 ? [] : [`gateway endpoint to ${endpoints.join(", ")}`];
  return { id: vpc, title, about };
}

/** Reads the network off the resources. Subnets that the stack was given are tiers of their own, of which nothing is known. */
export function networkOf(graph: Graph): Network {
  const wayOut = new Map(graph.all(SUBNET).map((subnet) => [subnet, wayOutOf(subnet, graph)]));
  const ways: readonly WayOut[] = ["internet", "nat", "none"];
  const tiers = ways.flatMap((way): Place[] => {
    const subnets = [...wayOut].filter(([, own]) => own === way).map(([subnet]) => subnet);
    const ranges = subnets.map((subnet) => `${zoneOf(subnet)}  ${input(subnet, "cidrBlock")}`);
    const [title, about] = tierTitles[way];
    return subnets.length === 0 ? [] : [{ id: `tier-${way}`, title, about: [about, ...ranges], within: vpc }];
  });
  const given = new Map<string, Place>();
  return {
    get places() {
      return [vpcPlace(graph), ...tiers, ...given.values()];
    },
    parts: gateways(graph),
    talks:
      graph.all(NAT).length === 0 ? [] : [{ from: gatewayPart, to: apis, ports: [], by: ["route tables"] }],
    locate(resource, property) {
      const ids = givenIds(resource.inputs[property]);
      // A property comes from all subnets of a list of which it may name some; before a deployment no ID says which.
      const all = graph.behind(resource, property, SUBNET);
      const named = all.filter(({ id }) => id !== undefined && ids.includes(id));
      const subnets = named.length > 0 ? named : all;
      const zones = [...new Set(subnets.map(zoneOf))].sort();
      const [first] = subnets;
      if (first !== undefined) {
        const way = wayOut.get(first) ?? "none";
        const gateway = way === "nat" ? { gateway: gatewayPart } : {};
        return { within: `tier-${way}`, zones, wayOut: way, ...gateway };
      }
      const id = `given-${ids.join("-")}`;
      given.set(id, { id, title: "Given subnets", about: ids, within: vpc });
      return { within: id, zones: [], wayOut: "unknown" };
    },
  };
}

function givenIds(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== "object" || value === null) return [];
  const { subnets, subnetIds } = value as { subnets?: unknown; subnetIds?: unknown };
  return givenIds(subnets ?? subnetIds ?? []);
}

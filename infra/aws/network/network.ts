import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { entry, toSet } from "../../config/remedy.ts";
import { carveSubnets } from "../../config/rules/cidr.ts";
import type { NetworkConfig } from "../../config/stack-config.ts";
import type { Place } from "../place.ts";

export interface NetworkArgs {
  /** A VPC to create, or one to use as it is. Plain, since it decides which resources there are. */
  readonly network: NetworkConfig;
  /** The AWS region. */
  readonly region: string;
  /** What of the place has to be known before anything is declared. */
  readonly place: Pick<Place, "zones" | "zonedSubnetIds">;
  /** Whether Pulumi refuses to delete or replace the VPC, and with it all that lies in it. */
  readonly protect: boolean;
}

type CreatedNetwork = Extract<NetworkConfig, { kind: "created" }>;

/** Where things are put: a VPC of its own, or an existing one that stays untouched. */
export class Network extends pulumi.ComponentResource {
  /** The ID of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of the load balancer, in two zones or more. */
  readonly loadBalancerSubnetIds: pulumi.Output<string[]>;
  /** Subnets of the tasks. */
  readonly taskSubnetIds: pulumi.Output<string[]>;
  /** Whether tasks need public addresses to reach the internet. */
  readonly assignPublicIp: boolean;
  /** Subnets of databases, of the search domain and of the cache, in two zones or more. */
  readonly databaseSubnetIds: pulumi.Output<string[]>;
  /** Of these, one in each zone. */
  readonly zonedSubnetIds: pulumi.Output<string[]>;
  /** What leads from the public subnets to the internet; none in an existing VPC. */
  readonly internet: readonly pulumi.Resource[];
  /** The addresses of its NAT gateways, from which the tasks call out; none where it has none. */
  readonly outboundAddresses: readonly pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Network", name, {}, opts);
    const places =
      args.network.kind === "created"
        ? this.create(name, args.network, args)
        : existing(args.network, args.place.zonedSubnetIds);
    this.vpcId = places.vpcId;
    this.loadBalancerSubnetIds = places.loadBalancerSubnetIds;
    this.taskSubnetIds = places.taskSubnetIds;
    this.assignPublicIp = places.assignPublicIp;
    this.databaseSubnetIds = places.databaseSubnetIds;
    this.zonedSubnetIds = places.zonedSubnetIds;
    this.internet = places.internet;
    this.outboundAddresses = places.outboundAddresses;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private create(name: string, { cidr, zones, nat }: CreatedNetwork, args: NetworkArgs) {
    const parent = { parent: this };
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
      { ...parent, protect: args.protect },
    );
    const spread = chosenZones(args.place.zones, zones);
    const cidrs = carveSubnets(cidr, mostZones);
    const internet = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: { Name: name } },
      parent,
    );
    const subnets = (kind: "public" | "private" | "database", zoneNames: readonly string[]) =>
      zoneNames.map(
        (availabilityZone, zone) =>
          new aws.ec2.Subnet(
            `${name}-${kind}-${zone}`,
            {
              vpcId: vpc.id,
              cidrBlock: cidrs[kind][zone]!,
              availabilityZone,
              tags: { Name: `${name}-${kind}-${zone}` },
            },
            // Those that were made before a stack remembered its zones stay where they are.
            { ...parent, ignoreChanges: ["availabilityZone"] },
          ),
      );

    const publicSubnets = subnets("public", spread);
    const publicTable = this.routeTable(`${name}-public`, vpc, publicSubnets);
    const route = this.defaultRoute(`${name}-public`, publicTable, { gatewayId: internet.id });
    const privateSubnets = nat === "none" ? [] : subnets("private", spread);
    const gateways = this.natGateways(name, nat, publicSubnets, internet);
    const privateTables = this.privateTables(name, vpc, privateSubnets, gateways);
    // In as many zones as there may be, whatever the stack spreads over: a subnet costs nothing, and AWS takes none out of
    // the group of a database or a cache that may live in it.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
    const databaseSubnets = subnets("database", args.place.zones.slice(0, mostZones));
    // No route leads out of here.
    const databaseTable = this.routeTable(`${name}-database`, vpc, databaseSubnets);

    // Free, and keeps image layers and other S3 traffic off the NAT gateways.
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [publicTable, ...privateTables, databaseTable].map((table) => table.id),
        tags: { Name: `${name}-s3` },
      },
      parent,
    );

    const ids = (list: aws.ec2.Subnet[]) => pulumi.all(list.map((subnet) => subnet.id));
    return {
      vpcId: vpc.id,
      loadBalancerSubnetIds: ids(publicSubnets),
      taskSubnetIds: ids(nat === "none" ? publicSubnets : privateSubnets),
      assignPublicIp: nat === "none",
      databaseSubnetIds: ids(databaseSubnets),
      zonedSubnetIds: ids(databaseSubnets),
      internet: [internet, route],
      outboundAddresses: gateways.map(({ publicIp }) => publicIp),
    };
  }

  private natGateways(
    name: string,
    nat: CreatedNetwork["nat"],
    publicSubnets: aws.ec2.Subnet[],
    internet: aws.ec2.InternetGateway,
  ): aws.ec2.NatGateway[] {
    const count = { none: 0, single: 1, perAz: publicSubnets.length }[nat];
    return publicSubnets.slice(0, count).map((subnet, zone) => {
      const tags = { Name: `${name}-nat-${zone}` };
      const address = new aws.ec2.Eip(
        `${name}-nat-${zone}`,
        { domain: "vpc", tags },
        // An address serves one gateway at a time: a gateway that moves to another subnet needs another one.
        { parent: this, dependsOn: [internet], replacementTrigger: subnet.id },
      );
      return new aws.ec2.NatGateway(
        `${name}-nat-${zone}`,
        { allocationId: address.id, subnetId: subnet.id, tags },
        { parent: this, dependsOn: [internet] },
      );
    });
  }

  private privateTables(
    name: string,
    vpc: aws.ec2.Vpc,
    subnets: aws.ec2.Subnet[],
    gateways: aws.ec2.NatGateway[],
  ) {
    return subnets.map((subnet, zone) => {
      const table = this.routeTable(`${name}-private-${zone}`, vpc, [subnet]);
      const gateway = gateways[zone] ?? gateways[0]!;
      this.defaultRoute(`${name}-private-${zone}`, table, { natGatewayId: gateway.id });
      return table;
    });
  }

  private routeTable(name: string, vpc: aws.ec2.Vpc, subnets: aws.ec2.Subnet[]): aws.ec2.RouteTable {
    const table = new aws.ec2.RouteTable(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
    subnets.forEach((subnet, index) => {
      new aws.ec2.RouteTableAssociation(
        `${name}-${index}`,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: this },
      );
    });
    return table;
  }

  private defaultRoute(
    name: string,
    table: aws.ec2.RouteTable,
    target: { gatewayId: pulumi.Input<string> } | { natGatewayId: pulumi.Input<string> },
  ): aws.ec2.Route {
    return new aws.ec2.Route(
      name,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target },
      { parent: this },
    );
  }
}

/** The most zones that a stack spreads over. */
const mostZones = 3;

function existing(network: Extract<NetworkConfig, { kind: "existing" }>, zonedSubnetIds: readonly string[]) {
  return {
    vpcId: pulumi.output(network.vpcId),
    loadBalancerSubnetIds: pulumi.output([...network.loadBalancerSubnetIds]),
    taskSubnetIds: pulumi.output([...network.taskSubnetIds]),
    assignPublicIp: network.assignPublicIp,
    databaseSubnetIds: pulumi.output([...network.databaseSubnetIds]),
    zonedSubnetIds: pulumi.output([...zonedSubnetIds]),
    internet: [],
    outboundAddresses: [],
  };
}

/** The way out, where so many zones are enough. */
function fewer(zones: number): string {
  return zones < 2
    ? ""
    : `\n${toSet("Take fewer", pulumi.getStack(), entry("availabilityZones", String(zones)))}`;
}

function chosenZones(zones: readonly string[], count: number): readonly string[] {
  if (zones.length < count) {
    throw new pulumi.RunError(
      `nango:availabilityZones is ${count}, but the region has ${zones.length} zones that a stack can spread over (${zones.join(", ")}).${fewer(zones.length)}`,
    );
  }
  return zones.slice(0, count);
}

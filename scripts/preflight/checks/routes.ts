import type { NetworkAcl, NetworkAclEntry, Route, RouteTable, VpcEndpoint } from "@aws-sdk/client-ec2";
import { type AwsPlace, awsCommand } from "../../../infra/config/aws-command.ts";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";
import { broughtVpc, own, placed } from "./network.ts";

const anywhere = "0.0.0.0/0";

/** The table that routes a subnet: its own, or else the main one of the VPC. */
function tableOf(tables: readonly RouteTable[], subnet: string): RouteTable | undefined {
  const associated = (matches: (association: { SubnetId?: string; Main?: boolean }) => boolean) =>
    tables.find(({ Associations = [] }) =>
      Associations.some(({ SubnetId, Main }) =>
        matches({ ...(SubnetId !== undefined && { SubnetId }), ...(Main !== undefined && { Main }) }),
      ),
    );
  return associated(({ SubnetId }) => SubnetId === subnet) ?? associated(({ Main }) => Main === true);
}

/** Where a route to everywhere leads: `igw-...`, `nat-...` and so on; undefined without one that works. */
function wayOut(tables: readonly RouteTable[], subnet: string): string | undefined {
  const route = tableOf(tables, subnet)?.Routes?.find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === anywhere && State !== "blackhole",
  );
  return route === undefined ? undefined : targetOf(route);
}

function targetOf(route: Route): string {
  const { GatewayId, NatGatewayId, TransitGatewayId, NetworkInterfaceId, VpcPeeringConnectionId } = route;
  return (
    GatewayId ??
    NatGatewayId ??
    TransitGatewayId ??
    NetworkInterfaceId ??
    VpcPeeringConnectionId ??
    "something else"
  );
}

const isInternetGateway = (target: string | undefined) => target?.startsWith("igw-") === true;

export const routes: AwsCheck = {
  id: "routes",
  title: "Routes",
  permissions: ["ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints"],
  async run(subject): Promise<Outcome | Outcome[]> {
    const vpcId = broughtVpc(subject);
    if (vpcId === undefined) return skipped(own);
    const { ec2 } = subject.aws;
    const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
    const [{ RouteTables = [] }, { VpcEndpoints = [] }] = await Promise.all([
      ec2.describeRouteTables({ Filters }),
      ec2.describeVpcEndpoints({ Filters }),
    ]);
    const { loadBalancer, tasks, isInternal, hasPublicAddresses } = placed(subject);
    const found = [
      ...(isInternal ? [] : loadBalancer.flatMap((id) => balancerProblem(id, wayOut(RouteTables, id)))),
      ...tasks.flatMap((id) =>
        hasPublicAddresses
          ? publicTaskProblem(id, wayOut(RouteTables, id))
          : taskProblem(id, wayOut(RouteTables, id), { region: subject.region, endpoints: VpcEndpoints }),
      ),
    ];
    return found.length > 0 ? found : good("load balancer and tasks reach the internet as they have to");
  },
};

function balancerProblem(id: string, target: string | undefined): Outcome[] {
  if (isInternetGateway(target)) return [];
  return [
    bad(
      `${id} of the load balancer leads ${target === undefined ? "nowhere" : `to ${target}`}, and not to an internet gateway: nobody reaches Nango`,
      "route 0.0.0.0/0 of nango:publicSubnetIds to an internet gateway, or have private addresses only: nango:internal",
    ),
  ];
}

function publicTaskProblem(id: string, target: string | undefined): Outcome[] {
  if (isInternetGateway(target)) return [];
  return [
    bad(
      `${id} of the tasks leads ${target === undefined ? "nowhere" : `to ${target}`}, and not to an internet gateway`,
      "route 0.0.0.0/0 of it to an internet gateway, or name subnets with NAT in nango:privateSubnetIds",
    ),
  ];
}

/** Without these endpoints no task starts that has no other way to AWS. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
const startingTakes = ["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"];

function taskProblem(
  id: string,
  target: string | undefined,
  { region, endpoints }: { readonly region: string; readonly endpoints: readonly VpcEndpoint[] },
): Outcome[] {
  if (isInternetGateway(target))
    return [
      bad(
        `${id} of the tasks leads to the internet gateway ${target}, which carries public addresses only, and tasks in nango:privateSubnetIds get none`,
        "route it to a NAT gateway, or leave nango:privateSubnetIds out: tasks then have public addresses in nango:publicSubnetIds",
      ),
    ];
  if (target !== undefined) return [];
  const there = endpoints.flatMap(({ ServiceName, State }) =>
    State === undefined || /^available$/i.test(State) ? [ServiceName ?? ""] : [],
  );
  const missing = startingTakes.filter(
    (name) => !there.some((service) => service.endsWith(`.${region}.${name}`)),
  );
  const remedy = "route 0.0.0.0/0 of nango:privateSubnetIds to a NAT gateway";
  return [
    missing.length > 0
      ? bad(`${id} of the tasks has no way out: no task starts, and Nango reaches no API`, remedy)
      : warning(
          `${id} of the tasks reaches AWS through endpoints, and nothing else: Nango reaches no API`,
          remedy,
        ),
  ];
}

export const networkAcls: AwsCheck = {
  id: "network-acls",
  title: "Network ACLs",
  permissions: ["ec2:DescribeNetworkAcls"],
  async run(subject): Promise<Outcome | Outcome[]> {
    const vpcId = broughtVpc(subject);
    if (vpcId === undefined) return skipped(own);
    const { NetworkAcls = [] } = await subject.aws.ec2.describeNetworkAcls({
      Filters: [{ Name: "vpc-id", Values: [vpcId] }],
    });
    const { loadBalancer, tasks } = placed(subject);
    const found = [
      ...loadBalancer.flatMap((id) => closures(NetworkAcls, { id, place: subject }, balancerNeeds(subject))),
      ...tasks.flatMap((id) => closures(NetworkAcls, { id, place: subject }, taskNeeds)),
    ];
    const all = [...new Map(found.map((outcome) => [outcome.says, outcome])).values()];
    return all.length > 0 ? all : good("they let through what load balancer and tasks send and receive");
  },
};

interface Need {
  readonly egress: boolean;
  readonly port: number;
  readonly what: string;
}

/** A port of those to which answers come. */
const ephemeral = 49_152;
const taskNeeds: readonly Need[] = [
  { egress: true, port: 443, what: "requests to the internet (443)" },
  { egress: false, port: ephemeral, what: "answers from the internet (1024 to 65535)" },
];

function balancerNeeds({ plan }: Subject): readonly Need[] {
  const ports = plan.ofType("aws:lb/listener:Listener").map(({ inputs }) => Number(inputs["port"]));
  const port = ports.includes(443) ? 443 : (ports[0] ?? 443);
  return [
    { egress: false, port, what: `requests of users (${port})` },
    { egress: true, port: ephemeral, what: "answers to users (1024 to 65535)" },
  ];
}

function closures(
  acls: readonly NetworkAcl[],
  { id: subnet, place }: { readonly id: string; readonly place: AwsPlace },
  needs: readonly Need[],
): Outcome[] {
  const acl =
    acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet)) ??
    acls.find(({ IsDefault }) => IsDefault === true);
  if (acl === undefined) return [];
  return needs.flatMap(({ egress, port, what }) => {
    const decision = decisionOf(acl.Entries ?? [], egress, port);
    if (decision === "open") return [];
    const says = `${acl.NetworkAclId} of ${subnet} lets ${decision === "closed" ? "no" : "only some"} ${what} through`;
    const words = ["ec2", "describe-network-acls", "--network-acl-ids", acl.NetworkAclId ?? ""];
    const remedy = `add a rule to it: ${awsCommand(words, place)} shows those that it has`;
    return [decision === "closed" ? bad(says, remedy) : warning(says, remedy)];
  });
}

/** TCP, and everything. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
const protocols = ["6", "-1"];

/** What the rules, the lowest number first, say of a port for everybody: later ones count only for those that no earlier one is about. */
function decisionOf(
  entries: readonly NetworkAclEntry[],
  egress: boolean,
  port: number,
): "open" | "partly" | "closed" {
  const about = entries
    .filter(
      ({ Egress, Protocol = "", PortRange: { From = 0, To = 65_535 } = {}, CidrBlock }) =>
        Egress === egress &&
        CidrBlock !== undefined &&
        protocols.includes(Protocol) &&
        From <= port &&
        port <= To,
    )
    .toSorted((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
  const general = about.findIndex(({ CidrBlock }) => CidrBlock === anywhere);
  if (about[general]?.RuleAction === "allow") return "open";
  const before = general === -1 ? about : about.slice(0, general);
  return before.some(({ RuleAction }) => RuleAction === "allow") ? "partly" : "closed";
}

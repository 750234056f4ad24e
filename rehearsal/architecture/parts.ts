// What of a stack on AWS talks and is talked to.

import type { RecordedResource } from "../record.ts";
import { isRecord } from "../../project/values.ts";
import type { Part, Role } from "./architecture.ts";
import { counted, type Graph, idOf, input, record } from "./graph.ts";
import type { Location, Network } from "./network.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** A part with what is known of it beside its picture. */
export interface AwsPart extends Part {
  readonly resource: RecordedResource;
  /** The URNs of its security groups. */
  readonly groups: readonly string[];
  readonly location: Location;
}

/** How a type of resources is shown. */
interface Kind {
  readonly type: string;
  readonly role: Role;
  readonly title: (resource: RecordedResource) => string;
  readonly about: (resource: RecordedResource, graph: Graph) => readonly string[];
  /** The properties that name its security groups and its subnets. */
  readonly groups: string;
  readonly subnets: string;
  /** The type of the subnet group that its subnets stand in. */
  readonly through?: string;
}

const engineNames: Readonly<Record<string, string>> = {
  postgres: "Postgres",
  valkey: "Valkey",
  redis: "Redis",
};

const named = (engine: string) => engineNames[engine] ?? engine;

const kinds: readonly Kind[] = [
  {
    type: "aws:lb/loadBalancer:LoadBalancer",
    role: "entry",
    title: ({ inputs }) => (inputs["internal"] === true ? "Internal load balancer" : "Load balancer"),
    about: (resource, graph) => hostNames(resource, graph),
    groups: "securityGroups",
    subnets: "subnets",
  },
  {
    type: "aws:ecs/service:Service",
    role: "tasks",
    title: ({ name }) => `Service ${name} on Fargate`,
    about: aboutService,
    groups: "networkConfiguration",
    subnets: "networkConfiguration",
  },
  {
    type: "aws:rds/instance:Instance",
    role: "data",
    title: (resource) =>
      `${named(input(resource, "engine"))} ${input(resource, "engineVersion")} ${resource.name}`,
    about: (resource) => [
      `${input(resource, "instanceClass")}, ${input(resource, "allocatedStorage")} GiB`,
      resource.inputs["multiAz"] === true ? "with a standby in another zone" : "in one of the zones",
    ],
    groups: "vpcSecurityGroupIds",
    subnets: "dbSubnetGroupName",
    through: "aws:rds/subnetGroup:SubnetGroup",
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    role: "data",
    title: (resource) => `${named(input(resource, "engine"))} ${input(resource, "engineVersion")}`,
    about: (resource) => [
      `${counted(Number(input(resource, "numCacheClusters")), "node")}, ${input(resource, "nodeType")}`,
    ],
    groups: "securityGroupIds",
    subnets: "subnetGroupName",
    through: "aws:elasticache/subnetGroup:SubnetGroup",
  },
  {
    type: "aws:opensearch/domain:Domain",
    role: "data",
    title: (resource) => input(resource, "engineVersion").replace("_", " "),
    about: (resource) => {
      const { instanceCount, instanceType, dedicatedMasterCount } = record(resource, "clusterConfig");
      const masters = Number(dedicatedMasterCount ?? 0);
      return [
        `${counted(Number(instanceCount ?? 1), "node")}, ${String(instanceType)}`,
        ...(masters > 0 ? [counted(masters, "dedicated master")] : []),
      ];
    },
    groups: "vpcOptions",
    subnets: "vpcOptions",
  },
];

function hostNames(balancer: RecordedResource, graph: Graph): string[] {
  return graph
    .all("aws:route53/record:Record")
    .filter((record) => graph.behind(record, "aliases", balancer.type).includes(balancer))
    .map((record) => input(record, "name"));
}

function aboutService(service: RecordedResource, graph: Graph): string[] {
  const [definition] = graph.behind(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
  const [scaling] = graph
    .all("aws:appautoscaling/target:Target")
    .filter((target) => graph.behind(target, "resourceId", service.type).includes(service));
  // Scaling decides where there is any: the number of a service that scales is only that of its first deployment.
  const bounds = scaling === undefined ? ["desiredCount", "desiredCount"] : ["minCapacity", "maxCapacity"];
  const [tasks = 0, most = 0] = bounds.map((property) => Number(input(scaling ?? service, property)));
  const count = most > tasks ? `${tasks} to ${most} tasks` : counted(tasks, "task");
  const room =
    definition === undefined
      ? ""
      : `, ${Number(input(definition, "cpu")) / 1024} vCPU, ${Number(input(definition, "memory")) / 1024} GiB each`;
  const targets = service.inputs["loadBalancers"];
  const ports = (Array.isArray(targets) ? targets : []).flatMap((target) =>
    isRecord(target) ? [`${String(target["containerName"])} :${String(target["containerPort"])}`] : [],
  );
  return [`${count}${room}`, ...(ports.length > 0 ? [ports.join("   ")] : [])];
}

/** Everything with an address in the network. */
export function partsIn(network: Network, graph: Graph): AwsPart[] {
  return kinds.flatMap((kind) =>
    graph.all(kind.type).map((resource): AwsPart => {
      const [group] = kind.through === undefined ? [] : graph.behind(resource, kind.subnets, kind.through);
      const location =
        group === undefined ? network.locate(resource, kind.subnets) : network.locate(group, "subnetIds");
      return {
        id: idOf(resource),
        role: kind.role,
        title: kind.title(resource),
        about: kind.about(resource, graph),
        zones: location.zones,
        within: location.within,
        resource,
        groups: graph.behind(resource, kind.groups, GROUP).map(({ urn }) => urn),
        location,
      };
    }),
  );
}

/** Interface endpoints have addresses in subnets; one part stands for all of them. */
export function endpointsIn(network: Network, graph: Graph): AwsPart[] {
  const all = graph
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter((endpoint) => input(endpoint, "vpcEndpointType") === "Interface");
  const [first] = all;
  if (first === undefined) return [];
  const location = network.locate(first, "subnetIds");
  const services = all.map((endpoint) => input(endpoint, "serviceName").split(".").slice(3).join("."));
  return [
    {
      id: idOf(first),
      role: "service",
      title: counted(all.length, "interface endpoint"),
      about: [services.join(", ")],
      zones: location.zones,
      within: location.within,
      resource: first,
      groups: graph.behind(first, "securityGroupIds", GROUP).map(({ urn }) => urn),
      location,
    },
  ];
}

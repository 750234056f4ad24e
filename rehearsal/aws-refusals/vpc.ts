import { incarnation, knownTexts, type Plan, type Rule } from "./plan.ts";
import type { Finding, RecordedResource } from "../record.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/** What AWS ties to the VPC in which it was made, and the input that says where it lies. */
const BOUND: readonly (readonly [type: string, property: string])[] = [
  ["aws:lb/loadBalancer:LoadBalancer", "subnets"],
  ["aws:rds/subnetGroup:SubnetGroup", "subnetIds"],
  ["aws:elasticache/subnetGroup:SubnetGroup", "subnetIds"],
  ["aws:opensearch/domain:Domain", "vpcOptions"],
  // It can be detached, but not while anything in the VPC has a public address.
  ["aws:ec2/internetGateway:InternetGateway", "vpcId"],
];

/** The VPC that a resource lies in: one of the program's, or none of them. */
function vpcOf(plan: Plan, resource: RecordedResource, property: string): string {
  const direct = plan.references(resource, property, VPC);
  const subnets = plan.references(resource, property, SUBNET);
  const all = [...direct, ...subnets.flatMap((subnet) => plan.references(subnet, "vpcId", VPC))];
  return [...new Set(all.map(incarnation))].toSorted().join();
}

/**
 * A load balancer, a subnet group, a search domain and a gateway in use stay in their VPC.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-igw.html
 */
export const oneVpcForEver: Rule = (plan) =>
  BOUND.flatMap(([type, property]) =>
    plan.updated(type).flatMap(({ after, before }): Finding[] => {
      if (vpcOf(plan, after, property) === vpcOf(plan, before, property)) return [];
      return [
        {
          urn: after.urn,
          property,
          message:
            "AWS moves no such resource into another VPC. A new VPC takes a new stack: restore the database's snapshot there. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        },
      ];
    }),
  );

/** A group of subnets, what lives in it, and by which input. */
const GROUPS: readonly (readonly [group: string, tenant: string, property: string])[] = [
  ["aws:rds/subnetGroup:SubnetGroup", "aws:rds/instance:Instance", "dbSubnetGroupName"],
  [
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "subnetGroupName",
  ],
];

/**
 * No subnet can be taken out of a group while something of the group lies in it: "Some of the subnets to be deleted are
 * currently in use". Where an instance or its standby lies, only AWS knows.
 * https://repost.aws/knowledge-center/rds-db-subnet-group
 */
export const noSubnetLeavesAGroupInUse: Rule = (plan) =>
  GROUPS.flatMap(([type, tenant, property]) =>
    plan.updated(type).flatMap(({ after, before }): Finding[] => {
      const tenants = plan.standing.filter(
        (resource) =>
          resource.type === tenant &&
          plan
            .references(resource, property, type)
            .some((group) => incarnation(group) === incarnation(before)),
      );
      const kept = new Set(knownTexts(after.inputs, "subnetIds"));
      const lost = knownTexts(before.inputs, "subnetIds").filter((id) => !kept.has(id));
      const moves = vpcOf(plan, after, "subnetIds") !== vpcOf(plan, before, "subnetIds");
      if (tenants.length === 0 || lost.length === 0 || moves) return [];
      return [
        {
          urn: after.urn,
          property: "subnetIds",
          message: `AWS refuses to take ${lost.length === 1 ? "a subnet" : `${lost.length} subnets`} out of the group while ${tenants.map(({ name }) => name).join(", ")} or a standby of it lies there, which only AWS knows. Keep the zones as they are: nango:availabilityZones. https://repost.aws/knowledge-center/rds-db-subnet-group`,
        },
      ];
    }),
  );

import { type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, makes, type Place } from "./place.ts";
import { tagged, tagging } from "./tags.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

const VPC = "aws:ec2/vpc:Vpc";

/** Any resource of a type of EC2's, whose IDs nobody knows before. */
const any = (place: Place, ...types: readonly string[]) =>
  types.map((type) => arn(place, "ec2", `${type}/*`));

/** EC2's lookups know no resources. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-api-permissions.html */
const describe = (place: Place, what: string) => look(`ec2:${what}`, ["*"], inRegion(place));

/** Tags that come with the resource, and later changes of them. */
function tags(place: Place, type: string, creation: string): Grant[] {
  const on = any(place, type);
  return [
    make("ec2:CreateTags", on, { when: { StringEquals: { "ec2:CreateAction": creation } } }),
    make("ec2:CreateTags DeleteTags", on, { when: tagged }),
  ];
}

/** Making, tagging and deleting a resource that carries a tag `Name`. */
function lifeOf(
  place: Place,
  type: string,
  { creation, changes }: { creation: string; changes: string },
): Grant[] {
  return [
    make(`ec2:${creation}`, any(place, type), { when: tagging }),
    make(`ec2:${changes}`, any(place, type), { when: tagged }),
    ...tags(place, type, creation),
  ];
}

/** Calls that name other resources of the stack as well. */
const within = (place: Place, calls: string, ...types: readonly string[]) =>
  make(`ec2:${calls}`, any(place, ...types), { when: tagged });

/** The VPC of a resource: the stack's own, by its tag, or the one that was there. */
function inVpc(place: Place, calls: string, { inputs }: RecordedResource): Grant {
  if (makes(place, VPC)) return within(place, calls, "vpc");
  return make(`ec2:${calls}`, [arn(place, "ec2", `vpc/${String(inputs["vpcId"])}`)], {
    because: "the VPC was there before",
  });
}

function securityGroupRule(direction: "Ingress" | "Egress"): ResourcePermissions {
  return {
    source: provider(`ec2/vpc_security_group_${direction.toLowerCase()}_rule.go`),
    grants: (_, place) => {
      const creation = `AuthorizeSecurityGroup${direction}`;
      const rules = any(place, "security-group-rule");
      return [
        within(
          place,
          `${creation} ModifySecurityGroupRules RevokeSecurityGroup${direction}`,
          "security-group",
        ),
        make(`ec2:${creation} ModifySecurityGroupRules`, rules, {
          because: "a rule has no tag Name; its group has, and each call takes both",
        }),
        ...ruleTags(place, creation, rules),
        describe(place, "DescribeSecurityGroupRules"),
      ];
    },
  };
}

/** Rules are tagged by `aws:defaultTags` only. */
function ruleTags({ defaultTagKeys }: Place, creation: string, on: readonly string[]): Grant[] {
  if (defaultTagKeys.length === 0) return [];
  const keys = { "ForAllValues:StringEquals": { "aws:TagKeys": defaultTagKeys } };
  return [
    make("ec2:CreateTags", on, { when: { ...keys, StringEquals: { "ec2:CreateAction": creation } } }),
    make("ec2:CreateTags DeleteTags", on, { when: keys }),
  ];
}

/** `aws.ec2` and `aws.vpc` */
export const network: Readonly<Record<string, ResourcePermissions>> = {
  [VPC]: {
    source: provider("ec2/vpc_.go"),
    grants: (_, place) => [
      ...lifeOf(place, "vpc", { creation: "CreateVpc", changes: "ModifyVpcAttribute DeleteVpc" }),
      look("ec2:DescribeVpcAttribute", any(place, "vpc"), { when: tagged }),
      describe(place, "DescribeVpcs DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups"),
    ],
  },
  "aws:ec2/subnet:Subnet": {
    source: provider("ec2/vpc_subnet.go"),
    grants: (resource, place) => [
      ...lifeOf(place, "subnet", { creation: "CreateSubnet", changes: "ModifySubnetAttribute DeleteSubnet" }),
      inVpc(place, "CreateSubnet", resource),
      describe(place, "DescribeSubnets DescribeNetworkInterfaces"),
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    source: provider("ec2/vpc_internet_gateway.go"),
    grants: (resource, place) => [
      ...lifeOf(place, "internet-gateway", {
        creation: "CreateInternetGateway",
        changes: "DeleteInternetGateway",
      }),
      within(place, "AttachInternetGateway DetachInternetGateway", "internet-gateway"),
      inVpc(place, "AttachInternetGateway DetachInternetGateway", resource),
      describe(place, "DescribeInternetGateways"),
    ],
  },
  "aws:ec2/routeTable:RouteTable": {
    source: provider("ec2/vpc_route_table.go"),
    grants: (resource, place) => [
      ...lifeOf(place, "route-table", { creation: "CreateRouteTable", changes: "DeleteRouteTable" }),
      inVpc(place, "CreateRouteTable", resource),
      describe(place, "DescribeRouteTables"),
    ],
  },
  "aws:ec2/route:Route": {
    source: provider("ec2/vpc_route.go"),
    grants: (_, place) => [
      within(place, "CreateRoute ReplaceRoute DeleteRoute", "route-table"),
      describe(place, "DescribeRouteTables"),
    ],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    source: provider("ec2/vpc_route_table_association.go"),
    grants: (_, place) => [
      within(
        place,
        "AssociateRouteTable ReplaceRouteTableAssociation DisassociateRouteTable",
        "route-table",
        "subnet",
      ),
      describe(place, "DescribeRouteTables"),
    ],
  },
  "aws:ec2/eip:Eip": {
    source: provider("ec2/ec2_eip.go"),
    grants: (_, place) => [
      ...lifeOf(place, "elastic-ip", {
        creation: "AllocateAddress",
        changes: "ReleaseAddress DisassociateAddress",
      }),
      make("ec2:DisassociateAddress", any(place, "network-interface"), {
        because:
          "the interface of a NAT gateway is AWS's and has no tag; the address has, and the call takes both",
      }),
      describe(place, "DescribeAddresses DescribeAddressesAttribute"),
    ],
  },
  "aws:ec2/natGateway:NatGateway": {
    source: provider("ec2/vpc_nat_gateway.go"),
    grants: (_, place) => [
      ...lifeOf(place, "natgateway", { creation: "CreateNatGateway", changes: "DeleteNatGateway" }),
      within(place, "CreateNatGateway", "elastic-ip", "subnet", "vpc"),
      describe(place, "DescribeNatGateways"),
    ],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    source: provider("ec2/vpc_endpoint.go"),
    grants: (resource, place) => [
      ...lifeOf(place, "vpc-endpoint", {
        creation: "CreateVpcEndpoint",
        changes: "ModifyVpcEndpoint DeleteVpcEndpoints",
      }),
      inVpc(place, "CreateVpcEndpoint", resource),
      within(place, "CreateVpcEndpoint ModifyVpcEndpoint", "route-table"),
      describe(place, "DescribeVpcEndpoints DescribePrefixLists"),
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    source: provider("ec2/vpc_security_group.go"),
    grants: (resource, place) => [
      ...lifeOf(place, "security-group", {
        creation: "CreateSecurityGroup",
        // A new group may send anything until the provider takes that away.
        changes: "RevokeSecurityGroupEgress RevokeSecurityGroupIngress DeleteSecurityGroup",
      }),
      inVpc(place, "CreateSecurityGroup", resource),
      describe(place, "DescribeSecurityGroups DescribeNetworkInterfaces"),
    ],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("Egress"),
};

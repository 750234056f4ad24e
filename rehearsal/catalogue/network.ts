import type * as aws from "@pulumi/aws";

import { shortRegion } from "./account.ts";
import { invocation, resource } from "./entry.ts";

/** `aws.ec2` and `aws.vpc`: networks, and who may talk to whom in them. */
export const networkResources = {
  "aws:ec2/vpc:Vpc": resource<aws.ec2.Vpc, aws.ec2.VpcArgs>({
    outputs: ({ hex, arn, accountId }) => ({
      id: `vpc-${hex(17)}`,
      arn: arn("ec2", `vpc/vpc-${hex(17)}`),
      ownerId: accountId,
      mainRouteTableId: `rtb-${hex(16)}0`,
      defaultRouteTableId: `rtb-${hex(16)}0`,
      defaultSecurityGroupId: `sg-${hex(16)}0`,
      defaultNetworkAclId: `acl-${hex(16)}0`,
    }),
    replacedBy: ["cidrBlock", "instanceTenancy"],
  }),
  "aws:ec2/subnet:Subnet": resource<aws.ec2.Subnet, aws.ec2.SubnetArgs>({
    outputs: ({ hex, arn, inputs, region }) => ({
      id: `subnet-${hex(17)}`,
      arn: arn("ec2", `subnet/subnet-${hex(17)}`),
      availabilityZone: inputs.availabilityZone ?? `${region}a`,
    }),
    replacedBy: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"],
  }),
  "aws:ec2/internetGateway:InternetGateway": resource<aws.ec2.InternetGateway, aws.ec2.InternetGatewayArgs>({
    outputs: ({ hex, arn }) => ({
      id: `igw-${hex(17)}`,
      arn: arn("ec2", `internet-gateway/igw-${hex(17)}`),
    }),
  }),
  "aws:ec2/routeTable:RouteTable": resource<aws.ec2.RouteTable, aws.ec2.RouteTableArgs>({
    outputs: ({ hex, arn }) => ({ id: `rtb-${hex(17)}`, arn: arn("ec2", `route-table/rtb-${hex(17)}`) }),
    replacedBy: ["vpcId"],
  }),
  "aws:ec2/route:Route": resource<aws.ec2.Route, aws.ec2.RouteArgs>({
    // https://github.com/hashicorp/terraform-provider-aws/blob/v6.0.0/internal/service/ec2/vpc_route.go
    outputs: ({ inputs, bytes }) => ({
      id: `r-${inputs.routeTableId}${bytes(4).readUInt32BE()}`,
      state: "active",
    }),
    replacedBy: ["routeTableId", "destinationCidrBlock"],
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": resource<
    aws.ec2.RouteTableAssociation,
    aws.ec2.RouteTableAssociationArgs
  >({
    outputs: ({ hex }) => ({ id: `rtbassoc-${hex(17)}` }),
    replacedBy: ["subnetId"],
  }),
  "aws:ec2/eip:Eip": resource<aws.ec2.Eip, aws.ec2.EipArgs>({
    outputs: ({ hex, bytes, arn }) => ({
      id: `eipalloc-${hex(17)}`,
      allocationId: `eipalloc-${hex(17)}`,
      arn: arn("ec2", `elastic-ip/eipalloc-${hex(17)}`),
      // https://www.rfc-editor.org/rfc/rfc5737: an address for examples
      publicIp: `203.0.113.${bytes(1)[0]}`,
    }),
    replacedBy: ["domain"],
  }),
  "aws:ec2/natGateway:NatGateway": resource<aws.ec2.NatGateway, aws.ec2.NatGatewayArgs>({
    outputs: ({ hex, bytes }) => ({ id: `nat-${hex(17)}`, publicIp: `203.0.113.${bytes(1)[0]}` }),
    replacedBy: ["subnetId", "allocationId", "connectivityType"],
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": resource<aws.ec2.VpcEndpoint, aws.ec2.VpcEndpointArgs>({
    outputs: ({ hex, arn }) => ({
      id: `vpce-${hex(17)}`,
      arn: arn("ec2", `vpc-endpoint/vpce-${hex(17)}`),
      prefixListId: `pl-${hex(8)}`,
      state: "available",
    }),
    replacedBy: ["vpcId", "serviceName", "vpcEndpointType"],
  }),
  "aws:ec2/securityGroup:SecurityGroup": resource<aws.ec2.SecurityGroup, aws.ec2.SecurityGroupArgs>({
    autoName: { property: "name" },
    outputs: ({ hex, arn, accountId }) => ({
      id: `sg-${hex(17)}`,
      arn: arn("ec2", `security-group/sg-${hex(17)}`),
      ownerId: accountId,
      ingress: [],
      egress: [],
    }),
    replacedBy: ["vpcId", "name", "namePrefix", "description"],
  }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": resource<
    aws.vpc.SecurityGroupIngressRule,
    aws.vpc.SecurityGroupIngressRuleArgs
  >({
    outputs: ({ hex, arn }) => ({
      id: `sgr-${hex(17)}`,
      securityGroupRuleId: `sgr-${hex(17)}`,
      arn: arn("ec2", `security-group-rule/sgr-${hex(17)}`),
    }),
    replacedBy: ["securityGroupId"],
  }),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": resource<
    aws.vpc.SecurityGroupEgressRule,
    aws.vpc.SecurityGroupEgressRuleArgs
  >({
    outputs: ({ hex, arn }) => ({
      id: `sgr-${hex(17)}`,
      securityGroupRuleId: `sgr-${hex(17)}`,
      arn: arn("ec2", `security-group-rule/sgr-${hex(17)}`),
    }),
    replacedBy: ["securityGroupId"],
  }),
};

/** What a program asks about networks that are there already. */
export const networkFunctions = {
  "aws:ec2/getVpc:getVpc": invocation<
    aws.ec2.GetVpcArgs,
    Pick<aws.ec2.GetVpcResult, "id" | "arn" | "cidrBlock" | "enableDnsHostnames" | "enableDnsSupport">
  >({
    answer: ({ inputs, hex, arn }) => {
      const id = inputs.id ?? `vpc-${hex(17)}`;
      return {
        id,
        arn: arn("ec2", `vpc/${id}`),
        cidrBlock: "10.0.0.0/16",
        enableDnsHostnames: true,
        enableDnsSupport: true,
      };
    },
  }),
  "aws:ec2/getSubnet:getSubnet": invocation<
    aws.ec2.GetSubnetArgs,
    Pick<
      aws.ec2.GetSubnetResult,
      "id" | "arn" | "availabilityZone" | "availabilityZoneId" | "cidrBlock" | "mapPublicIpOnLaunch" | "vpcId"
    >
  >({
    answer: ({ inputs, region, bytes, hex, arn }) => {
      const id = inputs.id ?? `subnet-${hex(17)}`;
      return {
        id,
        arn: arn("ec2", `subnet/${id}`),
        // In which zone it lies is not known here, so that none is in the way of another.
        availabilityZone: `${region}-${id}`,
        // The first zone is one with Fargate in every region.
        availabilityZoneId: `${shortRegion(region)}-az1`,
        cidrBlock: `10.0.${bytes(1)[0]}.0/24`,
        mapPublicIpOnLaunch: false,
        vpcId: inputs.vpcId ?? "vpc-0123456789abcdef0",
      };
    },
  }),
};

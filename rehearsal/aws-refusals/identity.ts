// What AWS gives to one resource at a time: names, address ranges, ports, priorities.

import { BlockList } from "node:net";

import { resourceEntry } from "../catalogue/index.ts";
import { comparable, incarnation, type Plan, type Rule } from "./plan.ts";
import type { RecordedResource } from "../record.ts";
import { UNKNOWN } from "../../project/values.ts";

/** The inputs that together no two resources of a type share, and AWS's word for it. */
const UNIQUE: Readonly<Record<string, { readonly inputs: readonly string[]; readonly link: string }>> = {
  "aws:ec2/route:Route": {
    inputs: ["routeTableId", "destinationCidrBlock"],
    link: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html",
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    inputs: ["subnetId"],
    link: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html",
  },
  "aws:ec2/natGateway:NatGateway": {
    inputs: ["allocationId"],
    link: "https://github.com/pulumi/pulumi-aws/issues/1483",
  },
  "aws:lb/listener:Listener": {
    inputs: ["loadBalancerArn", "port"],
    link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html",
  },
  "aws:lb/listenerRule:ListenerRule": {
    inputs: ["listenerArn", "priority"],
    link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html",
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule(),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule(),
};

function securityGroupRule() {
  return {
    inputs: [
      "securityGroupId",
      "ipProtocol",
      "fromPort",
      "toPort",
      "cidrIpv4",
      "cidrIpv6",
      "referencedSecurityGroupId",
      "prefixListId",
    ],
    link: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
  };
}

/** Where a name has to be unique, if not in the whole region of the account. */
const NAMED_WITHIN: Readonly<Record<string, string>> = {
  "aws:ec2/securityGroup:SecurityGroup": "vpcId",
  "aws:ecs/service:Service": "cluster",
  "aws:appautoscaling/policy:Policy": "resourceId",
};

interface Claim {
  readonly resource: RecordedResource;
  /** Equal for two that exclude each other. */
  readonly key: string;
  readonly what: string;
  readonly link: string;
}

/** The name that the program chose itself: one that Pulumi made up is new each time. */
function claimedName(plan: Plan, resource: RecordedResource): Claim[] {
  const property = resourceEntry(resource.type)?.autoName?.property;
  const name = property === undefined ? undefined : resource.inputs[property];
  if (typeof name !== "string" || name === UNKNOWN) return [];
  const within = NAMED_WITHIN[resource.type];
  const place = within === undefined ? "" : comparable(plan, resource, within);
  const link = "https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming";
  return [{ resource, key: JSON.stringify([resource.type, name, place]), what: `the name ${name}`, link }];
}

function claimedRecord(plan: Plan, resource: RecordedResource): Claim[] {
  const { type, inputs } = resource;
  const { name, allowOverwrite } = inputs;
  if (type !== "aws:route53/record:Record" || allowOverwrite === true || name === UNKNOWN) return [];
  const key = ["zoneId", "name", "type", "setIdentifier"].map((input) => comparable(plan, resource, input));
  const link = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html";
  return [{ resource, key: JSON.stringify([type, ...key]), what: `the record ${String(name)}`, link }];
}

function claims(plan: Plan, resource: RecordedResource): Claim[] {
  const unique = UNIQUE[resource.type];
  const parts = unique?.inputs.map((input) => comparable(plan, resource, input)) ?? [];
  return [
    ...claimedName(plan, resource),
    ...claimedRecord(plan, resource),
    ...(unique
      ? [
          {
            resource,
            key: JSON.stringify([resource.type, ...parts]),
            what: `the same ${unique.inputs.join(", ")}`,
            link: unique.link,
          },
        ]
      : []),
  ];
}

function isMade({ change }: RecordedResource): boolean {
  return change === undefined || change.kind === "create" || change.kind === "replace";
}

function takenBy({ resource, what, link }: Claim, other: RecordedResource) {
  const replaced = other.urn === resource.urn;
  const owner = replaced ? "the one that it replaces" : other.name;
  return {
    urn: resource.urn,
    message: `AWS refuses it: ${owner} has ${what}, and goes only when everything else is done. Replace it with deleteBeforeReplace, or give the new one something else. ${link}`,
  };
}

/** What a new resource claims must not be in the hands of one that is still there. */
export const whatIsUniqueIsFree: Rule = (plan) => {
  const held = [...plan.standing, ...plan.resources].flatMap((resource) => claims(plan, resource));
  return plan.resources.filter(isMade).flatMap((resource) =>
    claims(plan, resource).flatMap((claim) => {
      const other = held.find(
        ({ resource: holder, key }) => key === claim.key && incarnation(holder) !== incarnation(resource),
      );
      return other ? [takenBy(claim, other.resource)] : [];
    }),
  );
};

const SUBNET = "aws:ec2/subnet:Subnet";

function overlap(one: string, other: string): boolean {
  const holds = (range: string, inner: string) => {
    const [network = "", prefix] = range.split("/");
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), "ipv4");
    return list.check(inner.split("/")[0] ?? "", "ipv4");
  };
  return holds(one, other) || holds(other, one);
}

/**
 * Subnets of one VPC do not overlap, also not for the minutes until an old one is deleted (`InvalidSubnet.Conflict`).
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export const subnetsDoNotOverlap: Rule = (plan) => {
  const there = [...plan.standing, ...plan.resources].filter(({ type }) => type === SUBNET);
  const range = ({ inputs }: RecordedResource) => inputs["cidrBlock"];
  return plan
    .ofType(SUBNET)
    .filter(isMade)
    .flatMap((subnet) => {
      const other = there.find((candidate) => {
        const [a, b] = [range(subnet), range(candidate)];
        return (
          incarnation(candidate) !== incarnation(subnet) &&
          comparable(plan, candidate, "vpcId") === comparable(plan, subnet, "vpcId") &&
          typeof a === "string" &&
          typeof b === "string" &&
          a !== UNKNOWN &&
          b !== UNKNOWN &&
          overlap(a, b)
        );
      });
      return other
        ? [
            takenBy(
              {
                resource: subnet,
                key: "",
                what: `the range ${String(range(other))}`,
                link: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
              },
              other,
            ),
          ]
        : [];
    });
};

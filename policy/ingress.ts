// Who is let into the security groups of a stack, by address.

import { BlockList } from "node:net";
import { UNKNOWN } from "../project/values.ts";
import type { Resource, Stack } from "./policy.ts";
import { namedBy, ofType, records, texts } from "./reading.ts";

export const securityGroup = "aws:ec2/securityGroup:SecurityGroup";

/** https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-: what no host of the internet has. */
const privateRanges: readonly [string, number, "ipv4" | "ipv6"][] = [
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
];

/** Whether hosts of the internet are in a range. */
export function isPublic(cidr: string): boolean {
  const [address = "", length] = cidr.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  return !privateRanges.some(([base, least, of]) => {
    if (of !== family || Number(length ?? 128) < least) return false;
    const range = new BlockList();
    range.addSubnet(base, least, of);
    return range.check(address, family);
  });
}

/** A way into a security group, from addresses. */
export interface Ingress {
  readonly resource: Resource;
  /** Undefined where they are not known. */
  readonly groups: readonly Resource[] | undefined;
  /** With those of the prefix lists that the stack makes. */
  readonly cidrs: readonly string[];
  /** Prefix lists from elsewhere, whose addresses nobody can tell here. */
  readonly foreignLists: readonly string[];
  readonly protocol: unknown;
  readonly from: unknown;
  readonly to: unknown;
}

const prefixList = "aws:ec2/managedPrefixList:ManagedPrefixList";

/** The addresses of a prefix list that the stack makes. */
function cidrsOf(stack: Stack, list: Resource): string[] {
  const entries = ofType(stack, "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry").filter((entry) =>
    namedBy(stack, entry, "prefixListId", prefixList)?.includes(list),
  );
  return texts(
    [...records(list.inputs["entries"]), ...entries.map(({ inputs }) => inputs)].map(({ cidr }) => cidr),
  );
}

/** What the prefix lists of a property hold. */
function fromLists(
  stack: Stack,
  resource: Resource,
  property: string,
  ids: readonly string[],
): Pick<Ingress, "cidrs" | "foreignLists"> {
  if (ids.length === 0) return { cidrs: [], foreignLists: [] };
  const made = namedBy(stack, resource, property, prefixList);
  const isMade = (id: string) => made?.some((list) => list.id === id || list.outputs["id"] === id) ?? false;
  return {
    cidrs: made?.flatMap((list) => cidrsOf(stack, list)) ?? [UNKNOWN],
    // A policy pack of Pulumi's is not always told the ID of a list that it knows to be one of the stack.
    foreignLists: (made?.length ?? 0) < ids.length ? ids.filter((id) => id !== UNKNOWN && !isMade(id)) : [],
  };
}

/** The rules that stand in a resource itself. */
function inline(
  stack: Stack,
  resource: Resource,
  groups: readonly Resource[] | undefined,
  [property, given]: readonly [string, unknown],
): Ingress[] {
  return records(given).map(({ cidrBlocks, ipv6CidrBlocks, prefixListIds, protocol, fromPort, toPort }) => {
    const { cidrs, foreignLists } = fromLists(stack, resource, property, texts(prefixListIds));
    return {
      resource,
      groups,
      cidrs: [...texts(cidrBlocks), ...texts(ipv6CidrBlocks), ...cidrs],
      foreignLists,
      protocol,
      from: fromPort,
      to: toPort,
    };
  });
}

/** Every rule of a stack that lets addresses in. */
export function ingressOf(stack: Stack): Ingress[] {
  const groupOf = (rule: Resource) => namedBy(stack, rule, "securityGroupId", securityGroup);
  const rules = ofType(stack, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((resource) => {
    const { cidrIpv4, cidrIpv6, prefixListId, ipProtocol, fromPort, toPort } = resource.inputs;
    const { cidrs, foreignLists } = fromLists(stack, resource, "prefixListId", texts(prefixListId));
    return {
      resource,
      groups: groupOf(resource),
      cidrs: [...texts([cidrIpv4, cidrIpv6]), ...cidrs],
      foreignLists,
      protocol: ipProtocol,
      from: fromPort,
      to: toPort,
    };
  });
  return [
    ...rules,
    ...ofType(stack, "aws:ec2/securityGroupRule:SecurityGroupRule")
      .filter(({ inputs }) => inputs["type"] === "ingress")
      .flatMap((rule) => inline(stack, rule, groupOf(rule), ["prefixListIds", rule.inputs])),
    ...ofType(stack, securityGroup, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").flatMap((group) =>
      inline(stack, group, [group], ["ingress", group.inputs["ingress"]]),
    ),
  ];
}

import { UNKNOWN } from "../../project/values.ts";
import { type Ingress, ingressOf, isPublic, securityGroup } from "../ingress.ts";
import { balancers, listeners, targetGroups } from "../load-balancing.ts";
import type { Policy, Resource, Stack, StackPolicy, VerdictOn } from "../policy.ts";
import { input, isTrue, namedBy, ofType } from "../reading.ts";
import { nothingPublic } from "./nothing-public.ts";

/** Those of the first generation, too. */
const allBalancers = [...balancers, "aws:elb/loadBalancer:LoadBalancer"];

/** The balancer that the program puts in front of Nango. */
const isNangos = ({ urn, inputs }: Resource) =>
  urn.includes("$nango:aws:LoadBalancer$") && (inputs["loadBalancerType"] ?? "application") === "application";

/** Whether a balancer hands on to other balancers only, as one with fixed addresses does. */
function leadsToBalancers(stack: Stack, balancer: Resource): boolean {
  const own = ofType(stack, ...listeners).filter((listener) =>
    namedBy(stack, listener, "loadBalancerArn", ...allBalancers)?.includes(balancer),
  );
  const targets = own.map((listener) => namedBy(stack, listener, "defaultActions", ...targetGroups) ?? []);
  return (
    targets.length > 0 &&
    targets.every(
      (groups) => groups.length > 0 && groups.every(({ inputs }) => inputs["targetType"] === "alb"),
    )
  );
}

/** Load balancers on the internet besides Nango's own. */
function otherDoors(stack: Stack): VerdictOn[] {
  return ofType(stack, ...allBalancers)
    .filter(({ inputs }) => !isTrue(inputs["internal"]) && inputs["loadBalancerType"] !== "gateway")
    .filter((balancer) => !isNangos(balancer) && !leadsToBalancers(stack, balancer))
    .map((resource): VerdictOn => {
      if (input(resource, "internal") === UNKNOWN) return { resource, unknown: "internal" };
      return { resource, violates: "is a load balancer on the internet besides Nango's" };
    });
}

/** Where a resource says in which security groups it is. */
const memberships = [
  "vpcSecurityGroupIds",
  "securityGroupIds",
  "securityGroups",
  "networkConfiguration",
  "vpcOptions",
  "vpcConfig",
];

/** What is in the security groups that the internet is let into, and is no load balancer. */
function inOpenGroups(stack: Stack, open: readonly Resource[]): VerdictOn[] {
  return stack.resources
    .filter(({ type }) => !allBalancers.includes(type))
    .flatMap((resource) => {
      const groups = memberships
        .filter((property) => property in resource.inputs)
        .flatMap((property) => namedBy(stack, resource, property, securityGroup) ?? []);
      const names = open.filter((group) => groups.includes(group)).map(({ name }) => name);
      return names.map((name) => ({ resource, violates: `is in the security group ${name}, which is open` }));
    });
}

/** Whether a group is let into that no load balancer has, or on ports that none listens on. */
function judgeIngress(
  ingress: Ingress,
  ofBalancers: readonly Resource[],
  ports: readonly number[],
): VerdictOn[] {
  const { resource, groups, cidrs, foreignLists, protocol, from, to } = ingress;
  if (cidrs.includes(UNKNOWN)) return [{ resource, unknown: "cidrIpv4" }];
  const reached = [...cidrs.filter(isPublic), ...foreignLists].join(", ");
  if (reached === "") return [];
  if (groups === undefined) return [{ resource, unknown: "securityGroupId" }];
  const isBalancers = groups.length > 0 && groups.every((one) => ofBalancers.includes(one));
  if (!isBalancers)
    return [{ resource, violates: `lets ${reached} into a security group that is no load balancer's` }];
  const isListener = /^(tcp|6)$/.test(String(protocol)) && from === to && ports.includes(Number(from));
  if (isListener) return [];
  const range = `${String(protocol)} ${String(from)}-${String(to)}`;
  return [{ resource, violates: `lets ${reached} in on ports that are no listener's (${range})` }];
}

const closedNetwork: StackPolicy = {
  name: "closed-network",
  level: "mandatory",
  promise: "From the internet only Nango's load balancer is reached, and only on the ports of its listeners.",
  reason: "Whatever else is open is found by scanners within minutes.",
  remedy:
    "Let in another security group instead of addresses, or put what must be reached behind the load balancer. Of a prefix list from elsewhere nobody can tell here whom it lets in.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
  judgeStack: (stack) => {
    const ofBalancers = ofType(stack, ...allBalancers).map((balancer) =>
      namedBy(stack, balancer, "securityGroups", securityGroup),
    );
    const ports = ofType(stack, ...listeners).map(({ inputs }) => Number(inputs["port"]));
    const ways = ingressOf(stack);
    const known = ofBalancers.flatMap((groups) => groups ?? []);
    const open = known.filter((group) =>
      ways.some(({ groups, cidrs }) => groups?.includes(group) && cidrs.some(isPublic)),
    );
    return [
      ...otherDoors(stack),
      ...inOpenGroups(stack, [...new Set(open)]),
      ...ways.flatMap((ingress) => {
        const verdicts = judgeIngress(ingress, known, ports);
        const isUnsure = verdicts.length > 0 && ofBalancers.includes(undefined);
        return isUnsure ? [{ resource: ingress.resource, unknown: "securityGroups" }] : verdicts;
      }),
    ];
  },
};

export const network: readonly Policy[] = [closedNetwork, nothingPublic];

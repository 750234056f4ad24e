// The architecture of a stack on AWS.

import type { RecordedResource, Rehearsal } from "../record.ts";
import type { Architecture, Part, Talk } from "./architecture.ts";
import { addressed } from "./addresses.ts";
import { Graph, input } from "./graph.ts";
import { apis, networkOf } from "./network.ts";
import { type AwsPart, endpointsIn, partsIn } from "./parts.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** `443`, `3000-3010`, `any` */
export function portsOf(rule: RecordedResource): string {
  if (input(rule, "ipProtocol") === "-1") return "any";
  const [from, to] = [input(rule, "fromPort"), input(rule, "toPort")];
  return from === to ? from : `${from}-${to}`;
}

/** What a rule names instead of a security group. */
export function rangeOf(rule: RecordedResource): string {
  return ["cidrIpv4", "cidrIpv6", "prefixListId"].map((property) => input(rule, property)).join("");
}

export const everyone: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Between parts: each rule of a security group that names another one. */
function insideTalks(parts: readonly AwsPart[], graph: Graph): Talk[] {
  const withGroup = (urn: string | undefined) =>
    parts.filter(({ groups }) => urn !== undefined && groups.includes(urn));
  return [...graph.all(INGRESS), ...graph.all(EGRESS)].flatMap((rule) => {
    const [own] = graph.behind(rule, "securityGroupId", GROUP);
    const [other] = graph.behind(rule, "referencedSecurityGroupId", GROUP);
    const [from, to] = rule.type === INGRESS ? [other, own] : [own, other];
    return withGroup(from?.urn).flatMap((source) =>
      withGroup(to?.urn).map((target) => ({
        from: source.id,
        to: target.id,
        ports: [portsOf(rule)],
        by: [`rule ${rule.name}`],
      })),
    );
  });
}

function outside(id: string, title: string, about: readonly string[]): Part {
  return { id, role: "outside", title, about, zones: [] };
}

/** From outside: a part for everyone, and one for the ranges that are named. */
function incoming(parts: readonly AwsPart[], graph: Graph): { parts: Part[]; talks: Talk[] } {
  const rules = graph.all(INGRESS).filter((rule) => rangeOf(rule) !== "");
  const isOpen = (rule: RecordedResource) => everyone.includes(rangeOf(rule));
  const ranges = [...new Set(rules.filter((rule) => !isOpen(rule)).map(rangeOf))];
  // Any address is none of the internet's where there is no way in from there.
  const isInternal = parts.some(
    ({ role, resource }) => role === "entry" && resource.inputs["internal"] === true,
  );
  const internet = outside("everyone", "The internet", ["browsers, OAuth providers,", "your backend"]);
  const neighbours = outside("everyone", "Your networks", ["the VPC, and what is", "connected with it"]);
  const shown = ranges.length > 3 ? [...ranges.slice(0, 3), `and ${ranges.length - 3} more ranges`] : ranges;
  return {
    parts: [
      ...(rules.some(isOpen) ? [isInternal ? neighbours : internet] : []),
      ...(ranges.length > 0 ? [outside("ranges", "Allowed addresses", shown)] : []),
    ],
    talks: rules.flatMap((rule) => {
      const [group] = graph.behind(rule, "securityGroupId", GROUP);
      return parts
        .filter(({ groups }) => group !== undefined && groups.includes(group.urn))
        .map(({ id }) => ({
          from: isOpen(rule) ? "everyone" : "ranges",
          to: id,
          ports: [portsOf(rule)],
          by: [`rule ${rule.name}`],
        }));
    }),
  };
}

/** To the internet: what may leave, by the gateway that its subnets route to. */
function outgoing(parts: readonly AwsPart[], graph: Graph): { parts: Part[]; talks: Talk[] } {
  const rules = graph.all(EGRESS).filter((rule) => everyone.includes(rangeOf(rule)));
  const talks = rules.flatMap((rule) => {
    const [group] = graph.behind(rule, "securityGroupId", GROUP);
    return parts
      .filter(
        ({ groups, location }) =>
          group !== undefined && groups.includes(group.urn) && location.wayOut !== "none",
      )
      .map(({ id, location: { gateway = apis } }) => ({
        from: id,
        to: gateway,
        ports: [portsOf(rule)],
        by: [`rule ${rule.name}`, ...(gateway === apis ? [] : ["route tables"])],
      }));
  });
  const about = [...new Set(rules.map((rule) => input(rule, "description")).filter((text) => text !== ""))];
  return { parts: [outside(apis, "The internet, outbound", about)], talks };
}

/** AWS's own services that the tasks work with, and that their roles reach. */
function besides(parts: readonly AwsPart[], graph: Graph): { parts: Part[]; talks: Talk[] } {
  const tasks = parts.filter(({ role }) => role === "tasks");
  const kinds = [
    ["aws:secretsmanager/secret:Secret", "secrets", "Secrets Manager", "read when a task starts"],
    ["aws:cloudwatch/logGroup:LogGroup", "logs", "CloudWatch Logs", "what containers print"],
  ] as const;
  const there = kinds.filter(([type]) => graph.all(type).length > 0);
  return {
    parts: there.map(([, id, title, about]) => ({ id, role: "service", title, about: [about], zones: [] })),
    talks: tasks.flatMap((task) =>
      there.map(([, id]) => ({ from: task.id, to: id, ports: [], by: ["task definition"], aside: true })),
    ),
  };
}

export function awsArchitecture(rehearsal: Rehearsal): Architecture {
  const graph = new Graph(rehearsal.resources);
  const network = networkOf(graph);
  const own = [...partsIn(network, graph), ...endpointsIn(network, graph)];
  const [into, out, aside] = [incoming(own, graph), outgoing(own, graph), besides(own, graph)];
  const byAddress = addressed(rehearsal, own);
  const parts = [
    ...into.parts,
    ...out.parts,
    ...own.map(plainPart),
    ...network.parts,
    ...byAddress.parts,
    ...aside.parts,
  ];
  const used = new Set(parts.map(({ within }) => within));
  const places = network.places.filter(({ id }) => id === "vpc" || used.has(id));
  return {
    places: own.length === 0 ? [] : places,
    parts,
    talks: [
      ...into.talks,
      ...insideTalks(own, graph),
      ...out.talks,
      ...network.talks,
      ...aside.talks,
      ...byAddress.talks,
    ],
  };
}

function plainPart({ id, role, title, about, zones, within }: AwsPart): Part {
  return { id, role, title, about, zones, ...(within === undefined ? {} : { within }) };
}

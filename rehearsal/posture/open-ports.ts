// What lets others in: rules of security groups, and ports that a Docker engine publishes.

import { everyone, portsOf, rangeOf } from "../architecture/aws.ts";
import { type Graph, input } from "../architecture/graph.ts";
import { isRecord } from "../../project/values.ts";

export interface OpenPort {
  readonly ports: string;
  /** Who comes in: a range of addresses, a security group, this machine. */
  readonly from: string;
  /** Whether that is just anyone. */
  readonly isOpen: boolean;
  readonly to: string;
  /** The rule's name, or the port inside. */
  readonly by: string;
}

const GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** All of a stack, the widest first. */
export function openPortsOf(graph: Graph): OpenPort[] {
  const rules = graph
    .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .map((rule): OpenPort => {
      const [to] = graph.behind(rule, "securityGroupId", GROUP);
      const [from] = graph.behind(rule, "referencedSecurityGroupId", GROUP);
      const range = rangeOf(rule);
      return {
        ports: portsOf(rule),
        from: from === undefined ? range : `security group ${from.name}`,
        isOpen: everyone.includes(range),
        to: `security group ${to?.name ?? input(rule, "securityGroupId")}`,
        by: rule.name,
      };
    });
  const published = graph.all("docker:index/container:Container").flatMap((container) =>
    (Array.isArray(container.inputs["ports"]) ? container.inputs["ports"] : [])
      .filter(isRecord)
      .map((port): OpenPort => {
        const isOpen = port["ip"] !== "127.0.0.1";
        return {
          ports: String(port["external"]),
          from: isOpen ? "the network" : "this machine",
          isOpen,
          to: `container ${container.name}`,
          by: `port ${String(port["internal"])}`,
        };
      }),
  );
  return [...rules, ...published].toSorted((a, b) => Number(b.isOpen) - Number(a.isOpen));
}

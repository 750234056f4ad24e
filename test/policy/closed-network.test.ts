import { expect, test } from "vitest";
import type { Properties } from "../../project/values.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";
import { resource } from "../rehearsal/recorded.ts";
import { objectionsTo } from "./objections.ts";

const group = (name: string) =>
  resource("aws:ec2/securityGroup:SecurityGroup", name, { id: `sg-${name}`, outputs: { id: `sg-${name}` } });
const [ofBalancer, ofTasks] = [group("balancer"), group("tasks")];
const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "nango", {
  inputs: { internal: true, securityGroups: ["sg-balancer"] },
});
const listener = resource("aws:lb/listener:Listener", "https", { inputs: { port: 443, protocol: "HTTPS" } });

/** What is said of a rule that lets the internet into groups that an apply chose from. */
function said(inputs: Properties, into: readonly RecordedResource[]): string[] {
  const rule = resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
    inputs: { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443, ...inputs },
    propertyDependencies: { securityGroupId: into.map(({ urn }) => urn) },
  });
  return objectionsTo("closed-network", [ofBalancer, ofTasks, balancer, listener, rule]);
}

const ports = "lets 0.0.0.0/0 in on ports that are no listener's";
const elsewhere = ["lets 0.0.0.0/0 into a security group that is no load balancer's"];

test.each<[string, Properties, readonly RecordedResource[], string[]]>([
  ["the port of a listener", {}, [ofBalancer], []],
  ["a range that begins with it", { toPort: 8443 }, [ofBalancer], [`${ports} (tcp 443-8443)`]],
  ["another port", { fromPort: 80, toPort: 80 }, [ofBalancer], [`${ports} (tcp 80-80)`]],
  ["that port of UDP", { ipProtocol: "udp" }, [ofBalancer], [`${ports} (udp 443-443)`]],
  ["another group", {}, [ofTasks], elsewhere],
  ["either of two groups", {}, [ofBalancer, ofTasks], elsewhere],
  ["no group that is known by its name", { securityGroupId: "sg-elsewhere" }, [], elsewhere],
  ["its own network", { cidrIpv4: "10.0.0.0/8", fromPort: 22, toPort: 22 }, [ofTasks], []],
])("who is let into %s", (_, inputs, into, expected) => {
  expect(said(inputs, into)).toEqual(expected);
});

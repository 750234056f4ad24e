import { describe, expect, test } from "vitest";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { ofType, replacedOrDeleted } from "../find.ts";
import { deployed, topologies, type Topology } from "../topologies.ts";

test.each([
  ["plain HTTP", "dev", [443]],
  ["dev", "plain HTTP", []],
] as const)("no port is listened to twice on the way from %s to %s", async (from, to, opened) => {
  const previous = await deployed(from);
  const next = await rehearse({ ...topologies[to], mode: "preview", previous });
  const ports = (rehearsal: Rehearsal, kind: string) => {
    const urns = next.changes.filter((one) => one.kind === kind).map(({ urn }) => urn);
    return ofType(rehearsal, "lb/listener:Listener")
      .filter(({ urn }) => urns.includes(urn))
      .map(({ inputs }) => inputs["port"]);
  };
  const created = ports(next, "create");
  expect(created).toEqual(opened);
  expect(ports(previous, "delete").filter((port) => created.includes(port))).toEqual([]);
  expect(ports(next, "replace")).toEqual([]);
});

describe("another load balancer", () => {
  const lines = (rehearsal: Rehearsal) =>
    rehearsal.changes
      .filter(({ kind }) => kind !== "same")
      .map(({ kind, type, name, keys }) => [kind, type.split(":").at(-1), name, ...keys].join(" "))
      .toSorted();

  test.each<[string, Topology, Record<string, string>]>([
    ["from public to internal", "dev", { internal: "true" }],
    ["from internal to public", "internal", {}],
    [
      "in another VPC",
      "existing VPC and database",
      { ...topologies["existing VPC and database"].set, vpcId: "vpc-0fedcba9876543210" },
    ],
  ])("%s gets target groups of its own, and the service moves to them", async (_, from, set) => {
    const { secrets } = { secrets: {}, ...topologies[from] };
    const next = await rehearse({
      stack: "dev",
      mode: "preview",
      previous: await deployed(from),
      set,
      secrets,
    });
    expect(next.findings).toEqual([]);
    expect(replacedOrDeleted(next)).toEqual(
      expect.arrayContaining([
        "replace LoadBalancer nango",
        "replace TargetGroup nango-connect-ui",
        "replace TargetGroup nango-server",
        "replace Listener nango-http",
        "replace Listener nango-https",
        "replace ListenerRule nango-connect-complete",
        "replace ListenerRule nango-connect-host",
        "replace ListenerRule nango-connect-link",
      ]),
    );
    const updated = lines(next).filter((line) => /Service|Record/.test(line));
    expect(updated).toEqual([
      "update Record nango-connect.nango-dev.example.com aliases",
      "update Record nango-nango-dev.example.com aliases",
      expect.stringMatching(/^update Service nango .*loadBalancers/),
    ]);
  });

  test("takes its target groups from no load balancer that an earlier deployment left half replaced", async () => {
    const whole = await deployed("dev");
    const broken: Rehearsal = {
      ...whole,
      resources: whole.resources.map((resource) =>
        resource.type === "aws:lb/targetGroup:TargetGroup"
          ? { ...resource, replacementTrigger: "arn:aws:elasticloadbalancing:::loadbalancer/app/before" }
          : resource,
      ),
    };
    const next = await rehearse({ stack: "dev", mode: "preview", previous: broken });
    expect(replacedOrDeleted(next)).toEqual([
      "replace TargetGroup nango-connect-ui",
      "replace TargetGroup nango-server",
    ]);
    expect(lines(next)).toEqual(
      expect.arrayContaining([
        "update Listener nango-https defaultActions",
        "update Service nango loadBalancers",
      ]),
    );
  });
});

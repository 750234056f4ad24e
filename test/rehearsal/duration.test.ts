import { describe, expect, test } from "vitest";
import { resourceEntry } from "../../rehearsal/catalogue/index.ts";
import { chainOfChanges, longestChain, minutesOf } from "../../rehearsal/duration.ts";
import { durations } from "../../rehearsal/durations.ts";
import { deployed } from "../aws/topologies.ts";
import type { Change, RecordedResource } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";

test("every duration is one of a type that the catalogue knows", () => {
  for (const type of Object.keys(durations)) expect(resourceEntry(type), type).toBeDefined();
});

const DATABASE = "aws:rds/instance:Instance";
const NAT = "aws:ec2/natGateway:NatGateway";
const SERVICE = "aws:ecs/service:Service";

function resource(type: string, name: string, ...dependencies: string[]): RecordedResource {
  return { urn: name, type, name, dependencies, custom: true } as unknown as RecordedResource;
}

function change(kind: Change["kind"], { urn, type, name }: RecordedResource, ...keys: string[]): Change {
  return { urn, type, name, kind, keys, replaceKeys: [], deleteFirst: false, retained: false };
}

const chained = (chain: ReturnType<typeof longestChain>) => chain.map(({ name, minutes }) => [name, minutes]);

describe("the chain that decides", () => {
  const nat = resource(NAT, "nat");
  const database = resource(DATABASE, "database");
  const service = resource(SERVICE, "service", "database", "nat");

  test("is the longest, not the last", () => {
    expect(chained(longestChain([nat, database, service]))).toEqual([
      ["database", 10],
      ["service", 5],
    ]);
    const waiting = resource(DATABASE, "waiting", "nat");
    const last = resource(SERVICE, "last", "waiting");
    expect(minutesOf(longestChain([nat, database, service, waiting, last]))).toBe(17);
  });

  test("leads through what takes no time", () => {
    const group = resource("aws:ec2/securityGroup:SecurityGroup", "group", "nat");
    expect(chained(longestChain([nat, group, resource(SERVICE, "behind", "group")]))).toEqual([
      ["nat", 2],
      ["behind", 5],
    ]);
  });

  test("of changes has what changes alone, by what changes in it", () => {
    const resources = [nat, database, service];
    expect(chainOfChanges(resources, [])).toEqual([]);
    expect(chainOfChanges(resources, [change("update", database, "tags")])).toEqual([]);
    expect(chained(chainOfChanges(resources, [change("update", database, "tags", "instanceClass")]))).toEqual(
      [["database", 10]],
    );
    expect(
      chained(
        chainOfChanges(resources, [change("create", nat), change("update", service, "taskDefinition")]),
      ),
    ).toEqual([
      ["nat", 2],
      ["service", 5],
    ]);
  });

  test("ends with the slowest of what goes, and a replacement that deletes first waits for that", () => {
    const resources = [database, service];
    const gone = [change("delete", resource(NAT, "nat")), change("replace", database)];
    expect(chained(chainOfChanges(resources, gone))).toEqual([
      ["database", 10],
      ["old database", 5],
    ]);
    expect(
      chained(chainOfChanges(resources, [{ ...change("replace", database), deleteFirst: true }])),
    ).toEqual([["database", 15]]);
  });
});

test("an upgrade takes the time of the migration and the service", async () => {
  const previous = await deployed("dev");
  const { resources, changes } = await rehearse({
    stack: "dev",
    mode: "update",
    previous,
    set: { image: `nangohq/nango-server:hosted-${"0".repeat(40)}` },
  });
  expect(chained(chainOfChanges(resources, changes))).toEqual([["nango", 5]]);
});

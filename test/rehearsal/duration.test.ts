import { describe, expect, test } from "vitest";
import { resourceEntry } from "../../rehearsal/catalogue/index.ts";
import { decidingSpans, deploymentOf, firstDeployment, type Schedule } from "../../rehearsal/duration.ts";
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
  return { urn: name, type, name, dependencies, custom: true, aliases: [] } as unknown as RecordedResource;
}

function change(kind: Change["kind"], { urn, type, name }: RecordedResource, ...keys: string[]): Change {
  return { urn, type, name, kind, keys, replaceKeys: [], deleteFirst: false, retained: false };
}

const deciding = (schedule: Schedule) =>
  decidingSpans(schedule).map(({ name, start, end }) => [name, end - start]);
const times = ({ spans }: Schedule) =>
  spans.map(({ kind, name, start, end, decides }) => [kind, name, start, end, decides]);

describe("the chain that decides", () => {
  const nat = resource(NAT, "nat");
  const database = resource(DATABASE, "database");
  const service = resource(SERVICE, "service", "database", "nat");
  const changed = (...changes: Change[]) => {
    const before = [nat, database, service];
    return deploymentOf({ before, after: before, changes });
  };

  test("is the longest, not the last", () => {
    expect(deciding(firstDeployment([nat, database, service]))).toEqual([
      ["database", 10],
      ["service", 5],
    ]);
    const waiting = resource(DATABASE, "waiting", "nat");
    const last = resource(SERVICE, "last", "waiting");
    expect(firstDeployment([nat, database, service, waiting, last]).minutes).toBe(17);
  });

  test("leads through what takes no time", () => {
    const group = resource("aws:ec2/securityGroup:SecurityGroup", "group", "nat");
    expect(deciding(firstDeployment([nat, group, resource(SERVICE, "behind", "group")]))).toEqual([
      ["nat", 2],
      ["behind", 5],
    ]);
  });

  test("of changes has what changes alone, by what changes in it", () => {
    expect(changed()).toEqual({ spans: [], minutes: 0 });
    expect(changed(change("update", database, "tags"))).toEqual({ spans: [], minutes: 0 });
    expect(times(changed(change("update", database, "tags", "instanceClass")))).toEqual([
      ["update", "database", 0, 10, true],
    ]);
    expect(times(changed(change("create", nat), change("update", service, "taskDefinition")))).toEqual([
      ["create", "nat", 0, 2, true],
      ["update", "service", 2, 7, true],
    ]);
    expect(times(changed(change("create", nat), change("update", database, "instanceClass")))).toEqual([
      ["create", "nat", 0, 2, false],
      ["update", "database", 0, 10, true],
    ]);
  });

  test("ends with what goes, unless a replacement deletes first", () => {
    expect(times(changed(change("delete", nat), change("replace", database)))).toEqual([
      ["replace", "database", 0, 10, true],
      ["delete", "old database", 10, 15, true],
      ["delete", "old nat", 10, 11, false],
    ]);
    expect(times(changed({ ...change("replace", database), deleteFirst: true }))).toEqual([
      ["replace", "database", 0, 15, true],
    ]);
    expect(changed({ ...change("delete", database), retained: true }).minutes).toBe(0);
  });

  test("deletes what needs something before that", () => {
    expect(times(changed(change("delete", database), change("delete", service)))).toEqual([
      ["delete", "old service", 0, 2, true],
      ["delete", "old database", 2, 7, true],
    ]);
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
  expect(deciding(deploymentOf({ before: previous.resources, after: resources, changes }))).toEqual([
    ["nango", 5],
  ]);
});

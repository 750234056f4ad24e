import { expect, test } from "vitest";

import type { Effect } from "../../infra/config/settings/change.ts";
import { consequencesOf, keepsData } from "../../rehearsal/effects.ts";
import type { ChangeKind, RecordedResource } from "../../rehearsal/record.ts";

interface Asked {
  readonly kind: ChangeKind;
  readonly keys?: readonly string[];
  readonly inputs?: RecordedResource["inputs"];
  readonly component?: string;
  readonly refused?: boolean;
}

/** What the change of one resource does, and to what. */
function consequences(type: string, { kind, keys = [], inputs = {}, component = "x", refused }: Asked) {
  const parent = `urn:pulumi:dev::nango::${component}::parent`;
  const urn = `urn:pulumi:dev::nango::${component}$${type}::one`;
  const resource = { type, name: "one", urn, parent, custom: true, inputs } as unknown as RecordedResource;
  const change = { urn, type, name: "one", kind, keys, replaceKeys: keys, deleteFirst: false };
  const findings = refused === true ? [{ urn, message: "is protected" }] : [];
  const rehearsal = { resources: [resource], changes: [change], findings, program: { exitCode: 0 } };
  return consequencesOf(rehearsal as unknown as Parameters<typeof consequencesOf>[0], []);
}

function effectOf(type: string, asked: Asked): Effect[] {
  return consequences(type, asked).map(({ effect }) => effect);
}

const database = "aws:rds/instance:Instance";
const container = "docker:index/container:Container";

test.each<[what: string, type: string, asked: Asked, effects: Effect[]]>([
  [
    "another class of a database",
    database,
    { kind: "update", keys: ["instanceClass", "tags"] },
    ["restarts the database"],
  ],
  [
    "another version",
    database,
    { kind: "update", keys: ["engineVersion"] },
    ["cannot be undone", "restarts the database"],
  ],
  [
    "another version, which AWS refuses",
    database,
    { kind: "update", keys: ["engineVersion"], refused: true },
    ["refused"],
  ],
  [
    "more storage",
    database,
    { kind: "update", keys: ["allocatedStorage"] },
    ["cannot be undone", "in place"],
  ],
  ["a standby", database, { kind: "update", keys: ["multiAz"] }, ["in place"]],
  ["a new database", database, { kind: "create" }, ["leaves data behind", "adds resources"]],
  ["a lost database", database, { kind: "delete" }, ["deletes data", "leaves data behind", "adds resources"]],
  ["a protected one", database, { kind: "delete", refused: true }, ["refused", "leaves data behind"]],
  [
    "a database made anew",
    database,
    { kind: "replace", keys: ["username"] },
    ["deletes data", "leaves data behind"],
  ],
  [
    "another node type",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { kind: "update", keys: ["nodeType"] },
    ["replaces nodes"],
  ],
  [
    "one node more",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { kind: "update", keys: ["numCacheClusters"] },
    ["in place"],
  ],
  [
    "larger volumes",
    "aws:opensearch/domain:Domain",
    { kind: "update", keys: ["ebsOptions"] },
    ["replaces nodes"],
  ],
  [
    "a new version of Nango",
    "aws:ecs/service:Service",
    { kind: "update", keys: ["taskDefinition"] },
    ["restarts Nango"],
  ],
  ["more tasks", "aws:ecs/service:Service", { kind: "update", keys: ["desiredCount"] }, ["in place"]],
  [
    "no task",
    "aws:ecs/service:Service",
    { kind: "update", keys: ["desiredCount"], inputs: { desiredCount: 0, forceNewDeployment: true } },
    ["stops Nango"],
  ],
  [
    "more tasks of a service that is always deployed anew",
    "aws:ecs/service:Service",
    { kind: "update", keys: ["desiredCount"], inputs: { forceNewDeployment: true } },
    ["restarts Nango"],
  ],
  [
    "no tasks",
    "aws:ecs/service:Service",
    { kind: "update", keys: ["desiredCount"], inputs: { desiredCount: 0, forceNewDeployment: true } },
    ["stops Nango"],
  ],
  [
    "no floor under scaling",
    "aws:appautoscaling/target:Target",
    { kind: "update", keys: ["minCapacity"], inputs: { minCapacity: 0 } },
    ["stops Nango"],
  ],
  [
    "another balancer",
    "aws:lb/loadBalancer:LoadBalancer",
    { kind: "replace", keys: ["internal"] },
    ["replaces the load balancer"],
  ],
  [
    "another VPC",
    "aws:ec2/vpc:Vpc",
    { kind: "replace", keys: ["cidrBlock"], refused: true },
    ["refused", "replaces everything"],
  ],
  [
    "a listener's certificate",
    "aws:lb/listener:Listener",
    { kind: "update", keys: ["certificateArn"] },
    ["in place"],
  ],
  [
    "a description of tasks alone",
    "aws:ecs/taskDefinition:TaskDefinition",
    { kind: "replace", keys: ["cpu"] },
    ["nothing"],
  ],
  [
    "the laptop's server",
    container,
    { kind: "replace", keys: ["envs"], component: "nango:docker:NangoContainers" },
    ["restarts Nango"],
  ],
  [
    "the laptop's Postgres",
    container,
    { kind: "replace", keys: ["image"], component: "nango:docker:Postgres" },
    ["restarts the database"],
  ],
  [
    "a container's memory",
    container,
    { kind: "update", keys: ["memory"], component: "nango:docker:Postgres" },
    ["in place"],
  ],
  [
    "a container that runs to its end",
    container,
    { kind: "replace", keys: ["envs"], inputs: { start: false }, component: "nango:docker:NangoContainers" },
    ["nothing"],
  ],
])("%s", (_, type, asked, effects) => {
  expect(effectOf(type, asked)).toEqual(effects);
});

test("what is refused is named", () => {
  const [refusal] = consequences(database, { kind: "update", keys: ["engineVersion"], refused: true });
  expect(refusal).toEqual({ effect: "refused", of: ["rds.Instance one: engineVersion"], links: [] });
  const [another] = consequences("pulumi:index:Stash", { kind: "update", keys: ["input"], refused: true });
  expect(another?.of).toEqual(["Stash one: input"]);
});

test("a volume of certificates is no data", () => {
  const type = "docker:index/volume:Volume";
  const urn = (component: string) => `urn:pulumi:dev::nango::${component}$${type}::one`;
  expect(keepsData({ type, urn: urn("nango:docker:Postgres") })).toBe(true);
  expect(keepsData({ type, urn: urn("nango:docker:NangoContainers") })).toBe(false);
});

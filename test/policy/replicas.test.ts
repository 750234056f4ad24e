// How many servers there may be, however that comes about.
import { expect, test } from "vitest";
import type { Properties } from "../../project/values.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";
import { resource } from "../rehearsal/recorded.ts";
import { objectionsTo } from "./objections.ts";

const address = "nango.eu-central-1.rds.amazonaws.com";
const url = `postgresql://nango:secret@${address}:5432/nango?sslmode=verify-full`;

const definition = (variables: Readonly<Record<string, string>>) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "nango", {
    id: "nango:1",
    inputs: {
      containerDefinitions: JSON.stringify([
        {
          name: "server",
          command: ["node", "packages/server/dist/server.js"],
          environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
          secrets: [{ name: "NANGO_DATABASE_URL" }],
        },
      ]),
    },
  });

const service = (name: string, inputs: Properties = {}) =>
  resource("aws:ecs/service:Service", name, { inputs: { taskDefinition: "nango:1", ...inputs } });
const database = (instanceClass: string) =>
  resource("aws:rds/instance:Instance", "database", { inputs: { instanceClass }, outputs: { address } });
const stored = (more: object = {}) =>
  resource("aws:secretsmanager/secretVersion:SecretVersion", "stored", {
    inputs: { secretString: JSON.stringify({ NANGO_DATABASE_URL: url, ...more }) },
  });

const small = {
  NANGO_DB_POOL_MAX: "10",
  RECORDS_DATABASE_POOL_MAX: "2",
  TASKS_DB_POOL_MAX: "2",
  FLEET_DB_POOL_MAX: "1",
};
const budget = (variables: Readonly<Record<string, string>>, ...more: RecordedResource[]) =>
  objectionsTo("connection-budget", [database("db.t4g.micro"), definition(variables), ...more]);

test("a server without sizes has pools of Nango's own", () => {
  expect(budget(small, stored(), service("nango"))).toEqual([]);
  expect(budget({}, stored(), service("nango"))).toEqual([
    "has 78 connections, of which 195 may be taken by 1 task with 95 each",
  ]);
  expect(budget({ ...small, NANGO_DB_POOL_MAX: "many" }, stored(), service("nango"))).toHaveLength(1);
});

test("a size that a secret holds counts", () => {
  const secret = resource("aws:ecs/taskDefinition:TaskDefinition", "nango", {
    id: "nango:1",
    inputs: {
      containerDefinitions: JSON.stringify([
        {
          name: "server",
          command: ["node", "packages/server/dist/server.js"],
          secrets: ["NANGO_DATABASE_URL", ...Object.keys(small)].map((name) => ({ name })),
        },
      ]),
    },
  });
  const said = (NANGO_DB_POOL_MAX: string) =>
    objectionsTo("connection-budget", [
      database("db.t4g.micro"),
      secret,
      stored({ ...small, NANGO_DB_POOL_MAX }),
      service("nango"),
    ]);
  expect(said("10")).toEqual([]);
  expect(said("60")).toHaveLength(1);
});

test.each<[what: string, more: RecordedResource[], said: string[]]>([
  [
    "two services",
    [service("nango"), service("other", { desiredCount: 2 })],
    ["has 78 connections, of which 95 may be taken by 1 task with 15 each and 2 tasks with 15 each"],
  ],
  [
    "a deployment of five at once",
    [service("nango", { deploymentMaximumPercent: 500 })],
    ["has 78 connections, of which 75 may be taken by 1 task with 15 each"],
  ],
  [
    "a schedule that raises the ceiling",
    [
      service("nango"),
      resource("aws:appautoscaling/scheduledAction:ScheduledAction", "morning", {
        inputs: { scalableTargetAction: { maxCapacity: 3 } },
      }),
    ],
    ["has 78 connections, of which 90 may be taken by 3 tasks with 15 each"],
  ],
  [
    "a schedule that starts tasks",
    [
      service("nango"),
      resource("aws:scheduler/schedule:Schedule", "morning", {
        inputs: { target: { input: JSON.stringify({ Service: "nango", DesiredCount: 3 }) } },
      }),
    ],
    ["has 78 connections, of which 90 may be taken by 3 tasks with 15 each"],
  ],
])("the connections of %s", (_, more, said) => {
  expect(budget(small, stored(), ...more)).toEqual(said);
});

test("a formula for max_connections is no number, and another host no database of the stack", () => {
  const parameters = (value: string) =>
    resource("aws:rds/parameterGroup:ParameterGroup", "own", {
      id: "own",
      inputs: { parameters: [{ name: "max_connections", value }] },
    });
  const own = (value: string) =>
    objectionsTo("connection-budget", [
      resource("aws:rds/instance:Instance", "database", {
        inputs: { instanceClass: "db.r8g.16xlarge", parameterGroupName: "own" },
        outputs: { address },
      }),
      parameters(value),
      definition(small),
      stored(),
      service("nango"),
    ]);
  expect(own("40")).toHaveLength(1);
  expect(own("LEAST({DBInstanceClassMemory/9531392},5000)")).toEqual([]);
  expect(
    budget({}, stored({ NANGO_DATABASE_URL: url.replace(address, "db.acme.dev") }), service("nango")),
  ).toEqual([]);
});

test("two services of one task each share a Redis", () => {
  const said = (...services: RecordedResource[]) =>
    objectionsTo("redis-for-replicas", [definition({}), ...services]);
  expect(said(service("nango"))).toEqual([]);
  expect(said(service("nango"), service("other"))).toEqual([
    "may run 2 tasks, and container server has no Redis",
    "may run 2 tasks, and container server has no Redis",
  ]);
});

test("a server whose database is not told takes nothing of one whose address is not known", () => {
  const unknown = resource("aws:rds/instance:Instance", "database", {
    inputs: { instanceClass: "db.t4g.micro" },
  });
  const nowhere = stored({ NANGO_DATABASE_URL: "" });
  expect(objectionsTo("connection-budget", [unknown, definition({}), nowhere, service("nango")])).toEqual([]);
});

import { beforeAll, describe, expect, test } from "vitest";
import { costOf } from "../../../rehearsal/cost/cost.ts";
import type { RecordedResource, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";

describe("a stack with office hours", () => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await deployed("internal");
  });

  const target = ({ inputs }: RecordedResource) => inputs["target"] as { arn: string; input: string };

  test("starts its database before its tasks, and stops it after them", () => {
    const database = the(rehearsal, "rds/instance:Instance").outputs["identifier"];
    const service = the(rehearsal, "ecs/service:Service").outputs["name"];
    const cluster = the(rehearsal, "ecs/cluster:Cluster").outputs["name"];
    const schedules = ofType(rehearsal, "scheduler/schedule:Schedule").map((schedule) => [
      schedule.inputs["scheduleExpression"],
      target(schedule).arn.split(":aws-sdk:")[1],
      JSON.parse(target(schedule).input) as unknown,
    ]);
    expect(schedules.toSorted()).toEqual([
      [
        "cron(0 19 ? * MON,TUE,WED,THU,FRI *)",
        "ecs:updateService",
        { Cluster: cluster, Service: service, DesiredCount: 0 },
      ],
      [
        "cron(0 8 ? * MON,TUE,WED,THU,FRI *)",
        "ecs:updateService",
        { Cluster: cluster, Service: service, DesiredCount: 1 },
      ],
      ["cron(10 19 ? * MON,TUE,WED,THU,FRI *)", "rds:stopDBInstance", { DbInstanceIdentifier: database }],
      ["cron(40 7 ? * MON,TUE,WED,THU,FRI *)", "rds:startDBInstance", { DbInstanceIdentifier: database }],
    ]);
  });

  test("has them in its own zone, and gives up before the next morning", () => {
    for (const { inputs } of ofType(rehearsal, "scheduler/schedule:Schedule")) {
      expect(inputs).toMatchObject({
        scheduleExpressionTimezone: "Europe/Berlin",
        flexibleTimeWindow: { mode: "OFF" },
        target: { retryPolicy: { maximumEventAgeInSeconds: 3600 } },
      });
    }
  });

  test("lets the scheduler change its service and its database, and nothing else", () => {
    const policy = the(rehearsal, "iam/rolePolicy:RolePolicy", "nango-office-hours").inputs["policy"];
    expect((JSON.parse(String(policy)) as { Statement: unknown }).Statement).toEqual([
      { Effect: "Allow", Action: "ecs:UpdateService", Resource: the(rehearsal, "ecs/service:Service").id },
      {
        Effect: "Allow",
        Action: ["rds:StartDBInstance", "rds:StopDBInstance"],
        Resource: [the(rehearsal, "rds/instance:Instance").outputs["arn"]],
      },
    ]);
    const role = the(rehearsal, "iam/role:Role", "nango-office-hours").inputs["assumeRolePolicy"];
    expect(role).toContain('"Service":"scheduler.amazonaws.com"');
  });

  test("leaves the number of tasks to the hour", () => {
    expect(the(rehearsal, "ecs/service:Service").ignoreChanges).toContain("desiredCount");
  });

  test("is not paid at night, but for what cannot be stopped", async () => {
    const always = await rehearse({ stack: "dev", mode: "update", set: { internal: "true" } });
    const line = (of: Rehearsal, what: RegExp) =>
      costOf(of, "us-east-1").lines.find((one) => what.test(one.what))?.quantity ?? Number.NaN;
    const share = (what: RegExp) => line(rehearsal, what) / line(always, what);
    expect(share(/vCPU on demand/)).toBeCloseTo(55 / 168, 6);
    expect(share(/public addresses of tasks/)).toBeCloseTo(55 / 168, 6);
    // It starts 20 minutes earlier, and stops 10 minutes later.
    expect(share(/^db\.t4g\.micro/)).toBeCloseTo(57.5 / 168, 6);
    expect(share(/GB of storage/)).toBe(1);
  });
});

test.each([
  [
    { size: "medium" },
    /nango:schedule is for a fixed number of tasks.*\n.*config set -s dev nango:maxReplicas 2\n/,
  ],
  [{ stopped: "true" }, /nango:schedule would start in the morning what nango:stopped stops/],
  [{ alarmEmail: "ops@example.com" }, /nango:schedule stops what the alarms watch/],
])("office hours do not go together with %j", async (set, message) => {
  const { program } = await rehearse({
    stack: "dev",
    set: { ...set, schedule: "mon-fri 08:00-19:00 Europe/Berlin" },
  });
  expect(program.message).toMatch(message);
});

test("office hours go together with alarms that are switched off: nobody is told of the evening", async () => {
  const { program, resources } = await rehearse({
    stack: "dev",
    set: { alarmEmail: "ops@example.com", alarms: "none", schedule: "mon-fri 08:00-19:00 Europe/Berlin" },
  });
  expect(program).toEqual({ exitCode: 0 });
  expect(resources.map(({ type }) => type)).toContain("aws:sns/topicSubscription:TopicSubscription");
  expect(resources.flatMap(({ inputs }) => inputs["alarmActions"] ?? [])).toEqual([]);
});

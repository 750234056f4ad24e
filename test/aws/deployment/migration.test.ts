import { describe, expect, test } from "vitest";
import { rehearse } from "../../rehearse.ts";
import { the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { deployWithHooks, newImage, started } from "./deploy-with-hooks.ts";

describe("the migration", () => {
  test("runs as a task of its own before the service is created", async () => {
    const { rehearsal, calls } = await deployWithHooks({
      tasks: [{ outcome: "succeeds", statuses: ["PENDING", "RUNNING"] }],
    });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(rehearsal.hookRuns).toEqual([
      { hook: "nango-service-linked-role", kind: "beforeCreate", urn: expect.stringContaining(":Cluster::") },
      { hook: "nango-migrate", kind: "beforeCreate", urn: expect.stringContaining(":Service::") },
    ]);
    const [task, ...others] = started(calls);
    expect(others).toEqual([]);
    expect(task!.input).toMatchObject({
      cluster: the(rehearsal, "ecs/cluster:Cluster").outputs["arn"],
      taskDefinition: the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango-migrate").outputs["arn"],
      startedBy: "pulumi-dev",
      tags: [{ key: "Name", value: "nango-migrate" }],
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: "ENABLED" } },
    });
  });

  test("fails the deployment with its last lines, and the service is not touched", async () => {
    const { rehearsal } = await deployWithHooks({
      tasks: [
        { outcome: "fails", exitCode: 3, log: ["nango-migrate: checking", "nango-migrate: a lock is held"] },
      ],
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    const said = [
      rehearsal.program.message,
      ...rehearsal.findings.map(({ message }) => message),
      ...rehearsal.messages.map(({ text }) => text),
    ].join("\n");
    expect(said).toContain("nango-migrate: a lock is held");
    expect(said).toMatch(/exit(ed with)? (code )?3/);
    expect(rehearsal.resources.some(({ type }) => type.startsWith("aws:appautoscaling"))).toBe(false);
  });

  test("runs again for a new image, and not for a change that starts no new version", async () => {
    const previous = await deployed("dev");
    const upgraded = await deployWithHooks({ tasks: [{ outcome: "succeeds" }] }, { previous, set: newImage });
    expect(upgraded.rehearsal.hookRuns.map(({ kind, error }) => [kind, error])).toEqual([
      ["beforeUpdate", undefined],
    ]);
    expect(started(upgraded.calls)).toHaveLength(1);
    const scaled = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }] },
      { previous, set: { spot: "true" } },
    );
    expect(
      scaled.rehearsal.changes.filter(
        ({ type, kind }) => type === "aws:ecs/service:Service" && kind === "update",
      ),
    ).toHaveLength(1);
    expect(started(scaled.calls)).toHaveLength(0);
  });
});

test("an update fails when the service settled on another revision, and names both", async () => {
  const rehearsal = await rehearse({
    stack: "dev",
    mode: "update",
    answers: {
      "aws:ecs/getService:getService": () => ({
        taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-dev:41",
      }),
    },
  });
  const wanted = the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango").outputs["arn"] as string;
  expect(rehearsal.program.exitCode).not.toBe(0);
  expect(rehearsal.program.message).toContain("runs nango-dev:41");
  expect(rehearsal.program.message).toContain(`not ${wanted.split("/").at(-1)}`);
  expect(rehearsal.program.message).toContain("npx pulumi up --refresh -s dev");
});

test("a lookup that tells no numbers of tasks does not pass a service without any", async () => {
  const previous = await deployed("dev");
  const found = { desiredCount: 0, runningCount: 0 };
  const { rehearsal, calls } = await deployWithHooks(
    {
      tasks: [],
      scripted: [{ operation: "DescribeServices", answer: { body: { services: [found] } } }],
    },
    {
      previous,
      runHooks: false,
      answers: {
        "aws:ecs/getService:getService": () => ({
          taskDefinition: the(previous, "ecs/taskDefinition:TaskDefinition", "nango").outputs["arn"],
          desiredCount: 1,
        }),
      },
    },
  );
  expect(rehearsal.program.message).toContain("was scaled to no tasks at all");
  expect(calls.map(({ operation }) => operation)).toEqual(["DescribeServices"]);
});

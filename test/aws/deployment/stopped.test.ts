import { describe, expect, test } from "vitest";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import type { StubbedCall } from "../../stubbed-aws.ts";
import { the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { deployWithHooks, newImage, started } from "./deploy-with-hooks.ts";

describe("a stack that is stopped", () => {
  const serviceOf = (rehearsal: Rehearsal) => the(rehearsal, "ecs/service:Service");
  const stopped = { stopped: "true" };

  test("sends no tasks and migrates nothing where Pulumi sends their number, and starts with a migration", async () => {
    const previous = await deployed("dev");
    const stops = await deployWithHooks({ tasks: [] }, { previous, set: { ...stopped, ...newImage } });
    expect(stops.rehearsal.program).toEqual({ exitCode: 0 });
    expect(serviceOf(stops.rehearsal).inputs["desiredCount"]).toBe(0);
    expect(stops.calls).toEqual([]);
    const starts = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }] },
      { previous: stops.rehearsal, set: newImage },
    );
    expect(starts.rehearsal.program).toEqual({ exitCode: 0 });
    expect(serviceOf(starts.rehearsal).inputs["desiredCount"]).toBe(1);
    expect(started(starts.calls)).toHaveLength(1);
  });

  const shown = (desiredCount: number, runningCount: number) => ({
    desiredCount,
    runningCount,
    deployments: [{ id: "one", status: "PRIMARY", rolloutState: "COMPLETED" }],
  });
  const described = (desiredCount: number, runningCount: number) => ({
    operation: "DescribeServices",
    answer: { body: { services: [shown(desiredCount, runningCount)] } },
  });
  const updated = (desiredCount: number) => ({
    operation: "UpdateService",
    answer: { body: { service: shown(desiredCount, 0) } },
  });
  const asked = (calls: readonly StubbedCall[]) =>
    calls
      .filter(({ operation }) => /^(RunTask|UpdateService)$/.test(operation))
      .map(({ operation, input }) => [operation, input["desiredCount"]]);
  /** A service that runs so many tasks of a revision. */
  const answers = (tasks: number, stack: string, revision = 1) => ({
    "aws:ecs/getService:getService": () => ({
      taskDefinition: `arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-${stack}:${revision}`,
      desiredCount: tasks,
      runningCount: tasks,
      deploymentConfigurations: [],
    }),
  });

  test("takes the floor from under the scaling where that has their number, and starts with a migration", async () => {
    const previous = await deployed("production");
    const stops = await deployWithHooks(
      { tasks: [], scripted: [described(2, 2), updated(0), described(0, 0)] },
      { stack: "production", previous, set: stopped, answers: answers(0, "production") },
    );
    expect(stops.rehearsal.program).toEqual({ exitCode: 0 });
    expect(the(stops.rehearsal, "appautoscaling/target:Target").inputs).toMatchObject({
      minCapacity: 0,
      maxCapacity: 4,
    });
    expect(asked(stops.calls)).toEqual([["UpdateService", 0]]);
    const starts = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }], scripted: [described(0, 0), updated(2), described(2, 2)] },
      { stack: "production", previous: stops.rehearsal, answers: answers(2, "production") },
    );
    expect(starts.rehearsal.program).toEqual({ exitCode: 0 });
    expect(asked(starts.calls)).toEqual([
      ["RunTask", undefined],
      ["UpdateService", 2],
    ]);
  });

  test("lets no other version start while it stops", async () => {
    const stops = await deployWithHooks(
      { tasks: [], scripted: [described(2, 2), updated(0), described(0, 0), described(0, 0)] },
      {
        stack: "production",
        previous: await deployed("production"),
        set: { ...stopped, ...newImage },
        answers: answers(0, "production", 2),
      },
    );
    expect(stops.rehearsal.program).toEqual({ exitCode: 0 });
    expect(stops.rehearsal.hookRuns.map(({ hook, kind }) => [hook, kind])).toEqual([
      ["nango-migrate", "beforeUpdate"],
      ["nango-stop", "beforeUpdate"],
      ["nango-stop", "afterUpdate"],
    ]);
  });

  test("that was scaled to zero by hand fails an update, which says how to start it", async () => {
    const rehearsal = await rehearse({
      stack: "production",
      mode: "update",
      answers: answers(0, "production"),
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    expect(rehearsal.program.message).toMatch(
      /aws ecs update-service .*--desired-count 2 --force-new-deployment/,
    );
  });

  test("fails an update that finds its tasks running", async () => {
    const rehearsal = await rehearse({
      stack: "dev",
      mode: "update",
      set: stopped,
      answers: answers(1, "dev"),
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    expect(rehearsal.program.message).toContain("is to be stopped (nango:stopped), and 1 of its tasks run");
  });
});

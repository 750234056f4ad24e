import { describe, expect, test } from "vitest";
import { olderDefinition, refusedOnce, runAgainst, startedBy, taskDefinition } from "./run.ts";

describe("a task that hangs", () => {
  test("is stopped at the deadline, with its last log lines in the message", async () => {
    const result = await runAgainst(
      { tasks: [{ outcome: "hangs", log: ["waiting for the database"] }] },
      { timeoutSeconds: 100 },
    );
    expect(result.error).toContain(
      "The database migration did not end within 100 s (its task was RUNNING) and was stopped.\n",
    );
    expect(result.error).toContain("    waiting for the database");
    expect(result.inputs("StopTask")).toMatchObject([
      { cluster: "nango", task: expect.stringContaining("task/stubbed/0") },
    ]);
  });

  test("that cannot be stopped is left with the command that stops it", async () => {
    const result = await runAgainst({
      tasks: [{ outcome: "hangs" }],
      scripted: [refusedOnce("StopTask", "AccessDeniedException", "no")],
    });
    expect(result.error).toContain("could not be stopped (AccessDeniedException: no)");
    expect(result.error).toContain(
      "Stop it: aws ecs stop-task --region us-east-1 --cluster nango --task 00000000000000000000000000000001",
    );
  });

  test("and is stopped by somebody else is reported as such", async () => {
    const stopped = {
      tasks: [
        {
          lastStatus: "STOPPED",
          stopCode: "UserInitiated",
          stoppedReason: "Task stopped by ana",
          startedAt: 1,
        },
      ],
    };
    const result = await runAgainst({
      tasks: [{ outcome: "hangs" }],
      scripted: [{ operation: "DescribeTasks", answer: { body: stopped } }],
    });
    expect(result.error).toContain("the task was stopped from outside: Task stopped by ana.");
  });
});

describe("an earlier task", () => {
  const running = { startedBy, statuses: ["RUNNING", "RUNNING"] };

  test("of the same definition that has not ended is awaited, and its success counts", async () => {
    const earlier = [{ ...running, taskDefinition, outcome: "succeeds" }] as const;
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], earlier });
    expect(result.error).toBeUndefined();
    expect(result.operations).not.toContain("RunTask");
    expect(result.progress.join("\n")).toContain("nothing is left to do");
  });

  test.each([
    [
      "of an older definition that has not ended",
      { ...running, taskDefinition: olderDefinition, outcome: "succeeds" },
    ],
    ["that will fail", { ...running, taskDefinition, outcome: "fails", exitCode: 1 }],
    [
      "that was told to stop but still runs",
      { ...running, taskDefinition, outcome: "fails", exitCode: 137, desiredStatus: "STOPPED" },
    ],
  ] as const)("%s is awaited before a new one is started", async (_, earlier) => {
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], earlier: [earlier] });
    expect(result.error).toBeUndefined();
    expect(result.inputs("RunTask")).toHaveLength(1);
    const before = result.operations.slice(0, result.operations.indexOf("RunTask"));
    expect(before.filter((operation) => operation === "DescribeTasks")).toHaveLength(3);
  });

  test.each([
    ["of another stack", { ...running, startedBy: "nango/production", taskDefinition, outcome: "hangs" }],
    ["of another family", { ...running, taskDefinition: "task-definition/other:7", outcome: "hangs" }],
    ["that has just ended", { startedBy, taskDefinition, outcome: "succeeds", desiredStatus: "STOPPED" }],
  ] as const)("%s is left alone", async (_, earlier) => {
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], earlier: [earlier] });
    expect(result.error).toBeUndefined();
    expect(result.secondsWaited).toBe(0);
    expect(result.inputs("RunTask")).toHaveLength(1);
  });

  test("and hangs is stopped at the deadline, and no second one is started", async () => {
    const earlier = [{ startedBy, taskDefinition, outcome: "hangs" }] as const;
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], earlier });
    expect(result.error).toContain("did not end within 600 s");
    expect(result.operations).toContain("StopTask");
    expect(result.operations).not.toContain("RunTask");
  });
});

import { describe, expect, test } from "vitest";
import { refusedOnce, runAgainst } from "./run.ts";

describe("a start that ECS refuses", () => {
  test("for want of capacity is asked for again, each time with a new token", async () => {
    const reason = "Capacity is unavailable at this time. Please try again later.";
    const lacking = { operation: "RunTask", answer: { body: { tasks: [], failures: [{ reason }] } } };
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], scripted: [lacking, lacking] });
    expect(result.error).toBeUndefined();
    const tokens = result.inputs("RunTask").map(({ clientToken }) => clientToken);
    expect(new Set(tokens).size).toBe(3);
  });

  test("because IAM does not yet show the role is asked for again, six times at most", async () => {
    const message =
      "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/x' that was provided for this task.";
    const refused = refusedOnce("RunTask", "ClientException", message);
    const result = await runAgainst({
      tasks: [{ outcome: "succeeds" }],
      scripted: Array.from({ length: 6 }, () => refused),
    });
    expect(result.error).toContain(
      `The database migration could not be started: ClientException: ${message}`,
    );
    expect(result.error).toContain("trusts ecs-tasks.amazonaws.com");
    expect(result.inputs("RunTask")).toHaveLength(6);
  });

  test("for good is explained at once", async () => {
    const message = "User: deployer is not authorized to perform: ecs:RunTask";
    const result = await runAgainst({
      tasks: [],
      scripted: [refusedOnce("RunTask", "AccessDeniedException", message)],
    });
    expect(result.error).toBe(
      `The database migration could not be started: AccessDeniedException: ${message}.\n` +
        "Allow the identity that deploys the action that the message names (it needs RunTask, TagResource, DescribeTasks, ListTasks, StopTask).\n" +
        "The service was not changed: the version that ran before keeps serving.",
    );
    expect(result.inputs("RunTask")).toHaveLength(1);
  });

  test("for expired credentials says so before anything is started", async () => {
    const expired = refusedOnce(
      "ListTasks",
      "ExpiredTokenException",
      "The security token included in the request is expired",
    );
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }], scripted: [expired] });
    expect(result.error).toContain("log in again");
    expect(result.operations).toEqual(["ListTasks"]);
  });
});

describe("an unsteady connection", () => {
  test("never starts a second task when the answer to the first start is lost", async () => {
    const result = await runAgainst({
      tasks: [{ outcome: "succeeds" }],
      scripted: [{ operation: "RunTask", answer: "lost" }],
    });
    expect(result.error).toBeUndefined();
    const [first, second, ...more] = result.inputs("RunTask");
    expect(second).toEqual(first);
    expect(more).toEqual([]);
    expect(new Set(result.inputs("DescribeTasks").flatMap(({ tasks }) => tasks)).size).toBe(1);
  });

  test.each(["ListTasks", "RunTask", "DescribeTasks"])("throttled at %s goes on", async (operation) => {
    const result = await runAgainst({
      tasks: [{ outcome: "succeeds" }],
      scripted: [
        refusedOnce(operation, "ThrottlingException", "Rate exceeded"),
        refusedOnce(operation, "ServerException", "internal"),
      ],
    });
    expect(result.error).toBeUndefined();
    expect(result.secondsWaited).toBe(3);
  });

  test("that stays broken is given up after about a minute, and the task is named", async () => {
    const lost = { operation: "DescribeTasks", answer: "lost" } as const;
    const result = await runAgainst({
      tasks: [{ outcome: "hangs" }],
      scripted: Array.from({ length: 7 }, () => lost),
    });
    expect(result.error).toContain("could not be watched to its end");
    expect(result.error).toContain("Its task 00000000000000000000000000000001 may go on");
    expect(result.secondsWaited).toBe(61);
  });
});

import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type OneOffTask, runOneOffTask } from "../../infra/aws/one-off-task.ts";
import { type Scenario, type StubbedAws, startStubbedAws } from "../../rehearsal/stubbed-aws.ts";

const taskDefinition = "arn:aws:ecs:us-east-1:123456789012:task-definition/nango-migration:7";
const olderDefinition = "arn:aws:ecs:us-east-1:123456789012:task-definition/nango-migration:6";
const startedBy = "nango/dev";

let aws: StubbedAws | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws?.close();
});

interface Result {
  /** The message of the failure; undefined after a success. */
  readonly error: string | undefined;
  readonly operations: string[];
  readonly inputs: (operation: string) => Readonly<Record<string, unknown>>[];
  readonly progress: string[];
  readonly secondsWaited: number;
}

/** Runs the task with the real SDK over HTTP against a stubbed AWS; only the pauses take no time. */
async function runAgainst(
  scenario: Omit<Scenario, "container">,
  changes: Partial<OneOffTask> = {},
): Promise<Result> {
  aws = await startStubbedAws({ container: "migration", ...scenario });
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  let now = 0;
  const progress: string[] = [];
  const task: OneOffTask = {
    purpose: "database migration",
    provider: { region: "us-east-1" },
    cluster: "nango",
    taskDefinition,
    subnets: ["subnet-a", "subnet-b"],
    securityGroups: ["sg-a"],
    assignPublicIp: true,
    containerName: "migration",
    logGroup: "/nango/dev",
    logStreamPrefix: "nango",
    timeoutSeconds: 600,
    startedBy,
    deployment: "update",
    log: (line) => progress.push(line),
    clock: { now: () => now, sleep: async (milliseconds) => void (now += milliseconds) },
    ...changes,
  };
  const error = await runOneOffTask(task).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const { calls } = aws;
  return {
    error,
    operations: calls.map(({ operation }) => operation),
    inputs: (operation) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    progress,
    secondsWaited: now / 1000,
  };
}

const refusedOnce = (operation: string, error: string, message: string) => ({
  operation,
  answer: { error, message },
});
const failuresOnce = (reason: string) => ({
  operation: "RunTask",
  answer: { body: { tasks: [], failures: [{ reason }] } },
});

describe("a task that succeeds", () => {
  test("is started once, as asked, and awaited", async () => {
    const result = await runAgainst({
      tasks: [{ outcome: "succeeds", statuses: ["PROVISIONING", "PENDING", "RUNNING", "RUNNING"] }],
    });
    expect(result.error).toBeUndefined();
    expect(result.inputs("RunTask")).toEqual([
      {
        cluster: "nango",
        taskDefinition,
        startedBy,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ["subnet-a", "subnet-b"],
            securityGroups: ["sg-a"],
            assignPublicIp: "ENABLED",
          },
        },
        clientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
    expect(result.progress).toEqual([
      "The database migration is task 00000000000000000000000000000001.",
      "Task 00000000000000000000000000000001 is PROVISIONING.",
      "Task 00000000000000000000000000000001 is PENDING.",
      "Task 00000000000000000000000000000001 is RUNNING.",
      "The database migration succeeded after 12 s.",
    ]);
  });

  test("gets no public address in private subnets", async () => {
    const result = await runAgainst({ tasks: [{ outcome: "succeeds" }] }, { assignPublicIp: false });
    expect(result.inputs("RunTask")).toMatchObject([
      { networkConfiguration: { awsvpcConfiguration: { assignPublicIp: "DISABLED" } } },
    ]);
  });

  test("is not given up while ECS does not show it yet", async () => {
    const unknown = { tasks: [], failures: [{ arn: "arn", reason: "MISSING" }] };
    const result = await runAgainst({
      tasks: [{ outcome: "succeeds" }],
      scripted: [{ operation: "DescribeTasks", answer: { body: unknown } }],
    });
    expect(result.error).toBeUndefined();
  });
});

describe("a container that fails", () => {
  test("is explained with its exit code, its last log lines and the command for the others", async () => {
    const result = await runAgainst({
      tasks: [
        { outcome: "fails", exitCode: 1, log: ["Verifying the login", "password authentication failed"] },
      ],
    });
    expect(result.error).toMatchInlineSnapshot(`
      "The database migration failed: the container "migration" exited with code 1.
      The service was not changed: the version that ran before keeps serving.
      The end of its log:
          Verifying the login
          password authentication failed
      The whole log: aws logs tail /nango/dev --log-stream-names nango/migration/00000000000000000000000000000001 --since 1d --region us-east-1"
    `);
  });

  test("does not let the service be created", async () => {
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode: 1 }] }, { deployment: "create" });
    expect(result.error).toContain("The service was not created.");
    expect(result.error).not.toContain("keeps serving");
  });

  test("shows its last 20 lines, each harmless to a terminal and of bounded length", async () => {
    const log = Array.from({ length: 25 }, (_, index) => `line ${index + 1}`);
    log[24] = `\u001b[31mred\u001b[0m\ttab\r\u0007${"x".repeat(1000)}`;
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode: 1, log }] });
    const shown = result.error?.split("\n").filter((line) => line.startsWith("    ")) ?? [];
    expect(shown).toHaveLength(20);
    expect(shown[0]).toBe("    line 6");
    expect(shown[19]).toBe(`    red tab ${"x".repeat(492)}…`);
  });

  test("that ran out of memory is said to need more", async () => {
    const reason = "OutOfMemoryError: Container killed due to memory usage";
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode: 137, reason, log: [] }] });
    expect(result.error).toContain(`exited with code 137: ${reason}.\nGive the task more memory.`);
  });

  test.each([
    [137, "SIGKILL"],
    [143, "SIGTERM"],
    [127, "not in the image"],
  ])("with exit code %i is explained", async (exitCode, explanation) => {
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode }] });
    expect(result.error).toContain(explanation);
  });

  test("before the one that counts is named, and its own log is shown", async () => {
    const result = await runAgainst({
      tasks: [{ outcome: "fails", exitCode: 1, container: "certificates", log: ["no space left"] }],
    });
    expect(result.error).toContain(
      'the container "certificates" exited with code 1 before "migration" could start',
    );
    expect(result.error).toContain("    no space left");
    expect(result.error).toContain("nango/certificates/0000");
  });

  test("gets its AWS CLI command with the profile that the provider uses, quoted", async () => {
    const provider = { region: "us-east-1", profile: "Tom's admin", accessKey: "a", secretKey: "b" };
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode: 1 }] }, { provider });
    expect(result.error).toMatch(/--region us-east-1 --profile 'Tom'\\''s admin'$/);
  });
});

describe("a log", () => {
  const tasks = [{ outcome: "fails", exitCode: 1, log: ["first", "last"] }] as const;

  test("that shows up late is waited for", async () => {
    const none = { operation: "GetLogEvents", answer: { body: { events: [] } } };
    const partial = { operation: "GetLogEvents", answer: { body: { events: [{ message: "first" }] } } };
    const result = await runAgainst({ tasks, scripted: [none, none, partial] });
    expect(result.error).toContain("    first\n    last\n");
  });

  test("that stays empty is said to be", async () => {
    const result = await runAgainst({ tasks: [{ outcome: "fails", exitCode: 1, log: [] }] });
    expect(result.error).toContain("exited with code 1");
    expect(result.error).toContain("The log is still empty.");
  });

  test("that may not be read does not hide the failure", async () => {
    const denied = refusedOnce("GetLogEvents", "AccessDeniedException", "not authorized: logs:GetLogEvents");
    const result = await runAgainst({ tasks, scripted: Array.from({ length: 6 }, () => denied) });
    expect(result.error).toContain("exited with code 1");
    expect(result.error).toContain("The log could not be read: AccessDeniedException: not authorized");
    expect(result.error).toContain("The whole log: aws logs tail");
  });
});

describe("a task that never starts", () => {
  test("is told apart from one that fails, without looking for a log", async () => {
    const stoppedReason =
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'";
    const result = await runAgainst({ tasks: [{ outcome: "never starts", stoppedReason }] });
    expect(result.error).toBe(
      `The database migration failed: the task never started: ${stoppedReason}.\n` +
        "The image has no build for linux/amd64: use one that has.\n" +
        "The service was not changed: the version that ran before keeps serving.",
    );
    expect(result.operations).not.toContain("GetLogEvents");
  });

  test("for want of capacity is started again, three times at most", async () => {
    const stoppedReason =
      "Capacity is unavailable at this time. Please try again later or in a different availability zone";
    const lacking = { outcome: "never starts", stoppedReason } as const;
    const passes = await runAgainst({ tasks: [lacking, lacking, { outcome: "succeeds" }] });
    expect(passes.error).toBeUndefined();
    await aws?.close();
    const stays = await runAgainst({ tasks: [lacking] });
    expect(stays.error).toContain("AWS has no Fargate capacity to give");
    expect(stays.inputs("RunTask")).toHaveLength(3);
  });
});

describe("a start that ECS refuses", () => {
  test("for want of capacity is asked for again, each time with a new token", async () => {
    const lacking = failuresOnce("Capacity is unavailable at this time. Please try again later.");
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
        "Allow the identity that deploys the action that the message names (it needs RunTask, DescribeTasks, ListTasks, StopTask).\n" +
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
      "Stop it: aws ecs stop-task --cluster nango --task 00000000000000000000000000000001 --region us-east-1",
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

test("loading the module does not load the AWS SDK", { timeout: 60_000 }, () => {
  const program = `
    import { createRequire } from "node:module";
    await import("./infra/aws/one-off-task.ts");
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    process.stdout.write(String(loaded.filter((file) => file.includes("@aws-sdk")).length));
  `;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("0");
});

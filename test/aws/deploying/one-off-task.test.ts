import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { refusedOnce, runAgainst, startedBy, taskDefinition } from "./one-off-task/run.ts";

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
        tags: [
          { key: "Name", value: "nango-migrate" },
          { key: "team", value: "platform" },
        ],
        propagateTags: "TASK_DEFINITION",
        enableECSManagedTags: true,
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
      The whole log: aws logs tail --region us-east-1 /nango/dev --log-stream-names nango/migration/00000000000000000000000000000001 --since 1d"
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
    expect(result.error).toMatch(
      /aws logs tail --region us-east-1 --profile 'Tom'\\''s admin' \/nango\/dev /,
    );
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
    const stays = await runAgainst({ tasks: [lacking] });
    expect(stays.error).toContain("AWS has no Fargate capacity to give");
    expect(stays.inputs("RunTask")).toHaveLength(3);
  });
});

test("loading the module does not load the AWS SDK", { timeout: 60_000 }, () => {
  const program = `
    import { createRequire } from "node:module";
    await import("./infra/aws/deploying/one-off-task.ts");
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    process.stdout.write(String(loaded.filter((file) => file.includes("@aws-sdk")).length));
  `;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("0");
});

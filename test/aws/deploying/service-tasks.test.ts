import { describe, expect, test, vi } from "vitest";
import {
  countTasks,
  type ScalingService,
  startTasks,
  stopTasks,
} from "../../../infra/aws/deploying/service-tasks.ts";
import { type ScriptedAnswer, startStubbedAws } from "../../stubbed-aws.ts";

interface Shown {
  readonly desired: number;
  readonly running: number;
  readonly id?: string;
  readonly state?: string;
  readonly reason?: string;
  readonly events?: readonly string[];
}

/** The service as ECS shows it. */
function shown({ desired, running, id = "first", state = "COMPLETED", reason, events = [] }: Shown): object {
  return {
    desiredCount: desired,
    runningCount: running,
    deployments: [{ id, status: "PRIMARY", rolloutState: state, rolloutStateReason: reason }],
    events: events.map((message) => ({ message })),
  };
}

const described = (service: Shown): ScriptedAnswer => ({
  operation: "DescribeServices",
  answer: { body: { services: [shown(service)] } },
});
const updated = (service: Shown): ScriptedAnswer => ({
  operation: "UpdateService",
  answer: { body: { service: shown(service) } },
});

/** Does the work with the real SDK over HTTP against a stubbed AWS; only the pauses take no time. */
async function run(scripted: readonly ScriptedAnswer[], work: (service: ScalingService) => Promise<void>) {
  const aws = await startStubbedAws({ container: "none", tasks: [], scripted });
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  let now = 0;
  const progress: string[] = [];
  const error = await work({
    provider: { region: "us-east-1" },
    cluster: "nango-c",
    service: "nango-s",
    log: (line) => progress.push(line),
    clock: { now: () => now, sleep: async (milliseconds) => void (now += milliseconds) },
  })
    .then(
      () => undefined,
      ({ message }: Error) => message,
    )
    .finally(() => aws.close());
  vi.unstubAllEnvs();
  const updates = aws.calls.filter(({ operation }) => operation === "UpdateService");
  return { error, progress, updates: updates.map(({ input }) => input), seconds: now / 1000 };
}

describe("starting", () => {
  const start = (prepare: () => Promise<void>) => (service: ScalingService) =>
    startTasks(service, 2, prepare);
  const begun = [
    described({ desired: 0, running: 0 }),
    updated({ desired: 2, running: 0, id: "ours", state: "IN_PROGRESS" }),
  ];
  const waiting = described({ desired: 2, running: 0, id: "ours", state: "IN_PROGRESS" });

  test("prepares, asks for as many tasks as there are to be, and waits for them", async () => {
    const prepare = vi.fn(async () => {});
    const result = await run(
      [
        ...begun,
        waiting,
        described({ desired: 2, running: 1, id: "ours", state: "IN_PROGRESS" }),
        described({ desired: 2, running: 2, id: "ours" }),
      ],
      start(prepare),
    );
    expect(result.error).toBeUndefined();
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(result.updates).toEqual([
      { cluster: "nango-c", service: "nango-s", desiredCount: 2, forceNewDeployment: true },
    ]);
    expect(result.progress).toEqual([
      "The service is started with 2 tasks.",
      "0 of 2 tasks run.",
      "1 of 2 tasks run.",
      "2 of 2 tasks run.",
      "The service runs after 10 s.",
    ]);
  });

  test.each<[string, Shown]>([
    ["has its tasks", { desired: 2, running: 2 }],
    ["has more", { desired: 4, running: 3 }],
    ["has been left one by a smaller size, which scaling raises", { desired: 1, running: 1 }],
  ])("leaves a service alone that %s", async (_, service) => {
    const prepare = vi.fn(async () => {});
    const result = await run([described(service)], start(prepare));
    expect(result).toMatchObject({ error: undefined, updates: [], progress: [] });
    expect(prepare).not.toHaveBeenCalled();
  });

  test("starts nothing when the preparation fails", async () => {
    const fails = () => Promise.reject(new Error("the migration failed"));
    const result = await run(begun, start(fails));
    expect(result).toMatchObject({ error: "the migration failed", updates: [] });
  });

  test.each<[string, Shown]>([
    [
      "is given up",
      { desired: 2, running: 0, id: "ours", state: "FAILED", reason: "tasks failed to start." },
    ],
    ["gives way to another", { desired: 2, running: 0, id: "another", state: "IN_PROGRESS" }],
  ])("fails when its deployment %s, and says what ECS says", async (_, service) => {
    const events = [
      "(service nango-s) was unable to place a task. CannotPullContainerError: toomanyrequests",
    ];
    const result = await run(
      [...begun, described({ ...service, events })],
      start(async () => {}),
    );
    expect(result.error).toMatch(
      /^The service did not start: (tasks failed to start|ECS gave its deployment up)\.\n/,
    );
    expect(result.error).toContain(`    ${events[0]}`);
    expect(result.error).toContain("The registry limits anonymous pulls");
    expect(result.error).toContain("The next deployment tries again.");
  });

  test("gives up after half an hour", async () => {
    const result = await run(
      [...begun, ...Array.from({ length: 400 }, () => waiting)],
      start(async () => {}),
    );
    expect(result.seconds).toBe(1800);
    expect(result.error).toContain("0 tasks run after 30 minutes");
  });
});

describe("stopping", () => {
  test("asks for no tasks, and waits until none runs", async () => {
    const result = await run(
      [
        described({ desired: 3, running: 3 }),
        updated({ desired: 0, running: 3 }),
        described({ desired: 0, running: 3 }),
        described({ desired: 0, running: 0 }),
      ],
      stopTasks,
    );
    expect(result.error).toBeUndefined();
    expect(result.updates).toEqual([{ cluster: "nango-c", service: "nango-s", desiredCount: 0 }]);
    expect(result.progress).toHaveLength(2);
  });

  test("does nothing to a service that is stopped", async () => {
    const stopped = await run([described({ desired: 0, running: 0 })], stopTasks);
    expect(stopped).toMatchObject({ error: undefined, updates: [] });
  });

  test("says what to do when it may not", async () => {
    const refused: ScriptedAnswer = {
      operation: "UpdateService",
      answer: { error: "AccessDeniedException", message: "not authorized to perform ecs:UpdateService" },
    };
    const result = await run([described({ desired: 2, running: 2 }), refused], stopTasks);
    expect(result.error).toContain("not authorized to perform ecs:UpdateService");
    expect(result.error).toContain("Allow the identity that deploys");
  });
});

test("counts the tasks of a service and of its deployments, with what ECS said last", async () => {
  let counts: unknown;
  const result = await run(
    [
      {
        operation: "DescribeServices",
        answer: {
          body: {
            services: [
              {
                desiredCount: 2,
                runningCount: 1,
                pendingCount: 1,
                deployments: [{ status: "PRIMARY", desiredCount: 2, runningCount: 1, pendingCount: 1 }],
                events: [{ message: "(service nango) has started 1 tasks" }],
                deploymentConfiguration: { alarms: { alarmNames: ["a"], enable: true, rollback: true } },
              },
            ],
          },
        },
      },
    ],
    async (service) => {
      counts = await countTasks(service);
    },
  );
  expect(result.error).toBeUndefined();
  expect(counts).toEqual({
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    deployments: [{ status: "PRIMARY", desiredCount: 2, runningCount: 1, pendingCount: 1 }],
    events: [{ message: "(service nango) has started 1 tasks" }],
    deploymentConfigurations: [{ alarms: [{ enable: true }] }],
  });
});

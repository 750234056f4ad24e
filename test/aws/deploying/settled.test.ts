import { describe, expect, test } from "vitest";
import { type FoundService, settled, type WantedService } from "../../../infra/aws/deploying/settled.ts";

const definition = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-dev";
const wanted: WantedService = {
  cluster: "nango-c",
  service: "nango-s",
  region: "eu-central-1",
  stack: "dev",
  taskDefinition: `${definition}:2`,
  targetGroups: ["server", "connect-ui"],
  tasks: 2,
};

type Counts = { readonly running: number; readonly pending?: number; readonly desired?: number };

const deployment = ({ running, pending = 0, desired = 2 }: Counts, status = "PRIMARY") => ({
  status,
  desiredCount: desired,
  runningCount: running,
  pendingCount: pending,
});

function found(counts: Counts, changes: Partial<FoundService> = {}): FoundService {
  const { running, pending = 0, desired = 2 } = counts;
  return {
    taskDefinition: wanted.taskDefinition,
    desiredCount: desired,
    runningCount: running,
    pendingCount: pending,
    deployments: [deployment(counts)],
    loadBalancers: [{ targetGroupArn: "connect-ui" }, { targetGroupArn: "server" }],
    events: [],
    ...changes,
  };
}

const twoDeployments = (counts: Counts) => ({
  deployments: [deployment(counts), deployment({ running: 2 }, "ACTIVE")],
});

/** Asks as often as there are answers, the last of which goes for all that follow; pauses take no time. */
async function settle(answers: readonly FoundService[], changes: Partial<WantedService> = {}) {
  let now = 0;
  let asked = 0;
  const lines: string[] = [];
  const answer = () => answers[Math.min(asked++, answers.length - 1)]!;
  const error = await settled(
    { ...wanted, ...changes },
    answer(),
    async () => answer(),
    (line) => lines.push(line),
    { now: () => now, sleep: async (milliseconds) => void (now += milliseconds) },
  ).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  return { error, seconds: now / 1000, lines };
}

test.each<[string, FoundService]>([
  ["when it has its tasks", found({ running: 2 })],
  ["while it scales out", found({ running: 2, desired: 4, pending: 2 })],
  ["while it scales in", found({ running: 4 })],
  ["while a task moves to another zone", found({ running: 3 })],
  ["when fewer tasks are wanted of it than the stack says", found({ running: 1, desired: 1 })],
  [
    "when the lookup tells no more than its definition and how many tasks it is to have",
    { taskDefinition: wanted.taskDefinition, desiredCount: 2 },
  ],
])("a service is settled at once %s", async (_, answer) => {
  expect(await settle([answer])).toEqual({ error: undefined, seconds: 0, lines: [] });
});

test.each<[string, FoundService]>([
  ["while a task that ended is replaced", found({ running: 1, pending: 1 })],
  ["while a task that ended has no successor yet", found({ running: 1 })],
  [
    "while a deployment goes on beside the tasks of the one before",
    found({ running: 4 }, twoDeployments({ running: 2 })),
  ],
])("a service is waited for %s", async (_, answer) => {
  const result = await settle([answer, answer, found({ running: 2 })]);
  expect(result).toMatchObject({ error: undefined, seconds: 20 });
  expect(result.lines).toHaveLength(1);
});

describe("a service without its tasks", () => {
  const events = [{ message: "(service nango-s) failed container health checks." }, { message: "older" }];

  test("fails the update in two minutes when none is on the way, with what ECS says and the way out", async () => {
    const result = await settle([found({ running: 0 }, { events })], { profile: "acme" });
    expect(result.seconds).toBe(120);
    expect(result.error).toBe(
      [
        "The service nango-s runs 0 of 2 tasks of nango-dev:2.",
        "What ECS said last:",
        "    (service nango-s) failed container health checks.",
        "    older",
        "See why: aws ecs describe-services --region eu-central-1 --profile acme --cluster nango-c --services nango-s --query 'services[0].events[:10].message'",
        "Pulumi starts no tasks again. When the cause is mended: aws ecs update-service --region eu-central-1 --profile acme --cluster nango-c --service nango-s --desired-count 2 --force-new-deployment",
        "Then, which waits for them: npx pulumi up -s dev",
      ].join("\n"),
    );
  });

  test.each<[string, FoundService]>([
    ["tasks are on the way that never arrive", found({ running: 0, pending: 2 })],
    ["a deployment that timed out goes on", found({ running: 2 }, twoDeployments({ running: 0 }))],
  ])("fails it in ten minutes while %s", async (_, answer) => {
    const result = await settle([answer]);
    expect(result.seconds).toBe(600);
    expect(result.error).toContain("runs 0 of 2 tasks");
  });

  test("that was scaled to zero by hand fails it at once, and is told to start as many as the stack wants", async () => {
    const result = await settle([found({ running: 0, desired: 0 })]);
    expect(result.seconds).toBe(0);
    expect(result.error).toContain("scaled to no tasks at all, and not by nango:stopped");
    expect(result.error).toContain(
      "Start them: aws ecs update-service --region eu-central-1 --cluster nango-c --service nango-s --desired-count 2 --force-new-deployment",
    );
  });
});

describe("a service that is to be stopped", () => {
  test("is settled when no task runs, and waited for while they end", async () => {
    const ending = [found({ running: 2, desired: 0 }), found({ running: 0, desired: 0 })];
    expect(await settle(ending, { tasks: 0 })).toMatchObject({ error: undefined, seconds: 10 });
  });

  test("fails the update when tasks are wanted of it all the same", async () => {
    const result = await settle([found({ running: 2 })], { tasks: 0 });
    expect(result.seconds).toBe(0);
    expect(result.error).toContain("is to be stopped (nango:stopped), and 2 of its tasks run");
    expect(result.error).toContain(
      "aws ecs update-service --region eu-central-1 --cluster nango-c --service nango-s --desired-count 0",
    );
  });
});

describe("a rollback fails the update at once", () => {
  test("and both revisions are named", async () => {
    const result = await settle([found({ running: 2 }, { taskDefinition: `${definition}:1` })]);
    expect(result.seconds).toBe(0);
    expect(result.error).toContain("was rolled back: the service nango-s runs nango-dev:1, not nango-dev:2");
    expect(result.error).toContain("npx pulumi up --refresh -s dev");
  });

  test("also when it is one of the load balancer alone", async () => {
    const former = { loadBalancers: [{ targetGroupArn: "former" }, { targetGroupArn: "connect-ui" }] };
    const result = await settle([found({ running: 2 }, former)]);
    expect(result.error).toContain("is reached through its former load balancer");
    expect(result.error).toContain("npx pulumi up --refresh -s dev");
  });
});

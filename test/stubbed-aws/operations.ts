/** How a task goes that the stub is asked to run. */
export type StubbedTask = {
  /** The statuses that it shows first, one at each look. @default none: it has ended when it is first looked at */
  readonly statuses?: readonly string[];
  /** What its container (or `container`) logs. */
  readonly log?: readonly string[];
} & (
  | { readonly outcome: "succeeds" }
  | {
      readonly outcome: "fails";
      readonly exitCode: number;
      readonly reason?: string;
      /** Another container than the one that counts: that one never starts. */
      readonly container?: string;
    }
  | { readonly outcome: "never starts"; readonly stoppedReason: string }
  | { readonly outcome: "hangs" }
);

/** The container that counts, and what each started task does, in turn; the last one goes for all that follow. */
export interface StubbedTasks {
  readonly container: string;
  readonly tasks: readonly StubbedTask[];
}

/** A task that the stub was asked for. */
interface RunningTask {
  readonly plan: StubbedTask;
  readonly taskArn: string;
  readonly taskDefinitionArn: string;
  readonly startedBy: string;
  readonly clientToken: string;
  readonly statusesLeft: string[];
  desiredStatus: string;
  stoppedByHand: boolean;
}

/** What the stub's ECS holds. */
export interface Cluster extends StubbedTasks {
  readonly running: RunningTask[];
  started: number;
}

/** An error that AWS answers with. */
export class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** The operations that the stub knows: an object is answered as JSON, a string as it is. */
export const operations: Readonly<Record<string, (cluster: Cluster, input: Input) => object | string>> = {
  AssumeRole: (_, input) => temporaryCredentials("AssumeRole", input),
  AssumeRoleWithWebIdentity: (_, input) => temporaryCredentials("AssumeRoleWithWebIdentity", input),
  DescribeTasks: (cluster, input) => {
    const asked = input["tasks"] as string[];
    const found = cluster.running.filter(({ taskArn }) => asked.includes(taskArn));
    const missing = asked.filter((arn) => !found.some(({ taskArn }) => taskArn === arn));
    return {
      tasks: found.map((task) => describe(cluster, task)),
      failures: missing.map((arn) => ({ arn, reason: "MISSING" })),
    };
  },
  GetLogEvents: (cluster, input) => {
    const [container, id] = String(input["logStreamName"]).split("/").slice(-2);
    const task = cluster.running.find(({ taskArn }) => taskArn.endsWith(`/${id}`));
    if (task?.plan.log === undefined || container !== loggingContainer(cluster, task)) {
      throw new Refusal("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const events = task.plan.log.map((message, index) => ({
      message,
      timestamp: index,
      ingestionTime: index,
    }));
    return { events: events.slice(-Number(input["limit"] ?? 10_000)) };
  },
  GetRole: (_, input) => {
    const name = String(input["RoleName"]);
    return (
      `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path>` +
      `<RoleName>${name}</RoleName><RoleId>AROASTUBBED</RoleId><Arn>arn:aws:iam::123456789012:role/${name}</Arn>` +
      `<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`
    );
  },
  ListTasks: (cluster, input) => {
    const family = `/${String(input["family"])}:`;
    const found = cluster.running.filter(
      (task) => task.taskDefinitionArn.includes(family) && task.desiredStatus === input["desiredStatus"],
    );
    return { taskArns: found.map(({ taskArn }) => taskArn) };
  },
  RunTask: (cluster, input) => {
    const same = cluster.running.find(({ clientToken }) => clientToken === input["clientToken"]);
    return { tasks: [describe(cluster, same ?? startTask(cluster, input), "PROVISIONING")], failures: [] };
  },
  StopTask: (cluster, input) => {
    const task = cluster.running.find(({ taskArn }) => taskArn === input["task"]);
    if (task === undefined)
      throw new Refusal("InvalidParameterException", "The referenced task was not found.");
    task.desiredStatus = "STOPPED";
    task.stoppedByHand = true;
    return { task: describe(cluster, task) };
  },
};

function startTask(cluster: Cluster, input: Input): RunningTask {
  const plan = cluster.tasks[Math.min(cluster.started++, cluster.tasks.length - 1)];
  if (plan === undefined) throw new Refusal("ClientException", "The scenario has no task to start.");
  return addTask(cluster, plan, input);
}

/** Adds a task that has been started. */
export function addTask(cluster: Cluster, plan: StubbedTask, input: Input): RunningTask {
  const id = String(cluster.running.length + 1).padStart(32, "0");
  const task: RunningTask = {
    plan,
    taskArn: `arn:aws:ecs:us-east-1:123456789012:task/stubbed/${id}`,
    taskDefinitionArn: String(input["taskDefinition"]),
    startedBy: String(input["startedBy"]),
    clientToken: String(input["clientToken"]),
    statusesLeft: [...(plan.statuses ?? [])],
    desiredStatus: "RUNNING",
    stoppedByHand: false,
  };
  cluster.running.push(task);
  return task;
}

function loggingContainer(cluster: Cluster, { plan }: RunningTask): string {
  return (plan.outcome === "fails" ? plan.container : undefined) ?? cluster.container;
}

/** The task as ECS shows it now; each look takes it one status further. */
function describe(cluster: Cluster, task: RunningTask, status?: string): object {
  const { plan, taskArn, taskDefinitionArn, startedBy } = task;
  const current = status ?? task.statusesLeft.shift() ?? (plan.outcome === "hangs" ? "RUNNING" : "STOPPED");
  const shown = { taskArn, taskDefinitionArn, startedBy, containers: [{ name: cluster.container }] };
  if (current !== "STOPPED" && !task.stoppedByHand) {
    return { ...shown, lastStatus: current, desiredStatus: task.desiredStatus };
  }
  task.desiredStatus = "STOPPED";
  return { ...shown, lastStatus: "STOPPED", desiredStatus: "STOPPED", ...ending(cluster.container, task) };
}

function ending(name: string, { plan, stoppedByHand }: RunningTask): object {
  const ran = { startedAt: 1_700_000_000 };
  const exited = {
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
  };
  if (stoppedByHand || plan.outcome === "hangs") {
    const stopped = { stopCode: "UserInitiated", stoppedReason: "Task stopped by user" };
    return { ...ran, ...stopped, containers: [{ name, exitCode: 137 }] };
  }
  if (plan.outcome === "never starts") {
    return { stopCode: "TaskFailedToStart", stoppedReason: plan.stoppedReason, containers: [{ name }] };
  }
  if (plan.outcome === "succeeds") return { ...ran, ...exited, containers: [{ name, exitCode: 0 }] };
  const { container, exitCode, reason } = plan;
  const failed = { name: container ?? name, exitCode, ...(reason !== undefined && { reason }) };
  if (container === undefined) return { ...ran, ...exited, containers: [failed] };
  return {
    stopCode: "TaskFailedToStart",
    stoppedReason: "Task failed to start",
    containers: [{ name }, failed],
  };
}

/** Credentials whose access key tells which role they are of. */
function temporaryCredentials(operation: string, input: Input): string {
  const role = String(input["RoleArn"]).replace(/^.*\//, "");
  return (
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result><Credentials>` +
    `<AccessKeyId>ASIA-${role}</AccessKeyId><SecretAccessKey>stubbed</SecretAccessKey>` +
    `<SessionToken>stubbed</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>` +
    `</Credentials></${operation}Result></${operation}Response>`
  );
}

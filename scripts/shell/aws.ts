import type { ECS, Task } from "@aws-sdk/client-ecs";
import { UserError } from "../../project/user-error.ts";

/** The IAM actions that it takes. */
export const permissions = ["ecs:DescribeTasks", "ecs:ExecuteCommand", "ecs:ListTasks"];

/**
 * The ARN of a task of a service in which a container lets a shell in, of one whose ID begins so where that is wanted.
 * @throws UserError that says why there is none.
 */
export async function taskFor(
  ecs: ECS,
  { cluster, name }: { readonly cluster: string; readonly name: string },
  container: string,
  stack: string,
  wanted = "",
): Promise<string> {
  const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName: name, desiredStatus: "RUNNING" });
  const { tasks = [] } = taskArns.length === 0 ? {} : await ecs.describeTasks({ cluster, tasks: taskArns });
  const all = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const running = all.filter((task) => idOf(task).startsWith(wanted));
  if (running.length === 0 && all.length > 0)
    throw new UserError(
      `No task of stack "${stack}" begins with "${wanted}"; there runs ${all.map(idOf).join(", ")}.`,
    );
  if (running.length === 0)
    throw new UserError(
      `No task of stack "${stack}" runs${taskArns.length === 0 ? "" : ": one is being started"}. npm run doctor -- ${stack} says what ` +
        `is wrong, npm run logs -- ${stack} what the last one printed.`,
    );
  const names = [...new Set(running.flatMap(containersOf).map((one) => one.name ?? ""))].sort();
  if (!names.includes(container))
    throw new UserError(`The stack has no container "${container}"; it has ${names.join(", ")}.`);
  const open = running.find((task) => agentOf(task, container)?.lastStatus === "RUNNING");
  if (open?.taskArn !== undefined) return open.taskArn;
  const agent = running.map((task) => agentOf(task, container)).find((one) => one !== undefined);
  throw new UserError(
    agent === undefined
      ? `No shell gets into the tasks that run: they are older than nango:executeCommand. npm run up -- ${stack} replaces them.`
      : `No shell gets into ${container}: ECS's agent in it is ${agent.lastStatus ?? "not there"}${agent.reason === undefined ? "" : ` (${agent.reason})`}. ` +
          "One that is PENDING takes some seconds; that of another container than the server never runs.",
  );
}

function idOf({ taskArn = "" }: Task): string {
  return taskArn.replace(/^.*\//, "");
}

function containersOf({ containers = [] }: Task) {
  return containers;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedAgent.html */
function agentOf(task: Task, container: string) {
  return containersOf(task)
    .find(({ name }) => name === container)
    ?.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
}

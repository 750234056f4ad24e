import { awsClientOptions } from "../../infra/aws/deploying/client-options.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import { readProject } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { madeOnAws } from "../doctor/aws/deployment.ts";
import { awsRefusal } from "../pulumi/aws-refusal.ts";
import { type DeployedStack, readDeployedStack } from "../pulumi/deployed-stack.ts";
import { findEngine } from "../pulumi/docker-engine.ts";
import { logs } from "./arguments.ts";
import { longestPattern, permissions, phrase, showLogGroup } from "./aws.ts";
import { nangoContainers, showContainers } from "./docker.ts";
import { moment, printed, type Wish } from "./line.ts";

/** Where it runs, and where its lines go. */
export interface Surroundings {
  /** The project's folder. */
  readonly directory: string;
  readonly print: (text: string) => void;
  /** For what is no line. */
  readonly remark: (text: string) => void;
}

/**
 * Runs `npm run logs`.
 * @throws UserError for a stack, or an account, that cannot be read.
 */
export async function shown(
  { values, positionals: [stack = ""] }: CommandLine<(typeof logs)["flags"]>,
  { directory, print, remark }: Surroundings,
): Promise<void> {
  const { since: given, filter: text, task, migration = false, follow = false } = values;
  const since = moment(given ?? (migration ? "1d" : "1h"), Date.now());
  if (since === undefined)
    throw wrong(
      logs,
      `--since ${given} is no time that has been: 90s, 30m, 1h, 2d, 1w or 2026-11-26T08:00:00Z`,
    );
  for (const [flag, value] of [
    ["filter", text],
    ["task", task],
  ] as const)
    if (value === "") throw wrong(logs, `--${flag} is empty: leave it out to see all`);
  if (text !== undefined && /[\n\r]/.test(text))
    throw wrong(logs, "--filter takes a text of one line: what is printed comes line by line");
  const deployed = await readDeployedStack(readProject(directory), stack);
  if (text !== undefined && deployed.target === "aws" && phrase(text).length > longestPattern)
    throw wrong(
      logs,
      `--filter has ${text.length} characters, and CloudWatch takes ${longestPattern} with quotes`,
    );
  // An ARN ends in the ID.
  const wish: Wish = { since, text, task: task?.replace(/^.*\//, ""), migration, follow };
  let count = 0;
  const show = (line: Parameters<typeof printed>[0]) => {
    count += 1;
    print(printed(line));
  };
  await (deployed.target === "docker" ? onDocker(deployed, wish, show) : onAws(deployed, wish, show));
  if (count === 0)
    remark(`No such line since ${new Date(since).toISOString()}. --since 1w looks a week back.\n`);
}

type Show = (line: Parameters<typeof printed>[0]) => void;

async function onAws({ name, state, provider }: DeployedStack, wish: Wish, show: Show): Promise<void> {
  const { logGroup } = madeOnAws(state);
  if (logGroup === undefined)
    throw new UserError(`Stack "${name}" has no log group: no deployment of it came so far.`);
  const { CloudWatchLogs } = await import("@aws-sdk/client-cloudwatch-logs");
  try {
    const client = new CloudWatchLogs(await awsClientOptions(provider, "logs"));
    await showLogGroup(client, logGroup, wish, show);
  } catch (error) {
    throw awsRefusal(error, name, permissions);
  }
}

async function onDocker({ name, state, settings }: DeployedStack, wish: Wish, show: Show): Promise<void> {
  if (wish.task !== undefined) throw wrong(logs, `${name} runs on Docker, where there are no tasks`);
  const containers = nangoContainers(state);
  if (containers.length === 0)
    throw new UserError(`Stack "${name}" has no containers: npm run up -- ${name}`);
  const { host } = await findEngine(settings.config, process.env);
  await showContainers(host, containers, wish, show);
}

import { type AwsPlace, awsCommand } from "../../infra/config/aws-command.ts";
import { didYouMean } from "../../infra/config/nearest.ts";
import { UserError } from "../../project/user-error.ts";
import { nameOf, shortType, STACK_TYPE } from "../../project/urns.ts";
import type { Properties } from "../../project/values.ts";
import { ask } from "./cli.ts";
import { pendingOperations } from "./explanation.ts";
import type { StackState, StateResource } from "./state.ts";

/** Whether a stack has outputs: it gets them when a deployment of it first ends well. */
export function hasOutputs(state: StackState): boolean {
  return outputNames(state).length > 0;
}

function outputNames({ resources }: StackState): string[] {
  const root = resources.find(({ type }) => type === STACK_TYPE);
  return Object.keys(root?.outputs ?? {});
}

/** What to say of names that no output has, beyond the CLI's words; undefined where there are none. */
export function unknownOutputs(state: StackState, flags: readonly string[]): string | undefined {
  const names = outputNames(state);
  const [unknown] = flags.filter((flag) => !flag.startsWith("-") && !names.includes(flag));
  return unknown === undefined
    ? undefined
    : `"${unknown}" is no output of this stack.${didYouMean(unknown, names)} It has ${names.toSorted().join(", ")}.`;
}

/**
 * The outputs of a stack, secrets as `[secret]` unless the flags ask for them.
 * @throws UserError with the CLI's words when they cannot be read.
 */
export async function readOutputs(
  cli: string,
  stack: string,
  flags: readonly string[] = [],
): Promise<Properties> {
  const answer = await ask(cli, ["stack", "output", "--stack", stack, "--json", ...flags]);
  if (answer.code !== 0) throw new UserError(answer.stderr.trimEnd());
  return JSON.parse(answer.stdout) as Properties;
}

/** What there is of a stack that no deployment has finished yet, where to look and what to do. */
export function withoutOutputs(
  stack: string,
  state: StackState,
  target: "aws" | "docker",
  place: AwsPlace,
): string {
  const made = state.resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  if (made.length === 0 && state.pendingOperations.length === 0)
    return `Stack "${stack}" is not deployed: it has no resources. Deploy it: npm run up -- ${stack}`;
  const look = target === "aws" ? onAws(stack, made, place) : onDocker(stack);
  return [
    `Stack "${stack}" has no outputs: no deployment of it has ended well yet. ${made.length === 1 ? "There is 1 resource" : `There are ${made.length} resources`}:`,
    ...counts(made),
    ...(look.length === 0 ? [] : ["", "Where to look:", ...look.map((line) => `  ${line}`)]),
    ...pendingOperations(stack, state).flatMap((text) => ["", text]),
    "",
    `What to do: read why the last deployment failed (docs/troubleshoot.md explains messages), mend that, and go on with`,
    `npm run up -- ${stack}. It keeps what there is and makes what is missing.`,
  ].join("\n");
}

/** How many there are of each kind, most first. */
function counts(resources: readonly StateResource[]): string[] {
  const kinds = new Map<string, number>();
  for (const { type } of resources) kinds.set(shortType(type), (kinds.get(shortType(type)) ?? 0) + 1);
  const sorted = [...kinds].toSorted(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  return [`  ${sorted.map(([kind, count]) => `${count} ${kind}`).join(", ")}`];
}

function onAws(stack: string, resources: readonly StateResource[], place: AwsPlace): string[] {
  const nameOfThe = (type: string) => {
    const found = resources.find((resource) => resource.type === type && nameOf(resource.urn) === "nango");
    const name = found?.outputs?.["name"];
    return typeof name === "string" ? name : undefined;
  };
  const cluster = nameOfThe("aws:ecs/cluster:Cluster");
  const service = nameOfThe("aws:ecs/service:Service");
  const logGroup = nameOfThe("aws:cloudwatch/logGroup:LogGroup");
  return [
    ...(cluster === undefined || service === undefined
      ? ["The service is not there: the deployment ended before it, or in the migration."]
      : [`what the service says: ${awsCommand(eventsOf(cluster, service), place)}`]),
    ...(cluster === undefined ? [] : [`tasks that ended:      ${awsCommand(endedIn(cluster), place)}`]),
    ...(logGroup === undefined ? [] : [`what containers print: npm run logs -- ${stack}`]),
  ];
}

const eventsOf = (cluster: string, service: string) => [
  "ecs",
  "describe-services",
  "--cluster",
  cluster,
  "--services",
  service,
  "--query",
  "services[0].events[:10].message",
];

const endedIn = (cluster: string) => [
  "ecs",
  "list-tasks",
  "--cluster",
  cluster,
  "--desired-status",
  "STOPPED",
];

function onDocker(stack: string): string[] {
  return [
    `the containers:            docker ps --all --filter name=nango-${stack}-`,
    `what they print:           npm run logs -- ${stack}`,
  ];
}

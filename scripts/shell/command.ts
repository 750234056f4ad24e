import { awsClientOptions } from "../../infra/aws/deploying/client-options.ts";
import { endpointOf } from "../../infra/aws/deploying/credentials.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import { readProject } from "../../project/project.ts";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { madeOnAws } from "../doctor/aws/deployment.ts";
import { nangoContainers } from "../logs/docker.ts";
import { awsRefusal } from "../pulumi/aws-refusal.ts";
import { findOnPath } from "../pulumi/cli.ts";
import { type DeployedStack, readDeployedStack } from "../pulumi/deployed-stack.ts";
import { docker, findEngine } from "../pulumi/docker-engine.ts";
import { shell } from "./arguments.ts";
import { permissions, taskFor } from "./aws.ts";

/** A command that takes over the terminal. */
export interface Opening {
  readonly words: readonly [command: string, ...args: string[]];
  /** Changes to the environment; undefined unsets one. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * What opens the shell that a command line asks for.
 * @throws UserError that says what is missing.
 */
export async function opening(
  { values, positionals: [stack = ""] }: CommandLine<(typeof shell)["flags"]>,
  { directory, hasTerminal }: { readonly directory: string; readonly hasTerminal: boolean },
): Promise<Opening> {
  const { container, task } = values;
  if (!hasTerminal) throw new UserError("A shell takes a terminal, and this is none: run it without a pipe.");
  const deployed = await readDeployedStack(readProject(directory), stack);
  if (deployed.target === "aws") return onAws(deployed, container, task);
  if (task !== undefined) throw wrong(shell, "--task is for AWS");
  return onDocker(deployed, container);
}

async function onAws(
  { name, state, provider }: DeployedStack,
  container: string,
  wanted: string | undefined,
): Promise<Opening> {
  const { service } = madeOnAws(state);
  if (service === undefined)
    throw new UserError(`Stack "${name}" has no service: no deployment of it came so far.`);
  const made = state.resources.find(
    ({ type, urn }) => type === "aws:ecs/service:Service" && nameOf(urn) === "nango",
  );
  if (made?.inputs?.["enableExecuteCommand"] !== true)
    throw new UserError(
      `Stack "${name}" lets no shell in: nango:executeCommand is off. On, the server's file system can be written to, ` +
        `and switching restarts Nango:\n  npx pulumi config set -s ${name} nango:executeCommand true\n  npm run up -- ${name}`,
    );
  refuseWithout(
    "aws",
    "the AWS CLI",
    "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  );
  refuseWithout(
    "session-manager-plugin",
    "the AWS CLI's plugin for sessions",
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
  );
  const { ECS } = await import("@aws-sdk/client-ecs");
  try {
    const ecs = new ECS(await awsClientOptions(provider, "ecs"));
    const task = await taskFor(ecs, service, container, name, wanted);
    const [credentials, region] = await Promise.all([ecs.config.credentials(), ecs.config.region()]);
    const where = ["--region", region, "--cluster", service.cluster, "--task", task];
    const what = ["--container", container, "--interactive", "--command", "/bin/bash"];
    return {
      words: ["aws", "ecs", "execute-command", ...where, ...what],
      // So that it acts as the provider does, whichever role that assumes.
      variables: {
        AWS_PROFILE: undefined,
        AWS_DEFAULT_PROFILE: undefined,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_ENDPOINT_URL_ECS: endpointOf(provider, ["ecs"]) ?? process.env["AWS_ENDPOINT_URL_ECS"],
      },
    };
  } catch (error) {
    throw awsRefusal(error, name, permissions);
  }
}

function refuseWithout(command: string, what: string, install: string): void {
  if (findOnPath(command, process.env) === undefined)
    throw new UserError(`The command ${command} is missing, ${what}: ${install}`);
}

async function onDocker({ name, state, settings }: DeployedStack, wanted: string): Promise<Opening> {
  const containers = nangoContainers(state);
  if (containers.length === 0)
    throw new UserError(`Stack "${name}" has no containers: npm run up -- ${name}`);
  const container = containers.find(({ service }) => service === wanted);
  if (container === undefined)
    throw new UserError(
      `The stack has no container "${wanted}"; it has ${containers
        .map(({ service }) => service)
        .sort()
        .join(", ")}.`,
    );
  const { host } = await findEngine(settings.config, process.env);
  const { stdout } = await docker([
    "--host",
    host,
    "inspect",
    "--format",
    "{{.State.Running}}",
    container.name,
  ]);
  if (stdout.trim() !== "true")
    throw new UserError(
      `The container ${container.name} does not run: npm run up -- ${name} starts what is stopped or gone.`,
    );
  return {
    words: ["docker", "--host", host, "exec", "--interactive", "--tty", container.name, "bash"],
    variables: {},
  };
}

// What runs in a stack, as ECS, Lambda and Docker are told of it.

import { server } from "../infra/nango/services.ts";
import { isRecord, json, UNKNOWN } from "../project/values.ts";
import type { Resource, Verdict } from "./policy.ts";
import { input, records, texts, violation } from "./reading.ts";

/** A program that is started with variables. */
export interface Process {
  /** How a verdict begins; empty where the resource itself is meant. */
  readonly title: string;
  /** Entry point and command; empty where the image decides. */
  readonly words: readonly string[];
  /** Texts by name: `UNKNOWN` for those that come from a store of secrets. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it is Nango's server. */
  readonly isServer: boolean;
}

/** A container as ECS reads it. */
export interface Container extends Process {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** The variables that stand in the task definition. */
  readonly environment: Readonly<Record<string, string>>;
  /** What else stands there that may hold secrets, by name. */
  readonly labels: Readonly<Record<string, unknown>>;
  readonly takesFileOfVariables: boolean;
  /** The command of its health check; undefined where there is none. */
  readonly healthCheck: readonly string[] | undefined;
  /** The TCP ports that it listens on for others. */
  readonly ports: readonly number[];
  readonly hasInit: boolean;
  readonly isReadOnly: boolean;
  readonly isPrivileged: boolean;
  readonly hasLogs: boolean;
  readonly logOptions: Readonly<Record<string, unknown>>;
}

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const DOCKER = "docker:index/container:Container";

/** Whether an image is Nango's. */
export const isNango = (image: string) => /(^|\/)nango-server[:@]/.test(image);

const serverScript = server.command.at(-1)!;
/** A shell may start it, with its command in one word. */
const startsServer = (words: readonly string[]) =>
  words.some((word) => word.split(/[\s"';&|]+/).some((part) => part.endsWith(serverScript)));

/** The command of a health check; undefined for none. https://docs.docker.com/reference/dockerfile/#healthcheck */
const checkOf = (command: readonly string[]) =>
  command.length === 0 || command[0] === "NONE" ? undefined : command;

function containerOf(given: Record<string, unknown>): Container {
  const { linuxParameters, logConfiguration, healthCheck, dockerLabels, environmentFiles } = given;
  const name = String(given["name"]);
  const image = String(given["image"]);
  const words = [...texts(given["entryPoint"]), ...texts(given["command"])];
  const environment = Object.fromEntries(
    records(given["environment"]).map((variable) => [String(variable["name"]), String(variable["value"])]),
  );
  const secrets = records(given["secrets"]).map((secret) => [String(secret["name"]), UNKNOWN]);
  const options = isRecord(logConfiguration) ? logConfiguration["options"] : undefined;
  return {
    title: `container ${name} `,
    name,
    image,
    words,
    variables: { ...environment, ...Object.fromEntries(secrets) },
    isServer: startsServer(words) || (isNango(image) && words.length === 0),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    essential: given["essential"] !== false,
    environment,
    labels: isRecord(dockerLabels) ? dockerLabels : {},
    takesFileOfVariables: records(environmentFiles).length > 0,
    healthCheck: isRecord(healthCheck) ? checkOf(texts(healthCheck["command"])) : undefined,
    ports: records(given["portMappings"])
      .filter(({ protocol }) => protocol !== "udp")
      .map(({ containerPort }) => Number(containerPort)),
    hasInit: isRecord(linuxParameters) && linuxParameters["initProcessEnabled"] === true,
    isReadOnly: given["readonlyRootFilesystem"] === true,
    isPrivileged: given["privileged"] === true,
    hasLogs: isRecord(logConfiguration) && logConfiguration["logDriver"] !== "none",
    logOptions: isRecord(options) ? options : {},
  };
}

/** The containers of a task definition; empty for any other resource, undefined where they are not known. */
export function containersOf({ type, inputs }: Resource): Container[] | undefined {
  if (type !== TASK_DEFINITION) return [];
  const definitions = inputs["containerDefinitions"];
  if (definitions === UNKNOWN) return undefined;
  return records(json(definitions)).map(containerOf);
}

/** The verdicts on each container of a task definition. */
export function onContainers(
  resource: Resource,
  judge: (container: Container) => readonly string[],
): Verdict[] {
  const containers = containersOf(resource);
  if (containers === undefined) return [{ unknown: "containerDefinitions" }];
  return containers.flatMap((container) =>
    judge(container).map((why) => violation(`${container.title}${why}`)),
  );
}

/** A container of Docker. */
export interface DockerContainer extends Process {
  readonly healthCheck: readonly string[] | undefined;
  /** The ports that it publishes on the machine, as they are inside. */
  readonly ports: readonly number[];
  /** Whether others reach it: by a port of the machine, or by a name of its network. */
  readonly serves: boolean;
  readonly hasInit: boolean;
}

/** The container of Docker that a resource is; undefined for any other. */
export function dockerContainerOf(resource: Resource): DockerContainer | undefined {
  if (resource.type !== DOCKER) return undefined;
  const words = [...texts(input(resource, "entrypoints")), ...texts(input(resource, "command"))];
  const envs = texts(input(resource, "envs"));
  const keepsRunning = input(resource, "mustRun") !== false && input(resource, "start") !== false;
  const aliases = records(input(resource, "networksAdvanced")).flatMap((network) =>
    texts(network["aliases"]),
  );
  const ports = records(input(resource, "ports")).map(({ internal }) => Number(internal));
  const variables = envs
    .filter((text) => text !== UNKNOWN)
    .map((text) => [text.split("=", 1)[0], text.slice(text.indexOf("=") + 1)]);
  return {
    title: "",
    words,
    variables: Object.fromEntries(variables) as Record<string, string>,
    isServer: startsServer(words),
    healthCheck: checkOf(texts(input(resource, "healthcheck.tests"))),
    ports,
    serves: keepsRunning && ports.length + aliases.length > 0,
    hasInit: input(resource, "init") === true,
  };
}

/** What a function is started with, and what a store of secrets gives as variables. */
function otherProcess({ type, inputs }: Resource): Process | undefined {
  const { environment, imageConfig, secretString } = inputs;
  const variables: Readonly<Record<string, unknown>> = {
    "aws:lambda/function:Function": isRecord(environment) ? environment["variables"] : undefined,
    "aws:secretsmanager/secretVersion:SecretVersion": json(secretString),
  };
  const given = variables[type];
  const image = records(imageConfig)[0] ?? {};
  const words = [...texts(image["entryPoints"]), ...texts(image["commands"])];
  if (!isRecord(given) && words.length === 0) return undefined;
  const known = Object.entries(isRecord(given) ? given : {}).filter(([, text]) => typeof text === "string");
  return {
    title: "",
    words,
    variables: Object.fromEntries(known) as Record<string, string>,
    isServer: false,
  };
}

/** The verdicts on each program that a resource starts, or gives variables to. */
export function onProcesses(resource: Resource, judge: (process: Process) => readonly string[]): Verdict[] {
  const containers = containersOf(resource);
  if (containers === undefined) return [{ unknown: "containerDefinitions" }];
  const other = dockerContainerOf(resource) ?? otherProcess(resource);
  return [...containers, ...(other === undefined ? [] : [other])].flatMap((process) =>
    judge(process).map((why) => violation(`${process.title}${why}`)),
  );
}

/** The verdicts on Nango's server; none where what it is given is not known yet. */
export function onServers(resource: Resource, judge: (server: Process) => readonly string[]): Verdict[] {
  const isPartial = resource.type === DOCKER && texts(input(resource, "envs")).includes(UNKNOWN);
  if (isPartial) return [{ unknown: "envs" }];
  return onProcesses(resource, (process) => (process.isServer ? judge(process) : []));
}

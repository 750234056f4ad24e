import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../nango/environment.ts";
import {
  connectUi,
  healthCheckCommand,
  type NangoService,
  server,
  serverCommand,
  shutdownDelayMilliseconds,
  startGraceSeconds,
  stopTimeoutSeconds,
  unprivileged,
} from "../../nango/services.ts";
import {
  proofEnvironment,
  proofsBeforeMigration,
  taskCommand,
  type TaskScript,
  certificatesFile,
  certificatesFolder,
} from "../../nango/task-script.ts";
import type { StoredSecret } from "../data/stored-secret.ts";
import { logStreamPrefix } from "./log-streams.ts";

/** What all containers of a task share. */
export interface TaskContext {
  /** The stack's name in physical names. */
  readonly stack: string;
  /** What is pulled. */
  readonly image: pulumi.Input<string>;
  /** The server's environment, which the migration needs too. */
  readonly environment: Environment<pulumi.Output<string>>;
  /** Where the environment's secret part is stored. */
  readonly secret: StoredSecret;
  /** The certificates of databases, as PEM; undefined when the public ones suffice. */
  readonly certificates: string | undefined;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly region: string;
}

/** A container of a task definition, in the words of ECS, but for what is known only later. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: pulumi.Input<string>;
  readonly command: readonly string[];
  readonly environment: readonly { name: string; value: pulumi.Input<string> }[];
  readonly secrets: readonly { name: string; valueFrom: pulumi.Input<string> }[];
  readonly [property: string]: unknown;
}

const certificatesVolume = "certificates";

/**
 * What ECS's agent for sessions takes in a container: to be root, and to write.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-considerations
 */
const withAgent = {
  readonlyRootFilesystem: false,
  user: "0",
  linuxParameters: { initProcessEnabled: true },
} as const;

/** The longest that a task lives that somebody reaches the databases through, should it be forgotten. */
const tunnelSeconds = 8 * 60 * 60;

/** The one container of that task: it knows no secret and waits. */
export function tunnelContainers(context: TaskContext): ContainerDefinition[] {
  return [{ ...container(context, "tunnel", ["sleep", String(tunnelSeconds)]), ...withAgent }];
}

/** The containers of the service: the server, Connect UI where it is served, and what they wait for. */
export function serviceContainers(
  context: TaskContext,
  options: { executeCommand: boolean; connectUi: boolean; memory: number },
): ContainerDefinition[] {
  const debuggable = options.executeCommand ? withAgent : {};
  return [
    ...initContainers(context),
    {
      ...container(context, server.name, serverCommand(options.memory)),
      ...listening(server),
      ...withEnvironment(context, context.environment),
      ...debuggable,
    },
    ...(options.connectUi
      ? [
          {
            ...container(context, connectUi.name, connectUi.command),
            ...listening(connectUi),
            // Serving files needs no news of a newer version of the file server.
            environment: [
              { name: "NO_UPDATE_CHECK", value: "1" },
              { name: "SHUTDOWN_DELAY_MS", value: String(shutdownDelayMilliseconds) },
            ],
          },
        ]
      : []),
  ];
}

/** The containers of the one-off task that runs before a deployment. The last one decides. */
export function migrationContainers(
  context: TaskContext,
  options: { environment: Readonly<Record<string, string>> },
): ContainerDefinition[] {
  const { environment } = context;
  const step = (name: TaskScript, variables: TaskContext["environment"]) => ({
    ...container(context, name, taskCommand(name)),
    ...withEnvironment(context, variables),
  });
  const proofs = proofsBeforeMigration(environment).map((name) => ({
    ...step(name, proofEnvironment(name, environment)),
    essential: false,
  }));
  return [
    ...initContainers(context),
    ...proofs,
    {
      ...step("migrate", { ...environment, plain: { ...environment.plain, ...options.environment } }),
      dependsOn: [...waitFor(initContainers(context)), ...waitFor(proofs)],
      stopTimeout: stopTimeoutSeconds,
    },
  ];
}

/** The volumes that the containers mount. */
export function taskVolumes(context: TaskContext): { name: string }[] {
  return context.certificates === undefined ? [] : [{ name: certificatesVolume }];
}

function container(context: TaskContext, name: string, command: readonly string[]): ContainerDefinition {
  return {
    name,
    image: context.image,
    command,
    essential: true,
    environment: [],
    secrets: [],
    user: unprivileged,
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ["ALL"] } },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": context.logGroup.name,
        "awslogs-region": context.region,
        "awslogs-stream-prefix": logStreamPrefix,
      },
    },
  };
}

/** Nango's own CA store knows nothing of RDS, and a certificate must lie in a file before node starts. */
function initContainers(context: TaskContext): ContainerDefinition[] {
  if (context.certificates === undefined) return [];
  return [
    {
      ...container(context, "write-certificates", taskCommand("write-certificates")),
      essential: false,
      environment: [
        { name: "CERTIFICATES_PEM", value: context.certificates },
        { name: "CERTIFICATES_FILE", value: certificatesFile },
      ],
      // An empty volume belongs to root.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
      user: "0",
      mountPoints: [{ sourceVolume: certificatesVolume, containerPath: certificatesFolder, readOnly: false }],
    },
  ];
}

function waitFor(
  containers: readonly ContainerDefinition[],
): { containerName: string; condition: "SUCCESS" }[] {
  return containers.map(({ name }) => ({ containerName: name, condition: "SUCCESS" }));
}

function withEnvironment(context: TaskContext, { plain, secret }: TaskContext["environment"]) {
  const first = initContainers(context);
  return {
    environment: Object.entries(plain)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    secrets: context.secret.names
      .filter((name) => name in secret)
      .map((name) => ({ name, valueFrom: context.secret.valueFrom(name) })),
    mountPoints:
      first.length === 0
        ? []
        : [{ sourceVolume: certificatesVolume, containerPath: certificatesFolder, readOnly: true }],
    dependsOn: waitFor(first),
  };
}

function listening(service: NangoService) {
  return {
    portMappings: [{ containerPort: service.port, hostPort: service.port, protocol: "tcp" }],
    healthCheck: {
      command: ["CMD", ...healthCheckCommand(service)],
      interval: 15,
      timeout: 10,
      retries: 3,
      startPeriod: startGraceSeconds,
    },
    stopTimeout: stopTimeoutSeconds,
  };
}

/** What a rehearsal shows of containers: values that are plain, and the names of those that are not. */
export function describeContainers(containers: readonly ContainerDefinition[]) {
  return Object.fromEntries(
    containers.map(({ name, image, command, environment, secrets }) => [
      name,
      {
        image,
        command: command.map((word) => (word.includes("\n") ? "(program text)" : word)),
        environment: Object.fromEntries(environment.map((variable) => [variable.name, variable.value])),
        secrets: secrets.map((variable) => variable.name),
      },
    ]),
  );
}

/** The JSON that a task definition takes. */
export function containerJson(containers: readonly ContainerDefinition[]): pulumi.Output<string> {
  return pulumi.jsonStringify(containers);
}

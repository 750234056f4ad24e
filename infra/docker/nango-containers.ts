import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import type { Environment } from "../nango/environment.ts";
import {
  connectUi,
  healthCheckCommand,
  type NangoService,
  server,
  startGraceSeconds,
  stopTimeoutSeconds,
  unprivileged,
} from "../nango/services.ts";
import {
  proofEnvironment,
  proofsBeforeMigration,
  taskCommand,
  type TaskScript,
  certificatesFile,
  certificatesFolder,
} from "../nango/task-script.ts";
import { type ContainerArgs, oneOffContainer, runningContainer } from "./container.ts";
import { nangoPlatform, pulledImage } from "./image.ts";
import { type OneOff, runBefore } from "./run-to-end.ts";

export interface NangoContainersArgs extends Pick<ContainerArgs, "prefix" | "network"> {
  /** Plain, since it decides which resources there are. */
  readonly config: DockerProgramConfig;
  /** The server's environment, which the migration needs too. */
  readonly environment: Environment<pulumi.Output<string>>;
  /** The certificates of databases, as PEM; undefined when the public ones suffice. */
  readonly certificates: pulumi.Output<string> | undefined;
  /** What has to be well, or in order, before the databases can be migrated. */
  readonly requirements: readonly pulumi.Resource[];
  /** What runs before the migration does. */
  readonly steps: readonly OneOff[];
}

/** Serving files needs no news of a newer version of the file server. */
const connectUiEnvironment = { NO_UPDATE_CHECK: "1" };
/** Connect UI serves files. MiB */
const connectUiMemory = 512;
/** Minutes for what happens around the migration itself: waiting for the database and for locks. */
const marginMinutes = 10;

/** Nango's own containers: the server, Connect UI, and what runs before a server is made. */
export class NangoContainers extends pulumi.ComponentResource {
  readonly server: docker.Container;
  readonly migration: docker.Container;

  constructor(name: string, args: NangoContainersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:NangoContainers", name, {}, opts);
    const { config, environment, certificates } = args;
    const image = pulledImage(
      `${name}-image`,
      { reference: config.image.reference, platform: nangoPlatform },
      { parent: this },
    );
    const volume =
      certificates === undefined
        ? undefined
        : new docker.Volume(`${name}-certificates`, {}, { parent: this });
    const shared = { prefix: args.prefix, network: args.network, image };
    const steps = this.stepsBefore(name, args, shared, volume);
    this.migration = steps.at(-1)!.container;
    const timeoutSeconds = (config.service.migrationTimeoutMinutes + marginMinutes) * 60;
    this.server = runningContainer(
      `${name}-${server.name}`,
      {
        ...listening(shared, server, config.ports.server),
        environment: { ...environment.plain, ...environment.secret },
        memory: config.service.memory,
        more: {
          platform: nangoPlatform,
          ...mounted(volume, true),
          // A server reads the certificates when it starts.
          ...(certificates === undefined
            ? {}
            : ({
                labels: [{ label: "nango.certificates", value: certificates.apply(fingerprint) }],
              } satisfies Partial<docker.ContainerArgs>)),
          ...knownHost(config),
        },
      },
      {
        parent: this,
        dependsOn: [...args.requirements, ...steps.map(({ container }) => container)],
        hooks: { beforeCreate: [runBefore(`${name}-before-${server.name}`, steps, timeoutSeconds)] },
      },
    );
    runningContainer(
      `${name}-${connectUi.name}`,
      {
        ...listening(shared, connectUi, config.ports.connect),
        environment: connectUiEnvironment,
        memory: connectUiMemory,
        more: { platform: nangoPlatform },
      },
      { parent: this },
    );
    this.registerOutputs({ containers: describeContainers(config, environment) });
  }

  /** What runs, in this order, before a server is made. */
  private stepsBefore(
    name: string,
    args: NangoContainersArgs,
    shared: Pick<ContainerArgs, "prefix" | "network" | "image">,
    volume: docker.Volume | undefined,
  ): OneOff[] {
    const { config, certificates } = args;
    const { plain, secret } = args.environment;
    const step = (script: TaskScript, purpose: string, particular: Partial<ContainerArgs> = {}): OneOff => ({
      purpose,
      container: oneOffContainer(
        `${name}-${script}`,
        {
          ...shared,
          service: script,
          command: taskCommand(script),
          environment: { ...plain, ...secret },
          user: unprivileged,
          memory: config.service.memory,
          stopSeconds: stopTimeoutSeconds,
          more: { platform: nangoPlatform, ...mounted(volume, true), ...knownHost(config) },
          ...particular,
        },
        { parent: this },
      ),
    });
    return [
      ...(certificates === undefined
        ? []
        : [
            step("write-certificates", "preparation of certificates", {
              environment: { CERTIFICATES_PEM: certificates, CERTIFICATES_FILE: certificatesFile },
              // An empty volume belongs to root.
              user: "0:0",
              more: { platform: nangoPlatform, ...mounted(volume, false) },
            }),
          ]),
      ...args.steps,
      ...proofsBeforeMigration(args.environment).map((script) => {
        const reads = proofEnvironment(script, args.environment);
        return step(script, purposes[script], { environment: { ...reads.plain, ...reads.secret } });
      }),
      step("migrate", "database migration", {
        environment: {
          ...plain,
          ...secret,
          MIGRATION_SECONDS: String(config.service.migrationTimeoutMinutes * 60),
          ...(config.service.clearMigrationLock ? { CLEAR_MIGRATION_LOCK: "true" } : {}),
        },
      }),
    ];
  }
}

const purposes = { redis: "check of Redis", "logs-store": "preparation of the logs store" };

function listening(
  shared: Pick<ContainerArgs, "prefix" | "network" | "image">,
  service: NangoService,
  published: number,
) {
  return {
    ...shared,
    service: service.name,
    command: service.command,
    user: unprivileged,
    stopSeconds: stopTimeoutSeconds,
    health: { command: healthCheckCommand(service), startSeconds: startGraceSeconds },
    port: { internal: service.port, published },
  };
}

function mounted(volume: docker.Volume | undefined, readOnly: boolean): Partial<docker.ContainerArgs> {
  if (volume === undefined) return {};
  return { volumes: [{ volumeName: volume.name, containerPath: certificatesFolder, readOnly }] };
}

/** The name of the engine's machine, where something that Nango uses runs. */
function knownHost(config: DockerProgramConfig): Partial<docker.ContainerArgs> {
  return config.knowsHost ? { hosts: [{ host: "host.docker.internal", ip: "host-gateway" }] } : {};
}

/** What a rehearsal shows of the containers: values that are plain, and the names of those that are not. */
function describeContainers(config: DockerProgramConfig, environment: Environment<pulumi.Output<string>>) {
  const container = (command: readonly string[], { plain, secret }: typeof environment) => ({
    image: config.image.reference,
    command,
    environment: plain,
    secrets: Object.keys(secret),
  });
  return {
    [server.name]: container(server.command, environment),
    [connectUi.name]: container(connectUi.command, { plain: connectUiEnvironment, secret: {} }),
  };
}

function fingerprint(certificates: string): string {
  return createHash("sha256").update(certificates).digest("hex").slice(0, 16);
}

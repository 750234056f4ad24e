import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface HealthCheck {
  /** The command and its arguments; exit code 0 means well. */
  readonly command: readonly string[];
  /** How long failures do not count after a start. Seconds. */
  readonly startSeconds: number;
}

export interface ContainerArgs {
  /** The host name by which other containers of the network reach it, and the end of its physical name. */
  readonly service: string;
  /** What physical names begin with; other stacks on the same engine have another. */
  readonly prefix: string;
  readonly image: docker.RemoteImage;
  readonly network: docker.Network;
  /** Runs before the command and ends by running it. @default that of the image */
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  /** Shown to everyone who may use the engine. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** A user of the image, or numbers. */
  readonly user: string;
  /** The most memory it may take. MiB */
  readonly memory: number;
  /** How long it may take to stop before it is killed. Seconds. */
  readonly stopSeconds: number;
  /** What is particular about it. */
  readonly more?: Partial<docker.ContainerArgs>;
}

/** What the provider changes in its state only, though the engine takes it when a container is created. */
const takenAtCreation = ["healthcheck", "tmpfs", "shmSize"];

/** A container that keeps running, also after a restart of the engine. Its creation ends when it is well. */
export function runningContainer(
  name: string,
  args: ContainerArgs & {
    readonly health: HealthCheck;
    /** The port that users reach, and the one of 127.0.0.1 where they do. */
    readonly port?: { readonly internal: number; readonly published: number };
  },
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { health, port } = args;
  return lockedContainer(
    name,
    args,
    {
      restart: "unless-stopped",
      healthcheck: {
        tests: ["CMD", ...health.command],
        interval: duration(10),
        timeout: duration(10),
        retries: 3,
        startPeriod: duration(health.startSeconds),
      },
      wait: true,
      waitTimeout: health.startSeconds + 60,
      ...(port === undefined
        ? {}
        : ({
            ports: [{ ip: "127.0.0.1", external: port.published, internal: port.internal, protocol: "tcp" }],
          } satisfies Partial<docker.ContainerArgs>)),
    },
    opts,
  );
}

/** A container that is made but not started: it runs to its end each time that somebody starts it. */
export function oneOffContainer(
  name: string,
  args: ContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return lockedContainer(name, args, { start: false, mustRun: false }, opts);
}

/** A container that may do nothing but run: no capabilities, no new privileges, nothing to write to. */
function lockedContainer(
  name: string,
  args: ContainerArgs,
  kind: Partial<docker.ContainerArgs>,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { service, environment } = args;
  return new docker.Container(
    name,
    {
      name: `${args.prefix}-${service}`,
      image: args.image.imageId,
      ...(args.entrypoint === undefined
        ? {}
        : ({ entrypoints: [...args.entrypoint] } satisfies Partial<docker.ContainerArgs>)),
      command: [...args.command],
      envs: Object.keys(environment)
        .toSorted()
        .map((variable) => pulumi.interpolate`${variable}=${environment[variable]!}`),
      user: args.user,
      networksAdvanced: [{ name: args.network.name, aliases: [service] }],
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: args.memory,
      // No swap: unset, the engine allows as much again, and the provider takes that for a change.
      memorySwap: args.memory,
      stopTimeout: args.stopSeconds,
      // The provider kills at once unless it is told how long to wait.
      // https://github.com/kreuzwerker/terraform-provider-docker/blob/v4.5.0/internal/provider/resource_docker_container_funcs.go#L1065-L1072
      destroyGraceSeconds: args.stopSeconds,
      // Rotated, unlike the engine's default.
      logDriver: "local",
      ...kind,
      ...args.more,
    },
    {
      ...opts,
      deleteBeforeReplace: true,
      // `#initerror`: one that did not become well is made anew by the next deployment, not taken for good.
      // https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/resource/deploy/step_generator.go#L3163-L3166
      replaceOnChanges: ["#initerror", ...takenAtCreation],
      // The engine reports the operating system alone, so that every deployment would replace the container.
      ignoreChanges: ["platform"],
    },
  );
}

/**
 * A duration as the engine reports it, `3m0s` and not `180s`: the provider compares texts.
 * https://pkg.go.dev/time#Duration.String
 */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = `${seconds % 60}s`;
  if (minutes === 0) return rest;
  return hours === 0 ? `${minutes}m${rest}` : `${hours}h${minutes % 60}m${rest}`;
}

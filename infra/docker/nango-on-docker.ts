import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import { GeneratedSecrets } from "../generated-secrets.ts";
import { type Environment, type Logs, serverEnvironment } from "../nango/environment.ts";
import { certificatesFile, NangoContainers } from "./nango-containers.ts";
import { Opensearch, opensearchUser } from "./opensearch.ts";
import { origin, outputs, type StackOutputs } from "./outputs.ts";
import { Postgres } from "./postgres.ts";
import { Valkey } from "./valkey.ts";

/** The containers beside Nango's own, as far as the stack has them. */
interface Made {
  readonly postgres: Postgres | undefined;
  readonly valkey: Valkey | undefined;
  readonly opensearch: Opensearch | undefined;
  readonly secrets: GeneratedSecrets;
  readonly certificates: pulumi.Output<string> | undefined;
}

/** Nango's free edition in containers on a Docker engine. */
export class NangoOnDocker extends pulumi.ComponentResource {
  /** What the stack tells its user. */
  readonly outputs: StackOutputs;

  constructor(name: string, config: DockerProgramConfig, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:Nango", name, {}, opts);
    const parent = { parent: this };
    const { images, memory, protect } = config;
    const prefix = `${name}-${config.stack}`;

    // Containers of other networks cannot reach its hosts, and nothing of it is published that does not say so.
    const network = new docker.Network(name, { driver: "bridge" }, parent);
    const inNetwork = { prefix, network };
    const needsPostgres = [config.database, config.recordsDatabase].some(
      (database) => database?.kind === "container",
    );
    const postgres = needsPostgres
      ? new Postgres(
          `${name}-postgres`,
          {
            ...inNetwork,
            image: images.postgres,
            memory: memory.postgres,
            records: config.recordsDatabase?.kind === "container",
            protect,
          },
          parent,
        )
      : undefined;
    const valkey =
      config.redis.kind === "container"
        ? new Valkey(`${name}-valkey`, { ...inNetwork, image: images.valkey }, parent)
        : undefined;
    const opensearch =
      config.logs.store === "container"
        ? new Opensearch(
            `${name}-opensearch`,
            { ...inNetwork, image: images.opensearch, memory: memory.opensearch, protect },
            parent,
          )
        : undefined;
    const secrets = new GeneratedSecrets(name, { given: config.secrets, protect }, parent);
    const certificates = trusted(config, postgres);
    const made = { postgres, valkey, opensearch, secrets, certificates };
    const nango = new NangoContainers(
      name,
      {
        ...inNetwork,
        config,
        environment: environment(config, made),
        certificates,
        steps: postgres?.steps ?? [],
        requirements: [postgres, valkey, opensearch].flatMap((one) =>
          one === undefined ? [] : [one.container],
        ),
      },
      parent,
    );

    this.outputs = outputs(config, { secrets, nango, postgres });
    this.registerOutputs({ url: this.outputs.url });
  }
}

/** The certificates that databases are verified with: that of the stack's own, and those of existing ones. */
function trusted(config: DockerProgramConfig, postgres: Postgres | undefined): Made["certificates"] {
  const { databaseCertificates: given } = config;
  if (postgres === undefined) return given === undefined ? undefined : pulumi.output(given);
  return pulumi.interpolate`${postgres.authority}${given ?? ""}`;
}

/** The environment of Nango's server in this deployment. */
function environment(config: DockerProgramConfig, made: Made): Environment<pulumi.Output<string>> {
  const { postgres, secrets } = made;
  const { database, recordsDatabase } = config;
  return serverEnvironment({
    serverUrl: origin(config.ports.server),
    connectUrl: origin(config.ports.connect),
    websocketsPath: config.service.websocketsPath,
    databaseUrl: database.kind === "external" ? database.url : postgres!.url,
    recordsDatabaseUrl:
      recordsDatabase?.kind === "external" ? recordsDatabase.url : recordsDatabase && postgres!.recordsUrl,
    certificatesFile: made.certificates === undefined ? undefined : certificatesFile,
    pools: config.pools,
    apiRateLimitPerMinute: config.apiRateLimitPerMinute,
    encryptionKey: secrets.encryptionKey,
    adminKey: secrets.adminKey,
    dashboard:
      config.dashboard.auth === "basic"
        ? { ...config.dashboard, password: secrets.dashboardPassword, apiKeys: secrets.apiKeys }
        : config.dashboard,
    email: config.email,
    logs: logsStore(config, made.opensearch),
    redisUrl: config.redis.kind === "external" ? config.redis.url : made.valkey?.url,
    allowPrivateAddresses: config.allowPrivateAddresses,
    extra: config.environment,
  });
}

function logsStore(
  config: DockerProgramConfig,
  opensearch: Opensearch | undefined,
): Logs<pulumi.Output<string>> {
  const { logs } = config;
  if (logs.store === "external") {
    const { url, user, password, retentionDays } = logs;
    return { store: logs.provider, url, user, password, retentionDays };
  }
  if (logs.store === "none" || opensearch === undefined) return { store: "none" };
  const { url, password } = opensearch;
  return { store: "opensearch", url, user: opensearchUser, password, retentionDays: logs.retentionDays };
}

import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import type { PostgresContainerConfig } from "../config/stack-config.ts";
import type { DataEndpoints, Logs } from "../nango/environment.ts";
import { Opensearch, opensearchUser } from "./opensearch.ts";
import { Postgres } from "./postgres.ts";
import { Valkey } from "./valkey.ts";

type Secret = pulumi.Output<string>;

/** What keeps data, in containers of the stack or brought. */
export interface DataServices {
  /** How the server reaches each of them. */
  readonly endpoints: DataEndpoints<Secret>;
  /** The containers that have to run before Nango's do. */
  readonly containers: readonly docker.Container[];
  /** The stack's own Postgres; undefined when all databases are brought. */
  readonly postgres: Postgres | undefined;
  /** The certificates that databases are verified with, as PEM; undefined when the public ones suffice. */
  readonly certificates: pulumi.Output<string> | undefined;
}

/** What every container is given. */
interface Surroundings {
  /** What the names of all resources begin with. */
  readonly name: string;
  /** What the names of all containers begin with. */
  readonly prefix: string;
  readonly network: docker.Network;
  readonly parent: { readonly parent: pulumi.Resource };
}

export function createDataServices(config: DockerProgramConfig, around: Surroundings): DataServices {
  const databases = connectPostgres(config, around);
  const redis = connectRedis(config, around);
  const logs = connectLogs(config, around);
  return {
    endpoints: { ...databases.endpoints, redisUrl: redis.endpoint, logs: logs.endpoint },
    containers: [databases.postgres?.container, redis.container, logs.container].filter(
      (container) => container !== undefined,
    ),
    postgres: databases.postgres,
    certificates: trusted(config, databases.postgres),
  };
}

/** One Postgres for both databases, made by the first that has none of its own. */
function connectPostgres(config: DockerProgramConfig, { name, prefix, network, parent }: Surroundings) {
  const { database, recordsDatabase, rotations, protect } = config;
  let made: Postgres | undefined;
  const postgres = ({ image, memory }: PostgresContainerConfig) =>
    (made ??= new Postgres(
      `${name}-postgres`,
      {
        prefix,
        network,
        image,
        memory,
        records: recordsDatabase?.kind === "container",
        passwordGeneration: rotations.database,
        protect,
      },
      parent,
    ));
  const databaseUrl = database.kind === "external" ? database.url : postgres(database).url;
  const recordsDatabaseUrl =
    recordsDatabase?.kind === "external"
      ? recordsDatabase.url
      : recordsDatabase && postgres(recordsDatabase).recordsUrl;
  return { endpoints: { databaseUrl, recordsDatabaseUrl }, postgres: made };
}

/** Something that the server connects to, and the container in which the stack runs it. */
interface Connection<Endpoint> {
  readonly endpoint: Endpoint;
  readonly container?: docker.Container;
}

function connectRedis(
  { redis, rotations }: DockerProgramConfig,
  { name, prefix, network, parent }: Surroundings,
): Connection<Secret | undefined> {
  if (redis.kind === "none") return { endpoint: undefined };
  if (redis.kind === "external") return { endpoint: redis.url };
  const valkey = new Valkey(
    `${name}-valkey`,
    { prefix, network, image: redis.image, tokenGeneration: rotations.redis },
    parent,
  );
  return { endpoint: valkey.url, container: valkey.container };
}

function connectLogs(
  { logs, protect }: DockerProgramConfig,
  { name, prefix, network, parent }: Surroundings,
): Connection<Logs<Secret>> {
  if (logs.store === "none") return { endpoint: { store: "none" } };
  const { retentionDays } = logs;
  if (logs.store === "external") {
    const { provider, url, user, password } = logs;
    return { endpoint: { store: provider, url, user, password, retentionDays } };
  }
  const opensearch = new Opensearch(
    `${name}-opensearch`,
    { prefix, network, image: logs.image, memory: logs.memory, protect },
    parent,
  );
  const { url, password, container } = opensearch;
  return {
    endpoint: { store: "opensearch", url, user: opensearchUser, password, retentionDays },
    container,
  };
}

/** The certificate of the stack's own database, and those of existing ones. */
function trusted(
  { databaseCertificates: given }: DockerProgramConfig,
  postgres: Postgres | undefined,
): pulumi.Output<string> | undefined {
  if (postgres === undefined) return given === undefined ? undefined : pulumi.output(given);
  return pulumi.interpolate`${postgres.authority}${given ?? ""}`;
}

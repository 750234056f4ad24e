import type * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../../config/index.ts";
import type { DatabaseConfig } from "../../config/stack-config.ts";
import type { DataEndpoints, Logs } from "../../nango/environment.ts";
import { BackupVault } from "./backup-vault.ts";
import { Cache, redisPort } from "./cache.ts";
import { Database, postgresPort } from "./database.ts";
import type { Network } from "../network/network.ts";
import { Search, searchPort, searchUser } from "./search.ts";
import type { DataService } from "../network/task-security-group.ts";

type Secret = pulumi.Output<string>;

/** What keeps data, made by the stack or brought. None of it waits for another. */
export interface DataServices {
  /** How the server reaches each of them. */
  readonly endpoints: DataEndpoints<Secret>;
  /** Those that the stack makes, into whose security groups the tasks have to be let. */
  readonly made: readonly DataService[];
  /** The main database, when the stack makes it. */
  readonly database: Database | undefined;
  /** `host:port` of the main database, whoever makes it; of one that is brought, as its URL has it. */
  readonly databaseEndpoint: pulumi.Output<string> | string;
  /** The records database, when the stack makes one. */
  readonly records: Database | undefined;
  readonly cache: Cache | undefined;
  readonly search: Search | undefined;
}

/** Something that the server connects to. */
interface Connection<Endpoint> {
  readonly endpoint: Endpoint;
  readonly made: readonly DataService[];
}

/** What everything that is made here shares. */
interface Surroundings {
  /** What the names of all resources begin with. */
  readonly prefix: string;
  readonly network: Network;
  /** The stack's name in physical names. */
  readonly stack: string;
  readonly encryptionKeyFingerprint: pulumi.Output<string>;
  readonly parent: { readonly parent: pulumi.Resource };
}

export function createDataServices(config: ProgramConfig, around: Surroundings): DataServices {
  const database = connectPostgres("database", config.database, config, around);
  const records =
    config.recordsDatabase && connectPostgres("records", config.recordsDatabase, config, around);
  const redis = connectRedis(config, around);
  const logs = connectLogs(config, around);
  backUp(config, [database.instance, records?.instance], around);
  return {
    endpoints: {
      databaseUrl: database.endpoint,
      recordsDatabaseUrl: records?.endpoint,
      redisUrl: redis.endpoint,
      logs: logs.endpoint,
    },
    made: [database, records, redis, logs].flatMap((connection) => connection?.made ?? []),
    database: database.instance,
    databaseEndpoint: database.address,
    records: records?.instance,
    cache: redis.cache,
    search: logs.search,
  };
}

/** Backs up the databases that the stack makes, where that is wanted. */
function backUp(
  { backupVault, protect, service }: ProgramConfig,
  made: readonly (Database | undefined)[],
  { prefix, parent }: Surroundings,
): void {
  const databases = made.filter((database) => database !== undefined);
  if (backupVault === undefined) return;
  const { permissionsBoundaryArn } = service;
  new BackupVault(
    `${prefix}-backup`,
    { vault: backupVault, databases, permissionsBoundaryArn, protect },
    parent,
  );
}

/** What each component that keeps data is given. */
function shared(config: ProgramConfig, { network }: Surroundings) {
  return {
    vpcId: network.vpcId,
    subnetIds: network.databaseSubnetIds,
    protect: config.protect,
    logRetentionDays: config.service.logRetentionDays,
  };
}

function connectPostgres(
  name: "database" | "records",
  database: DatabaseConfig<Secret>,
  config: ProgramConfig,
  around: Surroundings,
): Connection<Secret> & {
  readonly address: DataServices["databaseEndpoint"];
  readonly instance: Database | undefined;
} {
  if (database.kind === "external")
    return { endpoint: database.url, address: database.host, made: [], instance: undefined };
  const instance = new Database(
    `${around.prefix}-${name}`,
    {
      instance: database,
      passwordGeneration: config.rotations[name],
      ...shared(config, around),
      encryptionKeyFingerprint: around.encryptionKeyFingerprint,
      allowEncryptionKeyChange: config.allowEncryptionKeyChange,
      place: { stack: config.stack, region: config.region },
    },
    around.parent,
  );
  return {
    endpoint: instance.url,
    address: instance.endpoint,
    made: [reachable(name, instance, postgresPort)],
    instance,
  };
}

function connectRedis(
  config: ProgramConfig,
  around: Surroundings,
): Connection<Secret | undefined> & { readonly cache?: Cache } {
  const { redis, rotations } = config;
  if (redis.kind === "none") return { endpoint: undefined, made: [] };
  if (redis.kind === "external") return { endpoint: redis.url, made: [] };
  const { kind: _, ...nodes } = redis;
  const { vpcId, subnetIds } = shared(config, around);
  const cache = new Cache(
    `${around.prefix}-cache`,
    { ...nodes, tokenGeneration: rotations.redis, vpcId, subnetIds },
    around.parent,
  );
  return { endpoint: cache.url, made: [reachable("cache", cache, redisPort)], cache };
}

function connectLogs(
  config: ProgramConfig,
  around: Surroundings,
): Connection<Logs<Secret>> & { readonly search?: Search } {
  const { logs, region, rotations } = config;
  if (logs.store === "none") return { endpoint: { store: "none" }, made: [] };
  const { retentionDays } = logs;
  if (logs.store === "external") {
    const { provider, url, user, password } = logs;
    return { endpoint: { store: provider, url, user, password, retentionDays }, made: [] };
  }
  const search = new Search(
    `${around.prefix}-search`,
    {
      domain: logs.domain,
      passwordGeneration: rotations.search,
      region,
      stack: around.stack,
      ...shared(config, around),
      subnetIds: around.network.zonedSubnetIds,
    },
    around.parent,
  );
  const { url, password } = search;
  return {
    endpoint: { store: "opensearch", url, user: searchUser, password, retentionDays },
    made: [reachable("search", search, searchPort)],
    search,
  };
}

function reachable(
  name: string,
  { securityGroupId }: { readonly securityGroupId: pulumi.Output<string> },
  port: number,
): DataService {
  return { name, securityGroupId, port };
}

import type * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../config/index.ts";
import type { DatabaseConfig } from "../config/stack-config.ts";
import { Cache, redisPort } from "./cache.ts";
import { Database, postgresPort } from "./database.ts";
import type { Network } from "./network.ts";
import { Search, searchPort } from "./search.ts";
import type { DataService } from "./task-security-group.ts";

/** What keeps data, as far as the stack makes it itself. None of it waits for another. */
export interface DataServices {
  readonly main: Database | undefined;
  readonly records: Database | undefined;
  readonly cache: Cache | undefined;
  readonly search: Search | undefined;
}

export function createDataServices(
  name: string,
  config: ProgramConfig,
  made: { readonly network: Network; readonly stack: string },
  parent: { readonly parent: pulumi.Resource },
): DataServices {
  const { network, stack } = made;
  const shared = {
    vpcId: network.vpcId,
    subnetIds: network.databaseSubnetIds,
    protect: config.protect,
    logRetentionDays: config.service.logRetentionDays,
  };
  const database = (suffix: string, wanted: DatabaseConfig<unknown> | undefined) =>
    wanted?.kind === "rds"
      ? new Database(`${name}-${suffix}`, { instance: wanted, ...shared }, parent)
      : undefined;
  const { redis, logs, region } = config;
  return {
    main: database("database", config.database),
    records: database("records", config.recordsDatabase),
    cache:
      redis.kind === "elasticache" ? new Cache(`${name}-cache`, { ...redis, ...shared }, parent) : undefined,
    search:
      logs.store === "domain"
        ? new Search(
            `${name}-search`,
            { domain: logs.domain, region, stack, ...shared, subnetIds: network.zonedSubnetIds },
            parent,
          )
        : undefined,
  };
}

/** What the tasks connect to. */
export function reachable({ main, records, cache, search }: DataServices): DataService[] {
  const candidates = [
    { name: "database", made: main, port: postgresPort },
    { name: "records", made: records, port: postgresPort },
    { name: "cache", made: cache, port: redisPort },
    { name: "search", made: search, port: searchPort },
  ];
  return candidates.flatMap(({ name, made, port }) =>
    made === undefined ? [] : [{ name, securityGroupId: made.securityGroupId, port }],
  );
}

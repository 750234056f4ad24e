import type { SettingValues } from "./values.ts";
import {
  type Conceal,
  externalDatabase,
  externalLogs,
  externalRedis,
  givenCertificates,
  separateRecords,
} from "./resolve-external.ts";
import type { CommonConfig, DockerConfig } from "./stack-config.ts";

/** What only a stack on a Docker engine has. Expects checked values. */
export function resolveDocker<Secret>(
  values: SettingValues,
  conceal: Conceal<Secret>,
): Omit<DockerConfig<Secret>, keyof CommonConfig<Secret>> {
  const database = (url: string | undefined) =>
    url === undefined ? ({ kind: "container" } as const) : externalDatabase(url, values, conceal);
  const certificates = givenCertificates(values);
  return {
    target: "docker",
    ports: { server: values.dockerServerPort, connect: values.dockerConnectPort },
    allowPrivateAddresses: values.allowPrivateAddresses === "true",
    knowsHost: values.allowPrivateAddresses === "true" || bringsFromHost(values),
    database: database(values.databaseUrl),
    recordsDatabase: separateRecords(values) ? database(values.recordsDatabaseUrl) : undefined,
    databaseCertificates: certificates === "" ? undefined : certificates,
    logs: resolveLogs(values, conceal),
    redis: resolveRedis(values, conceal),
    images: {
      postgres: values.dockerPostgresImage,
      valkey: values.dockerValkeyImage,
      opensearch: values.dockerOpensearchImage,
    },
    memory: {
      server: values.dockerServerMemory,
      postgres: values.dockerPostgresMemory,
      opensearch: values.dockerOpensearchMemory,
    },
    service: {
      websocketsPath: values.websocketsPath,
      migrationTimeoutMinutes: values.migrationTimeoutMinutes,
      clearMigrationLock: values.clearMigrationLock,
    },
  };
}

/** Whether something that is brought runs on the machine of the engine, for which Docker on Linux has no name by itself. */
function bringsFromHost(values: SettingValues): boolean {
  return [
    values.databaseUrl,
    values.recordsDatabaseUrl,
    values.redisUrl,
    values.logsUrl,
    values.smtpUrl,
  ].some((url) => url !== undefined && new URL(url).hostname.toLowerCase() === "host.docker.internal");
}

function resolveLogs<Secret>(values: SettingValues, conceal: Conceal<Secret>): DockerConfig<Secret>["logs"] {
  if (values.logs === "external") return externalLogs(values, conceal);
  if (values.logs === "stdout") return { store: "none" };
  return { store: "container", retentionDays: values.logsRetentionDays };
}

function resolveRedis<Secret>(
  values: SettingValues,
  conceal: Conceal<Secret>,
): DockerConfig<Secret>["redis"] {
  if (values.redisUrl !== undefined) return externalRedis(values.redisUrl, conceal);
  return { kind: values.redis === "container" ? "container" : "none" };
}

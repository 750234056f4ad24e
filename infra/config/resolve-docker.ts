import type { Choices } from "./choices.ts";
import { type Conceal, externalDatabase, externalLogs, externalRedis } from "./resolve-external.ts";
import type { CommonConfig, DockerConfig } from "./stack-config.ts";

/** What only a stack on a Docker engine has. Expects checked choices. */
export function resolveDocker<Secret>(
  choices: Choices,
  conceal: Conceal<Secret>,
): Omit<DockerConfig<Secret>, keyof CommonConfig<Secret>> {
  const postgres = {
    kind: "container",
    image: choices.dockerPostgresImage,
    memory: choices.dockerPostgresMemory,
  } as const;
  const database = (url: string | undefined) =>
    url === undefined ? postgres : externalDatabase(url, choices, conceal);
  return {
    target: "docker",
    ports: { server: choices.dockerServerPort, connect: choices.dockerConnectPort },
    allowPrivateAddresses: choices.allowPrivateAddresses,
    knowsHost: choices.allowPrivateAddresses || bringsFromHost(choices),
    database: database(choices.databaseUrl),
    recordsDatabase: choices.separatesRecords ? database(choices.recordsDatabaseUrl) : undefined,
    databaseCertificates: choices.trustedCaPem,
    logs: resolveLogs(choices, conceal),
    redis: resolveRedis(choices, conceal),
    service: {
      memory: choices.dockerServerMemory,
      websocketsPath: choices.websocketsPath,
      migrationTimeoutMinutes: choices.migrationTimeoutMinutes,
      clearMigrationLock: choices.clearMigrationLock,
    },
  };
}

/** Whether something that is brought runs on the machine of the engine, for which Docker on Linux has no name by itself. */
function bringsFromHost(choices: Choices): boolean {
  return [
    choices.databaseUrl,
    choices.recordsDatabaseUrl,
    choices.redisUrl,
    choices.logsUrl,
    choices.smtpUrl,
  ].some((url) => url !== undefined && new URL(url).hostname.toLowerCase() === "host.docker.internal");
}

function resolveLogs<Secret>(choices: Choices, conceal: Conceal<Secret>): DockerConfig<Secret>["logs"] {
  if (choices.logs === "external") return externalLogs(choices, conceal);
  if (choices.logs === "stdout") return { store: "none" };
  return {
    store: "container",
    retentionDays: choices.logsRetentionDays,
    image: choices.dockerOpensearchImage,
    memory: choices.dockerOpensearchMemory,
  };
}

function resolveRedis<Secret>(choices: Choices, conceal: Conceal<Secret>): DockerConfig<Secret>["redis"] {
  if (choices.redisUrl !== undefined) return externalRedis(choices.redisUrl, conceal);
  return choices.redis === "container"
    ? { kind: "container", image: choices.dockerValkeyImage }
    : { kind: "none" };
}

import { dockerHubPath } from "../nango/image.ts";
import { type Choices, expectedConnections } from "./choices.ts";
import type { MonitoringConfig } from "./monitoring-config.ts";
import { checked, type Conceal, externalDatabase, externalLogs, externalRedis } from "./resolve-external.ts";
import { instanceCapacity } from "./rules/instance-class.ts";
import { rdsCertificates } from "./rules/rds-certificates.ts";
import { searchFamily } from "./rules/search.ts";
import { databaseIsMade } from "./settings/condition.ts";
import type {
  AwsConfig,
  CommonConfig,
  DatabaseConfig,
  DatabaseSource,
  ImageSource,
  LogsConfig,
  NetworkConfig,
  RdsConfig,
  RedisConfig,
  SearchConfig,
} from "./stack-config.ts";

/** What only a stack in an AWS account has. Expects checked choices. */
export function resolveAws<Secret>(
  choices: Choices,
  conceal: Conceal<Secret>,
): Omit<AwsConfig<Secret>, keyof CommonConfig<Secret>> {
  return {
    target: "aws",
    region: checked(choices.region),
    imageSource: resolveImageSource(choices, conceal),
    access: {
      https: choices.https,
      internal: choices.internal,
      allowedCidrs: choices.allowedCidrs,
      allowPrivateAddresses: choices.allowPrivateAddresses,
    },
    network: resolveNetwork(choices),
    database: resolveDatabase(choices, conceal),
    recordsDatabase: resolveRecordsDatabase(choices, conceal),
    backupVault:
      choices.backupVault && databaseIsMade.holds(choices)
        ? { days: choices.backupVaultDays, copyRegion: choices.backupCopyRegion }
        : undefined,
    databaseCertificates: databaseCertificates(choices),
    logs: resolveLogs(choices, conceal),
    redis: resolveRedis(choices, conceal),
    service: {
      stopped: choices.stopped,
      schedule: choices.schedule,
      replicas: choices.replicas,
      maxReplicas: choices.maxReplicas,
      cpu: choices.cpu,
      memory: choices.memory,
      spot: choices.spot,
      executeCommand: choices.executeCommand,
      permissionsBoundaryArn: choices.permissionsBoundaryArn,
      websocketsPath: choices.websocketsPath,
      logRetentionDays: choices.containerLogRetentionDays,
      migrationTimeoutMinutes: choices.migrationTimeoutMinutes,
      clearMigrationLock: choices.clearMigrationLock,
    },
    monitoring: resolveMonitoring(choices),
  };
}

function resolveMonitoring(choices: Choices): MonitoringConfig | undefined {
  const { alarms: level, alarmEmail: email, alarmTopicArn: topicArn } = choices;
  return email === undefined && topicArn === undefined ? undefined : { level, email, topicArn };
}

function resolveImageSource<Secret>(choices: Choices, conceal: Conceal<Secret>): ImageSource<Secret> {
  const { image } = choices;
  if (choices.imageSource === "docker-hub")
    return { kind: "docker-hub", pinDigest: choices.pinDigest && image.digest === undefined };
  if (choices.imageSource === "ecr-mirror") return { kind: "ecr-mirror" };
  return {
    kind: "ecr-pull-through",
    path: checked(dockerHubPath(image)),
    tag: checked(image.tag),
    user: checked(choices.dockerHubUser),
    token: conceal(checked(choices.dockerHubToken)),
  };
}

function resolveNetwork(choices: Choices): NetworkConfig {
  if (choices.vpcId === undefined) {
    const { vpcCidr: cidr, availabilityZones: zones, nat } = choices;
    return { kind: "created", cidr, zones, nat };
  }
  const hasPrivate = choices.privateSubnetIds.length > 0;
  return {
    kind: "existing",
    vpcId: choices.vpcId,
    loadBalancerSubnetIds: choices.publicSubnetIds,
    taskSubnetIds: hasPrivate ? choices.privateSubnetIds : choices.publicSubnetIds,
    assignPublicIp: !hasPrivate,
    databaseSubnetIds: choices.placesData ? choices.databaseSubnetIds : [],
  };
}

function resolveDatabase<Secret>(choices: Choices, conceal: Conceal<Secret>): DatabaseConfig<Secret> {
  if (choices.databaseUrl !== undefined) return externalDatabase(choices.databaseUrl, choices, conceal);
  return {
    ...sharedByInstances(choices),
    source: databaseSource(choices, "database"),
    instanceClass: choices.databaseInstanceClass,
    storageGb: choices.databaseStorageGb,
    storageIsGiven: choices.isSet("databaseStorageGb"),
    maxStorageGb: choices.databaseMaxStorageGb,
    backupDays: choices.databaseBackupDays,
    maxConnections: choices.databaseMaxConnections,
    expectedConnections: expectedConnections(choices.databaseInstanceClass, choices.databaseMaxConnections),
    capacity: instanceCapacity(choices.databaseInstanceClass),
  };
}

function resolveRecordsDatabase<Secret>(
  choices: Choices,
  conceal: Conceal<Secret>,
): DatabaseConfig<Secret> | undefined {
  if (choices.recordsDatabaseUrl !== undefined)
    return externalDatabase(choices.recordsDatabaseUrl, choices, conceal);
  if (choices.recordsDatabase === "shared") return undefined;
  return {
    ...sharedByInstances(choices),
    source: databaseSource(choices, "recordsDatabase"),
    instanceClass: choices.recordsDatabaseInstanceClass,
    storageGb: choices.recordsDatabaseStorageGb,
    storageIsGiven: choices.isSet("recordsDatabaseStorageGb"),
    maxStorageGb: choices.recordsDatabaseMaxStorageGb,
    backupDays: choices.recordsDatabaseBackupDays,
    maxConnections: choices.recordsDatabaseMaxConnections,
    expectedConnections: expectedConnections(
      choices.recordsDatabaseInstanceClass,
      choices.recordsDatabaseMaxConnections,
    ),
    capacity: instanceCapacity(choices.recordsDatabaseInstanceClass),
  };
}

function databaseSource(
  choices: Choices,
  prefix: "database" | "recordsDatabase",
): DatabaseSource | undefined {
  const time = choices[`${prefix}RestoreTime`];
  const of = choices[`${prefix}RestoreSource`];
  if (time !== undefined && of !== undefined)
    return { kind: "backups", key: `${prefix}RestoreSource`, time, of };
  const snapshot = choices[`${prefix}Snapshot`];
  return snapshot === undefined ? undefined : { kind: "snapshot", key: `${prefix}Snapshot`, snapshot };
}

function sharedByInstances(
  choices: Choices,
): Pick<RdsConfig, "kind" | "version" | "multiAz" | "performanceInsights"> {
  return {
    kind: "rds",
    version: choices.databaseVersion,
    multiAz: choices.databaseMultiAz,
    performanceInsights: choices.performanceInsights,
  };
}

/** Those of the regions in which there are databases of RDS, made here or brought, and those that were given. */
export function databaseCertificates(choices: Choices): string | undefined {
  const made = choices.makesRds ? [checked(choices.region)] : [];
  const regions = new Set([...made, ...choices.broughtRdsRegions]);
  const own = [...regions].map((region) => rdsCertificates(region) ?? "").join("");
  const all = own + (choices.trustedCaPem ?? "");
  return all === "" ? undefined : all;
}

function resolveLogs<Secret>(choices: Choices, conceal: Conceal<Secret>): LogsConfig<Secret> {
  const retentionDays = choices.logsRetentionDays;
  if (choices.logs === "stdout") return { store: "none" };
  if (choices.logs === "opensearch") return { store: "domain", retentionDays, domain: searchDomain(choices) };
  return externalLogs(choices, conceal);
}

/** The domain's shape. */
function searchDomain(choices: Choices): SearchConfig {
  const { searchInstanceType: instanceType, searchMasterType: masterType } = choices;
  return {
    instanceType,
    instanceCount: choices.searchInstanceCount,
    volumeGb: choices.searchVolumeGb,
    zones: choices.searchZones,
    masterType,
    autoTune: [instanceType, masterType].every(
      (type) => type === undefined || (searchFamily(type)?.autoTune ?? true),
    ),
  };
}

function resolveRedis<Secret>(choices: Choices, conceal: Conceal<Secret>): RedisConfig<Secret> {
  if (choices.redisUrl !== undefined) return externalRedis(choices.redisUrl, conceal);
  if (!choices.makesCache) return { kind: "none" };
  return {
    kind: "elasticache",
    nodeType: choices.cacheNodeType,
    nodes: choices.cacheNodes,
    acceptOldToken: choices.acceptOldRedisToken,
  };
}

import { dockerHubPath, parseImage } from "../nango/image.ts";
import type { GivenConfiguration, SettingValues } from "./values.ts";
import { presets, type Preset } from "./presets.ts";
import {
  type Conceal,
  externalDatabase,
  externalLogs,
  externalRedis,
  broughtRdsRegions,
  givenCertificates,
} from "./resolve-external.ts";
import { hostedZoneIdPattern } from "./rules/format.ts";
import { rdsCertificates } from "./rules/rds-certificates.ts";
import { mastersFor, searchFamily } from "./rules/search.ts";
import { mostStorageGb } from "./settings-data.ts";
import type {
  Access,
  AwsConfig,
  CommonConfig,
  DatabaseConfig,
  ImageSource,
  LogsConfig,
  NetworkConfig,
  RdsConfig,
  RedisConfig,
  SearchConfig,
} from "./stack-config.ts";

/** What only a stack in an AWS account has. Expects checked values. */
export function resolveAws<Secret>(
  values: SettingValues,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): Omit<AwsConfig<Secret>, keyof CommonConfig<Secret>> {
  const preset = presets[values.size];
  return {
    target: "aws",
    region: given.region ?? "",
    imageSource: resolveImageSource(values, conceal),
    access: resolveAccess(values),
    network: resolveNetwork(values, preset),
    database: resolveDatabase(values, preset, conceal),
    recordsDatabase: resolveRecordsDatabase(values, preset, conceal),
    databaseCertificates: databaseCertificates(values, given.region ?? ""),
    allowEncryptionKeyChange: values.allowEncryptionKeyChange,
    logs: resolveLogs(values, preset, conceal),
    redis: resolveRedis(values, preset, conceal),
    service: {
      ...scale(values),
      cpu: taskCpu(values),
      memory: values.memory ?? preset.memory,
      spot: values.spot,
      executeCommand: values.executeCommand,
      websocketsPath: values.websocketsPath,
      logRetentionDays: values.containerLogRetentionDays,
      migrationTimeoutMinutes: values.migrationTimeoutMinutes,
      clearMigrationLock: values.clearMigrationLock,
    },
  };
}

function resolveImageSource<Secret>(values: SettingValues, conceal: Conceal<Secret>): ImageSource<Secret> {
  const image = parseImage(values.image);
  if (values.imageSource === "docker-hub")
    return { kind: "docker-hub", pinDigest: values.pinDigest && image.digest === undefined };
  if (values.imageSource === "ecr-mirror") return { kind: "ecr-mirror" };
  return {
    kind: "ecr-pull-through",
    path: dockerHubPath(image) ?? "",
    tag: image.tag ?? "",
    user: values.dockerHubUser ?? "",
    token: conceal(values.dockerHubToken ?? ""),
  };
}

function resolveAccess(values: SettingValues): Access {
  const zone = values.hostedZone;
  return {
    https:
      values.domain === undefined
        ? undefined
        : {
            domain: values.domain,
            connectDomain: values.connectDomain ?? `connect.${values.domain}`,
            hostedZone:
              zone === undefined
                ? undefined
                : hostedZoneIdPattern.test(zone)
                  ? { id: zone }
                  : { name: zone.replace(/\.$/, "") },
            certificateArn: values.certificateArn,
          },
    internal: values.internal,
    allowedCidrs: values.allowedCidrs,
    allowPrivateAddresses:
      values.allowPrivateAddresses === undefined ? values.internal : values.allowPrivateAddresses === "true",
  };
}

function resolveNetwork(values: SettingValues, preset: Preset): NetworkConfig {
  if (values.vpcId === undefined) {
    const zones = values.availabilityZones ?? preset.availabilityZones;
    return { kind: "created", cidr: values.vpcCidr, zones, nat: values.nat ?? preset.nat };
  }
  const hasPrivate = values.privateSubnetIds.length > 0;
  return {
    kind: "existing",
    vpcId: values.vpcId,
    loadBalancerSubnetIds: values.publicSubnetIds,
    taskSubnetIds: hasPrivate ? values.privateSubnetIds : values.publicSubnetIds,
    assignPublicIp: !hasPrivate,
    databaseSubnetIds:
      values.databaseSubnetIds.length > 0 ? values.databaseSubnetIds : values.privateSubnetIds,
  };
}

function resolveDatabase<Secret>(
  values: SettingValues,
  preset: Preset,
  conceal: Conceal<Secret>,
): DatabaseConfig<Secret> {
  if (values.databaseUrl !== undefined) return externalDatabase(values.databaseUrl, values, conceal);
  return {
    ...sharedByInstances(values, preset),
    instanceClass: values.databaseInstanceClass ?? preset.databaseInstanceClass,
    ...databaseStorage(values, "database"),
    backupDays: values.databaseBackupDays ?? preset.databaseBackupDays,
    maxConnections: values.databaseMaxConnections,
  };
}

function resolveRecordsDatabase<Secret>(
  values: SettingValues,
  preset: Preset,
  conceal: Conceal<Secret>,
): DatabaseConfig<Secret> | undefined {
  if (values.recordsDatabaseUrl !== undefined)
    return externalDatabase(values.recordsDatabaseUrl, values, conceal);
  if (values.recordsDatabase === "shared") return undefined;
  return {
    ...sharedByInstances(values, preset),
    instanceClass: values.recordsDatabaseInstanceClass ?? preset.databaseInstanceClass,
    ...databaseStorage(values, "recordsDatabase"),
    backupDays: values.recordsDatabaseBackupDays ?? preset.databaseBackupDays,
    maxConnections: values.recordsDatabaseMaxConnections,
  };
}

/** The storage that a database starts with and may grow to, in GiB. */
export function databaseStorage(values: SettingValues, prefix: "database" | "recordsDatabase") {
  const preset = presets[values.size];
  const storageGb = values[`${prefix}StorageGb`] ?? preset.databaseStorageGb;
  const maxStorageGb =
    values[`${prefix}MaxStorageGb`] ??
    Math.min(mostStorageGb, Math.max(preset.databaseMaxStorageGb, storageGb * 2));
  return { storageGb, maxStorageGb };
}

function sharedByInstances(
  values: SettingValues,
  preset: Preset,
): Pick<RdsConfig, "kind" | "version" | "multiAz" | "performanceInsights"> {
  return {
    kind: "rds",
    version: values.databaseVersion,
    multiAz: values.databaseMultiAz ?? preset.databaseMultiAz,
    performanceInsights: values.performanceInsights,
  };
}

/** Whether the stack creates a database of its own on RDS. */
export function createsRds(values: SettingValues): boolean {
  return (
    values.target === "aws" &&
    (values.databaseUrl === undefined ||
      (values.recordsDatabase === "dedicated" && values.recordsDatabaseUrl === undefined))
  );
}

/** Those of the regions in which there are databases of RDS, made here or brought, and those that were given. */
function databaseCertificates(values: SettingValues, region: string): string | undefined {
  const regions = new Set([...(createsRds(values) ? [region] : []), ...broughtRdsRegions(values)]);
  const own = [...regions].map((one) => rdsCertificates(one) ?? "").join("");
  const all = own + givenCertificates(values);
  return all === "" ? undefined : all;
}

/** The CPU of a task, in units of 1/1024 of a virtual processor. */
export function taskCpu(values: SettingValues): number {
  return values.cpu === undefined ? presets[values.size].cpu : Number(values.cpu);
}

/** The replicas and their ceiling; a ceiling that is not given never lies below the replicas that are. */
export function scale(values: SettingValues): { replicas: number; maxReplicas: number } {
  const preset = presets[values.size];
  const replicas = values.replicas ?? Math.min(preset.replicas, values.maxReplicas ?? preset.replicas);
  return { replicas, maxReplicas: values.maxReplicas ?? Math.max(preset.maxReplicas, replicas) };
}

function resolveLogs<Secret>(
  values: SettingValues,
  preset: Preset,
  conceal: Conceal<Secret>,
): LogsConfig<Secret> {
  const retentionDays = values.logsRetentionDays;
  if (values.logs === "stdout") return { store: "none" };
  if (values.logs === "opensearch")
    return { store: "domain", retentionDays, domain: searchDomain(values, preset) };
  return externalLogs(values, conceal);
}

/** The domain's shape. */
export function searchDomain(values: SettingValues, preset: Preset): SearchConfig {
  const instanceType = values.searchInstanceType ?? preset.searchInstanceType;
  const instanceCount = values.searchInstanceCount ?? preset.searchInstanceCount;
  const masterType = searchMasterType(values, preset, instanceType);
  const subnets = values.databaseSubnetIds.length > 0 ? values.databaseSubnetIds : values.privateSubnetIds;
  const zones =
    values.vpcId === undefined ? (values.availabilityZones ?? preset.availabilityZones) : subnets.length;
  return {
    instanceType,
    instanceCount,
    volumeGb: values.searchVolumeGb ?? preset.searchVolumeGb,
    zones: instanceCount === 1 ? 1 : Math.min(instanceCount, zones, 3),
    masterType,
    autoTune: [instanceType, masterType].every(
      (type) => type === undefined || (searchFamily(type)?.autoTune ?? true),
    ),
  };
}

function searchMasterType(values: SettingValues, preset: Preset, dataType: string): string | undefined {
  if (values.searchMasterType !== undefined) {
    return values.searchMasterType === "none" ? undefined : values.searchMasterType;
  }
  return preset.searchMasters ? mastersFor(dataType) : undefined;
}

/** Whether the stack makes an ElastiCache. */
export function makesCache(values: SettingValues): boolean {
  if (values.redisUrl !== undefined) return false;
  return (values.redis ?? (scale(values).maxReplicas > 1 ? "elasticache" : "none")) === "elasticache";
}

function resolveRedis<Secret>(
  values: SettingValues,
  preset: Preset,
  conceal: Conceal<Secret>,
): RedisConfig<Secret> {
  if (values.redisUrl !== undefined) return externalRedis(values.redisUrl, conceal);
  if (!makesCache(values)) return { kind: "none" };
  return {
    kind: "elasticache",
    nodeType: values.cacheNodeType ?? preset.cacheNodeType,
    nodes: values.cacheNodes ?? preset.cacheNodes,
  };
}

import { type ConnectionBudgetRequest, connectionPools } from "../nango/connection-budget.ts";
import { dockerHubPath, parseImage } from "../nango/image.ts";
import type { GivenConfiguration, SettingValues } from "./parse.ts";
import { presets, type Preset } from "./presets.ts";
import { resolveDocker } from "./resolve-docker.ts";
import {
  type Conceal,
  externalDatabase,
  externalLogs,
  externalRedis,
  givenCertificates,
} from "./resolve-external.ts";
import { defaultMaxConnections } from "./rules/instance-class.ts";
import { hostedZoneIdPattern } from "./rules/format.ts";
import { rdsCertificates } from "./rules/rds-certificates.ts";
import { searchFamily } from "./rules/search.ts";
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
  StackConfig,
} from "./stack-config.ts";

/** Postgres' own default for a database that is not ours to ask. */
const externalMaxConnections = 100;

/** Applies the presets and brings the settings into the shape that the program works with. Expects checked values. */
export function resolve<Secret>(
  values: SettingValues,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): StackConfig<Secret> {
  const common = resolveCommon(values, given, conceal);
  return values.target === "docker"
    ? { ...common, ...resolveDocker(values, conceal) }
    : { ...common, ...resolveAws(values, given, conceal) };
}

function resolveCommon<Secret>(
  values: SettingValues,
  given: GivenConfiguration,
  conceal: Conceal<Secret>,
): CommonConfig<Secret> {
  const optional = (text: string | undefined) => (text === undefined ? undefined : conceal(text));
  return {
    stack: given.stack,
    image: parseImage(values.image),
    pools: connectionPools(connectionBudget(values)),
    encryptionKey: optional(values.encryptionKey),
    protect: !values.allowDataLoss,
    dashboard:
      values.dashboardAuth === "basic"
        ? { auth: "basic", user: values.dashboardUser, password: optional(values.dashboardPassword) }
        : { auth: "accounts", allowSignup: values.allowSignup },
    email:
      values.smtpUrl === undefined ? undefined : { smtpUrl: conceal(values.smtpUrl), from: values.smtpFrom },
    environment: given.secretKeys.has("environment")
      ? { plain: {}, secret: mapValues(values.environment, conceal) }
      : { plain: values.environment, secret: {} },
  };
}

function resolveAws<Secret>(
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
      cpu: values.cpu === undefined ? preset.cpu : Number(values.cpu),
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
  if (values.imageSource === "docker-hub") return { kind: "docker-hub", pinDigest: values.pinDigest };
  if (values.imageSource === "ecr-mirror") return { kind: "ecr-mirror" };
  const image = parseImage(values.image);
  return {
    kind: "ecr-pull-through",
    path: dockerHubPath(image) ?? "",
    tag: image.tag ?? "",
    user: values.dockerHubUser ?? "",
    token: conceal(values.dockerHubToken ?? ""),
  };
}

function mapValues<T>(map: Readonly<Record<string, string>>, change: (text: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
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

function databaseCertificates(values: SettingValues, region: string): string | undefined {
  const own = createsRds(values) ? (rdsCertificates(region) ?? "") : "";
  const all = own + givenCertificates(values);
  return all === "" ? undefined : all;
}

/** The replicas and their ceiling; a ceiling that is not given never lies below the replicas that are. */
export function scale(values: SettingValues): { replicas: number; maxReplicas: number } {
  const preset = presets[values.size];
  const replicas = values.replicas ?? Math.min(preset.replicas, values.maxReplicas ?? preset.replicas);
  return { replicas, maxReplicas: values.maxReplicas ?? Math.max(preset.maxReplicas, replicas) };
}

/** What the pools are divided out of. */
export function connectionBudget(values: SettingValues): ConnectionBudgetRequest {
  // On Docker the records database is one of the same server, which has Postgres' own default.
  if (values.target === "docker")
    return { maxConnections: externalMaxConnections, maxReplicas: 1, main: values.databasePoolMax };
  const preset = presets[values.size];
  const connections = (
    url: string | undefined,
    given: number | undefined,
    instanceClass: string | undefined,
  ): number =>
    given ??
    (url === undefined
      ? (defaultMaxConnections(instanceClass ?? preset.databaseInstanceClass) ?? externalMaxConnections)
      : externalMaxConnections);
  const separateRecords = values.recordsDatabase === "dedicated" || values.recordsDatabaseUrl !== undefined;
  return {
    maxConnections: connections(
      values.databaseUrl,
      values.databaseMaxConnections,
      values.databaseInstanceClass,
    ),
    recordsMaxConnections: separateRecords
      ? connections(
          values.recordsDatabaseUrl,
          values.recordsDatabaseMaxConnections,
          values.recordsDatabaseInstanceClass,
        )
      : undefined,
    maxReplicas: scale(values).maxReplicas,
    main: values.databasePoolMax,
  };
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
  const subnets = values.databaseSubnetIds.length > 0 ? values.databaseSubnetIds : values.privateSubnetIds;
  const zones =
    values.vpcId === undefined ? (values.availabilityZones ?? preset.availabilityZones) : subnets.length;
  return {
    instanceType,
    instanceCount,
    volumeGb: values.searchVolumeGb ?? preset.searchVolumeGb,
    zones: instanceCount === 1 ? 1 : Math.min(instanceCount, zones, 3),
    masterType: preset.searchMasterType,
    autoTune: searchFamily(instanceType)?.autoTune ?? true,
  };
}

function resolveRedis<Secret>(
  values: SettingValues,
  preset: Preset,
  conceal: Conceal<Secret>,
): RedisConfig<Secret> {
  if (values.redisUrl !== undefined) return externalRedis(values.redisUrl, conceal);
  const wanted = values.redis ?? (scale(values).maxReplicas > 1 ? "elasticache" : "none");
  if (wanted !== "elasticache") return { kind: "none" };
  return {
    kind: "elasticache",
    nodeType: values.cacheNodeType ?? preset.cacheNodeType,
    nodes: preset.cacheNodes,
  };
}

import { type ApiRateLimit, plannedCallsPerMinute } from "../nango/api-rate-limit.ts";
import type { ConnectionBudgetRequest } from "../nango/connection-budget.ts";
import { readPostgresUrl } from "../nango/connection-url.ts";
import { hasOtherMailer } from "../nango/environment.ts";
import type { Circumstances } from "./settings/condition.ts";
import { type Preset, presets } from "./presets.ts";
import { rdsEndpoint } from "./rules/aws-hosts.ts";
import { hostedZoneIdPattern } from "./rules/format.ts";
import { leastMemoryWith } from "./rules/fargate.ts";
import { defaultMaxConnections } from "./rules/instance-class.ts";
import { mastersFor } from "./rules/search.ts";
import { defaultText } from "./settings/setting.ts";
import { mostStorageGb } from "./settings/databases.ts";
import { settings, type SettingName } from "./settings.ts";
import type { HttpsAccess } from "./stack-config.ts";
import type { GivenConfiguration, SettingValues } from "./values.ts";

/** What a stack's settings come to: what they leave open is decided, and what follows from them is derived, once. */
export interface Choices extends Omit<SettingValues, keyof Decided>, Decided, Circumstances {}

interface Decided extends Omit<Preset, "searchMasters">, DatabaseChoices {
  /** `aws:region` */
  readonly region: string | undefined;
  /** Undefined without a domain. */
  readonly https: HttpsAccess | undefined;
  readonly allowPrivateAddresses: boolean;
  /** The subnets of one's own VPC for what keeps data. */
  readonly databaseSubnetIds: readonly string[];
  /** Whether the stack makes something that needs subnets for data. */
  readonly placesData: boolean;
  /** What the connection pools are divided out of. */
  readonly connectionBudget: ConnectionBudgetRequest;
  /** The instance type of three dedicated master nodes; undefined for none. */
  readonly searchMasterType: string | undefined;
  /** Over how many availability zones the search domain's data nodes spread: 1, 2 or 3. */
  readonly searchZones: number;
  readonly redis: "none" | "elasticache" | "container" | "external";
  readonly apiRateLimitPerMinute: ApiRateLimit;
}

/** Decides whatever the settings leave open. */
export function choose(values: SettingValues, given: GivenConfiguration): Choices {
  const sized = bySize(values);
  const databases = chooseDatabases(values);
  const redis = chooseRedis(values, sized.maxReplicas);
  const subnets = values.databaseSubnetIds.length > 0 ? values.databaseSubnetIds : values.privateSubnetIds;
  const zones = values.vpcId === undefined ? sized.availabilityZones : subnets.length;
  return {
    ...sized,
    ...databases,
    ...texts(given),
    region: given.region,
    namesDigest: values.image.digest !== undefined,
    https: chooseHttps(values),
    allowPrivateAddresses: values.allowPrivateAddresses ?? (values.target === "aws" && values.internal),
    databaseSubnetIds: subnets,
    trustedCaPem: values.trustedCaPem === undefined ? undefined : `${values.trustedCaPem.trim()}\n`,
    placesData: databases.makesRds || redis === "elasticache" || values.logs === "opensearch",
    connectionBudget: budget({ ...sized, ...databases }),
    searchMasterType: chooseMasters(values, sized),
    searchZones: sized.searchInstanceCount === 1 ? 1 : Math.min(sized.searchInstanceCount, zones, 3),
    redis,
    makesCache: redis === "elasticache",
    apiRateLimitPerMinute: values.apiRateLimitPerMinute ?? callsPerMinute(sized, plannedCallsPerMinute),
    sendsMail: values.smtpUrl !== undefined || hasOtherMailer(Object.keys(values.environment)),
  };
}

/** The settings with what the size decides. */
type Sized = Omit<SettingValues, keyof Preset> & Preset;

function bySize(values: SettingValues): Sized {
  const preset = presets[values.size];
  const given: Readonly<Record<string, unknown>> = values;
  const open = Object.entries(preset).filter(([key]) => given[key] === undefined);
  // Where one of them is not given, the other never contradicts it.
  const replicas = values.replicas ?? Math.min(preset.replicas, values.maxReplicas ?? preset.replicas);
  const maxReplicas = values.maxReplicas ?? Math.max(preset.maxReplicas, replicas);
  const memory = values.memory ?? Math.max(preset.memory, leastMemoryWith(values.cpu ?? preset.cpu));
  return { ...values, ...(Object.fromEntries(open) as unknown as Preset), replicas, maxReplicas, memory };
}

/** The keys as a stack's file has them. Pulumi hands over the defaults of those that it does not set. */
function texts({ values }: GivenConfiguration): Pick<Circumstances, "text" | "isSet"> {
  const defaultOf = (key: string) => defaultText(settings[key as SettingName]);
  const text = (key: string) => values[key] ?? defaultOf(key);
  return { text, isSet: (key) => text(key) !== defaultOf(key) };
}

function chooseHttps(values: SettingValues): HttpsAccess | undefined {
  const { domain, connectDomain, hostedZone: zone, certificateArn } = values;
  if (domain === undefined) return undefined;
  const hostedZone = zone === undefined ? undefined : zoneOf(zone);
  return { domain, connectDomain: connectDomain ?? `connect.${domain}`, hostedZone, certificateArn };
}

function zoneOf(zone: string): NonNullable<HttpsAccess["hostedZone"]> {
  return hostedZoneIdPattern.test(zone) ? { id: zone } : { name: zone.replace(/\.$/, "") };
}

interface DatabaseChoices {
  readonly databaseMaxStorageGb: number;
  readonly recordsDatabaseInstanceClass: string;
  readonly recordsDatabaseStorageGb: number;
  readonly recordsDatabaseMaxStorageGb: number;
  readonly recordsDatabaseBackupDays: number;
  /** Whether the stack makes a database on RDS. */
  readonly makesRds: boolean;
  /** Whether records have a database of their own, made or brought. */
  readonly separatesRecords: boolean;
  /** The regions of the databases that are brought and are RDS's or Aurora's own, by their host names. */
  readonly broughtRdsRegions: readonly string[];
  /** Whether that one lies on the server of the main database, so that they share its connections. */
  readonly sharesServer: boolean;
}

function chooseDatabases(values: SettingValues): DatabaseChoices {
  const { target, databaseUrl, recordsDatabaseUrl } = values;
  const preset = presets[values.size];
  const recordsStorageGb = values.recordsDatabaseStorageGb ?? preset.databaseStorageGb;
  const room = (startGb: number) =>
    Math.min(mostStorageGb, Math.max(preset.databaseMaxStorageGb, startGb * 2));
  const makesRecords = values.recordsDatabase === "dedicated" && recordsDatabaseUrl === undefined;
  const brought = [databaseUrl, recordsDatabaseUrl].filter((url) => url !== undefined).map(serverOf);
  return {
    databaseMaxStorageGb:
      values.databaseMaxStorageGb ?? room(values.databaseStorageGb ?? preset.databaseStorageGb),
    recordsDatabaseInstanceClass: values.recordsDatabaseInstanceClass ?? preset.databaseInstanceClass,
    recordsDatabaseStorageGb: recordsStorageGb,
    recordsDatabaseMaxStorageGb: values.recordsDatabaseMaxStorageGb ?? room(recordsStorageGb),
    recordsDatabaseBackupDays: values.recordsDatabaseBackupDays ?? preset.databaseBackupDays,
    makesRds: target === "aws" && (databaseUrl === undefined || makesRecords),
    separatesRecords: values.recordsDatabase === "dedicated" || recordsDatabaseUrl !== undefined,
    broughtRdsRegions: [databaseUrl, recordsDatabaseUrl].flatMap(rdsRegionOf),
    // On Docker, one container keeps all databases that are not brought.
    sharesServer:
      brought.length === 0 ? target === "docker" : brought.length === 2 && brought[0] === brought[1],
  };
}

function rdsRegionOf(databaseUrl: string | undefined): string | readonly never[] {
  const endpoint = databaseUrl === undefined ? undefined : rdsEndpoint(readPostgresUrl(databaseUrl).host);
  // RDS Proxy has certificates of a public authority.
  return endpoint === undefined || endpoint.kind === "proxy" ? [] : endpoint.region;
}

function serverOf(databaseUrl: string): string {
  const { hostname, port } = new URL(databaseUrl);
  return `${hostname.toLowerCase().replace(/\.$/, "")}:${port === "" ? "5432" : port}`;
}

/** Postgres' own default for a database that is not ours to ask. */
const externalMaxConnections = 100;

/**
 * The `max_connections` to reckon with: what is given, or what RDS makes it on a class, or Postgres' own default for a
 * database that is not made here, or whose class is not known.
 */
export function expectedConnections(instanceClass: string | undefined, given: number | undefined): number {
  const byClass = instanceClass === undefined ? undefined : defaultMaxConnections(instanceClass);
  return given ?? byClass ?? externalMaxConnections;
}

function budget(choices: Sized & DatabaseChoices): ConnectionBudgetRequest {
  const { target, databaseUrl, recordsDatabaseUrl, databasePoolMax: main } = choices;
  const recordsAreElsewhere = choices.separatesRecords && !choices.sharesServer;
  if (target === "docker") {
    return {
      maxConnections: externalMaxConnections,
      recordsMaxConnections: recordsAreElsewhere ? externalMaxConnections : undefined,
      maxReplicas: 1,
      main,
    };
  }
  const of = (url: string | undefined, instanceClass: string, given: number | undefined) =>
    expectedConnections(url === undefined ? instanceClass : undefined, given);
  return {
    maxConnections: of(databaseUrl, choices.databaseInstanceClass, choices.databaseMaxConnections),
    recordsMaxConnections: recordsAreElsewhere
      ? of(recordsDatabaseUrl, choices.recordsDatabaseInstanceClass, choices.recordsDatabaseMaxConnections)
      : undefined,
    maxReplicas: choices.maxReplicas,
    main,
  };
}

function chooseMasters(values: SettingValues, sized: Sized): string | undefined {
  if (values.searchMasterType === "none") return undefined;
  const preset = sized.searchMasters ? mastersFor(sized.searchInstanceType) : undefined;
  return values.searchMasterType ?? preset;
}

/** A URL that is given decides; else several replicas need a cache. */
function chooseRedis(values: SettingValues, maxReplicas: number): Choices["redis"] {
  if (values.redisUrl !== undefined) return "external";
  return values.redis ?? (values.target === "aws" && maxReplicas > 1 ? "elasticache" : "none");
}

/** A container on a laptop has no limit of its own, and takes all that node can use. */
const laptopCpu = 1024;

/**
 * What all tasks together get by a function of one's CPU. All that scaling may reach: the limit is one for all of them,
 * and callers who were stopped by less would never give scaling a reason.
 */
export function callsPerMinute(
  { target, cpu, maxReplicas }: Pick<Choices, "target" | "cpu" | "maxReplicas">,
  ofTask: (cpu: number) => number,
): number {
  return target === "docker" ? ofTask(laptopCpu) : ofTask(cpu) * maxReplicas;
}

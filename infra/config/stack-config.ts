import type { MonitoringConfig } from "./monitoring-config.ts";
import type { Schedule } from "./rules/schedule.ts";
import type { ApiRateLimit } from "../nango/api-rate-limit.ts";
import type { InstanceCapacity } from "./rules/instance-class.ts";
import type { ConnectionPools } from "../nango/connection-budget.ts";
import type { Image } from "../nango/image.ts";
import type { Rotatable } from "./settings/secrets.ts";

/** A number for each secret that can be made anew: another number, another value. */
export type Rotations = Readonly<Record<Rotatable, number>>;

/**
 * What a stack is to be: every key read, every preset applied, every combination checked. `Secret` is the type of what
 * must not be seen: an output marked secret in the program, a plain text in tests.
 */
export type StackConfig<Secret> = AwsConfig<Secret> | DockerConfig<Secret>;

/** What a stack is to be wherever it runs. */
export interface CommonConfig<Secret> {
  /** The stack's name, for messages and physical names. */
  readonly stack: string;
  readonly image: Image;
  readonly pools: ConnectionPools;
  readonly apiRateLimitPerMinute: ApiRateLimit;
  readonly secrets: GivenSecrets<Secret>;
  /** Which value of its kind each generated secret is: 0 for the first one. */
  readonly rotations: Rotations;
  /** Whether another encryption key than the deployed one is accepted. */
  readonly allowEncryptionKeyChange: boolean;
  /** Whether what holds data is protected against deletion and replacement. */
  readonly protect: boolean;
  readonly dashboard: DashboardConfig;
  /** Without `smtpUrl`, `environment` says how mail is sent. */
  readonly email: { readonly smtpUrl: Secret | undefined; readonly from: string } | undefined;
  readonly environment: ExtraEnvironment<Secret>;
}

/** A stack in an AWS account. */
export interface AwsConfig<Secret> extends CommonConfig<Secret> {
  readonly target: "aws";
  /** The AWS region, as in `eu-central-1`. */
  readonly region: string;
  readonly imageSource: ImageSource<Secret>;
  readonly access: Access;
  readonly network: NetworkConfig;
  readonly database: DatabaseConfig<Secret>;
  /** The records database, when it is another one than the main database. */
  readonly recordsDatabase: DatabaseConfig<Secret> | undefined;
  /** The vault for backups of the databases that are made; undefined without one. */
  readonly backupVault: BackupVaultConfig | undefined;
  /** The certificates that databases are verified against, as PEM; undefined when the public ones suffice. */
  readonly databaseCertificates: string | undefined;
  readonly logs: LogsConfig<Secret>;
  readonly redis: RedisConfig<Secret>;
  readonly service: ServiceConfig;
  /** Undefined where nobody is told. */
  readonly monitoring: MonitoringConfig | undefined;
}

/** A stack on a Docker engine. */
export interface DockerConfig<Secret> extends CommonConfig<Secret> {
  readonly target: "docker";
  /** The ports of 127.0.0.1 at which users reach Nango. */
  readonly ports: { readonly server: number; readonly connect: number };
  /** Whether Nango may send requests to private addresses. */
  readonly allowPrivateAddresses: boolean;
  /** Whether Nango's containers know the machine of the engine as `host.docker.internal`. */
  readonly knowsHost: boolean;
  readonly database: PostgresContainerConfig | ExternalDatabaseConfig<Secret>;
  /** The records database, when it is another one than the main database. */
  readonly recordsDatabase: PostgresContainerConfig | ExternalDatabaseConfig<Secret> | undefined;
  /** The certificates that external databases are verified against, as PEM; undefined when the public ones suffice. */
  readonly databaseCertificates: string | undefined;
  readonly logs:
    | { readonly store: "none" }
    | ({ readonly store: "container"; readonly retentionDays: number } & ContainerConfig)
    | ExternalLogsConfig<Secret>;
  readonly redis:
    | { readonly kind: "none" }
    | ({ readonly kind: "container" } & Pick<ContainerConfig, "image">)
    | ExternalRedisConfig<Secret>;
  readonly service: Pick<
    ServiceConfig,
    "memory" | "websocketsPath" | "migrationTimeoutMinutes" | "clearMigrationLock"
  >;
}

/** Something beside Nango that runs in a container of the stack. */
interface ContainerConfig {
  readonly image: string;
  /** The most that it may take, in MiB. */
  readonly memory: number;
}

/** The one Postgres of the stack, which has all databases that are not brought. */
export interface PostgresContainerConfig extends ContainerConfig {
  readonly kind: "container";
}

/** Where tasks pull the image from. */
export type ImageSource<Secret> =
  | {
      readonly kind: "docker-hub";
      /** Whether the tag is resolved to a digest at each deployment; false where the image names one. */
      readonly pinDigest: boolean;
    }
  | { readonly kind: "ecr-mirror" }
  | {
      readonly kind: "ecr-pull-through";
      /** The image's path and tag in Docker Hub. */
      readonly path: string;
      readonly tag: string;
      readonly user: string;
      readonly token: Secret;
    };

/** How users and providers reach Nango. */
export interface Access {
  /** Undefined: plain HTTP on the load balancer's own name. */
  readonly https: HttpsAccess | undefined;
  /** Whether the load balancer has private addresses only. */
  readonly internal: boolean;
  readonly allowedCidrs: readonly string[];
  /** Whether Nango may send requests to private addresses. */
  readonly allowPrivateAddresses: boolean;
}

export interface HttpsAccess {
  readonly domain: string;
  readonly connectDomain: string;
  /** Where the DNS records go; undefined when DNS is elsewhere. */
  readonly hostedZone: { readonly id: string } | { readonly name: string } | undefined;
  /** A certificate of the user's; undefined when one is issued. */
  readonly certificateArn: string | undefined;
}

export type Nat = "none" | "single" | "perAz";

export type NetworkConfig =
  | { readonly kind: "created"; readonly cidr: string; readonly zones: number; readonly nat: Nat }
  | {
      readonly kind: "existing";
      readonly vpcId: string;
      readonly loadBalancerSubnetIds: readonly string[];
      readonly taskSubnetIds: readonly string[];
      /** Whether tasks need public addresses to reach the internet. */
      readonly assignPublicIp: boolean;
      readonly databaseSubnetIds: readonly string[];
    };

export type DatabaseConfig<Secret> = RdsConfig | ExternalDatabaseConfig<Secret>;

export interface BackupVaultConfig {
  /** How long a backup and its copy are kept. */
  readonly days: number;
  /** The region that a copy goes to; undefined for none. */
  readonly copyRegion: string | undefined;
}

/** What a database is made from, when it is not made empty. */
export type DatabaseSource = SnapshotSource | BackupsSource;

interface SnapshotSource {
  readonly kind: "snapshot";
  /** The setting that names it, for messages. */
  readonly key: string;
  /** The name or the ARN of a snapshot of RDS. */
  readonly snapshot: string;
}

export interface BackupsSource {
  readonly kind: "backups";
  /** The setting that names the database, for messages. */
  readonly key: string;
  /** A second in UTC, or `latest`. */
  readonly time: string;
  /** The database by its identifier or its resource ID, or the ARN of its automated backups. */
  readonly of: string;
}

export interface RdsConfig {
  readonly kind: "rds";
  /** Undefined: it is made empty, or is there. */
  readonly source: DatabaseSource | undefined;
  /** Major version. */
  readonly version: string;
  readonly instanceClass: string;
  readonly storageGb: number;
  /** Whether its key asks for that storage, to which a smaller database then grows; a preset is for a new one only. */
  readonly storageIsGiven: boolean;
  readonly maxStorageGb: number;
  readonly multiAz: boolean;
  readonly backupDays: number;
  readonly performanceInsights: boolean;
  /** `max_connections`, when it is not left to RDS. */
  readonly maxConnections: number | undefined;
  /** `max_connections`, or what RDS is expected to make it. */
  readonly expectedConnections: number;
  /** Undefined for an instance class that is not known. */
  readonly capacity: InstanceCapacity | undefined;
}

export interface ExternalDatabaseConfig<Secret> {
  readonly kind: "external";
  /** The URL with the TLS mode that the stack chose. */
  readonly url: Secret;
  /** The host name, which is not secret. */
  readonly host: string;
}

/** Secrets that are generated unless the stack gives them. */
export interface GivenSecrets<Secret> {
  /** The base64 of 32 bytes. */
  readonly encryptionKey: Secret | undefined;
  /** The password of the dashboard's one user. */
  readonly dashboardPassword: Secret | undefined;
  /** The API keys of the environments `prod` and `dev`: UUIDs of version 4. */
  readonly apiKeys: { readonly prod: Secret | undefined; readonly dev: Secret | undefined };
}

type DashboardConfig =
  | { readonly auth: "basic"; readonly user: string }
  | { readonly auth: "accounts"; readonly allowSignup: boolean };

export type LogsConfig<Secret> =
  | { readonly store: "none" }
  | { readonly store: "domain"; readonly retentionDays: number; readonly domain: SearchConfig }
  | ExternalLogsConfig<Secret>;

export interface ExternalLogsConfig<Secret> {
  readonly store: "external";
  readonly retentionDays: number;
  readonly provider: "elasticsearch" | "opensearch";
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
}

export interface SearchConfig {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGb: number;
  /** Over how many availability zones the data nodes spread: 1, 2 or 3. */
  readonly zones: number;
  /** The instance type of three dedicated master nodes; undefined for none. */
  readonly masterType: string | undefined;
  /** Whether the instance family takes Auto-Tune. */
  readonly autoTune: boolean;
}

export type RedisConfig<Secret> =
  | { readonly kind: "none" }
  | {
      readonly kind: "elasticache";
      readonly nodeType: string;
      readonly nodes: number;
      /** Whether the token from before the last rotation is accepted, too. */
      readonly acceptOldToken: boolean;
    }
  | ExternalRedisConfig<Secret>;

export interface ExternalRedisConfig<Secret> {
  readonly kind: "external";
  readonly url: Secret;
}

export interface ServiceConfig {
  /** Whether no task runs. */
  readonly stopped: boolean;
  /** The hours in which tasks and databases run; undefined for all. */
  readonly schedule: Schedule | undefined;
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Units of 1/1024 of a virtual processor. */
  readonly cpu: number;
  /** MiB */
  readonly memory: number;
  readonly spot: boolean;
  readonly executeCommand: boolean;
  /** The policy that bounds what the roles of the tasks can be allowed; undefined where nothing does. */
  readonly permissionsBoundaryArn: string | undefined;
  readonly websocketsPath: string;
  readonly logRetentionDays: number;
  readonly migrationTimeoutMinutes: number;
  readonly clearMigrationLock: boolean;
}

export interface ExtraEnvironment<Secret> {
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, Secret>>;
}

import type { ApiRateLimit } from "./api-rate-limit.ts";
import type { ConnectionPools } from "./connection-budget.ts";
import { testDouble, unverifiedConnection } from "./server-environment.ts";
import { connectUi, keepAliveMilliseconds, server, shutdownDelayMilliseconds } from "./services.ts";

/**
 * An environment: what may be read by anyone who may read a task definition, and what may not. `Value` is whatever the
 * target uses for a text that is known only once something is deployed.
 */
export interface Environment<Value> {
  readonly plain: Readonly<Record<string, string | Value>>;
  readonly secret: Readonly<Record<string, Value>>;
}

/** How the server reaches what keeps its data. */
export interface DataEndpoints<Value> {
  /** The one URL of every pool, with its TLS mode. */
  readonly databaseUrl: Value;
  /** Another database for synced records; without it they go to `databaseUrl`. */
  readonly recordsDatabaseUrl?: Value | undefined;
  /** What several tasks share locks and OAuth results through. */
  readonly redisUrl?: Value | undefined;
  readonly logs: Logs<Value>;
}

/** Everything that the server's environment depends on. */
export interface ServerSettings<Value> extends DataEndpoints<Value> {
  /** Where users and OAuth providers reach Nango: an origin, without a trailing slash. */
  readonly serverUrl: string | Value;
  /** Where users reach Connect UI: an origin, without a trailing slash. Undefined: nowhere, for want of HTTPS. */
  readonly connectUrl: string | Value | undefined;
  /** The path of websocket upgrades. Nango's default: `/`. */
  readonly websocketsPath: string;
  /** The file of certificates that the databases' own are verified against. */
  readonly certificatesFile?: string | undefined;
  readonly pools: ConnectionPools;
  /** The API calls a minute that are answered. Nango's default: 200. */
  readonly apiRateLimitPerMinute: ApiRateLimit;
  /** The base64 of 32 bytes. */
  readonly encryptionKey: Value;
  /** Signs dashboard sessions and password resets. */
  readonly adminKey: Value;
  readonly dashboard: Dashboard<Value>;
  /** Without `smtpUrl`, `extra` says how mail is sent. */
  readonly email?: { readonly smtpUrl?: Value | undefined; readonly from: string } | undefined;
  /** Whether proxied requests and webhooks may go to private addresses. Nango's default: no. */
  readonly allowPrivateAddresses: boolean;
  /** What the stack adds, checked beforehand against `reservedVariable`. */
  readonly extra: Environment<Value>;
}

/**
 * `basic`: one account behind HTTP basic authentication, whose API keys are given from outside. `accounts`: people have
 * accounts of their own.
 */
export type Dashboard<Value> =
  | {
      readonly auth: "basic";
      readonly user: string;
      readonly password: Value;
      /** API keys of the environments `prod` and `dev`, each a UUID v4. */
      readonly apiKeys: { readonly prod: Value; readonly dev: Value };
    }
  | { readonly auth: "accounts"; readonly allowSignup: boolean };

/** Where Nango's own logs go: to standard output, or to a store from which the dashboard shows them. */
export type Logs<Value> =
  | { readonly store: "none" }
  | {
      readonly store: "elasticsearch" | "opensearch";
      readonly url: string | Value;
      readonly user: string;
      readonly password: Value;
      readonly retentionDays: number;
    };

/** The environment of the server, and of the one-off task that migrates for it. */
export function serverEnvironment<Value>(settings: ServerSettings<Value>): Environment<Value> {
  const parts: Environment<Value>[] = [
    settings.extra,
    addresses(settings),
    apiRateLimit(settings.apiRateLimitPerMinute),
    databases(settings),
    dashboard(settings),
    logs(settings.logs),
  ];
  if (settings.redisUrl !== undefined) {
    parts.push({ plain: {}, secret: { NANGO_REDIS_URL: settings.redisUrl } });
  }
  return {
    plain: Object.assign({}, ...parts.map((part) => part.plain)) as Record<string, string | Value>,
    secret: Object.assign({}, ...parts.map((part) => part.secret)) as Record<string, Value>,
  };
}

/** Nango puts an address into its links in any case, and its default is one's own machine. This one says why it is dead. */
const noConnectUrl = "http://connect-ui-needs-https.invalid";

function addresses<Value>(settings: ServerSettings<Value>): Environment<Value> {
  return {
    plain: {
      // The image bakes PORT=8080 in, which wins over nothing but this.
      SERVER_PORT: String(server.port),
      NANGO_SERVER_URL: settings.serverUrl,
      NANGO_PUBLIC_CONNECT_URL: settings.connectUrl ?? noConnectUrl,
      NANGO_CONNECT_UI_PORT: String(connectUi.port),
      NANGO_SERVER_WEBSOCKETS_PATH: settings.websocketsPath,
      NANGO_SERVER_KEEP_ALIVE_TIMEOUT: String(keepAliveMilliseconds),
      SERVER_SHUTDOWN_DELAY_MS: String(shutdownDelayMilliseconds),
      ...(settings.allowPrivateAddresses
        ? { NANGO_OUTBOUND_URL_POLICY: JSON.stringify({ blockPrivateIps: false }) }
        : {}),
    },
    secret: {},
  };
}

function apiRateLimit<Value>(limit: ApiRateLimit): Environment<Value> {
  // Only exactly "false" switches it off.
  // https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/environment/detection.ts#L31
  const plain: Record<string, string> =
    limit === "off"
      ? { FLAG_API_RATE_LIMIT_ENABLED: "false" }
      : { DEFAULT_RATE_LIMIT_PER_MIN: String(limit) };
  return { plain, secret: {} };
}

function databases<Value>(settings: ServerSettings<Value>): Environment<Value> {
  return {
    plain: {
      // The one-off task migrates. Two servers that migrate at once leave one of them alive but deaf:
      // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/server.ts#L81-L90
      NANGO_MIGRATE_AT_START: "false",
      NANGO_DB_POOL_MAX: String(settings.pools.main),
      RECORDS_DATABASE_POOL_MAX: String(settings.pools.records),
      TASKS_DB_POOL_MAX: String(settings.pools.tasks),
      FLEET_DB_POOL_MAX: String(settings.pools.fleet),
      ...(settings.certificatesFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: settings.certificatesFile }),
    },
    secret: {
      NANGO_DATABASE_URL: settings.databaseUrl,
      ...(settings.recordsDatabaseUrl === undefined
        ? {}
        : { RECORDS_DATABASE_URL: settings.recordsDatabaseUrl }),
      NANGO_ENCRYPTION_KEY: settings.encryptionKey,
    },
  };
}

function dashboard<Value>(settings: ServerSettings<Value>): Environment<Value> {
  // Unset, it is the word "nango", with which anyone could sign a session.
  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/auth.client.ts#L46
  const adminKey = { NANGO_ADMIN_KEY: settings.adminKey };
  const email = settings.email;
  // Unset, it is noreply@email.nango.dev, whoever sends.
  // https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/environment/parse.ts#L456
  const emailPlain: Record<string, string> = email === undefined ? {} : { SMTP_FROM: email.from };
  const emailSecret: Record<string, Value> = email?.smtpUrl === undefined ? {} : { SMTP_URL: email.smtpUrl };
  if (settings.dashboard.auth === "accounts") {
    return {
      plain: {
        FLAG_AUTH_ENABLED: "true",
        AUTH_ALLOW_SIGNUP: String(settings.dashboard.allowSignup),
        ...emailPlain,
      },
      secret: { ...adminKey, ...emailSecret },
    };
  }
  const { user, password, apiKeys } = settings.dashboard;
  return {
    // Basic authentication counts only with exactly "false" here and with both a user and a password.
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/routes.private.ts#L195-L199
    plain: { FLAG_AUTH_ENABLED: "false", NANGO_DASHBOARD_USERNAME: user, ...emailPlain },
    secret: {
      ...adminKey,
      ...emailSecret,
      NANGO_DASHBOARD_PASSWORD: password,
      NANGO_SECRET_KEY_PROD: apiKeys.prod,
      NANGO_SECRET_KEY_DEV: apiKeys.dev,
    },
  };
}

function logs<Value>(settings: Logs<Value>): Environment<Value> {
  if (settings.store === "none") return { plain: { NANGO_LOGS_ENABLED: "false" }, secret: {} };
  return {
    plain: {
      NANGO_LOGS_ENABLED: "true",
      NANGO_LOGS_PROVIDER: settings.store,
      NANGO_LOGS_ES_URL: settings.url,
      NANGO_LOGS_ES_USER: settings.user,
      // Unset, its policies are called "undefined_policy_...".
      // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/es/schema.ts#L10
      NANGO_LOGS_ES_PREFIX: "nango",
      NANGO_LOGS_ES_RETENTION_DAYS: String(settings.retentionDays),
    },
    secret: { NANGO_LOGS_ES_PWD: settings.password },
  };
}

/** Names whose value this project decides, and what decides it. */
const owned: ReadonlyMap<string, string> = new Map([
  ["NANGO_SERVER_URL", "follows from nango:domain"],
  ["NANGO_PUBLIC_CONNECT_URL", "follows from nango:connectDomain"],
  ["NANGO_SERVER_WEBSOCKETS_PATH", "is set by nango:websocketsPath"],
  ["NANGO_DATABASE_URL", "is set by nango:databaseUrl, or by the database that the stack creates"],
  ["RECORDS_DATABASE_URL", "is set by nango:recordsDatabase and nango:recordsDatabaseUrl"],
  ["NODE_EXTRA_CA_CERTS", "is set by nango:trustedCaPem"],
  ["NANGO_ENCRYPTION_KEY", "is set by nango:encryptionKey"],
  ["FLAG_AUTH_ENABLED", "is set by nango:dashboardAuth"],
  ["AUTH_ALLOW_SIGNUP", "is set by nango:allowSignup"],
  ["NANGO_DASHBOARD_USERNAME", "is set by nango:dashboardUser"],
  ["NANGO_DASHBOARD_PASSWORD", "is set by nango:dashboardPassword"],
  ["SMTP_URL", "is set by nango:smtpUrl"],
  ["SMTP_FROM", "is set by nango:smtpFrom"],
  ["NANGO_REDIS_URL", "is set by nango:redis and nango:redisUrl"],
  ["DEFAULT_RATE_LIMIT_PER_MIN", "is set by nango:apiRateLimitPerMinute"],
  ["FLAG_API_RATE_LIMIT_ENABLED", "is set by nango:apiRateLimitPerMinute"],
  ["NANGO_OUTBOUND_URL_POLICY", "is set by nango:allowPrivateAddresses"],
  ["NANGO_DB_POOL_MAX", "is set by nango:databasePoolMax"],
  ["RECORDS_DATABASE_POOL_MAX", "is divided out of what the database can take"],
  ["TASKS_DB_POOL_MAX", "is divided out of what the database can take"],
  ["FLEET_DB_POOL_MAX", "is divided out of what the database can take"],
]);

const competing =
  "competes with the verified connection URL, which nango:databaseUrl (nango:recordsDatabaseUrl) or the stack's own database gives";

/** Names that would undo what this project promises. */
const refused: readonly (readonly [RegExp, string])[] = [
  [testDouble, "replaces the dashboard's authentication by a test double"],
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, "turns certificate checks off for every connection"],
  [unverifiedConnection, competing],
  [/^NANGO_DB_READ_URL$/, competing],
  [
    /^(RECORDS(_2)?|RUNNERS|ORCHESTRATOR)_DATABASE_(READ_)?URL$/,
    "opens a database that this stack does not know",
  ],
  [/^(NANGO_ENCRYPTION_KEY_WRAPPED|NANGO_KMS_KEY_ARN)$/, "competes with nango:encryptionKey"],
  [/^NANGO_SECRET_KEY_PROD$/, "is set by nango:apiKeyProd, or generated"],
  [/^NANGO_SECRET_KEY_DEV$/, "is set by nango:apiKeyDev, or generated"],
  [/^NANGO_PUBLIC_KEY_(PROD|DEV)$/, "names a key that Nango makes itself"],
  [/^NANGO_(CLOUD|ENTERPRISE)$/, "switches to an edition that this image is not"],
  [/^(PORT|NANGO_PORT|SERVER_PORT|SERVER_HOST|NANGO_CONNECT_UI_PORT)$/, "must agree with the load balancer"],
  [
    /^(NANGO_MIGRATE_AT_START|NANGO_ADMIN_KEY|SERVER_SHUTDOWN_DELAY_MS|NANGO_SERVER_KEEP_ALIVE_TIMEOUT|SERVER_RUN_MODE|NODE_ENV)$/,
    "is set by this project",
  ],
  [
    /^NANGO_LOGS_(ENABLED|PROVIDER|ES_(URL|USER|PWD|PREFIX|RETENTION_DAYS))$/,
    "is set by nango:logs and what belongs to it",
  ],
  [/^NANGO_REDIS_/, "is set by nango:redis"],
  [
    /^(CERTIFICATES_(PEM|FILE)|MIGRATION_SECONDS|CLEAR_MIGRATION_LOCK|GATE_[A-Z]+_SECONDS)$/,
    "is for the steps before a deployment",
  ],
  [/^FLAG_SERVE_CONNECT_UI$/, "has no effect: Connect UI runs in a container of its own"],
];

/** Why a stack may not set this variable itself, or undefined when it may. */
export function reservedVariable(name: string): string | undefined {
  return owned.get(name) ?? refused.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Whether variables that a stack adds give Nango another way to send mail than SMTP.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/email/lib/client.ts
 */
export function hasOtherMailer(names: readonly string[]): boolean {
  return names.includes("MAILGUN_API_KEY") || names.includes("EMAIL_HTTP_URL");
}

const secretNames =
  /(^|_)(KEY|KEYS|SECRET|SECRETS|TOKEN|PASSWORD|PASSPHRASE|PASS|PWD|DSN|AUTH|CREDENTIALS)(_|$)/i;

/** Whether a variable holds a secret, by its name, or since it is a URL with a password. */
export function holdsSecret(name: string, value: string): boolean {
  return secretNames.test(name) || /:\/\/[^/?#]*:[^/?#]*@/.test(value);
}

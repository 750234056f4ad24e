import { randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  reservedVariable,
  serverEnvironment,
  type Dashboard,
  type Logs,
  type ServerSettings,
} from "../../infra/nango/environment.ts";
import type { ApiRateLimit } from "../../infra/nango/api-rate-limit.ts";
import { idleTimeoutSeconds, server } from "../../infra/nango/services.ts";
import { variableProblem, variableType } from "../../infra/nango/variables.ts";

/** A secret in the tests: nothing that the environment makes of it may be readable text. */
class Hidden {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const basic: Dashboard<Hidden> = {
  auth: "basic",
  user: "nango",
  password: new Hidden("a-dashboard-password"),
  apiKeys: { prod: new Hidden(randomUUID()), dev: new Hidden(randomUUID()) },
};
const store: Logs<Hidden> = {
  store: "opensearch",
  url: "https://search.example.com",
  user: "nango",
  password: new Hidden("a-search-password"),
  retentionDays: 15,
};

const least: ServerSettings<Hidden> = {
  serverUrl: "https://nango.example.com",
  connectUrl: "https://connect.nango.example.com",
  websocketsPath: "/",
  databaseUrl: new Hidden("postgresql://nango:x@db.example.com:5432/nango?sslmode=verify-full"),
  pools: { main: 20, records: 3, tasks: 6, fleet: 3 },
  apiRateLimitPerMinute: 3000,
  encryptionKey: new Hidden(randomBytes(32).toString("base64")),
  adminKey: new Hidden("an-admin-key"),
  dashboard: basic,
  logs: { store: "none" },
  allowPrivateAddresses: false,
  extra: { plain: {}, secret: {} },
};

const environmentOf = (changes: Partial<ServerSettings<Hidden>> = {}) =>
  serverEnvironment({ ...least, ...changes });

/** Every topology that a stack can have. */
const topology = fc.record<Partial<ServerSettings<Hidden>>>({
  dashboard: fc.constantFrom<Dashboard<Hidden>>(
    basic,
    { auth: "accounts", allowSignup: false },
    { auth: "accounts", allowSignup: true },
  ),
  logs: fc.constantFrom<Logs<Hidden>>(store, { ...store, store: "elasticsearch" }, { store: "none" }),
  email: fc.constantFrom(
    undefined,
    { from: "Nango <nango@example.com>" },
    { smtpUrl: new Hidden("smtp://smtp.example.com"), from: "Nango <nango@example.com>" },
  ),
  redisUrl: fc.constantFrom(undefined, new Hidden("rediss://:token@redis.example.com:6379")),
  recordsDatabaseUrl: fc.constantFrom(undefined, new Hidden("postgresql://r:x@records.example.com/records")),
  certificatesFile: fc.constantFrom(undefined, "/certificates/databases.pem"),
  allowPrivateAddresses: fc.boolean(),
  apiRateLimitPerMinute: fc.constantFrom<ApiRateLimit>(10, 3000, "off"),
  websocketsPath: fc.constantFrom("/", "/ws"),
  connectUrl: fc.constantFrom("https://connect.nango.example.com", undefined),
});

describe("in every topology", () => {
  test("each variable is one that Nango reads, with a value of its type", () => {
    fc.assert(
      fc.property(topology, (changes) => {
        const { plain, secret } = environmentOf(changes);
        for (const [name, value] of [...Object.entries(plain), ...Object.entries(secret)]) {
          expect(variableType(name), name).toBeDefined();
          expect(variableProblem(name, typeof value === "string" ? value : value.text), name).toBeUndefined();
        }
      }),
    );
  });

  test("secrets stand among the secret variables and nothing else does", () => {
    fc.assert(
      fc.property(topology, (changes) => {
        const { plain, secret } = environmentOf(changes);
        for (const value of Object.values(plain)) expect(value).toBeTypeOf("string");
        for (const value of Object.values(secret)) expect(value).toBeInstanceOf(Hidden);
        expect(Object.keys(plain).filter((name) => name in secret)).toEqual([]);
      }),
    );
  });

  test("a stack may set none of them itself", () => {
    fc.assert(
      fc.property(topology, (changes) => {
        const { plain, secret } = environmentOf(changes);
        for (const name of Object.keys({ ...plain, ...secret })) {
          expect(reservedVariable(name), name).toBeTypeOf("string");
        }
      }),
    );
  });

  test("the dashboard is closed and credentials are encrypted, whatever a stack adds", () => {
    const names = [
      "FLAG_AUTH_ENABLED",
      "NANGO_DASHBOARD_PASSWORD",
      "NANGO_DASHBOARD_USERNAME",
      "NANGO_ADMIN_KEY",
    ];
    const extra = fc.dictionary(fc.constantFrom(...names, "NANGO_ENCRYPTION_KEY"), fc.constant(""));
    fc.assert(
      fc.property(topology, extra, (changes, texts) => {
        const secretExtra = Object.fromEntries(Object.entries(texts).map(([name]) => [name, new Hidden("")]));
        for (const added of [
          { plain: texts, secret: {} },
          { plain: {}, secret: secretExtra },
        ]) {
          const { plain, secret } = environmentOf({ ...changes, extra: added });
          expect(secret["NANGO_ENCRYPTION_KEY"]).toBe(least.encryptionKey);
          expect(secret["NANGO_ADMIN_KEY"]).toBe(least.adminKey);
          const password = changes.dashboard?.auth === "basic" ? changes.dashboard.password : undefined;
          expect(plain["FLAG_AUTH_ENABLED"]).toBe(password === undefined ? "true" : "false");
          if (password === undefined) continue;
          expect(secret["NANGO_DASHBOARD_PASSWORD"]).toBe(password);
          expect(plain["NANGO_DASHBOARD_USERNAME"]).toBe("nango");
        }
      }),
    );
  });

  test("what would undo it stays unset", () => {
    fc.assert(
      fc.property(topology, (changes) => {
        const { plain, secret } = environmentOf(changes);
        const names = Object.keys({ ...plain, ...secret }).join(" ");
        // TELEMETRY and FLAG_SERVE_CONNECT_UI are not read by the server, the rest change what it is.
        expect(names).not.toMatch(
          /\b(CI|VITEST|NANGO_CLOUD|NANGO_ENTERPRISE|TELEMETRY|FLAG_SERVE_CONNECT_UI)\b/,
        );
        // Encryption without verification, and what would compete with the verified URL.
        expect(names).not.toMatch(/_SSL\b|NODE_TLS_REJECT_UNAUTHORIZED|NANGO_DB_(HOST|USER|PASSWORD)/);
      }),
    );
  });
});

test("the least environment is this", () => {
  const { plain, secret } = environmentOf();
  expect(plain).toEqual({
    DEFAULT_RATE_LIMIT_PER_MIN: "3000",
    FLAG_AUTH_ENABLED: "false",
    FLEET_DB_POOL_MAX: "3",
    NANGO_CONNECT_UI_PORT: "3009",
    NANGO_DASHBOARD_USERNAME: "nango",
    NANGO_DB_POOL_MAX: "20",
    NANGO_LOGS_ENABLED: "false",
    NANGO_MIGRATE_AT_START: "false",
    NANGO_PUBLIC_CONNECT_URL: "https://connect.nango.example.com",
    NANGO_SERVER_KEEP_ALIVE_TIMEOUT: "305000",
    NANGO_SERVER_URL: "https://nango.example.com",
    NANGO_SERVER_WEBSOCKETS_PATH: "/",
    RECORDS_DATABASE_POOL_MAX: "3",
    SERVER_PORT: "3003",
    SERVER_SHUTDOWN_DELAY_MS: "20000",
    TASKS_DB_POOL_MAX: "6",
  });
  expect(Object.keys(secret).sort()).toEqual([
    "NANGO_ADMIN_KEY",
    "NANGO_DASHBOARD_PASSWORD",
    "NANGO_DATABASE_URL",
    "NANGO_ENCRYPTION_KEY",
    "NANGO_SECRET_KEY_DEV",
    "NANGO_SECRET_KEY_PROD",
  ]);
});

test("the server keeps connections longer than the load balancer, which otherwise meets closed ones", () => {
  const { plain } = environmentOf();
  expect(Number(plain["NANGO_SERVER_KEEP_ALIVE_TIMEOUT"])).toBeGreaterThan(idleTimeoutSeconds * 1000);
  expect(plain["SERVER_PORT"]).toBe(String(server.port));
});

// Unset, Nango answers 200 calls a minute, a small part of what the smallest task carries.
test("API calls are limited to what the stack says, or not at all", () => {
  const limits = (apiRateLimitPerMinute: ApiRateLimit) => {
    const { plain } = environmentOf({ apiRateLimitPerMinute });
    return [plain["DEFAULT_RATE_LIMIT_PER_MIN"], plain["FLAG_API_RATE_LIMIT_ENABLED"]];
  };
  expect(limits(24_000)).toEqual(["24000", undefined]);
  expect(limits("off")).toEqual([undefined, "false"]);
});

// The keys of one account's environments would open those of the first account that has one of that name:
// https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/services/account.service.ts#L374-L400
test("API keys and the dashboard's user exist with basic authentication only", () => {
  const { plain, secret } = environmentOf({ dashboard: { auth: "accounts", allowSignup: false } });
  expect(Object.keys({ ...plain, ...secret }).join(" ")).not.toMatch(/NANGO_SECRET_KEY|NANGO_DASHBOARD/);
  expect(plain).toMatchObject({ FLAG_AUTH_ENABLED: "true", AUTH_ALLOW_SIGNUP: "false" });
  expect(environmentOf({ dashboard: { auth: "accounts", allowSignup: true } }).plain).toMatchObject({
    AUTH_ALLOW_SIGNUP: "true",
  });
});

test("each part adds its own variables and only those", () => {
  const names = (changes: Partial<ServerSettings<Hidden>>) => {
    const [before, after] = [environmentOf(), environmentOf(changes)];
    return Object.keys({ ...after.plain, ...after.secret })
      .filter((name) => !(name in before.plain) && !(name in before.secret))
      .sort();
  };
  const smtpUrl = new Hidden("smtp://smtp.example.com");
  expect(names({ email: { from: "nango@example.com" } })).toEqual(["SMTP_FROM"]);
  expect(names({ email: { smtpUrl, from: "nango@example.com" } })).toEqual(["SMTP_FROM", "SMTP_URL"]);
  expect(names({ redisUrl: new Hidden("rediss://redis.example.com") })).toEqual(["NANGO_REDIS_URL"]);
  expect(names({ recordsDatabaseUrl: new Hidden("postgresql://x") })).toEqual(["RECORDS_DATABASE_URL"]);
  expect(names({ certificatesFile: "/ca.pem" })).toEqual(["NODE_EXTRA_CA_CERTS"]);
  expect(names({ allowPrivateAddresses: true })).toEqual(["NANGO_OUTBOUND_URL_POLICY"]);
  expect(names({ logs: store })).toEqual(
    ["PROVIDER", "ES_PREFIX", "ES_PWD", "ES_RETENTION_DAYS", "ES_URL", "ES_USER"]
      .map((n) => `NANGO_LOGS_${n}`)
      .sort(),
  );
  expect(names({ extra: { plain: { LOG_LEVEL: "debug" }, secret: {} } })).toEqual(["LOG_LEVEL"]);
});

test("without Connect UI its links name a host that cannot exist", () => {
  const { plain } = environmentOf({ connectUrl: undefined });
  expect(plain["NANGO_PUBLIC_CONNECT_URL"]).toMatch(/^http:\/\/[^/]+\.invalid$/);
});

test("logs say what they are and how long they stay", () => {
  expect(environmentOf({ logs: { ...store, retentionDays: 30 } }).plain).toMatchObject({
    NANGO_LOGS_ENABLED: "true",
    NANGO_LOGS_PROVIDER: "opensearch",
    NANGO_LOGS_ES_PREFIX: "nango",
    NANGO_LOGS_ES_RETENTION_DAYS: "30",
  });
  expect(environmentOf({ logs: { ...store, store: "elasticsearch" } }).plain["NANGO_LOGS_PROVIDER"]).toBe(
    "elasticsearch",
  );
});

describe("reservedVariable", () => {
  test.each([
    ["CI", /test double/],
    ["VITEST", /test double/],
    ["NODE_TLS_REJECT_UNAUTHORIZED", /turns certificate checks off/],
    ["NANGO_DB_HOST", /competes with the verified connection URL, which nango:databaseUrl/],
    ["NANGO_DB_SSL", /competes/],
    ["RECORDS_DATABASE_SSL", /competes/],
    ["PGSSLMODE", /competes/],
    ["NANGO_DB_READ_URL", /competes/],
    ["RECORDS_2_DATABASE_URL", /a database that this stack does not know/],
    ["NANGO_ENCRYPTION_KEY_WRAPPED", /competes with nango:encryptionKey/],
    ["NANGO_SECRET_KEY_PROD", /is set by nango:apiKeyProd/],
    ["NANGO_SECRET_KEY_DEV", /is set by nango:apiKeyDev/],
    ["NANGO_ENTERPRISE", /edition that this image is not/],
    ["PORT", /must agree with the load balancer/],
    ["NANGO_REDIS_HOST", /is set by nango:redis/],
    ["DEFAULT_RATE_LIMIT_PER_MIN", /is set by nango:apiRateLimitPerMinute/],
    ["FLAG_API_RATE_LIMIT_ENABLED", /is set by nango:apiRateLimitPerMinute/],
    ["NANGO_LOGS_ES_USER", /is set by nango:logs/],
    ["FLAG_SERVE_CONNECT_UI", /has no effect/],
  ])("keeps %s", (name, reason) => {
    expect(reservedVariable(name)).toMatch(reason);
  });

  test.each([
    "LOG_LEVEL",
    "CIRCUS",
    "NANGO_FEATURE_FLAG_MFA",
    "CRON_DELETE_OLD_JOBS_MAX_DAYS",
    "constructor",
  ])("leaves %s to the stack", (name) => {
    expect(reservedVariable(name)).toBeUndefined();
  });
});

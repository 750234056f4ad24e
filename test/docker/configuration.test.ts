import { describe, expect, test } from "vitest";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import type { DockerConfig } from "../../infra/config/stack-config.ts";
import { type Concealed, parseTexts, problemsOf, type Texts } from "../config/given.ts";

const noRegion = { region: undefined };

const problems = (values: Texts) => problemsOf(() => parseTexts({ target: "docker", ...values }, noRegion));

function dockerConfig(values: Texts = {}): DockerConfig<Concealed> {
  const { config } = parseTexts({ target: "docker", ...values }, noRegion);
  if (config.target !== "docker") throw new Error(`the target is ${config.target}`);
  return config;
}

/** Keys that mean something for containers, or for a stack wherever it runs. */
const taken: readonly SettingName[] = [
  "target",
  "image",
  "environment",
  "websocketsPath",
  "allowPrivateAddresses",
  "databasePoolMax",
  "databaseUrl",
  "databaseTls",
  "trustedCaPem",
  "recordsDatabase",
  "recordsDatabaseUrl",
  "logs",
  "logsRetentionDays",
  "logsProvider",
  "logsUrl",
  "logsUser",
  "logsPassword",
  "redis",
  "redisUrl",
  "encryptionKey",
  "allowDataLoss",
  "dashboardAuth",
  "dashboardUser",
  "dashboardPassword",
  "allowSignup",
  "smtpUrl",
  "smtpFrom",
  "apiRateLimitPerMinute",
  "migrationTimeoutMinutes",
  "clearMigrationLock",
  "dockerServerPort",
  "dockerConnectPort",
  "dockerServerMemory",
  "dockerPostgresMemory",
  "dockerOpensearchMemory",
  "dockerPostgresImage",
  "dockerValkeyImage",
  "dockerOpensearchImage",
];

describe("a stack on Docker", () => {
  test("needs nothing but its target", () => {
    expect(dockerConfig()).toMatchObject({
      target: "docker",
      ports: { server: 3003, connect: 3009 },
      database: { kind: "container" },
      recordsDatabase: undefined,
      logs: { store: "none" },
      redis: { kind: "none" },
      protect: true,
      allowPrivateAddresses: false,
    });
  });

  test.each(Object.keys(settings) as SettingName[])("takes or refuses %s, knowingly", (name) => {
    const message = `nango:${name} has no effect while nango:target = "docker"`;
    const { example } = settings[name];
    const refused = problems({ [name]: example }).filter((problem) => problem.startsWith(message));
    expect(refused.length === 0, String(refused)).toBe(taken.includes(name));
  });

  test("takes the defaults of keys that it would refuse, since Pulumi hands them over", () => {
    const defaults = Object.entries(settings).map(([name, setting]) => [
      name,
      typeof setting.default === "object" ? JSON.stringify(setting.default) : String(setting.default),
    ]);
    expect(problems({ ...Object.fromEntries(defaults), target: "docker" })).toEqual([]);
  });

  test("takes what is there already in place of containers", () => {
    const url = (host: string) => `postgresql://nango:secret@${host}.example.com/nango`;
    expect(
      dockerConfig({
        databaseUrl: url("db"),
        recordsDatabaseUrl: url("records"),
        redisUrl: "rediss://:token@redis.example.com",
        logs: "external",
        logsProvider: "elasticsearch",
        logsUrl: "https://logs.example.com",
        logsUser: "nango",
        logsPassword: "secret",
      }),
    ).toMatchObject({
      database: { kind: "external", host: "db.example.com" },
      recordsDatabase: { kind: "external", host: "records.example.com" },
      redis: { kind: "external", url: { concealed: "rediss://:token@redis.example.com" } },
      logs: { store: "external", password: { concealed: "secret" } },
    });
  });

  test("makes the Redis of a container and not that of AWS", () => {
    expect(dockerConfig({ redis: "container" }).redis).toEqual({ kind: "container" });
    expect(problems({ redis: "elasticache" })).toEqual([
      expect.stringMatching(/"elasticache" cannot be made .*pulumi config set nango:redis container/s),
    ]);
  });

  test("needs two ports", () => {
    expect(problems({ dockerServerPort: "4000", dockerConnectPort: "4000" })).toEqual([
      expect.stringMatching(/are both 4000.*pulumi config set nango:dockerConnectPort 4006/s),
    ]);
  });

  test("refuses pools that Postgres cannot take", () => {
    expect(problems({ databasePoolMax: "90" })).toEqual([
      expect.stringMatching(/has 100, of which.*\nTake a smaller nango:databasePoolMax\.$/),
    ]);
  });

  test.each([
    ["postgres", false],
    ["postgres:latest", false],
    ["postgres:16", false],
    ["postgres@sha256:1234", false],
    ["registry.example.com:5000/postgres", false],
    ["postgres:16.15", true],
    ["registry.example.com:5000/postgres:16.15-bookworm", true],
    [`postgres@sha256:${"0a".repeat(32)}`, true],
    [`postgres:latest@sha256:${"0a".repeat(32)}`, true],
  ])("judges whether the image %s can come to mean another one", (image, legal) => {
    expect(problems({ dockerPostgresImage: image })).toHaveLength(legal ? 0 : 1);
  });
});

describe("a stack on AWS", () => {
  const aws = { domain: "nango.example.com", hostedZone: "example.com" };
  const awsProblems = (values: Texts) => problemsOf(() => parseTexts({ ...aws, ...values }));

  test("refuses every key of containers", () => {
    for (const name of taken.filter((candidate) => candidate.startsWith("docker"))) {
      const other = settings[name].type === "integer" ? "4321" : "else:1.2.3";
      expect(awsProblems({ [name]: other }), name).toEqual([
        expect.stringMatching(`nango:${name} has no effect while nango:target = "aws"`),
      ]);
    }
  });

  test("cannot make the Redis of a container", () => {
    expect(awsProblems({ redis: "container" })).toEqual([
      expect.stringMatching(/pulumi config set nango:redis elasticache/),
    ]);
  });
});

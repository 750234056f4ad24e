import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { type Choices, choose } from "../../infra/config/choices.ts";
import type { GivenConfiguration, SettingValues } from "../../infra/config/values.ts";
import { resolve } from "../../infra/config/resolve.ts";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { defaultText, type Setting } from "../../infra/config/settings/setting.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { withoutEffect } from "../../infra/config/checks/without-effect.ts";
import { leastTexts, type Texts } from "./given.ts";

const names = Object.keys(settings) as SettingName[];
const setting = (name: SettingName): Setting<unknown> => settings[name];
const url = "postgresql://nango:secret@db.example.com/nango";
const subnets = (...digits: string[]) => JSON.stringify(digits.map((digit) => `subnet-0000000${digit}`));
const ownVpc = {
  ...leastTexts,
  vpcId: "vpc-01234567",
  publicSubnetIds: subnets("1", "2"),
  privateSubnetIds: subnets("3", "4"),
};
const logsStore = {
  logs: "external",
  logsProvider: "opensearch",
  logsUrl: "https://logs.example.com:9243",
  logsUser: "someone",
  logsPassword: "word",
};

/** Configurations that between them make, bring and leave out everything. */
const configurations: Record<string, Texts> = {
  "the least": leastTexts,
  "plain HTTP": { insecureHttp: "true" },
  "a VPC of one's own": ownVpc,
  "a VPC of one's own without data in it": { ...ownVpc, databaseUrl: url },
  "a database of one's own": { ...leastTexts, databaseUrl: url },
  "a database of one's own and records made": {
    ...leastTexts,
    databaseUrl: url,
    recordsDatabase: "dedicated",
  },
  "databases restored to a moment": {
    ...leastTexts,
    databaseRestoreTime: "latest",
    databaseRestoreSource: "nango-database-1",
    recordsDatabase: "dedicated",
    recordsDatabaseRestoreTime: "latest",
    recordsDatabaseRestoreSource: "nango-records-1",
  },
  "a database restored from a snapshot": { ...leastTexts, databaseSnapshot: "nango-1" },
  "records made": { ...leastTexts, recordsDatabase: "dedicated" },
  "records brought": { ...leastTexts, recordsDatabaseUrl: `${url}-records` },
  "both databases on one server": { ...leastTexts, databaseUrl: url, recordsDatabaseUrl: `${url}-records` },
  "a search domain": { ...leastTexts, logs: "opensearch" },
  "a store of one's own": { ...leastTexts, ...logsStore },
  "several replicas": { ...leastTexts, size: "medium" },
  "a cache": { ...leastTexts, redis: "elasticache" },
  "a Redis of one's own": { ...leastTexts, redisUrl: "rediss://:other@redis.example.com" },
  "no Redis": { ...leastTexts, redis: "none" },
  accounts: { ...leastTexts, dashboardAuth: "accounts" },
  mail: { ...leastTexts, smtpUrl: "smtps://nango:secret@smtp.example.com", smtpFrom: "me@example.com" },
  "an image in ECR": { ...leastTexts, imageSource: "ecr-mirror" },
  "an image through ECR": {
    ...leastTexts,
    imageSource: "ecr-pull-through",
    dockerHubUser: "someone",
    dockerHubToken: "dckr_pat_other",
  },
  "an image by digest": {
    ...leastTexts,
    image: `nangohq/nango-server@sha256:${"0a".repeat(32)}`,
  },
  Docker: { target: "docker" },
  "Docker with a database of one's own": { target: "docker", databaseUrl: url },
  "Docker with a database of one's own and records made": {
    target: "docker",
    databaseUrl: url,
    recordsDatabase: "dedicated",
  },
  "Docker with both databases brought": {
    target: "docker",
    databaseUrl: url,
    recordsDatabaseUrl: `${url}-records`,
  },
  "Docker with a search container": { target: "docker", logs: "opensearch" },
  "Docker with a store of one's own": { target: "docker", ...logsStore },
  "Docker with Redis": { target: "docker", redis: "container" },
  "Docker with accounts and mail": {
    target: "docker",
    dashboardAuth: "accounts",
    smtpUrl: "smtps://nango:secret@smtp.example.com",
    smtpFrom: "me@example.com",
  },
};

/** Where the example is what a configuration above comes to by itself, values of which one is not. */
const samples: Partial<Record<SettingName, readonly string[]>> = {
  size: ["medium", "large"],
  image: [`nangohq/nango-server:hosted-${"ab".repeat(20)}`],
  allowPrivateAddresses: ["true", "false"],
  availabilityZones: ["2", "3"],
  nat: ["none", "single", "perAz"],
  databaseMultiAz: ["true", "false"],
  trustedCaPem: [rdsCertificates("us-east-1") ?? ""],
  databasePoolMax: ["7"],
  databaseMaxConnections: ["40", "400"],
  recordsDatabaseMaxConnections: ["40", "400"],
  redis: ["elasticache", "container", "none"],
  cacheNodes: ["2", "3"],
  cacheNodeType: ["cache.r7g.large"],
  searchInstanceCount: ["4"],
  searchVolumeGb: ["70"],
  databaseBackupDays: ["13"],
  replicas: ["2", "3"],
  maxReplicas: ["4", "5"],
  cpu: ["512", "4096"],
  memory: ["5120"],
  encryptionKey: [Buffer.alloc(32, "k").toString("base64")],
  dashboardPassword: ["a-long-enough-word"],
  dockerPostgresImage: ["postgres:16.99"],
  dockerValkeyImage: ["valkey/valkey:8.1.99"],
  dockerOpensearchImage: ["opensearchproject/opensearch:2.99.0"],
};

/** What a configuration comes to, whatever its checks say. */
function read(texts: Texts): { choices: Choices; given: GivenConfiguration } {
  const given = { stack: "dev", region: "eu-central-1", values: texts, secretKeys: new Set<string>() };
  const entries = names.map((name) => [
    name,
    setting(name).schema.parse(texts[name] ?? defaultText(setting(name))),
  ]);
  return { choices: choose(Object.fromEntries(entries) as SettingValues, given), given };
}

function outcome({ choices, given }: ReturnType<typeof read>): unknown {
  try {
    return resolve(choices, given, (secret) => secret);
  } catch (error) {
    return error;
  }
}

/** The keys that are refused as without effect. */
function refused({ choices, given }: ReturnType<typeof read>): (string | undefined)[] {
  return withoutEffect(choices, given).map(({ keys }) => keys[0]);
}

describe.each(Object.entries(configurations))("with %s", (_, texts) => {
  test("exactly the keys that change nothing are refused as without effect", () => {
    const configuration = read(texts);
    expect(refused(configuration)).toEqual([]);
    const before = outcome(configuration);
    expect(before).not.toBeInstanceOf(Error);
    for (const name of names.filter((candidate) => candidate !== "target")) {
      const changes = (samples[name] ?? [setting(name).example])
        .filter((value) => value !== (texts[name] ?? defaultText(setting(name))))
        .map((value) => ({ value, changed: read({ ...texts, [name]: value }) }));
      const effective = changes.some(({ changed }) => !isDeepStrictEqual(outcome(changed), before));
      for (const { value, changed } of changes)
        expect(refused(changed).includes(name), `${name} = ${value}`).toBe(!effective);
    }
  });
});

test("each condition names settings", () => {
  const named = names.flatMap((name) => setting(name).needs?.keys ?? []);
  expect(named.filter((key) => !Object.hasOwn(settings, key))).toEqual([]);
  expect(named.length).toBeGreaterThan(20);
});

import { describe, expect, test } from "vitest";
import { defaultText, type Setting } from "../../infra/config/settings/setting.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import type { DockerConfig } from "../../infra/config/stack-config.ts";
import { type Concealed, parseTexts, problemsOf, type Texts } from "../config/given.ts";

const names = Object.keys(settings) as SettingName[];
const setting = (name: SettingName): Setting<unknown> => settings[name];
const noRegion = { region: undefined };

const problems = (values: Texts) => problemsOf(() => parseTexts({ target: "docker", ...values }, noRegion));

function dockerConfig(values: Texts = {}): DockerConfig<Concealed> {
  const { config } = parseTexts({ target: "docker", ...values }, noRegion);
  if (config.target !== "docker") throw new Error(`the target is ${config.target}`);
  return config;
}

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

  test.each(names)("takes or refuses %s as the setting says", (name) => {
    const message = `nango:${name} has no effect while nango:target = "docker": it is for aws only`;
    const { example, target } = setting(name);
    const refused = problems({ [name]: example }).filter((problem) => problem.startsWith(message));
    expect(refused.length, String(refused)).toBe(target === "aws" ? 1 : 0);
  });

  test("takes the defaults of keys that it would refuse, since Pulumi hands them over", () => {
    const defaults = names.map((name) => [name, defaultText(setting(name))]);
    expect(problems({ ...Object.fromEntries(defaults), target: "docker" })).toEqual([]);
  });

  test.each([
    ["records", /one Postgres has both databases/],
    ["search", /takes its password into its data once/],
  ])("refuses to make the password of %s anew", (name, why) => {
    expect(problems({ rotate: `{"${name}":1}` })).toEqual([expect.stringMatching(why)]);
    expect(problems({ rotate: `{"${name}":0,"database":1}` })).toEqual([]);
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
    expect(dockerConfig({ redis: "container" }).redis).toMatchObject({ kind: "container" });
    expect(problems({ redis: "elasticache" })).toEqual([
      expect.stringMatching(
        /"elasticache" cannot be made .*npx pulumi config set -s dev nango:redis container/s,
      ),
    ]);
  });

  test("needs two ports", () => {
    expect(problems({ dockerServerPort: "4000", dockerConnectPort: "4000" })).toEqual([
      expect.stringMatching(/are both 4000.*npx pulumi config set -s dev nango:dockerConnectPort 4006/s),
    ]);
  });

  test("refuses pools that Postgres cannot take", () => {
    expect(problems({ databasePoolMax: "90" })).toEqual([
      expect.stringMatching(/has 100, of which.*\nTake smaller pools.*nango:databasePoolMax 5$/s),
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
    const foreign = names.filter((name) => setting(name).target === "docker");
    expect(foreign).toContain("dockerServerPort");
    for (const name of foreign) {
      const other = settings[name].type === "integer" ? "4321" : "else:2.2.3";
      expect(awsProblems({ [name]: other }), name).toEqual([
        expect.stringMatching(`nango:${name} has no effect while nango:target = "aws"`),
      ]);
    }
  });

  test("cannot make the Redis of a container", () => {
    expect(awsProblems({ redis: "container" })).toEqual([
      expect.stringMatching(/npx pulumi config set -s dev nango:redis elasticache/),
    ]);
  });
});

test("a laptop's one search node has shards for 245 days of logs", () => {
  expect(problems({ logs: "opensearch", logsRetentionDays: "245" })).toEqual([]);
  expect(problems({ logs: "opensearch", logsRetentionDays: "246" })).toEqual([
    expect.stringMatching(/one data node has shards for.*logsRetentionDays 245$/s),
  ]);
});

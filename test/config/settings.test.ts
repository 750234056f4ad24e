import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { defaultText } from "../../infra/config/settings/setting.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";

const names = Object.keys(settings) as SettingName[];
const read = (name: SettingName, text: string) => settings[name].schema.safeParse(text);

/** What is wrong with a text, or undefined. */
function problem(name: SettingName, text: string): string | undefined {
  return read(name, text).error?.issues[0]?.message;
}

/** What a shell makes of the expansions in examples. */
const shell: Record<string, string> = {
  "$(openssl rand -base64 32)": randomBytes(32).toString("base64"),
  "$(openssl rand -hex 20)": randomBytes(20).toString("hex"),
  '-- "$(cat ca.pem)"': rdsCertificates("eu-central-1") ?? "",
};

test.each(names)("%s has a legal default, a legal example and legal words for both", (name) => {
  const { example } = settings[name];
  const text = defaultText(settings[name]);
  expect(problem(name, text)).toBeUndefined();
  expect(problem(name, shell[example] ?? example)).toBeUndefined();
});

test.each(names)("%s takes no empty text", (name) => {
  for (const empty of ["", " ", "\n", "\t "])
    expect(problem(name, empty), JSON.stringify(empty)).toBeTypeOf("string");
});

test("a setting that may be absent reads as undefined with its own word only", () => {
  expect(read("domain", "none").data).toBeUndefined();
  expect(problem("domain", "preset")).toMatch(/is not a host name/);
  expect(read("databaseInstanceClass", "preset").data).toBeUndefined();
  expect(problem("databaseInstanceClass", "none")).toMatch(/is not an RDS instance class/);
  expect(read("encryptionKey", "generated").data).toBeUndefined();
});

test("values are read into what the program works with", () => {
  expect(read("insecureHttp", "true").data).toBe(true);
  expect(read("databaseMultiAz", "false").data).toBe(false);
  expect(read("logsRetentionDays", "30").data).toBe(30);
  expect(read("apiRateLimitPerMinute", "12000").data).toBe(12_000);
  for (const sender of [
    "nango@example.com",
    "Nango Mail <n+1@mail.example.com>",
    '"Nango, Inc." <n@localhost>',
  ])
    expect(read("smtpFrom", sender).data).toBe(sender);
  // Brackets alone make no list.
  expect(read("dashboardPassword", "[not-a-list]").data).toBe("[not-a-list]");
  expect(read("databaseRestoreTime", "none").data).toBeUndefined();
  expect(read("databaseRestoreTime", "2026-11-26 08:00:00 +0000 UTC").data).toBe("2026-11-26T08:00:00Z");
  expect(read("apiRateLimitPerMinute", "off").data).toBe("off");
  expect(read("apiRateLimitPerMinute", "preset").data).toBeUndefined();
  expect(read("allowedCidrs", '["10.0.0.0/8","192.0.2.0/24"]').data).toEqual(["10.0.0.0/8", "192.0.2.0/24"]);
  expect(read("rotate", '{"api-keys":"2","redis":1}').data).toEqual({
    database: 0,
    records: 0,
    dashboard: 0,
    admin: 0,
    "api-keys": 2,
    redis: 1,
    search: 0,
  });
  expect(read("environment", '{"A":"b","N":5,"F":true}').data).toEqual({ A: "b", N: "5", F: "true" });
});

const key = (bytes: number) => randomBytes(bytes).toString("base64");

describe("refuses", () => {
  test.each<[SettingName, string, RegExp]>([
    ["size", "huge", /is none of the legal values/],
    ["size", "Small", /is none of the legal values/],
    ["databaseVersion", "14", /is none of the legal values/],
    ["cpu", "300", /is none of the legal values/],
    ["insecureHttp", "yes", /is neither true nor false/],
    ["insecureHttp", "TRUE", /is neither true nor false/],
    ["databaseMultiAz", "1", /is neither true nor false/],
    ["logsRetentionDays", "0", /is less than 1/],
    ["logsRetentionDays", "366", /is more than 365/],
    ["logsRetentionDays", "1.5", /is not a whole number/],
    ["logsRetentionDays", "-1", /is less than 1/],
    ["logsRetentionDays", "1e2", /is not a whole number/],
    ["logsRetentionDays", "9999999999", /is not a whole number/],
    ["replicas", "two", /is not a whole number/],
    ["replicas", "51", /is more than 50/],
    ["apiRateLimitPerMinute", "9", /is less than 10/],
    ["apiRateLimitPerMinute", "none", /is not a whole number/],
    ["apiRateLimitPerMinute", "Off", /is not a whole number/],
    ["smtpFrom", "banana", /is neither an address nor/],
    ["smtpFrom", "Nango nango@example.com", /is neither an address nor/],
    ["smtpFrom", "Nango, Inc. <nango@example.com>", /a name with punctuation needs quotes/],
    ["smtpFrom", "<nango@example.com>, b@example.com", /is neither/],
    ["smtpFrom", "Nango <nango@example.com>\nBcc: <b@example.com>", /is neither/],
    ["memory", "512", /is less than 1024/],
    ["allowedCidrs", "10.0.0.0/8", /is not a list/],
    ["allowedCidrs", '"10.0.0.0/8"', /is not a list/],
    ["allowedCidrs", '["203.0.113.7"]', /that is one address: as a range it ends in \/32/],
    ["allowedCidrs", "[7]", /holds an item that is not a text/],
    [
      "allowedCidrs",
      '["10.0.0.0/8","10.0.0.1/8"]',
      /has an item \(the 2\. of 2\) that has bits after its prefix/,
    ],
    ["publicSubnetIds", '["subnet-1"]', /has an item \(the 1\. of 1\) that is not the ID of a subnet/],
    ["environment", "[]", /is not a map from names to texts/],
    ["environment", '{"A":{"B":"c"}}', /holds a value that is not a text/],
    ["environment", '{"A":null}', /holds a value that is not a text/],
    [
      "environment",
      '{"A":"2026-11-27 00:00:00 +0000 UTC"}',
      /holds a value that is what YAML makes of a date/,
    ],
    ["dashboardUser", "2026-11-27 00:00:00 +0000 UTC", /a date without quotes; write it in quotes/],
    ["dashboardPassword", "2026-11-26 08:00:00.25 +0200 +0200", /a date without quotes; write it in quotes/],
    ["dashboardUser", '["admin"]', /is a list, and not a text/],
    ["logsPassword", '{"password":"s3cret"}', /is a map, and not a text/],
    ["domain", '["nango.example.com"]', /is a list, and not a text/],
    ["rotate", '["database"]', /is not a map from names to numbers/],
    ["rotate", '{"databse":1}', /holds "databse", which is none of the names/],
    ["rotate", '{"constructor":1}', /holds "constructor", which is none of the names/],
    ["rotate", '{"database":-1}', /value of database that is not a whole number from 0 to 999999/],
    ["rotate", '{"database":1.5}', /value of database that is not a whole number/],
    ["rotate", '{"database":null}', /value of database that is not a whole number/],
    ["rotate", '{"database":{"secure":"AAA"}}', /value of database that is not a whole number/],
    ["environment", "LOG_LEVEL=debug", /is not a map from names to texts/],
    ["domain", " ", /^is empty$/],
    ["domain", "nango.example.com/", /has a slash/],
    ["image", "nangohq/nango-server:hosted", /uses the tag "hosted", which Nango can move/],
    ["encryptionKey", key(31), /decodes to 31 bytes instead of 32/],
    ["encryptionKey", key(33), /decodes to 33 bytes instead of 32/],
    ["encryptionKey", `${key(32)}\n`, /has white space or a newline around it/],
    ["encryptionKey", randomBytes(32).toString("hex"), /decodes to 48 bytes/],
    ["apiKeyProd", "nango_secret_key", /is not a UUID of version 4, the only form/],
    ["apiKeyDev", "8a6e0804-2bd0-1672-b79d-d97027f9071a", /is not a UUID of version 4/],
    ["dashboardUser", "na:ngo", /holds a ":"/],
    ["dashboardUser", "na\u200bngo", /holds the invisible character U\+200B$/],
    ["dashboardPassword", "\u202edrowssap-terces", /holds the invisible character U\+202E$/],
    ["dashboardPassword", "correct:horse", /holds a ":"/],
    ["dashboardPassword", "elevenchars", /has fewer than 12 characters/],
    ["databaseUrl", "mysql://u:p@db.example.com/d", /does not begin with postgresql:\/\/ or postgres:\/\//],
    ["redisUrl", "redis.example.com:6379", /does not begin with rediss:\/\/ or redis:\/\//],
    ["smtpUrl", "smtp.example.com", /does not begin with smtps:\/\/ or smtp:\/\//],
    ["smtpUrl", "smtps://mailer:25/abc@smtp.example.com:465", /unencoded special character/],
    ["smtpUrl", "smtps://mailer:25#abc@smtp.example.com:465", /unencoded special character/],
    ["smtpUrl", "smtp://u:%zz@smtp.example.com", /begins no encoded character/],
    ["redisUrl", "rediss://user:12/34@redis.example.com", /unencoded special character/],
    ["redisUrl", "rediss://:tok%zz@redis.example.com", /begins no encoded character/],
    ["redisUrl", "rediss://r1.example.com,r2.example.com:6379", /several hosts/],
    ["logsUrl", "https://logs.example.com/?q#f", /holds a #/],
    ["logsUrl", "https://logs.example.com?q", /has parameters/],
    ["logsUrl", "https://logs.example.com:0", /a port that is not from 1 to 65535/],
    [
      "logsUrl",
      `acme:${Buffer.from("eu-central-1.aws.cloud.es.io$abc$def").toString("base64")}`,
      /is a Cloud ID of Elastic; give the endpoint/,
    ],
    [
      "logsUrl",
      "https://user:pass@logs.example.com",
      /holds credentials; give them in logsUser and logsPassword/,
    ],
    ["trustedCaPem", "ca.pem", /holds no "-----BEGIN CERTIFICATE-----"/],
    [
      "trustedCaPem",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      /holds a block that is not a certificate/,
    ],
    ["searchInstanceType", "r7g.large", /is not an OpenSearch instance type: write r7g\.large\.search$/],
    ["searchInstanceType", "large", /is not an OpenSearch instance type such as t3\.small\.search/],
    ["cacheNodeType", "t4g.micro", /is not an ElastiCache node type: write cache\.t4g\.micro$/],
    ["databaseInstanceClass", "t4g.micro", /is not an RDS instance class such as db\.t4g\.medium/],
    ["databaseStorageGb", "65536", /is more than 59578/],
  ])("%s = %j", (name, text, message) => {
    expect(problem(name, text)).toMatch(message);
  });
});

import { expect, test } from "vitest";
import { parse, parseTexts, type Surroundings, type Texts } from "./given.ts";

const ownDatabase = { databaseUrl: "postgresql://nango:x@db.example.com/nango" };
const encrypted = (...keys: string[]): Surroundings => ({ secretKeys: new Set(keys) });
const certificateArn =
  "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const mail = { smtpUrl: "smtps://u:p@smtp.example.com", smtpFrom: "nango@example.com" };
const ownLogs = { logs: "external", logsProvider: "opensearch", logsUser: "nango", logsPassword: "s3cret" };

test.each<[string, Texts, Surroundings, RegExp]>([
  [
    "new passwords for what the stack does not make",
    { rotate: '{"search": 1, "records": 2, "redis": 0, "admin": 1}' },
    {},
    /^nango:rotate has no effect on records, search: /,
  ],
  [
    "new passwords for what is brought and given",
    { ...ownDatabase, dashboardPassword: "a-long-enough-word", rotate: '{"database": 1, "dashboard": 1}' },
    encrypted("databaseUrl", "dashboardPassword"),
    /^nango:rotate has no effect on database, dashboard: /,
  ],
  [
    "a vault without the records",
    { recordsDatabaseUrl: ownDatabase.databaseUrl, backupVault: "true" },
    encrypted("recordsDatabaseUrl"),
    /^nango:backupVault holds the main database alone: the records one is brought/,
  ],
  [
    "Spot in a stack called production",
    { spot: "true" },
    { stack: "production" },
    /nango:spot: AWS may stop every task/,
  ],
  ["Spot in a size for production", { spot: "true", size: "medium" }, {}, /nango:spot: .*Not for production/],
  [
    "another Postgres than the one whose volume may be there",
    { target: "docker", domain: "none", hostedZone: "none", dockerPostgresImage: "postgres:18.1" },
    {},
    /dockerPostgresImage is Postgres 18: it does not start on a volume that .* such as the 16/,
  ],
  [
    "a load balancer without public addresses",
    { internal: "true" },
    {},
    /providers' webhooks cannot reach this stack.*OAuth works for people inside the network/,
  ],
  [
    "a certificate that may not cover the preset name of Connect UI",
    { hostedZone: "none", certificateArn },
    {},
    /"connect\.nango\.example\.com".*\*\.example\.com alone.*connectDomain connect-nango\.example\.com/,
  ],
  [
    "accounts that nobody can open",
    { dashboardAuth: "accounts", ...mail },
    encrypted("smtpUrl"),
    /with sign-up closed: .* Set nango:allowSignup to true, sign up, and remove it again/,
  ],
  [
    "an open signup",
    { dashboardAuth: "accounts", allowSignup: "true", ...mail },
    encrypted("smtpUrl"),
    /nango:allowSignup: anyone who reaches the dashboard can open an account/,
  ],
  [
    "unverified TLS",
    { ...ownDatabase, databaseTls: "unverified" },
    encrypted("databaseUrl"),
    /databaseTls = "unverified": .* encrypted but not verified.*nango:trustedCaPem/,
  ],
  [
    "a records database that nobody writes to",
    { recordsDatabase: "dedicated" },
    {},
    /the free edition writes no records/,
  ],
  [
    "no protection",
    { allowDataLoss: "true" },
    {},
    /the databases, .* are protected against nothing: a change in this very deployment may replace them, the next one delete them/,
  ],
  [
    "a key that may change",
    { allowEncryptionKeyChange: "true" },
    {},
    /everything encrypted with the old one be lost/,
  ],
  ["a lock that is cleared", { clearMigrationLock: "true" }, {}, /clears locks of other migrations/],
  [
    "no limit of API calls",
    { apiRateLimitPerMinute: "off" },
    {},
    /apiRateLimitPerMinute = off: one caller can take all.*guesses API keys and passwords/,
  ],
  [
    "more API calls than the tasks carry",
    { size: "medium", apiRateLimitPerMinute: "40001" },
    {},
    /apiRateLimitPerMinute = 40001 is more than the 40000 calls a minute that all tasks/,
  ],
  [
    "logs of one's own for longer than one node takes",
    { ...ownLogs, logsUrl: "https://logs.example.com", logsRetentionDays: "300" },
    encrypted("logsPassword"),
    /one data node has shards for 245 days.*two nodes/,
  ],
  [
    "more virtual processors than Fargate gives a new account",
    { size: "large" },
    {},
    /replicas = 6 with nango:cpu = 1024: .* 12 virtual processors, .* 6\. See yours: aws service-quotas get-service-quota --region eu-central-1 --service-code fargate --quota-code L-3032A538$/,
  ],
  ["Docker's own range", { vpcCidr: "172.17.0.0/16" }, {}, /overlaps 172\.17\.0\.0\/16, which Docker/],
  [
    "a secret in plain text",
    ownDatabase,
    {},
    /databaseUrl is stored in plain text\. Store it encrypted: npx pulumi config set -s dev --secret/,
  ],
  [
    "a key of the provider in plain text",
    {},
    { others: { "aws:secretKey": "hunter2", "aws:token": "x" }, secretOthers: new Set(["aws:token"]) },
    /^aws:secretKey is stored in plain text\. .*: npx pulumi config set -s dev --secret aws:secretKey$/,
  ],
  [
    "Redis without TLS",
    { redisUrl: "redis://:t@redis.example.com" },
    encrypted("redisUrl"),
    /redisUrl is without TLS/,
  ],
  [
    "a store for logs without TLS",
    { ...ownLogs, logsUrl: "http://logs.example.com" },
    encrypted("logsPassword"),
    /logsUrl is plain HTTP/,
  ],
  [
    "a variable that Nango does not read",
    { environment: '{"NANGO_DB_POOL_MIM":"2"}' },
    {},
    /NANGO_DB_POOL_MIM, which Nango does not read\. Did you mean NANGO_DB_POOL_MIN\?/,
  ],
  [
    "a variable that is a secret",
    { environment: '{"DD_API_KEY":"0123456789"}' },
    {},
    /sets DD_API_KEY in plain text.*config set -s dev --secret --path nango:environment\.DD_API_KEY/,
  ],
  [
    "a region that nobody knows",
    ownDatabase,
    { ...encrypted("databaseUrl"), region: "eu-wset-1" },
    /^aws:region = "eu-wset-1" is a region that this project does not know\. Did you mean eu-west-1\?$/,
  ],
  [
    "the dead TELEMETRY",
    { environment: '{"TELEMETRY":"false"}' },
    {},
    /TELEMETRY, which Nango does not read\. The server sends no telemetry any more: there is nothing to turn off\.$/,
  ],
  [
    "a key that is for Nango's SDK",
    { environment: '{"NANGO_SECRET_KEY":"x"}' },
    {},
    /NANGO_SECRET_KEY, which Nango does not read\. .* their keys are the outputs apiKeyProd and apiKeyDev/,
  ],
  [
    "a Redis under another product's name",
    { environment: '{"REDIS_URL":"redis://h"}' },
    {},
    /REDIS_URL, which Nango does not read\. An existing Redis is given by nango:redisUrl\.$/,
  ],
  [
    "a database under another product's name",
    { environment: '{"DATABASE_URL":"postgres://h"}' },
    {},
    /DATABASE_URL, which .* nango:databaseUrl\.$/,
  ],
  [
    "the callback of Nango's own chart",
    { environment: '{"NANGO_CALLBACK_URL":"https://h"}' },
    {},
    /NANGO_CALLBACK_URL, which .* follows from nango:domain/,
  ],
  [
    "a misspelt variable that has a setting of its own",
    { environment: '{"SMTP_FORM":"a@example.com"}' },
    {},
    /SMTP_FORM, which .* Did you mean SMTP_FROM\? That one is set by nango:smtpFrom\.$/,
  ],
  [
    "a variable that is like no other",
    { environment: '{"SENTRY_DSN":"x"}' },
    {},
    /sets SENTRY_DSN, which Nango does not read\.$/,
  ],
  ...["https_proxy", "HTTP_PROXY"].map((name): [string, Texts, Surroundings, RegExp] => [
    `${name}, which hardly anything goes through`,
    { environment: `{"${name}":"http://proxy.example.com:3128"}` },
    {},
    new RegExp(`sets ${name}, which does not carry Nango's requests to OAuth providers`),
  ]),
  [
    "NO_PROXY, which hardly anything looks at",
    { environment: '{"NO_PROXY":"10.0.0.0/8"}' },
    {},
    /NO_PROXY, which is not looked at by most/,
  ],
])("%s is said aloud, and nothing else", (_, values, surroundings, message) => {
  expect(parse(values, surroundings).warnings).toEqual([expect.stringMatching(message)]);
});

test("a vault without the main database is said aloud", () => {
  const records = { ...ownDatabase, recordsDatabase: "dedicated" };
  const message = /^nango:backupVault holds the records database alone: the main one is brought/;
  const warned = (values: Texts) => parse(values, encrypted("databaseUrl")).warnings;
  expect(warned({ ...records, backupVault: "true" })).toContainEqual(expect.stringMatching(message));
  expect(warned(records)).not.toContainEqual(expect.stringMatching(message));
});

test("plain HTTP is said aloud", () => {
  const { warnings } = parseTexts({ insecureHttp: "true" });
  expect(warnings).toEqual([
    expect.stringMatching(/served over plain HTTP.*Never put real credentials.*Connect UI is not part of it/),
  ]);
});

test.each<[string, Texts, Surroundings]>([
  ["the least configuration", {}, {}],
  ["a configuration for production", { size: "medium", logs: "opensearch" }, { stack: "production" }],
  ["as many API calls as the tasks carry", { apiRateLimitPerMinute: "5000" }, {}],
  ["Spot where nobody relies on it", { spot: "true" }, {}],
  ["an encrypted secret", ownDatabase, encrypted("databaseUrl")],
  ["a secret left to be generated", { encryptionKey: "generated", databaseUrl: "none" }, {}],
  [
    "a certificate for two given names",
    { hostedZone: "none", certificateArn, connectDomain: "connect-nango.example.com" },
    {},
  ],
  [
    "a certificate for a domain whose wildcard covers Connect UI",
    { hostedZone: "none", certificateArn, domain: "example.com" },
    {},
  ],
  [
    "a variable that Nango reads",
    { environment: '{"LOG_LEVEL":"debug","NANGO_FEATURE_FLAG_MFA":"true"}' },
    {},
  ],
])("%s is not worth a warning", (_, values, surroundings) => {
  expect(parse(values, surroundings).warnings).toEqual([]);
});

test("accounts with mail over HTTP leave none there", () => {
  const environment = '{"EMAIL_HTTP_URL":"https://api.example.com/mail","EMAIL_HTTP_BODY":"{}"}';
  const { warnings } = parse({ dashboardAuth: "accounts", environment, smtpFrom: "nango@example.com" });
  expect(warnings.join()).not.toMatch(/verification/);
});

test("accounts without mail leave their links in the log", () => {
  expect(parse({ dashboardAuth: "accounts" }).warnings).toContainEqual(
    expect.stringMatching(/without nango:smtpUrl: verification .* server's log/),
  );
});

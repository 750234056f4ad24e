import { expect, test } from "vitest";
import { awsConfig } from "../given.ts";
import { bring } from "./samples.ts";

test("secrets are concealed one by one", () => {
  const prodKey = "8a6e0804-2bd0-4672-b79d-d97027f9071a";
  const key = Buffer.alloc(32, 1).toString("base64");
  const config = awsConfig(
    {
      encryptionKey: key,
      dashboardPassword: "long-enough-word",
      apiKeyProd: prodKey,
      smtpUrl: "smtps://u:p@smtp.example.com",
      smtpFrom: "nango@example.com",
      redisUrl: "rediss://:t@redis.example.com",
      recordsDatabaseUrl: bring.databaseUrl,
      logs: "external",
      logsProvider: "opensearch",
      logsUrl: "https://logs.example.com",
      logsUser: "nango",
      logsPassword: "s3cret",
      environment: '{"MY_TOKEN":"hunter2"}',
    },
    { secretKeys: new Set(["environment"]) },
  );
  expect(config.secrets).toEqual({
    encryptionKey: { concealed: key },
    dashboardPassword: { concealed: "long-enough-word" },
    apiKeys: { prod: { concealed: prodKey }, dev: undefined },
  });
  expect(config.email?.smtpUrl).toEqual({ concealed: "smtps://u:p@smtp.example.com" });
  expect(config.redis).toEqual({ kind: "external", url: { concealed: "rediss://:t@redis.example.com" } });
  expect(config.recordsDatabase).toMatchObject({ url: { concealed: expect.stringContaining("p%40ss") } });
  expect(config.logs).toMatchObject({ user: "nango", password: { concealed: "s3cret" } });
  expect(config.environment).toEqual({ plain: {}, secret: { MY_TOKEN: { concealed: "hunter2" } } });
});

test("an environment in plain text stays readable", () => {
  expect(awsConfig({ environment: '{"LOG_LEVEL":"debug"}' }).environment).toEqual({
    plain: { LOG_LEVEL: "debug" },
    secret: {},
  });
});

test.each([
  ["DD_API_KEY", "0123456789"],
  ["NANGO_SECRET_KEY_STAGING", "8a6e0804-2bd0-4672-b79d-d97027f9071a"],
  ["NANGO_CUSTOMER_REDIS_AUTH", "word"],
  ["HTTPS_PROXY", "http://user:word@proxy.example.com:3128"],
])("%s is a secret even where the stack file has it in plain text", (name, value) => {
  const { environment } = awsConfig({ environment: JSON.stringify({ LOG_LEVEL: "debug", [name]: value }) });
  expect(environment).toEqual({ plain: { LOG_LEVEL: "debug" }, secret: { [name]: { concealed: value } } });
});

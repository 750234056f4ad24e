import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumiAws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ECS } from "@aws-sdk/client-ecs";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awsClientOptions } from "../../../infra/aws/deploying/client-options.ts";
import type { AwsProviderConfig } from "../../../infra/aws/deploying/provider-config.ts";
import { type StubbedAws, startStubbedAws } from "../../stubbed-aws.ts";

let aws: StubbedAws;
let folder: string;

beforeEach(async () => {
  aws = await startStubbedAws({ container: "any", tasks: [] });
  folder = mkdtempSync(join(tmpdir(), "client-options-"));
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...endpoints } = aws.environment;
  const profiles = file("credentials", profile("default", "AKIADEFAULT") + profile("staging", "AKIASTAGING"));
  const files = { AWS_SHARED_CREDENTIALS_FILE: profiles, AWS_CONFIG_FILE: file("config", "") };
  stubEnvironment({ ...endpoints, ...files });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await aws.close();
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function profile(name: string, accessKey: string): string {
  return `[${name}]\naws_access_key_id = ${accessKey}\naws_secret_access_key = secret\n`;
}

function stubEnvironment(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

const keys = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "secret" };

/** Makes a call with the provider's configuration; returns as whom ECS was called. */
async function callerOf(provider: AwsProviderConfig): Promise<string | undefined> {
  const ecs = new ECS(await awsClientOptions({ region: "eu-central-1", ...provider }, "ecs"));
  await ecs.listTasks({ family: "any", desiredStatus: "RUNNING" });
  ecs.destroy();
  return aws.calls.at(-1)?.accessKeyId;
}

test("the provider's own keys come before everything else", async () => {
  stubEnvironment(keys);
  expect(await callerOf({ accessKey: "AKIAOWN", secretKey: "secret", token: "token" })).toBe("AKIAOWN");
});

test("the provider's profile comes before the keys of the environment", async () => {
  stubEnvironment(keys);
  expect(await callerOf({ profile: "staging" })).toBe("AKIASTAGING");
});

test("keys of the environment come before AWS_PROFILE, as they do for the provider", async () => {
  stubEnvironment({ ...keys, AWS_PROFILE: "staging" });
  expect(await callerOf({})).toBe("AKIAENVIRONMENT");
});

test("a web identity of the environment comes before the default profile, as it does for the provider", async () => {
  const role = "arn:aws:iam::123456789012:role/pipeline";
  stubEnvironment({ AWS_WEB_IDENTITY_TOKEN_FILE: file("token", "token"), AWS_ROLE_ARN: role });
  expect(await callerOf({})).toBe("ASIA-pipeline");
});

test("AWS_PROFILE comes before the default profile", async () => {
  expect(await callerOf({})).toBe("AKIADEFAULT");
  stubEnvironment({ AWS_PROFILE: "staging" });
  expect(await callerOf({})).toBe("AKIASTAGING");
});

test("a profile is looked up in the files that the provider names", async () => {
  const sharedCredentialsFiles = [file("other", profile("staging", "AKIAOTHER"))];
  expect(await callerOf({ profile: "staging", sharedCredentialsFiles })).toBe("AKIAOTHER");
});

test("several files are refused, for a task could run as somebody else", async () => {
  const sharedConfigFiles = ["/a", "/b"];
  await expect(awsClientOptions({ sharedConfigFiles }, "ecs")).rejects.toThrow(
    "aws:sharedConfigFiles names 2 files (/a, /b)",
  );
});

test("roles are assumed one with the credentials of the other, with all that their trust may ask for", async () => {
  stubEnvironment(keys);
  const first = {
    roleArn: "arn:aws:iam::1:role/first",
    sessionName: "pulumi",
    externalId: "external",
    sourceIdentity: "ana",
    policy: "{}",
    policyArns: ["arn:aws:iam::1:policy/p"],
    tags: { team: "platform" },
    transitiveTagKeys: ["team"],
  };
  const caller = await callerOf({ assumeRoles: [first, { roleArn: "arn:aws:iam::2:role/second" }] });
  expect(caller).toBe("ASIA-second");
  expect(aws.calls.map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
    ["AssumeRole", "AKIAENVIRONMENT"],
    ["AssumeRole", "ASIA-first"],
    ["ListTasks", "ASIA-second"],
  ]);
  expect(aws.calls[0]?.input).toMatchObject({
    RoleArn: first.roleArn,
    RoleSessionName: "pulumi",
    ExternalId: "external",
    SourceIdentity: "ana",
    Policy: "{}",
    "PolicyArns.member.1.arn": "arn:aws:iam::1:policy/p",
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "platform",
    "TransitiveTagKeys.member.1": "team",
  });
});

test.each([
  ["itself", () => ({ webIdentityToken: "token" })],
  ["a file", () => ({ webIdentityTokenFile: file("token", "token") })],
])("a web identity whose token is in %s is assumed, with its session", async (_, token) => {
  const session = { sessionName: "run-1", policy: "{}", policyArns: ["arn:aws:iam::1:policy/p"] };
  const role = { roleArn: "arn:aws:iam::1:role/pipeline", ...session, ...token() };
  expect(await callerOf({ assumeRoleWithWebIdentity: role })).toBe("ASIA-pipeline");
  expect(aws.calls[0]?.input).toMatchObject({
    WebIdentityToken: "token",
    RoleSessionName: "run-1",
    Policy: "{}",
    "PolicyArns.member.1.arn": "arn:aws:iam::1:policy/p",
  });
});

test("endpoints of the provider are used, under each of their names", async () => {
  const elsewhere = await startStubbedAws({ container: "any", tasks: [] });
  stubEnvironment(keys);
  const { url } = elsewhere;
  const role = { roleArn: "arn:aws:iam::1:role/first" };
  await callerOf({ endpoints: [{ ecs: url }, { sts: url }], assumeRoles: [role] });
  for (const name of ["logs", "cloudwatchlogs", "cloudwatchlog"]) {
    const provider = { region: "eu-central-1", endpoints: [{ [name]: url }] };
    const logs = new CloudWatchLogs(await awsClientOptions(provider, "logs"));
    await expect(logs.getLogEvents({ logStreamName: "any" })).rejects.toThrow("log stream does not exist");
    logs.destroy();
  }
  await elsewhere.close();
  expect(aws.calls).toEqual([]);
  expect(elsewhere.calls.map(({ operation }) => operation)).toEqual([
    "AssumeRole",
    "ListTasks",
    "GetLogEvents",
    "GetLogEvents",
    "GetLogEvents",
  ]);
});

test("FIPS and dual-stack endpoints are asked for as the provider does", async () => {
  const provider = { useDualstackEndpoint: true, useFipsEndpoint: true, accessKey: "a", secretKey: "b" };
  expect(await awsClientOptions(provider, "ecs")).toMatchObject({
    useDualstackEndpoint: true,
    useFipsEndpoint: true,
  });
});

test("the SDK does not announce the end of Node 20 at every deployment", async () => {
  const emitWarning = vi.spyOn(process, "emitWarning");
  await callerOf({ accessKey: "a", secretKey: "b" });
  expect(process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"]).toBe("true");
  expect(emitWarning).not.toHaveBeenCalled();
});

test("the stack's own configuration of the provider is followed", async () => {
  const assumeRoles = [{ roleArn: "arn:aws:iam::1:role/first", tags: { team: "platform" } }];
  pulumi.runtime.setAllConfig({
    "aws:profile": "staging",
    "aws:region": "eu-central-1",
    "aws:assumeRoles": JSON.stringify(assumeRoles),
  });
  const ecs = new ECS(await awsClientOptions(pulumiAws.config, "ecs"));
  await ecs.listTasks({ family: "any", desiredStatus: "RUNNING" });
  ecs.destroy();
  pulumi.runtime.setAllConfig({});
  expect(aws.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIASTAGING", "ASIA-first"]);
  expect(aws.calls[0]?.input).toMatchObject({ "Tags.member.1.Value": "platform" });
});

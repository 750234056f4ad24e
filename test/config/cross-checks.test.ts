import { describe, expect, test } from "vitest";
import { leastTexts, parseTexts, problems, problemsOf, type Surroundings, type Texts } from "./given.ts";

const subnets = (...digits: string[]) => JSON.stringify(digits.map((digit) => `subnet-0000000${digit}`));
const certificate = (region: string) =>
  `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`;
const ownVpc = {
  vpcId: "vpc-01234567",
  publicSubnetIds: subnets("1", "2"),
  privateSubnetIds: subnets("3", "4"),
};
const apiKey = "8a6e0804-2bd0-4672-b79d-d97027f9071a";
const plainHttp = { insecureHttp: "true" };

/** A combination that is refused with one message, and the nearest one that is legal. */
interface Case {
  readonly refused: Texts;
  readonly message: RegExp;
  readonly mended: Texts;
  readonly surroundings?: Surroundings;
}

/** Each case changes the least configuration, which has a domain and a hosted zone. */
const cases: Record<string, Case> = {
  "a domain in another zone": {
    refused: { hostedZone: "example.org" },
    message: /"nango\.example\.com" is not in the hosted zone "example\.org" \(nango:hostedZone\)/,
    mended: { hostedZone: "Z0123456789ABCDEFGHIJ" },
  },
  "a domain that only ends like the zone": {
    refused: { domain: "nango.myexample.com", connectDomain: "connect.example.com" },
    message: /"nango\.myexample\.com" is not in the hosted zone "example\.com"/,
    mended: { hostedZone: "example.com." },
  },
  "a Connect UI on the API's host": {
    refused: { connectDomain: "nango.example.com" },
    message: /is nango:domain itself.*\n.*nango:connectDomain connect\.nango\.example\.com/s,
    mended: { connectDomain: "connect.example.com" },
  },
  "a derived Connect UI host that no certificate can name": {
    refused: { domain: `${"n".repeat(50)}.example.com` },
    message: /has more than the 64 characters that a certificate's name may have/,
    mended: { domain: `${"n".repeat(50)}.example.com`, connectDomain: "connect.example.com" },
  },
  "plain HTTP although there is a domain": {
    refused: plainHttp,
    message: /insecureHttp has no effect: nango:domain gives HTTPS/,
    mended: {},
  },
  "a certificate of another region": {
    refused: { certificateArn: certificate("us-east-1") },
    message: /is a certificate in us-east-1, but the load balancer is in eu-central-1 \(aws:region\)/,
    mended: { certificateArn: certificate("eu-central-1") },
  },
  "a topic of another region": {
    refused: { alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:oncall" },
    message: /is a topic in us-east-1, but the alarms are in eu-central-1 \(aws:region\)/,
    mended: { alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:oncall" },
  },
  "alarms that nobody is told of": {
    refused: { alarms: "all" },
    message: /alarms has no effect: nobody is told of alarms\.\nGive nango:alarmEmail or nango:alarmTopicArn/,
    mended: { alarms: "all", alarmEmail: "oncall@example.com" },
  },
  "one availability zone": {
    refused: { availabilityZones: "1" },
    message:
      /availabilityZones = 1, but a load balancer and a database's subnet group need two zones\.\nSet 2 or 3/,
    mended: { availabilityZones: "2" },
  },
  "one availability zone for a standby": {
    refused: { availabilityZones: "1", databaseMultiAz: "true" },
    message: /need two zones, and so does nango:databaseMultiAz/,
    mended: { availabilityZones: "3", databaseMultiAz: "true" },
  },
  "subnets without their VPC": {
    refused: { privateSubnetIds: subnets("3", "4") },
    message: /privateSubnetIds has no effect without nango:vpcId\.\nGive nango:vpcId, or remove it/,
    mended: ownVpc,
  },
  "tasks in the subnets of the load balancer": {
    refused: { ...ownVpc, privateSubnetIds: subnets("2", "3") },
    message: /share a subnet, but one that leads to an internet gateway has no way out for tasks/,
    mended: { ...ownVpc, privateSubnetIds: subnets("2", "3"), internal: "true" },
  },
  "a VPC with one subnet for the load balancer": {
    refused: { ...ownVpc, publicSubnetIds: subnets("1") },
    message: /publicSubnetIds with at least two subnets, in two zones, for the load balancer; there is 1\./,
    mended: ownVpc,
  },
  "a VPC without subnets for the database": {
    refused: { ...ownVpc, privateSubnetIds: "[]" },
    message: /databaseSubnetIds \(or nango:privateSubnetIds\) with at least two subnets.*; there are 0\./,
    mended: { ...ownVpc, privateSubnetIds: "[]", databaseSubnetIds: subnets("5", "6") },
  },
  "a subnet named twice": {
    refused: { ...ownVpc, publicSubnetIds: subnets("1", "1") },
    message: /publicSubnetIds names a subnet twice/,
    mended: ownVpc,
  },
  "a NAT gateway in a VPC of one's own": {
    refused: { ...ownVpc, nat: "single" },
    message: /nat has no effect: how the subnets of nango:vpcId reach the internet is that VPC's affair/,
    mended: ownVpc,
  },
  "a number of zones in a VPC of one's own": {
    refused: { ...ownVpc, availabilityZones: "2" },
    message: /availabilityZones has no effect: the subnets of nango:vpcId decide/,
    mended: ownVpc,
  },
  "a VPC too small to carve": {
    refused: { vpcCidr: "10.0.0.0/24" },
    message: /vpcCidr = "10\.0\.0\.0\/24" is too small.*\nLegal: an IPv4 range from \/16 to \/23/s,
    mended: { vpcCidr: "10.0.0.0/23" },
  },
  "a VPC larger than AWS allows": {
    refused: { vpcCidr: "10.0.0.0/8" },
    message: /vpcCidr = "10\.0\.0\.0\/8" is larger than \/16/,
    mended: { vpcCidr: "10.0.0.0/16" },
  },
  "nobody who may reach Nango": {
    refused: { allowedCidrs: "[]" },
    message: /allowedCidrs is empty, so nobody could reach Nango/,
    mended: { allowedCidrs: '["203.0.113.7/32"]' },
  },
  "ranges that overlap": {
    refused: { allowedCidrs: '["10.0.0.0/8","192.0.2.0/24","10.1.0.0/16"]' },
    message: /allowedCidrs holds 10\.0\.0\.0\/8 and 10\.1\.0\.0\/16, which overlap\.\nKeep the larger one/,
    mended: { allowedCidrs: '["10.0.0.0/8","192.0.2.0/24"]' },
  },
  "the same range twice": {
    refused: { allowedCidrs: '["10.0.0.0/8","10.0.0.0/8"]' },
    message: /allowedCidrs holds 10\.0\.0\.0\/8 twice\.\nKeep one of them/,
    mended: { allowedCidrs: '["10.0.0.0/8"]' },
  },
  "memory that does not go with the CPU": {
    refused: { cpu: "512", memory: "8192" },
    message:
      /cpu = 512 and nango:memory = 8192 do not go together: with 512 CPU units Fargate offers 1024 to 4096[^]* nango:memory 4096\nOr another CPU in .* nango:cpu 1024$/,
    mended: { cpu: "512", memory: "4096" },
  },
  "CPU that does not go with the memory": {
    refused: { cpu: "4096", memory: "2048" },
    message:
      /cpu = 4096 and nango:memory = 2048 do not go together[^]* nango:memory 8192\nOr another CPU in .* nango:cpu 1024$/,
    mended: { cpu: "4096" },
  },
  "a password that accounts do not use": {
    refused: { dashboardAuth: "accounts", dashboardPassword: "long-enough-word" },
    message: /dashboardPassword has no effect while nango:dashboardAuth = "accounts"/,
    mended: { dashboardAuth: "accounts" },
  },
  "an API key that accounts do not use": {
    refused: { dashboardAuth: "accounts", apiKeyDev: apiKey },
    message: /apiKeyDev has no effect while nango:dashboardAuth = "accounts"/,
    mended: { dashboardAuth: "accounts" },
  },
  "one API key for two environments": {
    refused: { apiKeyProd: apiKey, apiKeyDev: apiKey },
    message: /apiKeyProd and nango:apiKeyDev are the same key/,
    mended: { apiKeyProd: apiKey, apiKeyDev: apiKey.replace("8", "9") },
  },
  "an API key under the name of its variable": {
    refused: { environment: `{"NANGO_SECRET_KEY_PROD":"${apiKey}"}` },
    message: /may not set NANGO_SECRET_KEY_PROD: it is set by nango:apiKeyProd/,
    mended: { apiKeyProd: apiKey },
  },
  "an API key of another environment that Nango does not take": {
    refused: { environment: '{"NANGO_SECRET_KEY_STAGING":"not-a-uuid"}' },
    message: /sets NANGO_SECRET_KEY_STAGING = \(secret\), which is not a UUID of version 4/,
    mended: { environment: `{"NANGO_SECRET_KEY_STAGING":"${apiKey}"}` },
  },
  "an open signup without accounts": {
    refused: { allowSignup: "true" },
    message: /allowSignup has no effect while nango:dashboardAuth = "basic"/,
    mended: { allowSignup: "true", dashboardAuth: "accounts" },
  },
  "a sender without a mail server": {
    refused: { smtpFrom: "nango@example.com" },
    message: /smtpFrom has no effect without nango:smtpUrl/,
    mended: { smtpFrom: "nango@example.com", smtpUrl: "smtps://u:p@smtp.example.com" },
  },
  "mail without a sender": {
    refused: { smtpUrl: "smtps://u:p@smtp.example.com" },
    message:
      /smtpUrl is given, but nango:smtpFrom is not: .*noreply@email\.nango\.dev.*npx pulumi config set -s dev nango:smtpFrom 'Nango <nango@example\.com>'/s,
    mended: { smtpFrom: "nango@example.com", smtpUrl: "smtps://u:p@smtp.example.com" },
  },
  "mail of another kind without a sender": {
    refused: { environment: '{"MAILGUN_API_KEY":"key"}' },
    message: /environment says how mail is sent, but nango:smtpFrom is not/,
    mended: { environment: '{"MAILGUN_API_KEY":"key"}', smtpFrom: "nango@example.com" },
  },
  "an environment variable that this project owns": {
    refused: { environment: '{"NANGO_ENCRYPTION_KEY":"x"}' },
    message:
      /may not set NANGO_ENCRYPTION_KEY: it is set by nango:encryptionKey\.\nRemove it from stacks\/Pulumi\.dev\.yaml, or: npx pulumi config rm -s dev --path/,
    mended: { environment: '{"LOG_LEVEL":"debug"}' },
  },
  "an environment variable that breaks the dashboard's authentication": {
    refused: { environment: '{"CI":"true"}' },
    message: /may not set CI: it replaces the dashboard's authentication/,
    mended: { environment: '{"CIRCUS":"true"}' },
  },
  "an environment variable of another type": {
    refused: { environment: '{"NANGO_WEBHOOK_TIMEOUT_MS":"many"}' },
    message: /sets NANGO_WEBHOOK_TIMEOUT_MS = "many", which must be a number/,
    mended: { environment: '{"NANGO_WEBHOOK_TIMEOUT_MS":"500"}' },
  },
  "an environment variable of another type, encrypted": {
    refused: { environment: '{"NANGO_WEBHOOK_TIMEOUT_MS":"many"}' },
    surroundings: { secretKeys: new Set(["environment"]) },
    message: /sets NANGO_WEBHOOK_TIMEOUT_MS = \(secret\), which must be a number/,
    mended: { environment: '{"NANGO_WEBHOOK_TIMEOUT_MS":"500"}' },
  },
  "an empty environment variable": {
    refused: { environment: '{"LOG_LEVEL":""}' },
    message: /sets LOG_LEVEL = "", which is empty; leave it out instead/,
    mended: { environment: "{}" },
  },
  "a name that no environment variable can have": {
    refused: { environment: '{"1 A":"x"}' },
    message: /holds "1 A", which is not the name of an environment variable\.\nLegal: letters, digits and _/,
    mended: { environment: '{"_1A":"x"}' },
  },
};

describe.each(Object.entries(cases))("%s", (_, { refused, message, mended, surroundings }) => {
  test("is refused with one message that says the way out", () => {
    const found = problems(refused, surroundings);
    expect(found).toEqual([expect.stringMatching(message)]);
  });
  test("is legal once mended", () => {
    expect(problems(mended, surroundings)).toEqual([]);
  });
});

describe("without a domain", () => {
  test("plain HTTP must be asked for", () => {
    const [problem] = problemsOf(() => parseTexts({}));
    expect(problem).toMatch(/nango:domain is not set, so there would be no HTTPS\./);
    expect(problem).toContain("npx pulumi config set -s dev nango:insecureHttp true");
    expect(problemsOf(() => parseTexts(plainHttp))).toEqual([]);
  });

  test.each([
    ["hostedZone", "example.com"],
    ["certificateArn", certificate("eu-central-1")],
    ["connectDomain", "connect.example.com"],
  ])("%s has no effect, and is refused", (key, value) => {
    expect(problemsOf(() => parseTexts({ ...plainHttp, [key]: value }))).toEqual([
      expect.stringContaining(`nango:${key} has no effect without nango:domain`),
    ]);
  });
});

test("a domain needs a zone, or a certificate where DNS is elsewhere", () => {
  const { domain } = leastTexts as { domain: string };
  expect(problemsOf(() => parseTexts({ domain }))).toEqual([
    expect.stringMatching(/has neither a hosted zone to validate a certificate in nor a certificate/),
  ]);
  const certificateArn = certificate("eu-central-1");
  expect(problemsOf(() => parseTexts({ domain, certificateArn }))).toEqual([]);
});

test.each([
  [
    undefined,
    /^aws:region is not set\.\nFor example in stacks\/Pulumi\.dev\.yaml: `aws:region: eu-central-1`, or: npx pulumi config set -s dev aws:region eu-central-1$/,
  ],
  ["", /^aws:region = "" names no region/],
  ["eu-central-1a", /^aws:region = "eu-central-1a" names no region/],
  ["(", /^aws:region = "\(" names no region/],
])("region %j is the one thing to mend", (region, message) => {
  expect(problems({}, { region })).toEqual([expect.stringMatching(message)]);
});

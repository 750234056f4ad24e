import path from "node:path";
import { parseConfiguration } from "../../infra/config/parse.ts";
import type { AwsConfig } from "../../infra/config/stack-config.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";
import { readProject, readStackConfiguration } from "../../project/project.ts";
import type { Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";

/** What a stack may look like: options of a rehearsal, by name. */
export const topologies = {
  dev: { stack: "dev" },
  production: { stack: "production" },
  search: { stack: "search" },
  "plain HTTP": {
    stack: "dev",
    set: { domain: "none", hostedZone: "none", insecureHttp: "true", allowedCidrs: '["203.0.113.7/32"]' },
  },
  "existing VPC": {
    stack: "dev",
    set: {
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
      privateSubnetIds: '["subnet-0123456789abcdef2","subnet-0123456789abcdef3"]',
      databaseSubnetIds: '["subnet-0123456789abcdef4","subnet-0123456789abcdef5"]',
    },
  },
  "existing VPC and database": {
    stack: "dev",
    set: {
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
    },
    secrets: { databaseUrl: "postgresql://nango:s%40cret-one@db.example.com:5432/nango" },
  },
  internal: { stack: "dev", set: { internal: "true", schedule: "mon-fri 08:00-19:00 Europe/Berlin" } },
  "existing databases": {
    stack: "dev",
    secrets: {
      databaseUrl: "postgresql://nango:s%40cret-one@db.example.com:5432/nango",
      recordsDatabaseUrl: "postgresql://nango:s%40cret-two@records.example.com:5432/nango",
    },
  },
  "search and records": {
    stack: "dev",
    set: { size: "medium", logs: "opensearch", recordsDatabase: "dedicated" },
  },
  "large, internal, on Spot": {
    stack: "dev",
    set: {
      "aws:profile": "acme",
      size: "large",
      logs: "opensearch",
      internal: "true",
      spot: "true",
      executeCommand: "true",
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
      alarmEmail: "oncall@example.com",
      alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:oncall",
      alarms: "all",
    },
  },
  accounts: {
    stack: "dev",
    set: { dashboardAuth: "accounts", smtpFrom: "Nango <nango@example.com>" },
    secrets: { smtpUrl: "smtps://user:mail-password@smtp.example.com:465" },
  },
  "everything given": {
    stack: "dev",
    set: {
      hostedZone: "none",
      certificateArn:
        "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
      logs: "external",
      logsProvider: "elasticsearch",
      logsUrl: "https://logs.example.com:9243",
      logsUser: "nango",
      maxReplicas: "2",
    },
    secrets: {
      encryptionKey: Buffer.alloc(32, 7).toString("base64"),
      dashboardPassword: "given-password-of-the-dashboard",
      apiKeyProd: "8a6e0804-2bd0-4672-b79d-d97027f9071a",
      apiKeyDev: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
      logsPassword: "given-password-of-the-logs",
      redisUrl: "rediss://:given-token-of-redis@redis.example.com:6379",
      environment: '{"NANGO_FEATURE_FLAG_MFA":"true","DD_API_KEY":"given-key-in-the-environment"}',
    },
  },
} satisfies Record<string, RehearseOptions>;

export type Topology = keyof typeof topologies;

export const topologyNames = Object.keys(topologies) as Topology[];

/** The rehearsed first deployment of a topology. */
export function deployed(topology: Topology, mode: "preview" | "update" = "update"): Promise<Rehearsal> {
  return rehearse({ ...topologies[topology], mode });
}

const project = readProject(path.resolve(import.meta.dirname, "../.."));

/** What the program reads of a topology's configuration, with its secrets bare. */
export function configOf(topology: Topology): AwsConfig<string> {
  const { stack, set = {}, secrets = {} }: RehearseOptions = topologies[topology];
  const stackValues = readStackConfiguration(project, stack);
  const { values, secretKeys } = configurationOf(project, stack, stackValues, { set, secrets });
  const own = (key: string) => (key.startsWith("nango:") ? [key.slice("nango:".length)] : []);
  const { config } = parseConfiguration(
    {
      stack,
      region: values["aws:region"],
      values: Object.fromEntries(
        Object.entries(values).flatMap(([key, value]) => own(key).map((name) => [name, value])),
      ),
      secretKeys: new Set(secretKeys.flatMap(own)),
    },
    (text) => text,
  );
  if (config.target !== "aws") throw new Error(`the stack ${stack} is for ${config.target}`);
  return config;
}

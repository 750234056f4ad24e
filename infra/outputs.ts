import type * as pulumi from "@pulumi/pulumi";
import type { Target } from "./config/settings/setting.ts";

/** What an output is. */
interface Description {
  /** @default both */
  readonly target?: Target;
  /** What it holds, or what the command does. */
  readonly what: string;
  /** When there is none. */
  readonly absent?: string;
  /** It is encrypted in the state and shown as `[secret]`. @default false */
  readonly secret?: true;
}

const withAccounts = "with `nango:dashboardAuth: accounts`";

/** What can be read or entered somewhere, in the order in which it is shown. */
const values = {
  url: { what: "The origin of the API and the dashboard." },
  callbackUrl: { what: "The redirect URI to register with OAuth providers." },
  connectUrl: { what: "The origin of Connect UI.", absent: "with `nango:insecureHttp`" },
  dnsRecords: {
    target: "aws",
    what: "The records to make where the DNS of the domains is kept.",
    absent: "with `nango:hostedZone`, in which the stack makes them, and with `nango:insecureHttp`",
  },
  dashboardUser: { what: "The dashboard's user.", absent: withAccounts },
  dashboardPassword: { what: "The dashboard's password.", absent: withAccounts, secret: true },
  apiKeyProd: { what: "The API key of Nango's environment `prod`.", absent: withAccounts, secret: true },
  apiKeyDev: { what: "The API key of Nango's environment `dev`.", absent: withAccounts, secret: true },
  encryptionKeyFingerprint: { what: "Which encryption key is in use, without telling it." },
  databaseEndpoint: { target: "aws", what: "`host:port` of the main database." },
  outboundAddresses: {
    target: "aws",
    what: "The public addresses from which Nango calls APIs, for allowlists: those of the NAT gateways.",
    absent: "with `nango:nat: none`, where tasks have addresses that change, and with `nango:vpcId`",
  },
  loadBalancerName: { target: "aws", what: "The load balancer's name." },
  loadBalancerDnsName: { target: "aws", what: "The host name that AWS gave the load balancer." },
  taskSecurityGroupId: {
    target: "aws",
    what: "The security group of the tasks, to let into what Nango has to reach in a VPC of yours.",
  },
  secretArn: {
    target: "aws",
    what: "The ARN of the secret in Secrets Manager that holds everything the containers are given.",
  },
  taskDefinition: { target: "aws", what: "The ARN of the task definition that runs." },
} as const satisfies Readonly<Record<string, Description>>;

/** Commands to copy; each is named by a verb. */
const commands = {
  readPassword: { what: "Shows the dashboard's password.", absent: withAccounts },
  tailLogs: { what: "Follows what the containers print." },
  readMigrationLogs: { what: "Shows what the last migration printed." },
  openShell: { what: "Opens a shell in the server's container." },
  restart: {
    what: "Starts the server anew: on AWS new tasks, which take over from the old ones without a gap.",
  },
  openPsql: {
    target: "docker",
    what: "Opens psql on the main database, over verified TLS.",
    absent: "with a database of your own (`nango:databaseUrl`)",
  },
  readSecrets: { target: "aws", what: "Shows everything secret that the containers are given." },
} as const satisfies Readonly<Record<string, Description>>;

/** The outputs of a stack. */
export const outputValues: Readonly<Record<string, Description>> = values;
/** Those outputs of a stack that are commands. */
export const outputCommands: Readonly<Record<string, Description>> = commands;

type Outputs = typeof values & typeof commands;

/** The names of the outputs that a target has, always or at times. */
type NamesOn<On extends Target> = {
  [Name in keyof Outputs]: Outputs[Name] extends { readonly target: Exclude<Target, On> } ? never : Name;
}[keyof Outputs];

type AbsentAtTimes<Name extends keyof Outputs> = {
  [Each in Name]: Outputs[Each] extends { readonly absent: string } ? Each : never;
}[Name];

type Value = pulumi.Output<string> | string;

/** What a stack tells its user: what is absent at times may be undefined. */
export type StackOutputs<On extends Target> = {
  readonly [Name in Exclude<NamesOn<On>, AbsentAtTimes<NamesOn<On>>>]: Value;
} & { readonly [Name in AbsentAtTimes<NamesOn<On>>]?: Value | undefined };

/** Pulumi warns of an output that is undefined. */
export function withoutAbsent<All extends object>(outputs: All): All {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined)) as All;
}

/** What both targets tell of the dashboard with basic authentication. */
export function dashboardOutputs(
  user: string,
  secrets: {
    readonly dashboardPassword: pulumi.Output<string>;
    readonly apiKeys: { readonly prod: pulumi.Output<string>; readonly dev: pulumi.Output<string> };
  },
  stack: string,
) {
  return {
    dashboardUser: user,
    dashboardPassword: secrets.dashboardPassword,
    apiKeyProd: secrets.apiKeys.prod,
    apiKeyDev: secrets.apiKeys.dev,
    readPassword: `npx pulumi stack output dashboardPassword --show-secrets -s ${stack}`,
  };
}

/** The table of `docs/outputs.md`, in Markdown. */
export function outputTables(): string {
  return [...table("Values", values), "", ...table("Commands", commands), ""].join("\n");
}

function table(title: string, descriptions: Readonly<Record<string, Description>>): string[] {
  return [
    `## ${title}`,
    "",
    "| output | what it is | on | absent |",
    "| --- | --- | --- | --- |",
    ...Object.entries(descriptions).map(
      ([name, { what, target, absent, secret }]) =>
        `| \`${name}\` | ${what}${secret === true ? " **Secret.**" : ""} | ${target ?? "both"} | ${absent ?? ""} |`,
    ),
  ];
}

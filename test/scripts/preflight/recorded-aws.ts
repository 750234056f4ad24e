// What AWS answers before a deployment, where everything is in order: shapes of the SDK, values as AWS documents them.
import path from "node:path";
import { expect } from "vitest";
import { parseImage } from "../../../infra/nango/image.ts";
import { readProject } from "../../../project/project.ts";
import { awsClients, type AwsClients } from "../../../scripts/aws/clients.ts";
import { type Check, type Result, runChecks } from "../../../scripts/checks/check.ts";
import { type Permissions, permissionsIn } from "../../../scripts/permissions/stack.ts";
import { Plan } from "../../../scripts/preflight/plan.ts";
import { services } from "../../../scripts/preflight/preflight.ts";
import type { Network, Subject } from "../../../scripts/preflight/subject.ts";
import { unasked } from "../../../scripts/preflight/unasked.ts";
import type { StackState } from "../../../scripts/pulumi/state.ts";
import { deployed, type Topology, topologies } from "../../aws/topologies.ts";

export const day = 24 * 60 * 60 * 1000;
const region = "eu-central-1";
const zones = ["a", "b", "c"].map((letter) => `${region}${letter}`);
export const nameServers = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"];

/** A command's input, as loosely as a test reads it. */
export type Input = Readonly<Record<string, unknown>>;
/** An answer, the error that is thrown instead, or what depends on the input. */
export type Answer = object | Error | ((input: Input) => object);

export function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** An option of RDS. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_OrderableDBInstanceOption.html */
export const orderable = {
  Engine: "postgres",
  EngineVersion: "16.4",
  DBInstanceClass: "db.t4g.small",
  AvailabilityZones: zones.map((Name) => ({ Name })),
  MultiAZCapable: true,
  Vpc: true,
  StorageType: "gp3",
  SupportsStorageEncryption: true,
};

export const certificate = {
  CertificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  DomainName: "nango-dev.example.com",
  SubjectAlternativeNames: ["nango-dev.example.com", "*.nango-dev.example.com"],
  Status: "ISSUED",
  Type: "AMAZON_ISSUED",
  NotAfter: new Date(Date.now() + 200 * day),
};

export const zone = {
  Id: "/hostedzone/Z0123456789ABCDEFGHIJ",
  Name: "example.com.",
  Config: { PrivateZone: false },
};

/** The six subnets of the topologies with a VPC that is brought. */
export const subnets = [0, 1, 2, 3, 4, 5].map((number) => ({
  SubnetId: `subnet-0123456789abcdef${number}`,
  VpcId: "vpc-0123456789abcdef0",
  AvailabilityZone: zones[number % 2],
  AvailabilityZoneId: `euc1-az${(number % 2) + 1}`,
  AvailableIpAddressCount: 250,
}));

/** A table of routes for some of them; the main one for none. */
export const table = (numbers: readonly number[], ...routes: object[]) => ({
  Associations:
    numbers.length === 0
      ? [{ Main: true }]
      : numbers.map((number) => ({ Main: false, SubnetId: `subnet-0123456789abcdef${number}` })),
  Routes: [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" }, ...routes],
});
export const out = (target: object) => ({ DestinationCidrBlock: "0.0.0.0/0", State: "active", ...target });
const internet = out({ GatewayId: "igw-0123456789abcdef0" });
export const nat = out({ NatGatewayId: "nat-0123456789abcdef0" });

/** A rule of a network ACL. */
export const rule = (
  RuleNumber: number,
  RuleAction: "allow" | "deny",
  Egress: boolean,
  more: object = {},
) => ({
  RuleNumber,
  RuleAction,
  Egress,
  Protocol: "-1",
  CidrBlock: "0.0.0.0/0",
  ...more,
});

/** What AWS answers, by command. */
export const answers: Readonly<Record<string, Answer>> = {
  GetCallerIdentity: { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/deploy" },
  SimulatePrincipalPolicy: ({ ActionNames }) => ({
    EvaluationResults: (ActionNames as string[]).map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: "allowed",
    })),
    IsTruncated: false,
  }),
  DescribeRegions: { Regions: [{ RegionName: region, OptInStatus: "opt-in-not-required" }] },
  DescribeAvailabilityZones: {
    AvailabilityZones: zones.map((ZoneName, index) => ({ ZoneName, ZoneId: `euc1-az${index + 1}` })),
  },
  DescribeOrderableDBInstanceOptions: { OrderableDBInstanceOptions: [orderable] },
  DescribeReservedCacheNodesOfferings: {
    ReservedCacheNodesOfferings: [{ CacheNodeType: "cache.t4g.micro" }],
  },
  ListInstanceTypeDetails: ({ InstanceType }) => ({
    InstanceTypeDetails: [{ InstanceType, AvailabilityZones: zones }],
  }),
  GetServiceQuota: ({ QuotaCode }) => ({
    Quota: {
      QuotaCode,
      Value: 5,
      UsageMetric: {
        MetricNamespace: "AWS/Usage",
        MetricName: "ResourceCount",
        MetricDimensions: {
          Service: "Fargate",
          Resource: "vCPU",
          Type: "Resource",
          Class: "Standard/OnDemand",
        },
      },
    },
  }),
  GetMetricStatistics: { Datapoints: [{ Maximum: 1 }] },
  DescribeVpcs: { Vpcs: [{ VpcId: "vpc-0123456789abcdef0" }] },
  DescribeInternetGateways: { InternetGateways: [] },
  DescribeAddresses: { Addresses: [] },
  DescribeNatGateways: { NatGateways: [] },
  DescribeSecurityGroups: { SecurityGroups: [] },
  DescribeLoadBalancers: { LoadBalancers: [{ Type: "application" }, { Type: "network" }] },
  DescribeAccountAttributes: {
    AccountQuotas: [
      { AccountQuotaName: "DBInstances", Used: 1, Max: 40 },
      { AccountQuotaName: "AllocatedStorage", Used: 20, Max: 100_000 },
    ],
  },
  DescribeResourcePolicies: { resourcePolicies: [] },
  ListHostedZonesByName: { HostedZones: [zone] },
  GetHostedZone: { HostedZone: zone, DelegationSet: { NameServers: nameServers } },
  DescribeCertificate: { Certificate: certificate },
  DescribeVpcAttribute: ({ Attribute }) =>
    Attribute === "enableDnsSupport"
      ? { EnableDnsSupport: { Value: true } }
      : { EnableDnsHostnames: { Value: true } },
  DescribeSubnets: { Subnets: subnets },
  DescribeRouteTables: { RouteTables: [table([], internet), table([2, 3], nat), table([4, 5])] },
  DescribeVpcEndpoints: { VpcEndpoints: [] },
  DescribeNetworkAcls: {
    NetworkAcls: [
      {
        NetworkAclId: "acl-1",
        IsDefault: true,
        Entries: [rule(100, "allow", false), rule(100, "allow", true)],
      },
    ],
  },
  GetPolicy: { Policy: { PolicyName: "boundary" } },
  GetTopicAttributes: { Attributes: {} },
};

export const network: Network = {
  resolveNs: async (name) => {
    if (name === "example.com" || name === "com") return nameServers;
    throw Object.assign(new Error("no data"), { code: "ENODATA" });
  },
  resolveCaa: async () => {
    throw Object.assign(new Error("no data"), { code: "ENODATA" });
  },
  registry: async () => ({ kind: "found", platforms: ["linux/amd64", "linux/arm64"] }),
};

/** Every command that AWS was asked, as `ec2:DescribeVpcs`. */
export const asked: string[] = [];

const prefixes: Readonly<Record<string, string>> = {
  elasticLoadBalancing: "elasticloadbalancing",
  opensearch: "es",
  serviceQuotas: "servicequotas",
};

const realClients = awsClients({ region, accessKey: "AKIA", secretKey: "secret" }, services);

/** Clients that answer from what is recorded. */
async function recordedClients(changed: Readonly<Record<string, Answer>>): Promise<AwsClients> {
  const clients = Object.entries(await realClients).map(([service, client]) => {
    const send = async (command: Command) => {
      const name = command.constructor.name.replace(/Command$/, "");
      asked.push(`${prefixes[service] ?? service}:${name}`);
      const answer = changed[name] ?? answers[name];
      if (answer === undefined) throw new Error(`nothing is recorded for ${name}`);
      if (answer instanceof Error) throw answer;
      return typeof answer === "function" ? answer(command.input) : answer;
    };
    return [service, Object.assign(Object.create(client) as object, { send })];
  });
  return Object.fromEntries(clients) as AwsClients;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

export interface Changes extends Partial<Omit<Subject, "plan" | "aws" | "awsIn">> {
  readonly state?: StackState;
}

const project = readProject(path.resolve(import.meta.dirname, "../../.."));

const known = new Map<Topology, Permissions>();

function permissionsOf(topology: Topology, derive: () => Permissions): Permissions {
  const found = known.get(topology) ?? derive();
  known.set(topology, found);
  return found;
}

/** A stack that is going to be deployed, everything in order but for what is changed. */
export async function subject(
  topology: Topology,
  changed: Readonly<Record<string, Answer>> = {},
  { state, ...changes }: Changes = {},
): Promise<Subject> {
  const rehearsal = await deployed(topology);
  const aws = await recordedClients(changed);
  const { stack, set = {} }: { stack: string; set?: Readonly<Record<string, string>> } = topologies[topology];
  return {
    stack,
    region,
    profile: undefined,
    plan: new Plan(rehearsal, state),
    image: parseImage(`nangohq/nango-server:hosted-${"a".repeat(40)}`),
    network,
    caller: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/deploy" },
    aws,
    awsIn: async () => aws,
    askForPlan: async () => ({ accountPlanType: "PAID" }),
    permissions: permissionsOf(topology, () =>
      permissionsIn(project, { stack, set, account: "123456789012" }, rehearsal),
    ),
    ...changes,
  };
}

/** What checks say of a subject, a line for each outcome; what is not in order has a way out. */
export async function said<About>(checks: readonly Check<About>[], about: About): Promise<string[]> {
  const results: Result[] = await runChecks(checks, about, unasked);
  return results.map(({ verdict, about: what, says, remedy }) => {
    if (verdict === "bad" || verdict === "warning") expect(remedy, `the way out of ${says}`).toBeTruthy();
    return `${verdict}: ${what === undefined ? "" : `${what} `}${says}`;
  });
}

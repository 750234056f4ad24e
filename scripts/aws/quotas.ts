// How much of a thing an account may have in a region, how much it has, and what a stack takes more of it.

import type { ServiceQuota } from "@aws-sdk/client-service-quotas";
import type { Properties } from "../../project/values.ts";
import type { AwsClients } from "./clients.ts";
import { balancers, countOn, gatewaysInFullestZone } from "./counting.ts";

export const quotaServices = [
  "cloudwatch",
  "ec2",
  "elasticLoadBalancing",
  "logs",
  "rds",
  "serviceQuotas",
] as const;
type QuotaClients = Pick<AwsClients, (typeof quotaServices)[number]>;

/** A resource of a stack, planned or deployed. */
export interface CountedResource {
  readonly type: string;
  readonly inputs?: Properties | undefined;
}

export interface Usage {
  readonly used: number;
  readonly most: number;
}

export interface Quota {
  /** What is counted, in the plural. */
  readonly counts: string;
  /** The types of resources that take of it. */
  readonly takenBy: readonly string[];
  /** How much of it resources take. @default one each */
  readonly taken?: (resources: readonly CountedResource[]) => number;
  /** Whether a deployment takes it anew each time, with everything there already. @default false */
  readonly eachTime?: true;
  readonly usage: (clients: QuotaClients) => Promise<Usage>;
  /** The IAM actions that asking takes. */
  readonly permissions: readonly string[];
  /** What may be done instead of asking AWS for more. */
  readonly wayOut: (stack: string) => string;
}

const asking = ["servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"];

/** The quota of an account; AWS's own where the account has none of its own yet. */
async function quotaOf({ serviceQuotas }: QuotaClients, code: string): Promise<ServiceQuota> {
  const [ServiceCode, QuotaCode] = code.split("/");
  const asked = { ServiceCode, QuotaCode };
  try {
    const { Quota } = await serviceQuotas.getServiceQuota(asked);
    if (Quota?.Value !== undefined) return Quota;
  } catch (error) {
    if ((error as Error).name !== "NoSuchResourceException") throw error;
  }
  const { Quota: standard } = await serviceQuotas.getAWSDefaultServiceQuota(asked);
  return standard ?? {};
}

const valueOf = ({ Value }: ServiceQuota) => Value ?? Number.POSITIVE_INFINITY;

/** A quota that Service Quotas knows by a code, and of which something else says how much is used. */
function coded(
  code: string,
  used: (clients: QuotaClients) => Promise<number>,
  ...permissions: string[]
): Pick<Quota, "usage" | "permissions"> {
  return {
    permissions: [...asking, ...permissions],
    usage: async (clients) => {
      const [quota, count] = await Promise.all([quotaOf(clients, code), used(clients)]);
      return { used: count, most: valueOf(quota) };
    },
  };
}

/** Virtual processors of Fargate. AWS counts them by itself, and says in which metric. */
function fargate(code: string, provider: string): Pick<Quota, "usage" | "permissions" | "taken" | "takenBy"> {
  return {
    takenBy: [SERVICE],
    taken: (resources) => processors(resources, provider),
    permissions: [...asking, "cloudwatch:GetMetricStatistics"],
    usage: async (clients) => {
      const quota = await quotaOf(clients, `fargate/${code}`);
      return { used: await newest(clients, quota), most: valueOf(quota) };
    },
  };
}

const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";

/** What a deployment adds: as many tasks as are wanted, before the old ones stop, and before them the one-off task. */
function processors(resources: readonly CountedResource[], provider: string): number {
  const tasks = resources.filter(({ type }) => type === TASK);
  const services = resources.filter(({ type }) => type === SERVICE);
  const isOf = (task: CountedResource, service: CountedResource) =>
    String(service.inputs?.["taskDefinition"]).includes(
      `task-definition/${String(task.inputs?.["family"])}:`,
    );
  const units = (some: readonly CountedResource[]) => some.map(({ inputs }) => Number(inputs?.["cpu"] ?? 0));
  const running = services
    .filter((service) => providerOf(service) === provider)
    .map((service) => {
      const [each = 0] = units(tasks.filter((task) => isOf(task, service)));
      return Number(service.inputs?.["desiredCount"] ?? 1) * each;
    });
  const oneOff = tasks.filter((task) => !services.some((service) => isOf(task, service)));
  const first = provider === "FARGATE" ? Math.max(0, ...units(oneOff)) : 0;
  return (running.reduce((sum, one) => sum + one, 0) + first) / 1024;
}

function providerOf({ inputs }: CountedResource): string {
  const strategies = inputs?.["capacityProviderStrategies"];
  const [first] = Array.isArray(strategies) ? (strategies as { capacityProvider?: string }[]) : [];
  return first?.capacityProvider ?? "FARGATE";
}

const quarterOfAnHour = 15 * 60;

async function newest({ cloudwatch }: QuotaClients, { UsageMetric: metric }: ServiceQuota): Promise<number> {
  if (metric?.MetricNamespace === undefined || metric.MetricName === undefined) return 0;
  const now = Date.now();
  const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
    Namespace: metric.MetricNamespace,
    MetricName: metric.MetricName,
    Dimensions: Object.entries(metric.MetricDimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    StartTime: new Date(now - quarterOfAnHour * 1000),
    EndTime: new Date(now),
    Period: quarterOfAnHour,
    Statistics: ["Maximum"],
  });
  return Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
}

/** RDS tells its quotas and what is used of them itself. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html */
function ofRds(name: string): Pick<Quota, "usage" | "permissions"> {
  return {
    permissions: ["rds:DescribeAccountAttributes"],
    usage: async ({ rds }) => {
      const { AccountQuotas = [] } = await rds.describeAccountAttributes({});
      const { Used = 0, Max = Number.POSITIVE_INFINITY } =
        AccountQuotas.find(({ AccountQuotaName }) => AccountQuotaName === name) ?? {};
      return { used: Used, most: Max };
    },
  };
}

const set = (stack: string, key: string, value: string) =>
  `npx pulumi config set -s ${stack} nango:${key} ${value}`;
const clear = () => "delete what nobody uses";

/**
 * The quotas that deployments meet. The codes are those of the Service Quotas console.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html#service-quotas-fargate
 */
export const quotas: readonly Quota[] = [
  {
    counts: "virtual processors of Fargate",
    eachTime: true,
    ...fargate("L-3032A538", "FARGATE"),
    wayOut: () => "take a smaller nango:cpu or nango:replicas",
  },
  {
    counts: "virtual processors of Fargate Spot",
    eachTime: true,
    ...fargate("L-36FBB829", "FARGATE_SPOT"),
    wayOut: (stack) => set(stack, "spot", "false"),
  },
  {
    counts: "VPCs",
    takenBy: ["aws:ec2/vpc:Vpc"],
    ...coded(
      "vpc/L-F678F1CE",
      ({ ec2 }) =>
        countOn(
          (token) => ec2.describeVpcs(token),
          ({ Vpcs = [] }) => Vpcs.length,
        ),
      "ec2:DescribeVpcs",
    ),
    wayOut: () => "use a VPC of yours: nango:vpcId",
  },
  {
    counts: "internet gateways",
    takenBy: ["aws:ec2/internetGateway:InternetGateway"],
    ...coded(
      "vpc/L-A4707A72",
      ({ ec2 }) =>
        countOn(
          (token) => ec2.describeInternetGateways(token),
          ({ InternetGateways = [] }) => InternetGateways.length,
        ),
      "ec2:DescribeInternetGateways",
    ),
    wayOut: () => "use a VPC of yours: nango:vpcId",
  },
  {
    counts: "elastic IP addresses",
    takenBy: ["aws:ec2/eip:Eip"],
    ...coded(
      "ec2/L-0263D0A3",
      async ({ ec2 }) => (await ec2.describeAddresses({})).Addresses?.length ?? 0,
      "ec2:DescribeAddresses",
    ),
    wayOut: (stack) => set(stack, "nat", "single"),
  },
  {
    counts: "NAT gateways in one zone",
    takenBy: ["aws:ec2/natGateway:NatGateway"],
    // One in each zone.
    taken: (gateways) => Math.min(1, gateways.length),
    ...coded("vpc/L-FE5A380F", gatewaysInFullestZone, "ec2:DescribeNatGateways", "ec2:DescribeSubnets"),
    wayOut: (stack) => set(stack, "nat", "none"),
  },
  {
    counts: "security groups",
    takenBy: ["aws:ec2/securityGroup:SecurityGroup"],
    ...coded(
      "vpc/L-E79EC296",
      ({ ec2 }) =>
        countOn(
          (token) => ec2.describeSecurityGroups({ ...token, MaxResults: 1000 }),
          ({ SecurityGroups = [] }) => SecurityGroups.length,
        ),
      "ec2:DescribeSecurityGroups",
    ),
    wayOut: clear,
  },
  {
    counts: "application load balancers",
    takenBy: ["aws:lb/loadBalancer:LoadBalancer"],
    ...coded("elasticloadbalancing/L-53DA6B97", balancers, "elasticloadbalancing:DescribeLoadBalancers"),
    wayOut: clear,
  },
  {
    counts: "RDS instances",
    takenBy: ["aws:rds/instance:Instance"],
    ...ofRds("DBInstances"),
    wayOut: clear,
  },
  {
    counts: "GiB of RDS storage",
    takenBy: ["aws:rds/instance:Instance"],
    taken: (instances) =>
      instances.reduce((sum, { inputs }) => sum + Number(inputs?.["allocatedStorage"] ?? 0), 0),
    ...ofRds("AllocatedStorage"),
    wayOut: clear,
  },
  {
    counts: "resource policies of CloudWatch Logs",
    takenBy: ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy"],
    permissions: ["logs:DescribeResourcePolicies"],
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    usage: async ({ logs }) => ({
      used: (await logs.describeResourcePolicies({})).resourcePolicies?.length ?? 0,
      most: 10,
    }),
    wayOut: () => "delete those of domains that are gone: AWS gives no more than ten",
  },
];

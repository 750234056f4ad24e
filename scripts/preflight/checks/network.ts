import type { Subnet, Vpc } from "@aws-sdk/client-ec2";
import { awsCommand } from "../../../infra/config/aws-command.ts";
import { subnetProblems } from "../../../infra/aws/network/subnet-problems.ts";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { textsIn } from "../plan.ts";
import type { AwsCheck, Subject } from "../subject.ts";

export const own = "the stack makes its own network";

/** The VPC that the stack is given; undefined where it makes one. */
export function broughtVpc({ plan }: Subject): string | undefined {
  return plan.asked("aws:ec2/getVpc:getVpc", "id")[0];
}

/** The brought subnets by what lies in them. */
export interface Placed {
  readonly loadBalancer: readonly string[];
  readonly tasks: readonly string[];
  readonly databases: readonly string[];
  readonly isInternal: boolean;
  readonly hasPublicAddresses: boolean;
}

export function placed({ plan }: Subject): Placed {
  const [balancer] = plan.ofType("aws:lb/loadBalancer:LoadBalancer");
  const [service] = plan.ofType("aws:ecs/service:Service");
  const network = (service?.inputs["networkConfiguration"] ?? {}) as {
    subnets?: unknown;
    assignPublicIp?: boolean;
  };
  const groups = ["aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"]
    .flatMap((type) => plan.ofType(type))
    .flatMap(({ inputs }) => textsIn(inputs["subnetIds"]));
  const search = plan.ofType("aws:opensearch/domain:Domain").flatMap(({ inputs }) => {
    const { subnetIds } = (inputs["vpcOptions"] ?? {}) as { subnetIds?: unknown };
    return textsIn(subnetIds);
  });
  return {
    loadBalancer: textsIn(balancer?.inputs["subnets"]),
    tasks: textsIn(network.subnets),
    databases: [...new Set([...groups, ...search])],
    isInternal: balancer?.inputs["internal"] === true,
    hasPublicAddresses: network.assignPublicIp === true,
  };
}

export const vpc: AwsCheck = {
  id: "vpc",
  title: "VPC",
  permissions: ["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"],
  async run(subject): Promise<Outcome> {
    const id = broughtVpc(subject);
    if (id === undefined) return skipped(own);
    const { ec2 } = subject.aws;
    if ((await findVpc(subject, id)) === undefined)
      return bad(
        `this account has no VPC ${id} in ${subject.region}`,
        "nango:vpcId names one of the account and the region of the stack",
      );
    const [support, names] = await Promise.all([
      ec2.describeVpcAttribute({ VpcId: id, Attribute: "enableDnsSupport" }),
      ec2.describeVpcAttribute({ VpcId: id, Attribute: "enableDnsHostnames" }),
    ]);
    const modify = awsCommand(["ec2", "modify-vpc-attribute", "--vpc-id", id], subject);
    if (support.EnableDnsSupport?.Value === false)
      return bad(
        `${id} does not resolve names, and tasks find the database and AWS by name`,
        `let it: ${modify} --enable-dns-support`,
      );
    return names.EnableDnsHostnames?.Value === false
      ? warning(
          `${id} gives no host names, so that interface endpoints in it have no private names`,
          `where the way to AWS leads through such endpoints: ${modify} --enable-dns-hostnames`,
        )
      : good(`${id} is there, and resolves names`);
  },
};

async function findVpc({ aws: { ec2 } }: Subject, id: string): Promise<Vpc | undefined> {
  try {
    return (await ec2.describeVpcs({ VpcIds: [id] })).Vpcs?.[0];
  } catch (error) {
    if ((error as Error).name === "InvalidVpcID.NotFound") return undefined;
    throw error;
  }
}

/** Those of the subnets that there are. A filter, unlike IDs, does not fail for one that is missing. */
async function findSubnets({ aws: { ec2 } }: Subject, ids: readonly string[]): Promise<Subnet[]> {
  const { Subnets = [] } = await ec2.describeSubnets({ Filters: [{ Name: "subnet-id", Values: [...ids] }] });
  return Subnets;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
const freeForBalancer = 8;

export const subnets: AwsCheck = {
  id: "subnets",
  title: "Subnets",
  permissions: ["ec2:DescribeSubnets"],
  async run(subject): Promise<Outcome | Outcome[]> {
    const vpcId = broughtVpc(subject);
    if (vpcId === undefined) return skipped(own);
    const { loadBalancer, tasks, databases } = placed(subject);
    const ids = [...new Set([...loadBalancer, ...tasks, ...databases])];
    const found = await findSubnets(subject, ids);
    const there = found.filter((subnet) => subnet.VpcId === vpcId);
    const missing = ids.filter((id) => !there.some(({ SubnetId }) => SubnetId === id));
    if (missing.length > 0)
      return bad(
        `${missing.join(", ")}: not in ${vpcId}, or not in this account and region`,
        "nango:publicSubnetIds, nango:privateSubnetIds and nango:databaseSubnetIds name subnets of nango:vpcId",
      );
    const problems = subnetProblems(
      {
        loadBalancer: zoned(there, loadBalancer),
        tasks: zoned(there, tasks),
        databases: zoned(there, databases),
      },
      demandsOf(subject),
    ).map((problem) =>
      bad(problem, "name others in nango:publicSubnetIds, nango:privateSubnetIds or nango:databaseSubnetIds"),
    );
    const full = subject.plan
      .ofType("aws:lb/loadBalancer:LoadBalancer")
      .some((one) => subject.plan.before(one) === undefined)
      ? fullSubnets(subject, there)
      : [];
    const all = [...problems, ...full];
    return all.length > 0 ? all : good(`${ids.length} subnets of ${vpcId} are there, with free addresses`);
  },
};

function zoned(there: readonly Subnet[], ids: readonly string[]) {
  return there
    .filter(({ SubnetId = "" }) => ids.includes(SubnetId))
    .map(({ SubnetId: id = "", AvailabilityZone: zone = "", AvailabilityZoneId: zoneId = "" }) => ({
      id,
      zone,
      zoneId,
    }));
}

function demandsOf({ plan, region }: Subject) {
  const [domain] = plan.ofType("aws:opensearch/domain:Domain");
  const { zoneAwarenessConfig } = (domain?.inputs["clusterConfig"] ?? {}) as {
    zoneAwarenessConfig?: { availabilityZoneCount?: number };
  };
  const data = [
    "aws:rds/instance:Instance",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:opensearch/domain:Domain",
  ];
  return {
    region,
    data: data.some((type) => plan.ofType(type).length > 0),
    searchZones: zoneAwarenessConfig?.availabilityZoneCount ?? (domain === undefined ? undefined : 1),
  };
}

/** A first deployment puts everything into the subnets at once. */
function fullSubnets(subject: Subject, there: readonly Subnet[]): Outcome[] {
  const { loadBalancer, tasks, databases } = placed(subject);
  const [service] = subject.plan.ofType("aws:ecs/service:Service");
  // Old and new ones side by side, and the one-off task.
  const running = 2 * Number(service?.inputs["desiredCount"] ?? 1) + 1;
  const needs = (id: string) =>
    (loadBalancer.includes(id) ? freeForBalancer : 0) +
    (tasks.includes(id) ? Math.ceil(running / tasks.length) : 0) +
    (databases.includes(id) ? 2 : 0);
  return there.flatMap(({ SubnetId = "", AvailableIpAddressCount: free = Number.POSITIVE_INFINITY }) =>
    free < needs(SubnetId)
      ? [
          bad(
            `${SubnetId} has ${free} free addresses, and ${needs(SubnetId)} are needed`,
            "name a larger subnet, or free addresses in this one",
          ),
        ]
      : [],
  );
}

import { BlockList } from "node:net";
import { strings, UNKNOWN } from "../../project/values.ts";
import type { Policy, Resource, ResourcePolicy, Stack, StackPolicy, Verdict, VerdictOn } from "../policy.ts";
import { input, isFalse, isTrue, namedBy, ofType, records, required, texts, violation } from "../reading.ts";

const balancers = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "aws:elb/loadBalancer:LoadBalancer",
];
const group = "aws:ec2/securityGroup:SecurityGroup";

/** https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-: what no host of the internet has. */
const privateRanges: readonly [string, number, "ipv4" | "ipv6"][] = [
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
];

/** Whether hosts of the internet are in a range. */
function isPublic(cidr: string): boolean {
  const [address = "", length] = cidr.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  return !privateRanges.some(([base, least, of]) => {
    if (of !== family || Number(length ?? 128) < least) return false;
    const range = new BlockList();
    range.addSubnet(base, least, of);
    return range.check(address, family);
  });
}

/** A way into a security group, from addresses. */
interface Ingress {
  readonly resource: Resource;
  readonly groups: readonly Resource[] | undefined;
  readonly cidrs: readonly string[];
  readonly protocol: unknown;
  readonly from: unknown;
  readonly to: unknown;
}

function ingressOf(stack: Stack): Ingress[] {
  const rules = ofType(stack, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(
    (resource) => ({
      resource,
      groups: namedBy(stack, resource, "securityGroupId", group),
      cidrs: texts([resource.inputs["cidrIpv4"], resource.inputs["cidrIpv6"]]),
      protocol: resource.inputs["ipProtocol"],
      from: resource.inputs["fromPort"],
      to: resource.inputs["toPort"],
    }),
  );
  const inline = (resource: Resource, groups: readonly Resource[] | undefined, given: unknown): Ingress[] =>
    records(given).map(({ cidrBlocks, ipv6CidrBlocks, protocol, fromPort, toPort }) => ({
      resource,
      groups,
      cidrs: [...texts(cidrBlocks), ...texts(ipv6CidrBlocks)],
      protocol,
      from: fromPort,
      to: toPort,
    }));
  return [
    ...rules,
    ...ofType(stack, "aws:ec2/securityGroupRule:SecurityGroupRule")
      .filter(({ inputs }) => inputs["type"] === "ingress")
      .flatMap((resource) =>
        inline(resource, namedBy(stack, resource, "securityGroupId", group), resource.inputs),
      ),
    ...ofType(stack, group, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").flatMap((resource) =>
      inline(resource, [resource], resource.inputs["ingress"]),
    ),
  ];
}

const closedNetwork: StackPolicy = {
  name: "closed-network",
  level: "mandatory",
  promise: "From the internet only the load balancer is reached, and only on the ports of its listeners.",
  reason: "Whatever else is open is found by scanners within minutes.",
  remedy:
    "Let in another security group instead of addresses, or put what must be reached behind the load balancer.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
  judgeStack: (stack) => {
    const open = ofType(stack, ...balancers).map((balancer) =>
      namedBy(stack, balancer, "securityGroups", group),
    );
    const ports = ofType(stack, "aws:lb/listener:Listener", "aws:alb/listener:Listener").map(({ inputs }) =>
      Number(inputs["port"]),
    );
    return ingressOf(stack).flatMap(({ resource, groups, cidrs, protocol, from, to }): VerdictOn[] => {
      if (cidrs.includes(UNKNOWN)) return [{ resource, unknown: "cidrIpv4" }];
      const reached = cidrs.filter(isPublic).join(", ");
      if (reached === "") return [];
      if (groups === undefined || open.includes(undefined)) return [{ resource, unknown: "securityGroupId" }];
      const ofBalancer = groups.length > 0 && groups.every((one) => open.some((list) => list?.includes(one)));
      if (!ofBalancer)
        return [{ resource, violates: `lets ${reached} into a security group that is no load balancer's` }];
      const isListener = protocol === "tcp" && from === to && ports.includes(Number(from));
      return isListener
        ? []
        : [
            {
              resource,
              violates: `lets ${reached} in on ports that are no listener's (${String(protocol)} ${String(from)}-${String(to)})`,
            },
          ];
    });
  },
};

const notPublicly = "is reachable from the internet";

/** What makes a resource public by itself. */
const publicBy: Readonly<Record<string, (resource: Resource) => Verdict[]>> = {
  "aws:rds/instance:Instance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:rds/clusterInstance:ClusterInstance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:redshift/cluster:Cluster": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:dms/replicationInstance:ReplicationInstance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:mq/broker:Broker": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:ec2/instance:Instance": (one) => unlessTrue(one, "associatePublicIpAddress"),
  "aws:ec2/subnet:Subnet": (one) =>
    required(
      one,
      "mapPublicIpOnLaunch",
      (value) => !isTrue(value),
      "gives a public address to whatever is put there: mapPublicIpOnLaunch is true",
    ),
  "aws:opensearch/domain:Domain": (one) =>
    required(
      one,
      "vpcOptions",
      (value) => value !== undefined,
      "has an endpoint on the internet: it has no vpcOptions",
    ),
  "aws:elasticsearch/domain:Domain": (one) =>
    required(
      one,
      "vpcOptions",
      (value) => value !== undefined,
      "has an endpoint on the internet: it has no vpcOptions",
    ),
  "aws:lambda/functionUrl:FunctionUrl": (one) =>
    required(one, "authorizationType", (value) => value === "AWS_IAM", "is a URL that anyone may call"),
  "aws:eks/cluster:Cluster": (one) =>
    required(one, "vpcConfig.endpointPublicAccess", isFalse, "has an endpoint on the internet"),
  "aws:ecr/publicRepository:PublicRepository": () => [violation("is a repository that anyone may pull from")],
  "aws:ecrpublic/repository:Repository": () => [violation("is a repository that anyone may pull from")],
  "aws:rds/snapshot:Snapshot": (one) => sharedWithAll(one, "sharedAccounts"),
  "aws:ec2/amiLaunchPermission:AmiLaunchPermission": (one) =>
    required(one, "group", (value) => value !== "all", "lets every AWS account start the image"),
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
  ...Object.fromEntries(
    [
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
      "aws:s3/bucketAcl:BucketAcl",
      "aws:s3/bucketAclV2:BucketAclV2",
      "aws:s3/bucketObject:BucketObject",
      "aws:s3/bucketObjectv2:BucketObjectv2",
    ].map((type) => [
      type,
      (one: Resource) => [
        ...required(
          one,
          "acl",
          (value) => !/^(public-|authenticated-read)/.test(String(value ?? "")),
          `has the ACL ${String(input(one, "acl"))}, so that others than this account read it`,
        ),
        ...required(one, "website", (value) => value === undefined, "is a website"),
        ...publicGrants(one),
      ],
    ]),
  ),
  ...Object.fromEntries(
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    ].map((type) => [
      type,
      (one: Resource) =>
        ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap(
          (property) =>
            // Not set means false. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
            required(one, property, isTrue, `lets buckets be made public: ${property} is not true`),
        ),
    ]),
  ),
  // Docker binds to every interface of the machine unless told otherwise.
  "docker:index/container:Container": (one) => [
    ...records(input(one, "ports")).flatMap(({ ip, internal, external }) =>
      ip === "127.0.0.1" || ip === "::1" || ip === UNKNOWN
        ? []
        : [violation(`publishes port ${String(external ?? internal)} to the network of the machine`)],
    ),
    ...(isTrue(input(one, "publishAllPorts"))
      ? [
          violation(
            "publishes every port of its image to the network of the machine: publishAllPorts is true",
          ),
        ]
      : []),
    ...(input(one, "networkMode") === "host"
      ? [violation("listens on the network of the machine: networkMode is host")]
      : []),
  ],
};

function unlessTrue(resource: Resource, property: string): Verdict[] {
  return required(resource, property, (value) => !isTrue(value), `${notPublicly}: ${property} is true`);
}

function sharedWithAll(resource: Resource, property: string): Verdict[] {
  return texts(input(resource, property)).includes("all")
    ? [violation("is shared with every AWS account")]
    : [];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups */
function publicGrants(resource: Resource): Verdict[] {
  const grants = [
    ...records(input(resource, "grants")),
    ...records(input(resource, "accessControlPolicy.grants")),
  ];
  const everyone = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;
  return strings(grants).some(([, text]) => everyone.test(text)) ? [violation("is granted to everyone")] : [];
}

const nothingPublic: ResourcePolicy = {
  name: "nothing-public",
  level: "mandatory",
  promise:
    "No database, bucket, function or other resource has a public address, a public endpoint or a public ACL.",
  reason: "What the internet reaches is one stolen password, or none, away from being read.",
  remedy: "Keep it inside the VPC, or give access to named accounts and roles only.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
  judge: (resource) => publicBy[resource.type]?.(resource) ?? [],
};

export const network: readonly Policy[] = [closedNetwork, nothingPublic];

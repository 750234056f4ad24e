import { strings, UNKNOWN } from "../../project/values.ts";
import type { Resource, ResourcePolicy, Verdict } from "../policy.ts";
import { input, isFalse, isTrue, records, required, texts, violation } from "../reading.ts";

const notPublicly = "is reachable from the internet";

/** What makes a resource public by itself. */
const publicBy: Readonly<Record<string, (resource: Resource) => Verdict[]>> = {
  "aws:rds/instance:Instance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:rds/clusterInstance:ClusterInstance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:redshift/cluster:Cluster": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:dms/replicationInstance:ReplicationInstance": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:mq/broker:Broker": (one) => unlessTrue(one, "publiclyAccessible"),
  "aws:ec2/instance:Instance": (one) => unlessTrue(one, "associatePublicIpAddress"),
  // NAT gateways name their address; one that names a machine gives it to that.
  "aws:ec2/eip:Eip": (one) =>
    ["instance", "networkInterface"].flatMap((property) =>
      required(one, property, (value) => value === undefined, "gives a machine a public address"),
    ),
  "aws:ec2/eipAssociation:EipAssociation": () => [violation("gives a machine a public address")],
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

/** What is public by itself. */
export const nothingPublic: ResourcePolicy = {
  name: "nothing-public",
  level: "mandatory",
  promise:
    "No database, bucket, function or other resource has a public address, a public endpoint or a public ACL.",
  reason: "What the internet reaches is one stolen password, or none, away from being read.",
  remedy: "Keep it inside the VPC, or give access to named accounts and roles only.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
  judge: (resource) => publicBy[resource.type]?.(resource) ?? [],
};

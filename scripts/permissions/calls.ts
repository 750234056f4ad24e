import { findDatabases, findSnapshots } from "./data.ts";
import { oneOffTask, startsAndStops } from "./containers.ts";
import { type CallPermissions, type Grant, look, make, provider } from "./grant.ts";
import { arn, inRegion, makes, type Place } from "./place.ts";
import { readAlarms } from "./monitoring.ts";
import { readLogs } from "./secrets-and-logs.ts";
import { rolePath } from "./service-linked-role.ts";

const GET_VPC = "aws:ec2/getVpc:getVpc";

/** Lookups of the provider that are about no resource of the stack. */
export const lookups: Readonly<Record<string, CallPermissions>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    source: provider("sts/caller_identity_data_source.go"),
    grants: () => [look("sts:GetCallerIdentity", ["*"])],
  },
  "aws:index/getPartition:getPartition": {
    source: provider("meta/partition_data_source.go"),
    grants: () => [],
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": {
    source: provider("ec2/ec2_availability_zones_data_source.go"),
    grants: (place) => [look("ec2:DescribeAvailabilityZones", ["*"], inRegion(place))],
  },
  [GET_VPC]: {
    source: provider("ec2/vpc_data_source.go"),
    grants: (place) => [
      look("ec2:DescribeVpcs DescribeRouteTables", ["*"], inRegion(place)),
      look(
        "ec2:DescribeVpcAttribute",
        place.invokes
          .filter(({ token }) => token === GET_VPC)
          .map(({ arguments: { id } }) => arn(place, "ec2", `vpc/${String(id)}`)),
        { because: "the VPC was there before" },
      ),
    ],
  },
  "aws:ec2/getSubnet:getSubnet": {
    source: provider("ec2/vpc_subnet_data_source.go"),
    grants: (place) => [look("ec2:DescribeSubnets", ["*"], inRegion(place))],
  },
  "aws:ecs/getService:getService": {
    source: provider("ecs/service_data_source.go"),
    grants: (place) => startsAndStops(place),
  },
  // Asks a registry, not AWS.
  "docker:index/getRegistryImage:getRegistryImage": {
    source: "https://www.pulumi.com/registry/packages/docker/api-docs/getregistryimage/",
    grants: () => [],
  },
};

/** What the program's hooks call besides the provider, by how the hook is called. */
export const hooks: readonly {
  readonly called: RegExp;
  readonly grants: (place: Place) => readonly Grant[];
}[] = [
  { called: /-migrate$/, grants: (place) => [...oneOffTask(place), readLogs(place)] },
  {
    called: /-(start|stop)$/,
    grants: (place) => [...startsAndStops(place), ...oneOffTask(place), readLogs(place)],
  },
  { called: /-quiet$/, grants: (place) => [readAlarms(place)] },
  { called: /-service-linked-role$/, grants: (place) => [findServiceLinkedRoles(place)] },
  { called: /-refuse-another-encryption-key$/, grants: () => [] },
  {
    called: /-refuse-unfit-source$/,
    grants: (place) => [findSnapshots(place), findDatabases(place), look("sts:GetCallerIdentity", ["*"])],
  },
];

/** infra/aws/deploying/service-linked-role.ts looks before it makes one. */
function findServiceLinkedRoles(place: Place): Grant {
  const paths = [
    rolePath("ecs.amazonaws.com", "AWSServiceRoleForECS"),
    ...(makes(place, "aws:opensearch/domain:Domain")
      ? [rolePath("opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService")]
      : []),
  ];
  return make(
    "iam:GetRole",
    // Of a role that is not there yet IAM does not know the path.
    paths
      .flatMap((path) => [path, path.replace(/^role\/.*\//, "role/")])
      .map((path) => arn(place, "iam", path, false)),
    { because: "the role belongs to the account" },
  );
}

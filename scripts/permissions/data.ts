import { type CallPermissions, type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";
import type { RecordedResource } from "../../rehearsal/record.ts";
import { isRecord, type Properties } from "../../project/values.ts";
import { serviceLinkedRole } from "./service-linked-role.ts";

const rds = (place: Place, resource: string) => arn(place, "rds", resource);
const elasticache = (place: Place, resource: string) => arn(place, "elasticache", resource);

const INSTANCE = "aws:rds/instance:Instance";
const GET_INSTANCE = "aws:rds/getInstance:getInstance";
const CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";

/** A lookup by a filter asks for all databases, whatever it finds. */
export const findDatabases = (place: Place) =>
  look("rds:DescribeDBInstances", [rds(place, "db:*")], { because: "a filter asks for all" });

/** A snapshot is looked up by name, and may be another account's. */
export const findSnapshots = (place: Place) =>
  look("rds:DescribeDBSnapshots", [rds(place, "snapshot:*"), rds(place, "db:*")], {
    because: "a lookup by name asks for all",
  });

/**
 * What a database that is made of a backup takes: RDS asks for the parts of the new one as it does for any, and for what it comes
 * from. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
function restores({ inputs }: RecordedResource, place: Place, parts: readonly string[]): Grant[] {
  const source = restoredFrom(inputs, place);
  if (source === undefined) return [];
  const call = `rds:${source.call}`;
  return [
    make(call, parts),
    make(call, optionGroups(place), { because: ofRds }),
    make(call, [source.from], { because: "what is restored may be of another stack, or of none" }),
  ];
}

function restoredFrom(inputs: Properties, place: Place): { call: string; from: string } | undefined {
  const { snapshotIdentifier: snapshot, restoreToPointInTime: moment } = inputs;
  if (typeof snapshot === "string") {
    const from = snapshot.startsWith("arn:") ? snapshot : rds(place, `snapshot:${snapshot}`);
    return { call: "RestoreDBInstanceFromDBSnapshot", from };
  }
  if (!isRecord(moment)) return undefined;
  const { sourceDbInstanceIdentifier: id, sourceDbInstanceAutomatedBackupsArn: backups } = moment;
  const from =
    typeof id === "string" ? rds(place, `db:${id}`) : String(backups ?? rds(place, "auto-backup:*"));
  return { call: "RestoreDBInstanceToPointInTime", from };
}

const optionGroups = (place: Place) => [rds(place, "og:default:postgres-*")];
const ofRds = "RDS gives each database an option group, of its own making";

/** What a service that puts something into a network looks up as whoever asks for it. */
const lookAtNetwork = (place: Place) =>
  make(
    "ec2:DescribeAccountAttributes DescribeAvailabilityZones DescribeSecurityGroups DescribeSubnets DescribeVpcs",
    ["*"],
    inRegion(place),
  );

/** `aws.rds`, `aws.elasticache` and `aws.opensearch` */
export const data: Readonly<Record<string, ResourcePermissions>> = {
  "aws:rds/subnetGroup:SubnetGroup": {
    source: provider("rds/subnet_group.go"),
    grants: (group, place) => {
      const on = [rds(place, `subgrp:${namePattern(place, group)}`)];
      return [
        make("rds:CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup", on),
        make("rds:AddTagsToResource RemoveTagsFromResource", on),
        look("rds:DescribeDBSubnetGroups ListTagsForResource", on),
        // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSFullAccess.html
        lookAtNetwork(place),
      ];
    },
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    source: provider("rds/parameter_group.go"),
    grants: (group, place) => {
      const on = [rds(place, `pg:${namePattern(place, group)}`)];
      return [
        make(
          "rds:CreateDBParameterGroup ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup",
          on,
        ),
        make("rds:AddTagsToResource RemoveTagsFromResource", on),
        look("rds:DescribeDBParameterGroups DescribeDBParameters ListTagsForResource", on),
      ];
    },
  },
  [INSTANCE]: {
    source: provider("rds/instance.go"),
    grants: (instance, place) => {
      const name = namePattern(place, instance, "identifier");
      const database = rds(place, `db:${name}`);
      const parts = [
        database,
        ...namePatterns(place, "aws:rds/subnetGroup:SubnetGroup").map((group) =>
          rds(place, `subgrp:${group}`),
        ),
        ...namePatterns(place, "aws:rds/parameterGroup:ParameterGroup").map((group) =>
          rds(place, `pg:${group}`),
        ),
      ];
      const snapshot = rds(place, `snapshot:${namePattern(place, instance, "finalSnapshotIdentifier")}`);
      return [
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html
        make("rds:CreateDBInstance ModifyDBInstance", parts),
        make("rds:CreateDBInstance ModifyDBInstance", optionGroups(place), { because: ofRds }),
        ...restores(instance, place, parts),
        // The provider restarts a new database whose certificate the account would have had another one of.
        make("rds:RebootDBInstance", [database]),
        make("rds:DeleteDBInstance RemoveTagsFromResource", [database]),
        // The final snapshot and its tags. https://github.com/aws-solutions/instance-scheduler-on-aws/issues/572
        make("rds:CreateDBSnapshot AddTagsToResource", [database, snapshot]),
        findDatabases(place),
        // npm run doctor looks at those in a vault of AWS Backup.
        findSnapshots(place),
        look("rds:ListTagsForResource", [database]),
        serviceLinkedRole(place, "rds.amazonaws.com", "AWSServiceRoleForRDS"),
      ];
    },
  },
  [CACHE_SUBNETS]: {
    source: provider("elasticache/subnet_group.go"),
    grants: (group, place) => {
      const on = [elasticache(place, `subnetgroup:${namePattern(place, group)}`)];
      return [
        make("elasticache:CreateCacheSubnetGroup ModifyCacheSubnetGroup DeleteCacheSubnetGroup", on),
        make("elasticache:AddTagsToResource RemoveTagsFromResource", on),
        look("elasticache:DescribeCacheSubnetGroups ListTagsForResource", on),
        lookAtNetwork(place),
      ];
    },
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    source: provider("elasticache/replication_group.go"),
    grants: (group, place) => {
      const name = namePattern(place, group, "replicationGroupId");
      const itself = elasticache(place, `replicationgroup:${name}`);
      // The nodes are called after the group, with a number.
      const nodes = elasticache(place, `cluster:${name}`);
      const parameters = elasticache(place, `parametergroup:${String(group.inputs["parameterGroupName"])}`);
      const subnets = namePatterns(place, CACHE_SUBNETS).map((name) =>
        elasticache(place, `subnetgroup:${name}`),
      );
      return [
        make("elasticache:CreateReplicationGroup", [itself, nodes, ...subnets]),
        make("elasticache:ModifyReplicationGroup", [itself]),
        make("elasticache:CreateReplicationGroup ModifyReplicationGroup", [parameters], {
          because: "these parameters are AWS's own",
        }),
        make("elasticache:IncreaseReplicaCount DecreaseReplicaCount DeleteReplicationGroup", [itself]),
        make("elasticache:AddTagsToResource RemoveTagsFromResource", [itself, nodes]),
        look("elasticache:DescribeReplicationGroups ListTagsForResource", [itself]),
        look("elasticache:DescribeCacheClusters", [nodes]),
        serviceLinkedRole(place, "elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
      ];
    },
  },
  "aws:opensearch/domain:Domain": {
    source: provider("opensearch/domain.go"),
    grants: (domain, place) => {
      const on = [arn(place, "es", `domain/${namePattern(place, domain, "domainName")}`)];
      return [
        make("es:CreateDomain UpdateDomainConfig UpgradeDomain DeleteDomain AddTags RemoveTags", on),
        make("es:GetUpgradeStatus", on),
        look(
          "es:DescribeDomain DescribeDomainConfig DescribeDomainChangeProgress GetCompatibleVersions ListTags",
          on,
        ),
        lookAtNetwork(place),
        serviceLinkedRole(
          place,
          "opensearchservice.amazonaws.com",
          "AWSServiceRoleForAmazonOpenSearchService",
        ),
      ];
    },
  },
};

/** Looks at databases that are there. */
export const dataCalls: Readonly<Record<string, CallPermissions>> = {
  "aws:rds/getInstances:getInstances": {
    source: provider("rds/instances_data_source.go"),
    grants: (place) => [findDatabases(place)],
  },
  "aws:rds/getSnapshot:getSnapshot": {
    source: provider("rds/snapshot_data_source.go"),
    grants: (place) => [findSnapshots(place)],
  },
  [GET_INSTANCE]: {
    source: provider("rds/instance_data_source.go"),
    grants: (place) => [
      findDatabases(place),
      look(
        "rds:ListTagsForResource",
        place.invokes
          .filter(({ token }) => token === GET_INSTANCE)
          .map(({ arguments: { dbInstanceIdentifier } }) => rds(place, `db:${String(dbInstanceIdentifier)}`)),
        { because: "what is looked at before it is restored may be of another stack" },
      ),
      look(
        "rds:ListTagsForResource",
        namePatterns(place, INSTANCE, "identifier").map((name) => rds(place, `db:${name}`)),
      ),
    ],
  },
};

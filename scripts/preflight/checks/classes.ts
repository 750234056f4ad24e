import type { OrderableDBInstanceOption } from "@aws-sdk/client-rds";
import { type AwsPlace, awsCommand } from "../../../infra/config/aws-command.ts";
import type { RecordedResource } from "../../../rehearsal/rehearse.ts";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";
import { usableZones } from "./place.ts";

/** Looks at each resource of a type of which something differs from what is deployed. */
async function ofEach(
  { plan }: Subject,
  type: string,
  names: readonly string[],
  look: (resource: RecordedResource) => Promise<Outcome>,
): Promise<Outcome | Outcome[]> {
  const planned = plan.ofType(type);
  if (planned.length === 0) return skipped("the stack makes none");
  return Promise.all(
    planned.map(async (resource) => ({
      ...(plan.isAsBefore(resource, ...names)
        ? good("it has what it asks for already")
        : await look(resource)),
      about: resource.name,
    })),
  );
}

/** The zones that things may be put into; undefined for brought subnets, which are looked at by themselves. */
async function zonesFor(subject: Subject): Promise<readonly string[] | undefined> {
  return subject.plan.ofType("aws:ec2/vpc:Vpc").length === 0 ? undefined : usableZones(subject);
}

const list = (some: readonly string[]) => some.join(", ");

export const databaseClass: AwsCheck = {
  id: "database-class",
  title: "Database class",
  permissions: ["rds:DescribeOrderableDBInstanceOptions", "ec2:DescribeAvailabilityZones"],
  async run(subject): Promise<Outcome | Outcome[]> {
    return ofEach(
      subject,
      "aws:rds/instance:Instance",
      ["instanceClass", "engineVersion", "storageType", "multiAz"],
      async (database) => {
        const options = await offers(subject, String(database.inputs["instanceClass"]));
        if (options.length === 0 && !(await offersAny(subject)))
          return warning("RDS lists no class of Postgres at all", "look yourself: docs/troubleshoot.md");
        return judgeDatabase(database, options, await zonesFor(subject), subject);
      },
    );
  },
};

/** What RDS offers of a class. */
async function offers(
  { aws: { rds } }: Subject,
  DBInstanceClass: string,
): Promise<OrderableDBInstanceOption[]> {
  const all: OrderableDBInstanceOption[] = [];
  let marker: string | undefined;
  do {
    const page = await rds.describeOrderableDBInstanceOptions({
      Engine: "postgres",
      DBInstanceClass,
      Vpc: true,
      MaxRecords: 1000,
      ...(marker !== undefined && { Marker: marker }),
    });
    all.push(...(page.OrderableDBInstanceOptions ?? []));
    marker = page.Marker;
  } while (marker !== undefined && marker !== "");
  return all;
}

/** Whether RDS offers any class: what offers none does not know. */
async function offersAny({ aws: { rds } }: Subject): Promise<boolean> {
  const { OrderableDBInstanceOptions = [] } = await rds.describeOrderableDBInstanceOptions({
    Engine: "postgres",
  });
  return OrderableDBInstanceOptions.length > 0;
}

function judgeDatabase(
  { inputs }: RecordedResource,
  options: readonly OrderableDBInstanceOption[],
  usable: readonly string[] | undefined,
  { region, profile }: AwsPlace & { readonly region: string },
): Outcome {
  const { instanceClass, engineVersion, storageType, multiAz, storageEncrypted } = inputs;
  const words = [
    "rds",
    "describe-orderable-db-instance-options",
    "--engine",
    "postgres",
    "--query",
    "OrderableDBInstanceOptions[].DBInstanceClass",
    "--output",
    "text",
  ];
  const another = `choose another class: nango:databaseInstanceClass. What ${region} has: ${awsCommand(words, { region, profile })}`;
  if (options.length === 0)
    return bad(`RDS offers no ${String(instanceClass)} for Postgres in ${region}`, another);
  const version = String(engineVersion);
  const ofVersion = options.filter(
    ({ EngineVersion = "" }) => EngineVersion === version || EngineVersion.startsWith(`${version}.`),
  );
  if (ofVersion.length === 0)
    return bad(
      `RDS offers ${String(instanceClass)} in ${region}, but not for Postgres ${version}`,
      `choose another version or class: nango:databaseVersion, nango:databaseInstanceClass`,
    );
  const fitting = ofVersion.filter(
    (option) =>
      option.StorageType === storageType &&
      (multiAz !== true || option.MultiAZCapable === true) &&
      (storageEncrypted !== true || option.SupportsStorageEncryption !== false),
  );
  const needs = list([`storage ${String(storageType)}`, ...(multiAz === true ? ["a standby"] : [])]);
  if (fitting.length === 0)
    return bad(`RDS offers ${String(instanceClass)} in ${region}, but not with ${needs}`, another);
  const zones = new Set(
    fitting.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.flatMap(({ Name }) => Name ?? [])),
  );
  const least = multiAz === true ? 2 : 1;
  const shared = usable?.slice(0, 3).filter((zone) => zones.has(zone));
  if (shared !== undefined && shared.length < least)
    return bad(
      `RDS offers ${String(instanceClass)} in ${list([...zones].toSorted()) || "no zone"}, and the stack's subnets lie in ${list(usable!.slice(0, 3))}`,
      another,
    );
  return good(`${String(instanceClass)} with Postgres ${version} and ${needs}`);
}

export const cacheNode: AwsCheck = {
  id: "cache-node",
  title: "Cache node",
  permissions: ["elasticache:DescribeReservedCacheNodesOfferings"],
  async run(subject): Promise<Outcome | Outcome[]> {
    return ofEach(
      subject,
      "aws:elasticache/replicationGroup:ReplicationGroup",
      ["nodeType"],
      async ({ inputs }) => {
        const CacheNodeType = String(inputs["nodeType"]);
        // ElastiCache lists no types, but sells reservations of those that it has.
        const { ReservedCacheNodesOfferings = [] } =
          await subject.aws.elasticache.describeReservedCacheNodesOfferings({
            CacheNodeType,
          });
        return ReservedCacheNodesOfferings.length > 0
          ? good(`${CacheNodeType} is offered in ${subject.region}`)
          : warning(
              `ElastiCache sells no reservation of ${CacheNodeType} in ${subject.region}, so it may not have it`,
              "choose another one where that is so: nango:cacheNodeType",
            );
      },
    );
  },
};

export const searchInstance: AwsCheck = {
  id: "search-instance",
  title: "Search instance",
  permissions: ["es:ListInstanceTypeDetails", "ec2:DescribeAvailabilityZones"],
  async run(subject): Promise<Outcome | Outcome[]> {
    return ofEach(
      subject,
      "aws:opensearch/domain:Domain",
      ["clusterConfig", "engineVersion"],
      async ({ inputs }) => {
        const { instanceType, dedicatedMasterType, zoneAwarenessConfig } = inputs["clusterConfig"] as {
          instanceType: string;
          dedicatedMasterType?: string;
          zoneAwarenessConfig?: { availabilityZoneCount?: number };
        };
        const usable = await zonesFor(subject);
        const least = zoneAwarenessConfig?.availabilityZoneCount ?? 1;
        const types = [instanceType, ...(dedicatedMasterType === undefined ? [] : [dedicatedMasterType])];
        const lacking = await Promise.all(
          types.map((type) => lackOf(subject, String(inputs["engineVersion"]), type, usable, least)),
        );
        const first = lacking.find((one) => one !== undefined);
        return first === undefined
          ? good(`${list(types)} with ${String(inputs["engineVersion"])}`)
          : bad(
              first,
              `choose another one: nango:searchInstanceType, nango:searchMasterType. What there is: ${awsCommand(["opensearch", "list-instance-type-details", "--engine-version", String(inputs["engineVersion"])], subject)}`,
            );
      },
    );
  },
};

async function lackOf(
  { aws: { opensearch }, region }: Subject,
  EngineVersion: string,
  type: string,
  usable: readonly string[] | undefined,
  least: number,
): Promise<string | undefined> {
  const { InstanceTypeDetails = [] } = await opensearch.listInstanceTypeDetails({
    EngineVersion,
    InstanceType: type,
    RetrieveAZs: true,
  });
  const found = InstanceTypeDetails.find(({ InstanceType }) => InstanceType === type);
  if (found === undefined) return `OpenSearch offers no ${type} for ${EngineVersion} in ${region}`;
  const zones = found.AvailabilityZones;
  const shared = usable?.slice(0, 3).filter((zone) => zones?.includes(zone) ?? true);
  return shared !== undefined && shared.length < least
    ? `OpenSearch offers ${type} in ${list(zones ?? [])}, and the stack's subnets lie in ${list(usable!.slice(0, 3))}`
    : undefined;
}

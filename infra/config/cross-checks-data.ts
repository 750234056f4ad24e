import { connectionPools } from "../nango/connection-budget.ts";
import { withVerifiedTls } from "../nango/connection-url.ts";
import { endpoints } from "./cross-checks-endpoints.ts";
import { type Check, when } from "./problem.ts";
import { didYouMean } from "./nearest.ts";
import { defaultMaxConnections, instanceClasses } from "./rules/instance-class.ts";
import { rdsCertificates } from "./rules/rds-certificates.ts";
import { isRegion, partitionOf, regions } from "./rules/aws-region.ts";
import { mostLogDays, searchNodesProblem } from "./rules/search.ts";
import { mostStorageGb } from "./settings-data.ts";

const databaseUrls: Check = (values) =>
  (["databaseUrl", "recordsDatabaseUrl"] as const).flatMap((key) => {
    const url = values[key];
    if (url === undefined) return [];
    try {
      withVerifiedTls(url, values.databaseTls);
      return [];
    } catch (error) {
      return [{ keys: [key], message: `nango:${key} (secret) ${(error as Error).message}` }];
    }
  });

const databases: Check = (values) => {
  const classes = (["databaseInstanceClass", "recordsDatabaseInstanceClass"] as const).flatMap((key) => {
    const instanceClass = values[key];
    const limit =
      key === "databaseInstanceClass" ? "databaseMaxConnections" : "recordsDatabaseMaxConnections";
    const unknown = values[limit] === undefined && defaultMaxConnections(instanceClass) === undefined;
    return when(
      unknown,
      [key, limit],
      `nango:${key} = "${instanceClass}" is not a class that this project knows for Postgres.${didYouMean(instanceClass, instanceClasses)}\nFor a newer class say how many connections it takes: pulumi config set nango:${limit} 200`,
    );
  });
  return classes;
};

/** Where AWS lists RDS's certificates by region. */
const bundles = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html";

/** Databases of RDS whose certificates neither this project nor the configuration has. */
const certificates: Check = (values, { region = "" }) => {
  if (values.trustedCaPem !== undefined) return [];
  const lacks = (one: string) => isRegion(one) && rdsCertificates(one) === undefined;
  const known = regions.includes(region);
  return [
    ...when(
      values.makesRds && lacks(region),
      ["trustedCaPem", "databaseUrl", "recordsDatabaseUrl"],
      known
        ? `aws:region = "${region}" is a region whose RDS certificates this project does not carry.\n${giveBundle(region)}`
        : `aws:region = "${region}" is a region that this project does not know.${didYouMean(region, regions)}\nIf AWS has it, give the certificates of its RDS (${bundles}): pulumi config set nango:trustedCaPem -- "$(cat bundle.pem)"`,
    ),
    ...when(
      values.databaseTls === "verified" && values.broughtRdsRegions.some(lacks),
      ["trustedCaPem", "databaseUrl", "recordsDatabaseUrl"],
      `An existing database is RDS's, in a region whose certificates this project does not carry.\n${giveBundle(values.broughtRdsRegions.find(lacks) ?? "")}`,
    ),
  ];
};

/** How to give the certificates of a region; those of the separate partitions are listed on a page. */
function giveBundle(region: string): string {
  const bundle =
    partitionOf(region).name === "aws"
      ? `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`
      : `the bundle of ${region} (${bundles})`;
  return `Fetch ${bundle} and give it: pulumi config set nango:trustedCaPem -- "$(cat ${region}-bundle.pem)"`;
}

const storage: Check = (values) => {
  return (["database", "recordsDatabase"] as const).flatMap((prefix) => {
    const start = values[`${prefix}StorageGb`];
    const most = values[`${prefix}MaxStorageGb`];
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    return when(
      most * 10 < start * 11,
      [`${prefix}StorageGb`, `${prefix}MaxStorageGb`, "size"],
      `nango:${prefix}MaxStorageGb = ${most} is less than a tenth above nango:${prefix}StorageGb = ${start}, which RDS demands.\nFor example: pulumi config set nango:${prefix}MaxStorageGb ${Math.min(mostStorageGb, start * 2)}`,
    );
  });
};

const pools: Check = (values) => {
  try {
    connectionPools(values.connectionBudget);
    return [];
  } catch (error) {
    return [
      {
        keys: [
          "maxReplicas",
          "replicas",
          "databasePoolMax",
          "databaseInstanceClass",
          "databaseMaxConnections",
          "databaseUrl",
          "recordsDatabase",
          "recordsDatabaseUrl",
          "recordsDatabaseInstanceClass",
          "recordsDatabaseMaxConnections",
          "size",
        ],
        message: `${(error as Error).message}.\n${values.target === "docker" ? "Take a smaller nango:databasePoolMax." : "Take a larger instance class (nango:databaseInstanceClass, nango:recordsDatabaseInstanceClass), a smaller nango:maxReplicas or a smaller nango:databasePoolMax. If the database takes more, say how many: nango:databaseMaxConnections, nango:recordsDatabaseMaxConnections."}`,
      },
    ];
  }
};

const logs: Check = (values) => {
  const external = ["logsProvider", "logsUrl", "logsUser", "logsPassword"] as const;
  const domain = ["searchInstanceType", "searchInstanceCount", "searchVolumeGb", "searchMasterType"] as const;
  const nodesProblem = searchNodesProblem(
    values.searchInstanceType,
    values.searchInstanceCount,
    values.searchVolumeGb,
    values.searchZones,
    values.searchMasterType,
  );
  const dataNodes = values.target === "docker" ? 1 : values.searchInstanceCount;
  return [
    ...external.flatMap((key) =>
      when(
        values.logs === "external" && values[key] === undefined,
        ["logs", key],
        `nango:logs = "external" needs nango:${key}.\nFor example: pulumi config set ${key === "logsPassword" ? "--secret " : ""}nango:${key} ${key === "logsProvider" ? "opensearch" : "..."}`,
      ),
    ),
    ...when(
      values.logs === "opensearch" && values.logsRetentionDays > mostLogDays(dataNodes),
      ["logsRetentionDays", "logs", "searchInstanceCount", "size"],
      `nango:logsRetentionDays = ${values.logsRetentionDays} is more than ${dataNodes === 1 ? "one data node has" : `${dataNodes} data nodes have`} shards for: after ${mostLogDays(dataNodes)} days OpenSearch would refuse new logs (https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/cluster-settings/).\nKeep them for less: pulumi config set nango:logsRetentionDays ${mostLogDays(dataNodes)}${values.target === "docker" ? "" : ", or take more nodes: pulumi config set nango:searchInstanceCount 2"}`,
    ),
    ...when(
      values.logs === "opensearch" && nodesProblem !== undefined,
      [...domain, "availabilityZones", "size"],
      `nango:logs = "opensearch": ${nodesProblem}.\nChange nango:searchInstanceType, nango:searchInstanceCount, nango:searchVolumeGb or nango:searchMasterType.`,
    ),
  ];
};

const redis: Check = (values) => {
  const { replicas, maxReplicas } = values;
  return [
    ...when(
      maxReplicas > 1 && values.redis === "none",
      ["redis", "maxReplicas", "replicas", "size"],
      `nango:redis = "none" leaves up to ${maxReplicas} replicas without Redis: OAuth results would get lost and tokens be refreshed twice.\nRemove it (pulumi config rm nango:redis), or keep one replica: pulumi config set nango:maxReplicas 1`,
    ),
    ...when(
      values.redis === "external" && values.redisUrl === undefined,
      ["redis", "redisUrl"],
      'nango:redis = "external" needs nango:redisUrl.\nFor example: pulumi config set --secret nango:redisUrl rediss://:token@redis.example.com:6379',
    ),
    ...when(
      replicas > maxReplicas,
      ["replicas", "maxReplicas", "size"],
      `nango:replicas = ${replicas} is more than nango:maxReplicas = ${maxReplicas}.\nRaise the ceiling: pulumi config set nango:maxReplicas ${replicas}`,
    ),
  ];
};

/** What is wrong between settings of what keeps data. */
export const dataChecks: readonly Check[] = [
  databaseUrls,
  endpoints,
  databases,
  certificates,
  storage,
  pools,
  logs,
  redis,
];

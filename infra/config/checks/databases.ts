import { connectionShortage } from "../../nango/connection-budget.ts";
import { withTls } from "../../nango/connection-url.ts";
import { awsCommand } from "../aws-command.ts";
import type { Choices } from "../choices.ts";
import { didYouMean, nearest } from "../nearest.ts";
import { type Check, when } from "../problem.ts";
import { isRegion, partitionOf, regions } from "../rules/aws-region.ts";
import { backupsRegion, readSnapshot } from "../rules/database-source.ts";
import { defaultMaxConnections, instanceClasses } from "../rules/instance-class.ts";
import { rdsCertificates } from "../rules/rds-certificates.ts";
import { mostStorageGb } from "../settings/databases.ts";
import { entry, toSet } from "../remedy.ts";
import { type GivenConfiguration, placeOf } from "../values.ts";

export const databaseUrls: Check = (choices) =>
  (["databaseUrl", "recordsDatabaseUrl"] as const).flatMap((key) => {
    const url = choices[key];
    if (url === undefined) return [];
    try {
      withTls(url, choices.databaseTls);
      return [];
    } catch (error) {
      return [{ keys: [key], message: `nango:${key} (secret) ${(error as Error).message}` }];
    }
  });

export const databases: Check = (choices, { stack }) => {
  const classes = (["databaseInstanceClass", "recordsDatabaseInstanceClass"] as const).flatMap((key) => {
    const instanceClass = choices[key];
    const limit =
      key === "databaseInstanceClass" ? "databaseMaxConnections" : "recordsDatabaseMaxConnections";
    const unknown = choices[limit] === undefined && defaultMaxConnections(instanceClass) === undefined;
    const near = nearest(instanceClass, instanceClasses);
    return when(
      unknown,
      [key, limit],
      `nango:${key} = "${instanceClass}" is not a class that this project knows for Postgres.${didYouMean(instanceClass, instanceClasses)}${near === undefined ? "" : `\n${toSet("If so", stack, entry(key, near))}`}\n${toSet("For a newer class say how many connections it takes", stack, entry(limit, "200"))}`,
    );
  });
  return classes;
};

/** Where AWS lists RDS's certificates by region. */
const bundles = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html";

/** Databases of RDS whose certificates neither this project nor the configuration has. */
export const certificates: Check = (choices, { region = "", stack }) => {
  if (choices.trustedCaPem !== undefined) return [];
  const lacks = (one: string) => isRegion(one) && rdsCertificates(one) === undefined;
  const known = regions.includes(region);
  return [
    ...when(
      choices.makesRds && lacks(region),
      ["trustedCaPem", "databaseUrl", "recordsDatabaseUrl"],
      known
        ? `aws:region = "${region}" is a region whose RDS certificates this project does not carry.\n${giveBundle(region, stack)}`
        : `aws:region = "${region}" is a region that this project does not know.${didYouMean(region, regions)}${takeNearest(region, stack)}\n${toSet(`If AWS has it, give the certificates of its RDS (${bundles})`, stack, entry("trustedCaPem", '-- "$(cat bundle.pem)"'))}`,
    ),
    ...when(
      choices.databaseTls === "verified" && choices.broughtRdsRegions.some(lacks),
      ["trustedCaPem", "databaseUrl", "recordsDatabaseUrl"],
      `An existing database is RDS's, in a region whose certificates this project does not carry.\n${giveBundle(choices.broughtRdsRegions.find(lacks) ?? "", stack)}`,
    ),
  ];
};

/** How to take the region that was probably meant. */
function takeNearest(region: string, stack: string): string {
  const near = nearest(region, regions);
  return near === undefined ? "" : `\n${toSet("If so", stack, { key: "aws:region", value: near })}`;
}

/** How to give the certificates of a region; those of the separate partitions are listed on a page. */
function giveBundle(region: string, stack: string): string {
  const bundle =
    partitionOf(region).name === "aws"
      ? `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`
      : `the bundle of ${region} (${bundles})`;
  return toSet(
    `Fetch ${bundle} and give it`,
    stack,
    entry("trustedCaPem", `-- "$(cat ${region}-bundle.pem)"`),
  );
}

export const storage: Check = (choices, { stack }) => {
  return (["database", "recordsDatabase"] as const).flatMap((prefix) => {
    const start = choices[`${prefix}StorageGb`];
    const most = choices[`${prefix}MaxStorageGb`];
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    return when(
      most * 10 < start * 11,
      [`${prefix}StorageGb`, `${prefix}MaxStorageGb`, "size"],
      `nango:${prefix}MaxStorageGb = ${most} is less than a tenth above nango:${prefix}StorageGb = ${start}, which RDS demands.\n${toSet("For example", stack, entry(`${prefix}MaxStorageGb`, String(Math.min(mostStorageGb, start * 2))))}`,
    );
  });
};

/** RDS restores within a region only. */
export const snapshots: Check = (choices, given) =>
  (["databaseSnapshot", "recordsDatabaseSnapshot"] as const).flatMap((key) => {
    const snapshot = choices[key] ?? "";
    const { region: found } = readSnapshot(snapshot);
    const { region = "", stack } = given;
    return when(
      found !== undefined && found !== region,
      [key],
      `nango:${key} is a snapshot in ${found}, but the stack is in ${region} (aws:region).\nCopy it: ${copying(snapshot, found ?? "", given)}\n${toSet("Then restore the copy", stack, entry(key, "nango-restore"))}`,
    );
  });

/** Backups that RDS copies into another region have an ARN of that region there. */
export const backupsElsewhere: Check = (choices, { region = "", stack }) =>
  (["databaseRestoreSource", "recordsDatabaseRestoreSource"] as const).flatMap((key) => {
    const found = backupsRegion(choices[key] ?? "");
    return when(
      found !== undefined && found !== region,
      [key],
      `nango:${key} are automated backups in ${found}, but the stack is in ${region} (aws:region), and RDS restores within a region only.\n${toSet(`Give those that RDS replicates to ${region}, or copy a snapshot there (docs/restore.md)`, stack, entry(key, `arn:aws:rds:${region}:...`))}`,
    );
  });

function copying(snapshot: string, region: string, given: GivenConfiguration): string {
  const from = ["--source-region", region, "--source-db-snapshot-identifier", snapshot];
  const to = [
    "--target-db-snapshot-identifier",
    "nango-restore",
    "--kms-key-id",
    "alias/aws/rds",
    "--copy-tags",
  ];
  return awsCommand(["rds", "copy-db-snapshot", ...from, ...to], placeOf(given));
}

/** A copy beside the original is lost with it, and AWS Backup copies within a partition only. */
export const backupCopies: Check = ({ backupCopyRegion }, { region = "", stack }) => {
  if (backupCopyRegion === undefined) return [];
  const [theirs, ours] = [backupCopyRegion, region].map((one) => partitionOf(one).name);
  const problem =
    backupCopyRegion === region
      ? "is the stack's own region (aws:region)"
      : theirs === ours
        ? undefined
        : `is in the partition ${theirs} of AWS, into which nothing is copied from ${ours} (aws:region = "${region}")`;
  const near = regions.filter((one) => one !== region && partitionOf(one).name === ours);
  const example = near.find((one) => one === "eu-west-1" || one === "eu-central-1") ?? near[0];
  return when(
    problem !== undefined,
    ["backupCopyRegion"],
    `nango:backupCopyRegion = "${backupCopyRegion}" ${problem}.\n${toSet("Name another one", stack, entry("backupCopyRegion", example ?? "none"))}`,
  );
};

/** What helps a database that cannot take its connections: only keys that have an effect on it. */
function roomFor(
  database: "main" | "records",
  { target, databaseUrl, recordsDatabaseUrl, databasePoolMax, maxReplicas }: Choices,
  needed: number,
  stack: string,
): string {
  if (target === "docker") return toSet("Take smaller pools", stack, entry("databasePoolMax", "5"));
  const [prefix, url] =
    database === "main"
      ? (["database", databaseUrl] as const)
      : (["recordsDatabase", recordsDatabaseUrl] as const);
  const ways = [
    ...(url === undefined ? [`a larger nango:${prefix}InstanceClass`] : []),
    ...(maxReplicas > 1 ? ["a smaller nango:maxReplicas"] : []),
    ...(database === "main" && databasePoolMax !== undefined ? ["a smaller nango:databasePoolMax"] : []),
  ];
  const take = ways.length === 0 ? "" : `Take ${ways.join(", or ")}. `;
  const limit = `${prefix}MaxConnections` as const;
  return `${take}${toSet("If the database takes more, say how many", stack, entry(limit, String(needed)))}`;
}

export const pools: Check = (choices, { stack }) => {
  const shortage = connectionShortage(choices.connectionBudget);
  if (shortage === undefined) return [];
  return [
    {
      keys: [
        "size",
        "replicas",
        "maxReplicas",
        "databasePoolMax",
        "databaseUrl",
        "databaseInstanceClass",
        "databaseMaxConnections",
        "recordsDatabase",
        "recordsDatabaseUrl",
        "recordsDatabaseInstanceClass",
        "recordsDatabaseMaxConnections",
      ],
      message: `${shortage.message}.\n${roomFor(shortage.database, choices, shortage.needed, stack)}`,
    },
  ];
};

import type { DBInstance, RDS } from "@aws-sdk/client-rds";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { Deployment } from "./deployment.ts";
import { outsideHours } from "./service.ts";

const own = "the database is one of your own";
const hour = 60 * 60 * 1000;

/** A check of each database that the stack made; `gone` is said of one that RDS does not have. */
function ofEach(
  look: (instance: DBInstance, deployment: Deployment) => Outcome | Promise<Outcome>,
  gone: (deployment: Deployment) => Outcome = () => skipped("see Database"),
): Check<Deployment>["run"] {
  return async (deployment) => {
    const { databases, clients } = deployment;
    if (databases.length === 0) return skipped(own);
    return Promise.all(
      databases.map(async (identifier) => {
        const instance = await find(clients.rds, identifier);
        const outcome = instance === undefined ? gone(deployment) : await look(instance, deployment);
        return { ...outcome, about: identifier };
      }),
    );
  };
}

async function find(rds: RDS, DBInstanceIdentifier: string): Promise<DBInstance | undefined> {
  try {
    return (await rds.describeDBInstances({ DBInstanceIdentifier })).DBInstances?.[0];
  } catch (error) {
    if ((error as Error).name === "DBInstanceNotFoundFault") return undefined;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const serving = ["available", "backing-up", "storage-optimization", "configuring-enhanced-monitoring"];

export const status: Check<Deployment> = {
  id: "database",
  title: "Database",
  permissions: ["rds:DescribeDBInstances"],
  run: ofEach(
    ({ DBInstanceStatus = "unknown", EngineVersion }, { isClosed }) => {
      if (serving.includes(DBInstanceStatus)) return good(`Postgres ${EngineVersion} is ${DBInstanceStatus}`);
      if (DBInstanceStatus === "storage-full")
        return bad("its storage is full", "give it more: nango:databaseStorageGb");
      if (isClosed && DBInstanceStatus.startsWith("stop")) return skipped(outsideHours);
      if (DBInstanceStatus === "stopped")
        return bad("it is stopped", "start it in the RDS console; AWS itself starts it after seven days");
      return warning(
        `it is ${DBInstanceStatus}`,
        "look again in some minutes, and in the RDS console under Recent events",
      );
    },
    ({ stack }) =>
      bad(
        "RDS does not have it",
        `somebody deleted it: restore it before npm run up -- ${stack} (docs/restore.md)`,
      ),
  ),
};

const forceSsl = "rds.force_ssl";

export const tls: Check<Deployment> = {
  id: "database-tls",
  title: "Database TLS",
  permissions: ["rds:DescribeDBInstances", "rds:DescribeDBParameters"],
  run: ofEach(async ({ DBParameterGroups = [] }, { clients, stack }) => {
    const group = DBParameterGroups[0]?.DBParameterGroupName ?? "";
    const value = await parameter(clients.rds, group);
    if (value === "1") return good(`it takes encrypted connections only (${forceSsl})`);
    return bad(
      `${forceSsl} is ${value ?? "not set"} in ${group}: it takes connections that anyone on the way can read`,
      `npx pulumi up -s ${stack} --refresh sets it again; if infra/customize.ts changed it, take that out`,
    );
  }),
};

async function parameter(rds: RDS, DBParameterGroupName: string): Promise<string | undefined> {
  let marker: string | undefined;
  do {
    const page = await rds.describeDBParameters({
      DBParameterGroupName,
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    const found = page.Parameters?.find(({ ParameterName }) => ParameterName === forceSsl);
    if (found !== undefined) return found.ParameterValue;
    marker = page.Marker;
  } while (marker !== undefined && marker !== "");
  return undefined;
}

/** The oldest that a backup may be. RDS can restore to a moment of the last five minutes. Hours. */
const oldest = 24;

export const backups: Check<Deployment> = {
  id: "backups",
  title: "Backups",
  permissions: ["rds:DescribeDBInstances"],
  run: ofEach(({ BackupRetentionPeriod = 0, LatestRestorableTime, InstanceCreateTime }) => {
    if (BackupRetentionPeriod === 0)
      return bad("there are none: automated backups are off", "set nango:databaseBackupDays, and deploy");
    if (LatestRestorableTime === undefined) {
      const young = InstanceCreateTime !== undefined && Date.now() - +InstanceCreateTime < oldest * hour;
      return young
        ? warning("the first one is not made yet", "look again in an hour")
        : bad("RDS names no moment to restore to", "look at the database's backups in the RDS console");
    }
    const hours = (Date.now() - +LatestRestorableTime) / hour;
    const says = `it can be restored to ${LatestRestorableTime.toISOString().slice(0, 16).replace("T", " ")} UTC, and to any moment of ${BackupRetentionPeriod} days`;
    return hours > oldest
      ? bad(
          `${says}: that is ${Math.floor(hours)} hours ago`,
          "see Recent events of the database in the RDS console",
        )
      : good(says);
  }),
};

/** AWS Backup begins within eight hours of one o'clock UTC, and may wait for RDS. */
const oldestInVault = 48;

export const vault: Check<Deployment> = {
  id: "backup-vault",
  title: "Backup vault",
  permissions: ["rds:DescribeDBInstances", "rds:DescribeDBSnapshots"],
  async run(deployment) {
    const { resources } = deployment;
    if (!resources.some(({ type }) => type === "aws:backup/vault:Vault"))
      return skipped("nango:backupVault is off");
    return ofEach(newestInVault)(deployment);
  },
};

async function newestInVault(
  { DBInstanceIdentifier = "", InstanceCreateTime }: DBInstance,
  { clients }: Deployment,
): Promise<Outcome> {
  const { DBSnapshots = [] } = await clients.rds.describeDBSnapshots({
    DBInstanceIdentifier,
    SnapshotType: "awsbackup",
  });
  const times = DBSnapshots.flatMap(({ SnapshotCreateTime }) =>
    SnapshotCreateTime ? [+SnapshotCreateTime] : [],
  );
  const since = (time: number) => Math.floor((Date.now() - time) / hour);
  const look = "see Jobs in the AWS Backup console of the region";
  if (times.length === 0) {
    const young = InstanceCreateTime !== undefined && since(+InstanceCreateTime) < oldestInVault;
    return young
      ? warning("AWS Backup has not made its first backup yet", "look again in a day")
      : bad("AWS Backup has made no backup of it", look);
  }
  const hours = since(Math.max(...times));
  return hours > oldestInVault
    ? bad(`the last backup in the vault is ${hours} hours old`, look)
    : good(`the last backup in the vault is ${hours} hours old`);
}

export const protection: Check<Deployment> = {
  id: "protection",
  title: "Protection",
  permissions: ["rds:DescribeDBInstances"],
  async run(deployment): Promise<Outcome> {
    const { clients, databases, unprotected, allowDataLoss, stack } = deployment;
    if (allowDataLoss)
      return warning(
        "nango:allowDataLoss is set: what holds data can be deleted",
        `take it out, and npm run up -- ${stack}`,
      );
    const instances = await Promise.all(databases.map((identifier) => find(clients.rds, identifier)));
    const open = instances
      .filter((instance) => instance?.DeletionProtection === false)
      .map((instance) => `${instance?.DBInstanceIdentifier} (RDS)`);
    if (databases.length > 0 && instances.every((instance) => instance === undefined))
      return skipped("see Database");
    const all = [...open, ...unprotected.map((name) => `${name} (Pulumi)`)];
    return all.length === 0
      ? good("neither Pulumi nor RDS deletes what holds data")
      : bad(
          `not protected against deletion: ${all.join(", ")}`,
          `npx pulumi up -s ${stack} --refresh protects it again, once nango:databaseSnapshot and the keys of a restore are removed`,
        );
  },
};

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsCommand } from "../../config/aws-command.ts";
import { backupsOf, readSnapshot } from "../../config/rules/database-source.ts";
import type { DatabaseSource } from "../../config/stack-config.ts";
import type { DeployedStorage } from "./database-storage.ts";
import { ifKnown } from "../deploying/known.ts";
import { type FoundSource, titleOf, unfit, type WantedDatabase } from "./source-fitness.ts";
import { fingerprintTag } from "./fingerprint.ts";

type Parent = { readonly parent: pulumi.Resource };

/** A text that differs with the source. */
export function sourceName(source: DatabaseSource): string {
  return source.kind === "snapshot" ? source.snapshot : `${source.of} at ${source.time}`;
}

/**
 * The arguments that name a source. Without `dbName` and `username`, which RDS takes from it, and of which the provider
 * makes a refusal (`DBName`, to a time) or a difference that replaces the database.
 * https://github.com/hashicorp/terraform-provider-aws/blob/5f2286d6d836/internal/service/rds/instance.go#L1197-L1660
 */
export function sourceArgs(source: DatabaseSource): Partial<aws.rds.InstanceArgs> {
  if (source.kind === "snapshot") return { snapshotIdentifier: source.snapshot };
  const { of, time } = source;
  const by = {
    identifier: { sourceDbInstanceIdentifier: of },
    "resource ID": { sourceDbiResourceId: of },
    "automated backups": { sourceDbInstanceAutomatedBackupsArn: of },
  };
  const moment = time === "latest" ? { useLatestRestorableTime: true } : { restoreTime: time };
  return { restoreToPointInTime: { ...by[backupsOf(of) ?? "identifier"], ...moment } };
}

/**
 * Stops a deployment, and its preview, that would make a database from what does not fit this stack: before anything is
 * made, and not after a quarter of an hour. For the `beforeCreate` of the database, and of what is made before it.
 */
export function refuseUnfitSource(
  name: string,
  source: DatabaseSource,
  wanted: Omit<WantedDatabase, "encryptionKeyFingerprint"> & {
    readonly encryptionKeyFingerprint: pulumi.Input<string>;
    readonly allowEncryptionKeyChange: boolean;
  },
  opts: Parent,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-refuse-unfit-source`,
    async () => {
      const found = await lookUp(source, wanted.region, opts);
      if (found === undefined) return;
      const fingerprint = await ifKnown(pulumi.output(wanted.encryptionKeyFingerprint));
      const problem = unfit(source, found, {
        ...wanted,
        profile: aws.config.profile,
        encryptionKeyFingerprint: fingerprint,
      });
      if (problem === undefined || (problem.isKey && wanted.allowEncryptionKeyChange)) return;
      throw new pulumi.RunError(`${titleOf(source)} ${problem.says}. ${problem.wayOut}`);
    },
    { onDryRun: true },
  );
}

/** The storage of a source, from which a database begins; undefined where only RDS knows it. */
export async function sourceStorage(
  source: DatabaseSource,
  region: string,
  opts: Parent,
): Promise<DeployedStorage | undefined> {
  const found = await lookUp(source, region, opts);
  return found && { allocatedGb: found.storageGb, ceilingGb: 0 };
}

/**
 * What the provider finds; undefined of backups whose database is gone, which it has no lookup for.
 * @throws pulumi.RunError where there is no such source.
 */
async function lookUp(
  source: DatabaseSource,
  region: string,
  opts: Parent,
): Promise<FoundSource | undefined> {
  try {
    if (source.kind === "snapshot") {
      const { accountId } = await aws.getCallerIdentity({}, opts);
      const { name, account = accountId, type } = readSnapshot(source.snapshot);
      const asked =
        account === accountId
          ? { dbSnapshotIdentifier: name, ...(type !== undefined && { snapshotType: type }) }
          : { dbSnapshotIdentifier: source.snapshot, includeShared: true };
      const found = await aws.rds.getSnapshot(asked, opts);
      return {
        engine: found.engine,
        version: found.engineVersion,
        status: found.status,
        encrypted: found.encrypted,
        storageGb: found.allocatedStorage,
        shared: found.dbSnapshotArn.split(":")[4] !== accountId,
        encryptionKeyFingerprint: found.tags[fingerprintTag],
      };
    }
    if (backupsOf(source.of) !== "identifier") return undefined;
    const found = await aws.rds.getInstance({ dbInstanceIdentifier: source.of }, opts);
    return {
      engine: found.engine,
      version: found.engineVersion,
      status: "available",
      encrypted: found.storageEncrypted,
      storageGb: found.allocatedStorage,
      shared: false,
      restorable: restorableBy(found.backupRetentionPeriod),
      encryptionKeyFingerprint: found.tags[fingerprintTag],
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const [key, list] =
      source.kind === "snapshot"
        ? [source.snapshot, "describe-db-snapshots"]
        : [source.of, "describe-db-instance-automated-backups"];
    throw new pulumi.RunError(
      `nango:${source.key} = "${key}": RDS has nothing in ${region} to restore from by that name (${reason.trim()}). What there is: ${awsCommand(["rds", list], { region, profile: aws.config.profile })}`,
    );
  }
}

const day = 24 * 60 * 60 * 1000;

/**
 * What the days of its backups say of a database, as far as the provider tells: RDS counts from the first backup that it
 * still has, which is up to a day older.
 */
function restorableBy(backupDays: number): FoundSource["restorable"] {
  if (backupDays === 0) return "nothing";
  return { from: new Date(Date.now() - (backupDays + 1) * day), until: new Date() };
}

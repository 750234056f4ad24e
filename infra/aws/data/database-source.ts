import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, awsCommand } from "../../config/aws-command.ts";
import { entry, toSet } from "../../config/remedy.ts";
import { backupsOf } from "../../config/rules/database-source.ts";
import type { DatabaseSource } from "../../config/stack-config.ts";
import type { DeployedStorage } from "./database-storage.ts";
import { fingerprintIn, fingerprintTag } from "./stored-secret.ts";

/** What is known of a source before anything is made from it. */
export interface FoundSource {
  readonly engine: string;
  /** With the minor version: `16.4`. */
  readonly version: string;
  readonly status: string;
  readonly encrypted: boolean;
  /** GiB */
  readonly storageGb: number;
  /** Whether it belongs to another account, which shares it. */
  readonly shared: boolean;
  /** That of the key which its data is encrypted with; undefined where it was not noted. */
  readonly encryptionKeyFingerprint: string | undefined;
}

/** What the database that is made from it is to be. */
export interface WantedDatabase extends AwsPlace {
  readonly stack: string;
  readonly region: string;
  /** Major version. */
  readonly version: string;
  /** Undefined where a deployment would generate the key. */
  readonly encryptionKeyFingerprint: string | undefined;
}

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
 * made, and not after a quarter of an hour. For the `beforeCreate` of the database.
 */
export function refuseUnfitSource(
  name: string,
  source: DatabaseSource,
  wanted: Omit<WantedDatabase, "encryptionKeyFingerprint"> & { readonly allowEncryptionKeyChange: boolean },
  opts: Parent,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-refuse-unfit-source`,
    async ({ newInputs }) => {
      const found = await lookUp(source, wanted.region, opts);
      if (found === undefined) return;
      const fingerprint = fingerprintIn(newInputs ?? {});
      const problem = unfit(source, found, {
        ...wanted,
        profile: aws.config.profile,
        encryptionKeyFingerprint:
          typeof fingerprint === "string" && fingerprint.startsWith("sha256:") ? fingerprint : undefined,
      });
      if (problem === undefined || (problem.isKey && wanted.allowEncryptionKeyChange)) return;
      throw new pulumi.RunError(problem.message);
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
      const found = await aws.rds.getSnapshot(
        { dbSnapshotIdentifier: source.snapshot, includeShared: true },
        opts,
      );
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
      encryptionKeyFingerprint: found.tags[fingerprintTag],
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const [key, list] =
      source.kind === "snapshot"
        ? [source.snapshot, "describe-db-snapshots"]
        : [source.of, "describe-db-instances"];
    throw new pulumi.RunError(
      `nango:${source.key} = "${key}": RDS has nothing in ${region} to restore from by that name (${reason.trim()}). What there is: ${awsCommand(["rds", list], { region, profile: aws.config.profile })}`,
    );
  }
}

/** Why no database of this stack can be made from a source; undefined when it can. */
export function unfit(
  source: DatabaseSource,
  found: FoundSource,
  wanted: WantedDatabase,
): { readonly message: string; readonly isKey: boolean } | undefined {
  const title =
    source.kind === "snapshot" ? `The snapshot "${source.snapshot}"` : `The database "${source.of}"`;
  const what = `${title} (nango:${source.key})`;
  const refused = (message: string) => ({ message: `${what} ${message}`, isKey: false });
  const major = found.version.split(".")[0] ?? "";
  if (found.engine !== "postgres") return refused(`is of ${found.engine}, and Nango needs Postgres.`);
  if (found.status !== "available")
    return refused(`is ${found.status}. Wait until it is available, then deploy again.`);
  if (found.shared || !found.encrypted)
    return refused(
      `${found.shared ? "belongs to another account" : "is not encrypted, and every database of this stack is"}. ` +
        `Restore a copy of it, which is encrypted with a key of this account. ${copying(source, found, wanted)}`,
    );
  if (major !== wanted.version)
    return refused(
      `is of Postgres ${major}, but nango:databaseVersion = "${wanted.version}", and RDS restores into the same version only. ` +
        `${toSet("Restore that one", wanted.stack, entry("databaseVersion", major))} Raise it afterwards.`,
    );
  const { encryptionKeyFingerprint: its } = found;
  if (its === undefined || its === wanted.encryptionKeyFingerprint) return undefined;
  return {
    message:
      `${what} is encrypted with the key ${its}, and this stack has ${wanted.encryptionKeyFingerprint ?? "none yet and would generate another"}: Nango could read none of its credentials, and would not start. ` +
      `Give this stack the key of the stack that the data is from, which npm run key prints there: npx pulumi config set -s ${wanted.stack} --secret nango:encryptionKey`,
    isKey: true,
  };
}

function copying(
  source: DatabaseSource,
  { shared }: FoundSource,
  { region, profile }: WantedDatabase,
): string {
  const copy = (from: string, ...more: readonly string[]) =>
    awsCommand(
      [
        "rds",
        "copy-db-snapshot",
        "--source-db-snapshot-identifier",
        from,
        "--target-db-snapshot-identifier",
        "nango-restore",
        "--kms-key-id",
        "alias/aws/rds",
        ...more,
      ],
      { region, profile },
    );
  return source.kind === "backups"
    ? `Make a snapshot of it, and copy that: ${copy("...")}`
    : `${copy(source.snapshot, ...(shared ? [] : ["--copy-tags"]))}, then give nango-restore.`;
}

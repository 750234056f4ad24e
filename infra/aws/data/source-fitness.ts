// What a database of a stack can be made from. Nothing here asks AWS.

import { type AwsPlace, awsCommand } from "../../config/aws-command.ts";
import { entry, toSet } from "../../config/remedy.ts";
import type { BackupsSource, DatabaseSource } from "../../config/stack-config.ts";

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
  /** Of backups: the first and the last moment that they reach. Undefined where that is not known. */
  readonly restorable?: { readonly from: Date; readonly until: Date } | "nothing" | undefined;
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

/** Why no database can be made from a source. */
export interface Misfit {
  /** What follows the name of the source: `is of mysql, and Nango needs Postgres`. */
  readonly says: string;
  /** Whole sentences. */
  readonly wayOut: string;
  /** Whether it is the encryption key, which `nango:allowEncryptionKeyChange` lets pass. */
  readonly isKey: boolean;
}

/** The source with the key that names it, as a message begins. */
export function titleOf(source: DatabaseSource): string {
  const title =
    source.kind === "snapshot" ? `The snapshot "${source.snapshot}"` : `The database "${source.of}"`;
  return `${title} (nango:${source.key})`;
}

/** Why no database of this stack can be made from a source; undefined when it can. */
export function unfit(
  source: DatabaseSource,
  found: FoundSource,
  wanted: WantedDatabase,
): Misfit | undefined {
  const refused = (says: string, wayOut: string): Misfit => ({ says, wayOut, isKey: false });
  const major = found.version.split(".")[0] ?? "";
  if (found.engine !== "postgres")
    return refused(`is of ${found.engine}, and Nango needs Postgres`, "Name one of Postgres.");
  if (found.status !== "available")
    return refused(`is ${found.status}`, "Wait until it is available, then deploy again.");
  if (found.shared || !found.encrypted)
    return refused(
      found.shared ? "belongs to another account" : "is not encrypted, and every database of this stack is",
      `Restore a copy of it, which is encrypted with a key of this account. ${copying(source, found, wanted)}`,
    );
  if (major !== wanted.version)
    return refused(
      `is of Postgres ${major}, but nango:databaseVersion = "${wanted.version}", and RDS restores into the same version only`,
      `${toSet("Restore that one", wanted.stack, entry("databaseVersion", major))} Raise it afterwards.`,
    );
  return (
    (source.kind === "backups" ? outsideBackups(source, found, wanted) : undefined) ??
    ofAnotherKey(found, wanted)
  );
}

function ofAnotherKey(
  { encryptionKeyFingerprint: its }: FoundSource,
  { encryptionKeyFingerprint: has, stack }: WantedDatabase,
): Misfit | undefined {
  if (its === undefined || its === has) return undefined;
  return {
    says: `is encrypted with the key ${its}, and this stack has ${has ?? "none yet and would generate another"}: Nango could read none of its credentials, and would not start`,
    wayOut: `Give this stack the key of the stack that the data is from, which npm run key prints there: npx pulumi config set -s ${stack} --secret nango:encryptionKey`,
    isKey: true,
  };
}

/** Why there is no backup of the moment that is wanted; undefined where there is one, or where that is not known. */
function outsideBackups(
  { key, time }: BackupsSource,
  { restorable }: FoundSource,
  { stack }: WantedDatabase,
): Misfit | undefined {
  if (restorable === undefined) return undefined;
  const [setting, snapshot] =
    key === "databaseRestoreSource"
      ? (["databaseRestoreTime", "databaseSnapshot"] as const)
      : (["recordsDatabaseRestoreTime", "recordsDatabaseSnapshot"] as const);
  if (restorable === "nothing")
    return {
      says: "has no automated backups, and can be restored to no moment",
      wayOut: `Make a snapshot of it, and restore that: nango:${snapshot} in place of nango:${setting} and nango:${key}.`,
      isKey: false,
    };
  if (time === "latest") return undefined;
  const from = inSeconds(restorable.from, Math.ceil);
  const until = inSeconds(restorable.until, Math.floor);
  if (time >= from && time <= until) return undefined;
  return {
    says: `can be restored to any second from ${from} to ${until}, and nango:${setting} = "${time}" lies ${time < from ? "before" : "after"} that`,
    wayOut:
      time < from
        ? `${toSet("Take a later one", stack, entry(setting, from))} Or a snapshot of that time, if there is one: nango:${snapshot}.`
        : toSet("Take the last one", stack, entry(setting, "latest")),
    isKey: false,
  };
}

/** A moment as `nango:databaseRestoreTime` takes it. */
function inSeconds(moment: Date, round: (seconds: number) => number): string {
  return new Date(round(+moment / 1000) * 1000).toISOString().replace(".000", "");
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

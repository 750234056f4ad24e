import type { TextRule } from "./format.ts";

const snapshotArnPattern = /^arn:aws[a-z-]*:rds:([a-z0-9-]+):(\d{12}):snapshot:(.+)$/;

/** A snapshot's name: RDS puts `rds:` before those that it makes itself, AWS Backup `awsbackup:`. */
const snapshotName = /^(?:rds:|awsbackup:)?[a-z](?:-?[a-z0-9])*$/i;

/** A manual, automated or AWS Backup snapshot of one instance, by name or ARN. */
export const snapshotProblem: TextRule = (value) => {
  if (/^arn:[^:]*:rds:[^:]*:[^:]*:cluster-snapshot:/.test(value))
    return "is a snapshot of an Aurora cluster, of which no instance is made";
  if (/^arn:[^:]*:backup:/.test(value))
    return "is a recovery point of a kind that RDS does not know: give the ARN of the RDS snapshot, arn:aws:rds:...:snapshot:awsbackup:...";
  const name = snapshotArnPattern.exec(value)?.[3] ?? value;
  return name.length <= 255 && snapshotName.test(name)
    ? undefined
    : "is neither the name of a snapshot of RDS nor its ARN";
};

/** What the name or the ARN of a snapshot tells. */
export interface NamedSnapshot {
  /** Without what the ARN has before it. */
  readonly name: string;
  /** Of one that is given by its ARN. */
  readonly region: string | undefined;
  /** Of one that is given by its ARN. */
  readonly account: string | undefined;
  /**
   * How RDS wants one asked for that it, or AWS Backup, made: by its type, too.
   * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html
   */
  readonly type: "automated" | "awsbackup" | undefined;
}

/** Reads what is well-formed. */
export function readSnapshot(snapshot: string): NamedSnapshot {
  const [, region, account, name = snapshot] = snapshotArnPattern.exec(snapshot) ?? [];
  const type = name.startsWith("rds:")
    ? "automated"
    : name.startsWith("awsbackup:")
      ? "awsbackup"
      : undefined;
  return { name, region, account, type };
}

/** How Pulumi hands over a second that stands without quotes in a stack's file: YAML knows dates, and Go prints them so. */
const printedByPulumi = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+0000 UTC$/;

/**
 * Reads a second that has passed, or `latest`.
 * @returns the second as the provider takes it, such as `2026-11-26T08:00:00Z`
 * @throws Error that says what is wrong
 */
export function readRestoreTime(text: string): string {
  if (text === "latest") return text;
  const value = text.replace(printedByPulumi, "$1T$2Z");
  const [date] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.exec(value) ?? [];
  // Node rolls a 31st of February over.
  const valid =
    date !== undefined &&
    !Number.isNaN(Date.parse(date)) &&
    new Date(date).toISOString().startsWith(date.slice(0, 19));
  if (!valid) throw new Error("is no second in UTC such as 2026-11-26T08:00:00Z");
  if (Date.parse(date) > Date.now()) throw new Error("lies ahead: RDS restores to a second that has passed");
  return date;
}

const identifier = /^[a-z](?:-?[a-z0-9]){0,62}$/;
const resourceId = /^db-[A-Z0-9]{10,255}$/;
const automatedBackups = /^arn:aws[a-z-]*:rds:([a-z0-9-]+):\d{12}:auto-backup:ab-[a-z0-9]+$/;

/** How RDS knows the backups to restore to a time: by a database that is there, or of one that is gone. */
export type BackupsOf = "identifier" | "resource ID" | "automated backups";

/** Which of them a text is; undefined for one that is none. */
export function backupsOf(value: string): BackupsOf | undefined {
  if (resourceId.test(value)) return "resource ID";
  if (automatedBackups.test(value)) return "automated backups";
  return identifier.test(value) ? "identifier" : undefined;
}

/** The region of automated backups that are given by their ARN. */
export function backupsRegion(of: string): string | undefined {
  return automatedBackups.exec(of)?.[1];
}

/** A database whose backups there are. */
export const restoreSourceProblem: TextRule = (value) =>
  backupsOf(value) === undefined
    ? "is neither the identifier of a database of RDS, such as nango-database-0123abcd, nor its resource ID, such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ, nor the ARN of its automated backups"
    : undefined;

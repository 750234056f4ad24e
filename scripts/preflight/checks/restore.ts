import type { RDS, DBInstanceAutomatedBackup, DBSnapshot } from "@aws-sdk/client-rds";
import { fingerprintIn, fingerprintTag } from "../../../infra/aws/data/fingerprint.ts";
import { type FoundSource, unfit } from "../../../infra/aws/data/source-fitness.ts";
import { awsCommand } from "../../../infra/config/aws-command.ts";
import { entry, toSet } from "../../../infra/config/remedy.ts";
import { backupsOf, readSnapshot } from "../../../infra/config/rules/database-source.ts";
import type { DatabaseSource } from "../../../infra/config/stack-config.ts";
import { encryptionKeyFingerprint } from "../../../infra/nango/encryption-key.ts";
import { isRecord } from "../../../project/values.ts";
import { placeholderFor } from "../../../rehearsal/placeholders.ts";
import type { RecordedResource } from "../../../rehearsal/rehearse.ts";
import { bad, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";

/** A source as RDS has it, with the key of KMS that its storage is encrypted with. */
interface Seen {
  readonly found: FoundSource;
  readonly kmsKeyId: string | undefined;
}

export const restoreSource: AwsCheck = {
  id: "restore-source",
  title: "Restore source",
  permissions: ["rds:DescribeDBSnapshots", "rds:DescribeDBInstanceAutomatedBackups", "kms:DescribeKey"],
  async run(subject): Promise<Outcome | Outcome[]> {
    const { plan } = subject;
    const planned = plan.ofType("aws:rds/instance:Instance").flatMap((database) => {
      const source = sourceOf(database);
      // A source is for the moment in which a database is made of it.
      return source === undefined || plan.isAsBefore(database, "snapshotIdentifier", "restoreToPointInTime")
        ? []
        : [{ database, source }];
    });
    if (planned.length === 0) return skipped("no database is made from a snapshot or to a moment");
    return Promise.all(
      planned.map(async ({ database, source }) => ({
        ...(await look(database, source, subject)),
        about: source.kind === "snapshot" ? source.snapshot : source.of,
      })),
    );
  },
};

/** What a database is made from; undefined for one that is made empty. */
function sourceOf({ name, inputs }: RecordedResource): DatabaseSource | undefined {
  const prefix = name === "nango-records" ? "recordsDatabase" : "database";
  const { snapshotIdentifier: snapshot, restoreToPointInTime: moment } = inputs;
  if (typeof snapshot === "string") return { kind: "snapshot", key: `${prefix}Snapshot`, snapshot };
  if (!isRecord(moment)) return undefined;
  const of =
    moment["sourceDbInstanceIdentifier"] ??
    moment["sourceDbiResourceId"] ??
    moment["sourceDbInstanceAutomatedBackupsArn"];
  const time = moment["restoreTime"] ?? "latest";
  return { kind: "backups", key: `${prefix}RestoreSource`, of: String(of), time: String(time) };
}

async function look(database: RecordedResource, source: DatabaseSource, subject: Subject): Promise<Outcome> {
  const { region, profile, stack, aws } = subject;
  const [list, seen] =
    source.kind === "snapshot"
      ? (["describe-db-snapshots", await findSnapshot(source.snapshot, subject)] as const)
      : (["describe-db-instance-automated-backups", await findBackups(aws.rds, source.of)] as const);
  const all = `what there is: ${awsCommand(["rds", list], { region, profile })}`;
  if (typeof seen === "string") return bad(seen, all);
  const { found, kmsKeyId } = seen;
  const key = keyOf(database, subject);
  const problem = unfit(
    source,
    key === "unread" ? { ...found, encryptionKeyFingerprint: undefined } : found,
    {
      stack,
      region,
      profile,
      version: String(database.inputs["engineVersion"]),
      encryptionKeyFingerprint: key,
    },
  );
  // Another key is let pass by nango:allowEncryptionKeyChange, of which the preview knows.
  if (problem !== undefined) return (problem.isKey ? warning : bad)(`it ${problem.says}`, problem.wayOut);
  return (
    storageProblem(database, source, found, stack) ??
    (await keyProblem(kmsKeyId, subject)) ??
    good("the database can be made from it")
  );
}

/** What the database tells of the stack's encryption key: "unread" of one that is only given, whose secret is not here. */
function keyOf(database: RecordedResource, { plan }: Subject): string | undefined {
  const before = fingerprintIn(plan.before(database)?.inputs ?? {});
  if (typeof before === "string") return before;
  const given = encryptionKeyFingerprint(placeholderFor(["encryptionKey"]));
  return fingerprintIn(database.inputs) === given ? "unread" : undefined;
}

/** One of the account's own is asked for by its name. */
async function findSnapshot(
  snapshot: string,
  { aws: { rds }, region, caller }: Subject,
): Promise<Seen | string> {
  const { name, region: where = region, account = caller.account, type } = readSnapshot(snapshot);
  if (where !== region) return `it is in ${where}, and the stack in ${region}`;
  const shared = account !== caller.account;
  const own = { DBSnapshotIdentifier: name, ...(type !== undefined && { SnapshotType: type }) };
  const [one] = await noneIfNotFound(async () => {
    const asked = shared ? { DBSnapshotIdentifier: snapshot, IncludeShared: true } : own;
    return (await rds.describeDBSnapshots(asked)).DBSnapshots;
  });
  if (one === undefined) return `RDS has no such snapshot in ${region}`;
  return seen(one, { status: one.Status, shared });
}

async function findBackups(rds: RDS, of: string): Promise<Seen | string> {
  const by = backupsOf(of);
  const all = await noneIfNotFound(async () => {
    const { DBInstanceAutomatedBackups } = await rds.describeDBInstanceAutomatedBackups(
      by === "resource ID"
        ? { DbiResourceId: of }
        : by === "automated backups"
          ? { DBInstanceAutomatedBackupsArn: of }
          : { DBInstanceIdentifier: of },
    );
    return DBInstanceAutomatedBackups;
  });
  const active = all.find(({ Status }) => Status !== "retained");
  const one = by === "identifier" ? active : all[0];
  if (one !== undefined) return seen(one, { status: "available", shared: false, restorable: windowOf(one) });
  const [retained] = all;
  return retained === undefined
    ? "RDS has no automated backups by that name"
    : `that database was deleted, and its backups are known by its resource ID: ${retained.DbiResourceId}`;
}

function windowOf({ RestoreWindow: window }: DBInstanceAutomatedBackup): FoundSource["restorable"] {
  const { EarliestTime: from, LatestTime: until } = window ?? {};
  // Neither is there until the first backup is made.
  return from === undefined || until === undefined ? "nothing" : { from, until };
}

function seen(
  {
    Engine = "",
    EngineVersion = "",
    Encrypted,
    AllocatedStorage = 0,
    KmsKeyId,
    TagList = [],
  }: DBInstanceAutomatedBackup | DBSnapshot,
  more: { readonly status: string | undefined } & Pick<FoundSource, "shared" | "restorable">,
): Seen {
  const { status = "unknown", ...rest } = more;
  return {
    kmsKeyId: KmsKeyId,
    found: {
      engine: Engine,
      version: EngineVersion,
      status,
      encrypted: Encrypted === true,
      storageGb: AllocatedStorage,
      encryptionKeyFingerprint: TagList.find(({ Key }) => Key === fingerprintTag)?.Value,
      ...rest,
    },
  };
}

async function noneIfNotFound<One>(ask: () => Promise<One[] | undefined>): Promise<One[]> {
  try {
    return (await ask()) ?? [];
  } catch (error) {
    if (/NotFound/.test((error as Error).name)) return [];
    throw error;
  }
}

/** Of a database that is gone the program cannot ask how large it was, and asks RDS for a ceiling that may be too low. */
function storageProblem(
  { inputs }: RecordedResource,
  source: DatabaseSource,
  { storageGb }: FoundSource,
  stack: string,
): Outcome | undefined {
  if (source.kind === "snapshot" || backupsOf(source.of) === "identifier") return undefined;
  const ceiling = Number(inputs["maxAllocatedStorage"]);
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
  const least = Math.ceil((storageGb * 11) / 10);
  if (ceiling === 0 || ceiling >= least) return undefined;
  const setting =
    source.key === "databaseRestoreSource" ? "databaseMaxStorageGb" : "recordsDatabaseMaxStorageGb";
  return bad(
    `it holds ${storageGb} GiB, and RDS wants nango:${setting} a tenth above that, which is ${ceiling}`,
    toSet("Raise it", stack, entry(setting, String(least))),
  );
}

/** RDS decrypts a source with the key of KMS that it was encrypted with. */
async function keyProblem(key: string | undefined, { aws: { kms } }: Subject): Promise<Outcome | undefined> {
  if (key === undefined) return undefined;
  const state = await kms.describeKey({ KeyId: key }).then(
    ({ KeyMetadata }) =>
      KeyMetadata?.Enabled === false ? `its state is ${KeyMetadata.KeyState}` : undefined,
    (error: unknown) => {
      if ((error as Error).name === "NotFoundException") return "it is not there";
      throw error;
    },
  );
  if (state === undefined) return undefined;
  return bad(
    `it is encrypted with the KMS key ${key}, which RDS has to use, and ${state}`,
    "let the key be used again: cancel its deletion, or enable it, in the console of KMS",
  );
}

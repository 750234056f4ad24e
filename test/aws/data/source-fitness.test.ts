import { describe, expect, test } from "vitest";
import { sourceArgs } from "../../../infra/aws/data/database-source.ts";
import { type FoundSource, type Misfit, unfit } from "../../../infra/aws/data/source-fitness.ts";
import { encryptionKeyFingerprint } from "../../../infra/nango/encryption-key.ts";

const fingerprint = encryptionKeyFingerprint(Buffer.alloc(32, 7).toString("base64"));

const snapshot = { kind: "snapshot", key: "databaseSnapshot", snapshot: "nango-1" } as const;
const backups = (of: string, time = "latest") =>
  ({ kind: "backups", key: "databaseRestoreSource", time, of }) as const;

describe("what is said to RDS", () => {
  test.each([
    [snapshot, { snapshotIdentifier: "nango-1" }],
    [
      backups("nango-database-1"),
      {
        restoreToPointInTime: {
          sourceDbInstanceIdentifier: "nango-database-1",
          useLatestRestorableTime: true,
        },
      },
    ],
    [
      backups("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "2026-11-26T08:00:00Z"),
      {
        restoreToPointInTime: {
          sourceDbiResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
          restoreTime: "2026-11-26T08:00:00Z",
        },
      },
    ],
    [
      backups("arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-1"),
      {
        restoreToPointInTime: {
          sourceDbInstanceAutomatedBackupsArn: "arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-1",
          useLatestRestorableTime: true,
        },
      },
    ],
  ])("is the source, by what it is: %j", (source, args) => expect(sourceArgs(source)).toEqual(args));
});

const saying = (misfit: Misfit | undefined) => misfit && `${misfit.says}. ${misfit.wayOut}`;

describe("a source", () => {
  const fitting: FoundSource = {
    engine: "postgres",
    version: "16.4",
    status: "available",
    encrypted: true,
    storageGb: 20,
    shared: false,
    encryptionKeyFingerprint: fingerprint,
  };
  const wanted = {
    stack: "drill",
    region: "eu-central-1",
    version: "16",
    encryptionKeyFingerprint: fingerprint,
  };

  test("of this stack's version and key fits, and one that does not tell its key", () => {
    expect(unfit(snapshot, fitting, wanted)).toBeUndefined();
    const unknown = { ...fitting, encryptionKeyFingerprint: undefined };
    expect(unfit(snapshot, unknown, { ...wanted, encryptionKeyFingerprint: undefined })).toBeUndefined();
  });

  test.each<[string, Partial<FoundSource>, Partial<typeof wanted>, RegExp]>([
    ["of another engine", { engine: "mysql" }, {}, /is of mysql, and Nango needs Postgres/],
    ["that is not ready", { status: "creating" }, {}, /is creating\. Wait until it is available/],
    [
      "that is not encrypted",
      { encrypted: false },
      {},
      /is not encrypted, .*copy-db-snapshot --region eu-central-1 --source-db-snapshot-identifier nango-1 .*--kms-key-id alias\/aws\/rds --copy-tags/,
    ],
    ["of another account", { shared: true }, {}, /belongs to another account\. .*alias\/aws\/rds, then give/],
    [
      "of an older version",
      { version: "15.9" },
      {},
      /is of Postgres 15, but nango:databaseVersion = "16".*nango:databaseVersion 15 Raise it afterwards/,
    ],
    [
      "that another key encrypted",
      { encryptionKeyFingerprint: "sha256:0123456789abcdef" },
      {},
      /encrypted with the key sha256:0123456789abcdef, and this stack has sha256:[0-9a-f]{16}: .*config set -s drill --secret nango:encryptionKey$/,
    ],
  ])("%s is refused with the way out", (_, differs, wants, message) => {
    expect(saying(unfit(snapshot, { ...fitting, ...differs }, { ...wanted, ...wants }))).toMatch(message);
  });

  const restorable = { from: new Date("2026-11-20T01:00:00.500Z"), until: new Date("2026-11-26T08:00:00Z") };
  const moment = (time: string, of = "nango-database-1") => backups(of, time);

  test.each([["2026-11-20T01:00:01Z"], ["2026-11-26T08:00:00Z"], ["latest"]])("has backups of %s", (time) => {
    expect(unfit(moment(time), { ...fitting, restorable }, wanted)).toBeUndefined();
  });

  test.each([
    [
      "2026-11-20T01:00:00Z",
      restorable,
      /any second from 2026-11-20T01:00:01Z to 2026-11-26T08:00:00Z, .*lies before that\. .*config set -s drill nango:databaseRestoreTime 2026-11-20T01:00:01Z Or a snapshot/,
    ],
    [
      "2026-11-26T08:00:01Z",
      restorable,
      /lies after that\. .*config set -s drill nango:databaseRestoreTime latest$/,
    ],
    [
      "latest",
      "nothing" as const,
      /no automated backups.* nango:databaseSnapshot in place of nango:databaseRestoreTime/,
    ],
  ])("has no backups of %s", (time, range, message) => {
    expect(saying(unfit(moment(time), { ...fitting, restorable: range }, wanted))).toMatch(message);
  });

  test("is refused by a stack that would generate a key", () => {
    const misfit = unfit(snapshot, fitting, { ...wanted, encryptionKeyFingerprint: undefined });
    expect(misfit?.says).toContain("this stack has none yet and would generate another");
    expect(misfit?.isKey).toBe(true);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { fingerprintTag } from "../../../infra/aws/data/fingerprint.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { restoreSource } from "../../../scripts/preflight/checks/restore.ts";
import { Plan } from "../../../scripts/preflight/plan.ts";
import { deployed } from "../../aws/topologies.ts";
import { type Answer, refusal, said, subject } from "./recorded-aws.ts";

const INSTANCE = "aws:rds/instance:Instance";
const ownKey = "sha256:0000000000000000";
const kmsKey = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await deployed("dev");
});

/** A stack whose database is made from something, new or deployed before. */
async function restoring(
  inputs: Readonly<Record<string, unknown>>,
  answers: Readonly<Record<string, Answer>>,
  before?: Readonly<Record<string, unknown>>,
) {
  const resources = rehearsal.resources.map((resource) =>
    resource.type === INSTANCE ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
  );
  const state = rehearsal.resources
    .filter(({ type }) => type === INSTANCE)
    .map((resource) => ({ ...resource, inputs: { ...resource.inputs, ...before }, outputs: {} }));
  return {
    ...(await subject("dev", { DescribeKey: { KeyMetadata: { Enabled: true } }, ...answers })),
    plan: new Plan(
      { ...rehearsal, resources },
      before === undefined ? undefined : { resources: state, pendingOperations: [] },
    ),
  };
}

const source = {
  Engine: "postgres",
  EngineVersion: "16.4",
  Encrypted: true,
  AllocatedStorage: 20,
  KmsKeyId: kmsKey,
};
const snapshot = (more: object = {}): Record<string, Answer> => ({
  DescribeDBSnapshots: { DBSnapshots: [{ ...source, Status: "available", ...more }] },
});
const backups = (...more: readonly object[]): Record<string, Answer> => ({
  DescribeDBInstanceAutomatedBackups: {
    DBInstanceAutomatedBackups: more.map((one) => ({
      ...source,
      Status: "active",
      DbiResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      RestoreWindow: {
        EarliestTime: new Date("2026-11-20T01:00:00Z"),
        LatestTime: new Date("2026-11-26T08:00:00Z"),
      },
      ...one,
    })),
  },
});
const named = { snapshotIdentifier: "mine" };
const moment = (of: object, time?: string) => ({
  restoreToPointInTime: {
    ...of,
    ...(time === undefined ? { useLatestRestorableTime: true } : { restoreTime: time }),
  },
});
const there = { sourceDbInstanceIdentifier: "mine" };
const deleted = { sourceDbiResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" };

test.each<[string, Record<string, unknown>, Record<string, Answer>, RegExp]>([
  ["nothing", {}, {}, /^skipped: no database is made from a snapshot/],
  ["a snapshot that fits", named, snapshot(), /^good: mine the database can be made from it$/],
  ["a snapshot that is being made", named, snapshot({ Status: "creating" }), /^bad: mine it is creating$/],
  [
    "no such snapshot",
    named,
    { DescribeDBSnapshots: refusal("DBSnapshotNotFoundFault", "mine") },
    /^bad: mine RDS has no such/,
  ],
  [
    "a snapshot of an older version",
    named,
    snapshot({ EngineVersion: "15.9" }),
    /^bad: .* is of Postgres 15, but nango:databaseVersion = "16"/,
  ],
  [
    "a snapshot in another region",
    { snapshotIdentifier: "arn:aws:rds:us-east-1:123456789012:snapshot:mine" },
    {},
    /^bad: .* it is in us-east-1, and the stack in eu-central-1$/,
  ],
  [
    "one that another account shares",
    { snapshotIdentifier: "arn:aws:rds:eu-central-1:210987654321:snapshot:mine" },
    snapshot(),
    /^bad: .* belongs to another account$/,
  ],
  [
    "a snapshot whose data another key encrypts, in a stack that has none",
    named,
    snapshot({ TagList: [{ Key: fingerprintTag, Value: "sha256:1111111111111111" }] }),
    /^warning: .* this stack has none yet and would generate another/,
  ],
  [
    "a snapshot whose KMS key is to be deleted",
    named,
    { ...snapshot(), DescribeKey: { KeyMetadata: { Enabled: false, KeyState: "PendingDeletion" } } },
    /^bad: .*KMS key arn.*and its state is PendingDeletion$/,
  ],
  ["the last moment of backups", moment(there), backups({}), /^good:/],
  ["a moment of backups", moment(there, "2026-11-22T00:00:00Z"), backups({}), /^good:/],
  [
    "a moment before them",
    moment(there, "2026-11-19T00:00:00Z"),
    backups({}),
    /^bad: mine it can be restored .* lies before that$/,
  ],
  [
    "a moment after them",
    moment(there, "2026-11-27T00:00:00Z"),
    backups({}),
    /^bad: mine it can be restored .* lies after that$/,
  ],
  [
    "backups whose first is not made yet",
    moment(there),
    backups({ RestoreWindow: {} }),
    /^bad: mine it has no automated backups/,
  ],
  ["backups of nobody", moment(there), backups(), /^bad: mine RDS has no automated backups by that name$/],
  [
    "a deleted database by its name",
    moment(there),
    backups({ Status: "retained" }),
    /^bad: .* known by its resource ID: db-ABC/,
  ],
  ["a deleted database", moment(deleted), backups({ Status: "retained" }), /^good:/],
  [
    "a deleted database that was large",
    moment(deleted),
    backups({ Status: "retained", AllocatedStorage: 900 }),
    /^bad: .* it holds 900 GiB, and RDS wants nango:databaseMaxStorageGb a tenth above that/,
  ],
])("looks at what a database is made from: %s", async (_, inputs, answers, says) => {
  const lines = await said([restoreSource], await restoring(inputs, answers));
  expect(lines).toEqual([expect.stringMatching(says)]);
});

describe("a stack that is deployed", () => {
  const tagged = (key: string) => snapshot({ TagList: [{ Key: fingerprintTag, Value: key }] });
  const before = { tags: { [fingerprintTag]: ownKey } };

  test("is told whether the data is of its own key", async () => {
    expect(await said([restoreSource], await restoring(named, tagged(ownKey), before))).toEqual([
      "good: mine the database can be made from it",
    ]);
    expect(
      await said([restoreSource], await restoring(named, tagged("sha256:1111111111111111"), before)),
    ).toEqual([
      expect.stringMatching(
        /^warning: mine it is encrypted with the key sha256:1+, and this stack has sha256:0+:/,
      ),
    ]);
  });

  test("does not look for what its database was made from", async () => {
    const gone = { DescribeDBSnapshots: refusal("DBSnapshotNotFoundFault", "mine") };
    expect(await said([restoreSource], await restoring(named, gone, named))).toEqual([
      expect.stringMatching(/^skipped/),
    ]);
  });
});

test.each([
  ["mine", { DBSnapshotIdentifier: "mine" }],
  ["rds:mine-2026-11-26", { DBSnapshotIdentifier: "rds:mine-2026-11-26", SnapshotType: "automated" }],
  ["awsbackup:job-1", { DBSnapshotIdentifier: "awsbackup:job-1", SnapshotType: "awsbackup" }],
  ["arn:aws:rds:eu-central-1:123456789012:snapshot:mine", { DBSnapshotIdentifier: "mine" }],
  [
    "arn:aws:rds:eu-central-1:210987654321:snapshot:theirs",
    { DBSnapshotIdentifier: "arn:aws:rds:eu-central-1:210987654321:snapshot:theirs", IncludeShared: true },
  ],
])("the snapshot %s is asked for as RDS wants it", async (snapshotIdentifier, asked) => {
  const inputs: object[] = [];
  const DescribeDBSnapshots: Answer = (input: object) => {
    inputs.push(input);
    return { DBSnapshots: [] };
  };
  await said([restoreSource], await restoring({ snapshotIdentifier }, { DescribeDBSnapshots }));
  expect(inputs).toEqual([asked]);
});

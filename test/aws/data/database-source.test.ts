import { beforeAll, describe, expect, test } from "vitest";
import { encryptionKeyFingerprint } from "../../../infra/nango/encryption-key.ts";
import type { Answers, Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { containersOf, replacedOrDeleted, the } from "../find.ts";
import { rehearse } from "../../rehearse.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const fingerprint = encryptionKeyFingerprint(key);

const update = (options: Partial<RehearseOptions>) => rehearse({ stack: "dev", mode: "update", ...options });
const database = (rehearsal: Rehearsal) => the(rehearsal, "rds/instance:Instance");
const databaseUrl = (rehearsal: Rehearsal) => {
  const { inputs } = the(rehearsal, "secretsmanager/secretVersion:SecretVersion");
  return new URL(
    (JSON.parse(String(inputs["secretString"])) as Record<string, string>)["NANGO_DATABASE_URL"]!,
  );
};
const restoring = { databaseSnapshot: "nango-1" };
/** RDS as it has a snapshot, by that one call. */
const having = (differs: object): Answers => ({
  "aws:rds/getSnapshot:getSnapshot": () => ({
    id: "nango-1",
    dbSnapshotArn: "arn:aws:rds:eu-central-1:123456789012:snapshot:nango-1",
    engine: "postgres",
    engineVersion: "16.4",
    status: "available",
    encrypted: true,
    allocatedStorage: 20,
    tags: { EncryptionKeyFingerprint: fingerprint },
    ...differs,
  }),
});
/** A database as the provider finds it. */
const there = {
  id: "nango-database-1",
  engine: "postgres",
  engineVersion: "16.4",
  storageEncrypted: true,
  allocatedStorage: 20,
  maxAllocatedStorage: 0,
  tags: {},
};
const gone: Answers = {
  "aws:rds/getSnapshot:getSnapshot": () => {
    throw new Error("Your query returned no results");
  },
};

describe("a stack that begins with a snapshot", () => {
  let side: Rehearsal;
  beforeAll(async () => {
    side = await update({ set: restoring, secrets: { encryptionKey: key }, answers: having({}) });
  });

  test("makes its database from it, and takes its user from there", () => {
    expect(side.findings).toEqual([]);
    const { inputs, outputs } = database(side);
    expect(inputs["snapshotIdentifier"]).toBe("nango-1");
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["username"]));
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["dbName"]));
    expect(databaseUrl(side).username).toBe(outputs["username"]);
    expect(databaseUrl(side).password).toBe(inputs["password"]);
    expect(inputs["deletionProtection"]).toBe(true);
    expect(inputs["tags"]).toMatchObject({ EncryptionKeyFingerprint: fingerprint });
  });

  test("remembers its key only when the snapshot has accepted it", () => {
    const { dependencies } = the(side, "secretsmanager/secret:Secret");
    expect(dependencies).toContain(database(side).urn);
  });

  test.each([
    ["the key stays", restoring],
    ["the key is removed", {}],
  ])("changes nothing when %s, though the snapshot is gone", async (_, set) => {
    const next = await update({
      set,
      secrets: { encryptionKey: key },
      previous: side,
      answers: gone,
    });
    expect(next.findings).toEqual([]);
    expect(next.changes).toEqual([]);
    expect(database(next).protect).toBe(!("databaseSnapshot" in set));
  });

  test("begins as large as the snapshot, and stays so", async () => {
    const secrets = { encryptionKey: key };
    const large = await update({ set: restoring, secrets, answers: having({ allocatedStorage: 500 }) });
    expect(database(large).inputs).toMatchObject({
      allocatedStorage: 500,
      maxAllocatedStorage: 550,
      iops: 12_000,
    });
    const next = await update({ secrets, previous: large, answers: gone });
    expect(next.changes).toEqual([]);
  });
});

describe("the preview of a restore", () => {
  const preview = async (options: Partial<RehearseOptions>) => {
    const { program, findings } = await rehearse({
      stack: "dev",
      set: restoring,
      runHooks: true,
      ...options,
    });
    return [program.message, ...findings.map(({ message }) => message)].join("\n");
  };

  test.each<[string, Partial<RehearseOptions>, RegExp]>([
    ["a stack without the key", { answers: having({}) }, /none yet and would generate another/],
    [
      "a stack with another key",
      { answers: having({}), secrets: { encryptionKey: Buffer.alloc(32, 9).toString("base64") } },
      /encrypted with the key sha256:[0-9a-f]+, and this stack has sha256:[0-9a-f]+:/,
    ],
    [
      "another account's",
      { answers: having({ dbSnapshotArn: "arn:aws:rds:eu-central-1:999999999999:snapshot:nango-1" }) },
      /belongs to another account/,
    ],
    [
      "a moment from before the backups",
      {
        set: { databaseRestoreTime: "2020-01-01T00:00:00Z", databaseRestoreSource: "nango-database-1" },
        secrets: { encryptionKey: key },
      },
      /can be restored to any second from .*, and nango:databaseRestoreTime = "2020-01-01T00:00:00Z" lies before/,
    ],
    [
      "a database without backups",
      {
        set: { databaseRestoreTime: "latest", databaseRestoreSource: "nango-database-1" },
        secrets: { encryptionKey: key },
        answers: { "aws:rds/getInstance:getInstance": () => ({ ...there, backupRetentionPeriod: 0 }) },
      },
      /has no automated backups/,
    ],
  ])("refuses %s", async (_, options, message) => {
    expect(await preview(options)).toMatch(message);
  });

  test("lets the stack pass that has the key, or may lose the data", async () => {
    expect(await preview({ answers: having({}), secrets: { encryptionKey: key } })).toBe("");
    expect(
      await preview({ answers: having({}), set: { ...restoring, allowEncryptionKeyChange: "true" } }),
    ).toBe("");
  });
});

describe("a deployed stack that is given a snapshot", () => {
  let before: Rehearsal;
  let swapped: Rehearsal;
  beforeAll(async () => {
    before = await update({});
    swapped = await update({ set: restoring, previous: before, answers: having({ tags: {} }) });
  });

  test("gets another database by another name, while the old one stays as it is", () => {
    expect(swapped.findings).toEqual([]);
    const change = database(swapped).change;
    expect(change).toMatchObject({ kind: "replace", retained: true, deleteFirst: false });
    expect(database(swapped).inputs["identifier"]).not.toBe(database(before).inputs["identifier"]);
    expect(database(swapped).inputs["finalSnapshotIdentifier"]).not.toBe(
      database(before).inputs["finalSnapshotIdentifier"],
    );
    expect(database(before).inputs["deletionProtection"]).toBe(true);
    const logs = swapped.changes.filter(({ type }) => type.endsWith(":LogGroup"));
    expect(logs.map(({ kind, retained }) => [kind, retained])).toEqual([
      ["replace", true],
      ["replace", true],
    ]);
  });

  test("has the snapshot looked at before the first that is replaced, which is the name", () => {
    const name = swapped.resources.find(
      (each) => each.type.endsWith(":RandomId") && each.name === "nango-database",
    );
    expect(name?.hooks?.beforeCreate).toEqual([expect.stringMatching(/refuse-unfit-source$/)]);
    expect(database(swapped).hooks?.beforeCreate).toEqual(name?.hooks?.beforeCreate);
  });

  test("keeps its password, and everything around the database", () => {
    expect(replacedOrDeleted(swapped)).toEqual([
      "replace Instance nango-database",
      "replace LogGroup nango-database-postgresql",
      "replace LogGroup nango-database-upgrade",
      "replace RandomId nango-database",
      "replace SecretVersion nango",
      "replace TaskDefinition nango",
      "replace TaskDefinition nango-migrate",
    ]);
    expect(databaseUrl(swapped).password).toBe(databaseUrl(before).password);
    expect(databaseUrl(swapped).host).not.toBe(databaseUrl(before).host);
    expect(containersOf(swapped, "nango-migrate")["migrate"]).toBeDefined();
  });

  test("is protected again, and changed no more, once the key is removed", async () => {
    const next = await update({ previous: swapped, answers: gone });
    expect(next.changes).toEqual([]);
    expect(database(next).protect).toBe(true);
    const again = await update({ set: restoring, previous: next, answers: gone });
    expect(again.changes).toEqual([]);
    const other = await update({
      set: { databaseSnapshot: "nango-2" },
      previous: next,
      answers: having({ tags: {} }),
    });
    expect(database(other).change).toMatchObject({ kind: "replace", retained: true });
  });

  test("tells of it in the consequences as what it is", () => {
    expect(swapped.consequences.map(({ effect }) => effect)).toEqual([
      "leaves data behind",
      "restarts Nango",
      "adds resources",
    ]);
  });
});

test("a database that may be lost is deleted when the stack is, and none is left behind", async () => {
  const rehearsal = await update({ set: { allowDataLoss: "true" } });
  expect(database(rehearsal)).toMatchObject({ protect: false, retainOnDelete: false });
  expect(database(rehearsal).inputs["deletionProtection"]).toBe(false);
});

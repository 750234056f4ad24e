import { describe, expect, test } from "vitest";
import {
  backupsOf,
  restoreSourceProblem,
  readRestoreTime,
  snapshotProblem,
  readSnapshot,
} from "../../../infra/config/rules/database-source.ts";

const arn = "arn:aws:rds:eu-central-1:123456789012";

describe("a snapshot", () => {
  test.each([
    "nango-before-upgrade",
    "nango-database-0123abcd-final",
    "rds:nango-database-0123abcd-2026-11-26-03-10",
    "awsbackup:job-1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901",
    `${arn}:snapshot:nango-before-upgrade`,
    `${arn.replace("aws:", "aws-us-gov:").replace("eu-central-1", "us-gov-west-1")}:snapshot:rds:nango-1`,
    "a".repeat(255),
  ])("may be %s", (value) => expect(snapshotProblem(value)).toBeUndefined());

  test.each([
    [`${arn}:cluster-snapshot:nango`, /of an Aurora cluster/],
    ["arn:aws:backup:eu-central-1:123456789012:recovery-point:1b2c", /give the ARN of the RDS snapshot/],
    [`${arn}:db:nango-database-0123abcd`, /neither the name of a snapshot/],
    ["nango before", /neither/],
    ["nango--before", /neither/],
    ["nango-", /neither/],
    ["1nango", /neither/],
    ["s3://bucket/dump", /neither/],
    ["a".repeat(256), /neither/],
  ])("is not %s", (value, message) => expect(snapshotProblem(value)).toMatch(message));

  test("tells its region by its ARN alone", () => {
    expect(readSnapshot(`${arn}:snapshot:nango`)).toMatchObject({ name: "nango", region: "eu-central-1" });
    expect(readSnapshot("nango")).toMatchObject({ name: "nango", region: undefined, type: undefined });
    expect(readSnapshot(`${arn}:snapshot:awsbackup:job-1`).type).toBe("awsbackup");
    expect(readSnapshot("rds:nango-1").type).toBe("automated");
  });
});

test.each(["latest", "2026-11-26T08:00:00Z", "2024-02-29T23:59:59Z"])("a moment may be %s", (value) =>
  expect(readRestoreTime(value)).toBe(value),
);

test("a moment may stand without quotes, which Pulumi hands over as Go prints it", () => {
  expect(readRestoreTime("2026-11-26 08:00:00 +0000 UTC")).toBe("2026-11-26T08:00:00Z");
});

test("a moment does not lie ahead", () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  expect(() => readRestoreTime(inAnHour)).toThrow("lies ahead: RDS restores to a second that has passed");
});

test.each([
  "2026-11-26",
  "2026-11-26T08:00Z",
  "2026-11-26T08:00:00+01:00",
  "2026-11-26T08:00:00.000Z",
  "2026-02-30T08:00:00Z",
  "2026-13-01T08:00:00Z",
  "2026-11-26T24:30:00Z",
  "2026-11-26 08:00:00 +0200 +0200",
  "2026-11-26 08:00:00.25 +0000 UTC",
  "yesterday",
])("a moment is not %s", (value) =>
  expect(() => readRestoreTime(value)).toThrow("is no second in UTC such as 2026-11-26T08:00:00Z"),
);

test.each([
  ["nango-database-0123abcd", "identifier"],
  ["db-1", "identifier"],
  ["db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "resource ID"],
  [`${arn}:auto-backup:ab-l33e5u4rgqomlctuu5qopgfm5gmzqhgd`, "automated backups"],
] as const)("%s is a database by its %s", (value, kind) => {
  expect(backupsOf(value)).toBe(kind);
  expect(restoreSourceProblem(value)).toBeUndefined();
});

test.each([
  "nango-database-0123abcd.c0a1.eu-central-1.rds.amazonaws.com",
  `${arn}:db:nango-database-0123abcd`,
  "Nango",
  "nango--1",
  "a".repeat(64),
])("%s is no database to restore from", (value) =>
  expect(restoreSourceProblem(value)).toMatch(/neither the identifier of a database/),
);

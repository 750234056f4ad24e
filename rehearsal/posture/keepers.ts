// How what keeps data keeps it.

import { type Graph, record } from "../architecture/graph.ts";
import type { RecordedResource } from "../record.ts";

/** A word about a resource, and whether it is as one would want it. */
export interface Word {
  readonly text: string;
  /** Undefined where it is neither good nor bad. */
  readonly isGood?: boolean;
}

/** Something that keeps data. */
export interface Keeper {
  readonly type: string;
  readonly name: string;
  readonly atRest: Word;
  readonly backups: Word;
  readonly whenAZoneFails: Word;
  readonly againstDeletion: Word;
}

const said = (text: string): Word => ({ text });
const word = (isGood: boolean, good: string, bad: string): Word => ({ text: isGood ? good : bad, isGood });
const encryption = (isEncrypted: boolean) => word(isEncrypted, "encrypted", "not encrypted");

function days(count: unknown): Word {
  const number = Number(count ?? 0);
  return number > 0 ? said(`${number} day${number === 1 ? "" : "s"}`) : { text: "none", isGood: false };
}

/** What a type of resources says of itself. */
const keepers: Readonly<
  Record<string, (one: RecordedResource) => Pick<Keeper, "atRest" | "backups" | "whenAZoneFails">>
> = {
  "aws:rds/instance:Instance": ({ inputs }) => ({
    atRest: encryption(inputs["storageEncrypted"] === true),
    backups: days(inputs["backupRetentionPeriod"]),
    whenAZoneFails: word(inputs["multiAz"] === true, "standby", "no standby"),
  }),
  "aws:opensearch/domain:Domain": (one) => ({
    atRest: encryption(record(one, "encryptAtRest")["enabled"] === true),
    backups: said("hourly snapshots of AWS"),
    whenAZoneFails: word(
      record(one, "clusterConfig")["zoneAwarenessEnabled"] === true,
      "several zones",
      "one zone",
    ),
  }),
  "aws:secretsmanager/secret:Secret": ({ inputs }) => ({
    atRest: encryption(true),
    backups: said(`${String(inputs["recoveryWindowInDays"] ?? 30)} days after deletion`),
    whenAZoneFails: said("by AWS"),
  }),
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
  "aws:backup/vault:Vault": () => ({
    atRest: encryption(true),
    backups: said("holds those of the databases"),
    whenAZoneFails: said("by AWS"),
  }),
};

/** All of a stack. */
export function keepersOf(graph: Graph): Keeper[] {
  return Object.entries(keepers).flatMap(([type, of]) =>
    graph.all(type).map((one) => ({
      type,
      name: one.name,
      ...of(one),
      againstDeletion: word(one.protect, "protected", "not protected"),
    })),
  );
}

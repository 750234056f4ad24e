import { isRecord, numberIn, UNKNOWN } from "../../project/values.ts";
import { hoursOfMonth } from "./assumptions.ts";
import { databaseShare } from "./office-hours.ts";
import { type Item, type Rule, textIn, unpriced } from "./rule.ts";

/** RDS includes these operations a second and MB a second with gp3, and more from 400 GB on. */
const includedWith = (gb: number) =>
  gb >= 400 ? { iops: 12_000, throughput: 500 } : { iops: 3_000, throughput: 125 };

/** https://aws.amazon.com/rds/postgresql/pricing/ */
const database: Rule = (inputs, scene, { outputs }) => {
  const { hours, backupGb } = scene.assumptions;
  const zones = inputs["multiAz"] === true ? "multi" : "single";
  const instanceClass = textIn(inputs, "instanceClass") ?? "an unknown class";
  // A copy is of its source's engine, and says none.
  const engine = textIn(inputs, "engine") ?? "postgres";
  const of = engine === "postgres" ? "" : `${engine}, `;
  const gb = numberIn(inputs, "allocatedStorage");
  const months = hours / hoursOfMonth;
  const copies = zones === "multi" ? " with a standby" : "";
  return [
    {
      part: "database",
      what: `${of}${instanceClass}${copies}`,
      quantity: hours * databaseShare(scene, textIn(outputs, "identifier")),
      unit: "hours",
      price: of === "" ? `rds.${instanceClass}.${zones}` : `rds.${engine}.${instanceClass}.${zones}`,
    },
    inputs["allocatedStorage"] === UNKNOWN
      ? unpriced("database", "storage", "its size is known after deployment")
      : gb === undefined || textIn(inputs, "storageType") !== "gp3"
        ? unpriced("database", "storage", "only the price of gp3 is known here, of a size that is given")
        : {
            part: "database",
            what: `${gb} GB of storage${copies}`,
            quantity: gb * months,
            unit: "GB-months",
            price: `rds.gp3GbMonth.${zones}`,
          },
    ...provisioned(numberIn(inputs, "iops"), numberIn(inputs, "storageThroughput"), gb ?? 0),
    {
      part: "database",
      what: "backups beyond the size of the database",
      quantity: backupGb * months,
      unit: "GB-months",
      price: "rds.backupGbMonth",
      assumed: "backupGb",
    },
    ...(inputs["performanceInsightsEnabled"] === true ? insights(inputs) : []),
  ];
};

function provisioned(iops = 0, throughput = 0, gb: number): Item[] {
  const included = includedWith(gb);
  if (iops <= included.iops && throughput <= included.throughput) return [];
  return [unpriced("database", "provisioned IOPS or throughput", "no price of them is known here")];
}

/** Seven days cost nothing: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_rds.PerformanceInsightRetention.html */
function insights(inputs: Readonly<Record<string, unknown>>): Item[] {
  return (numberIn(inputs, "performanceInsightsRetentionPeriod") ?? 7) <= 7
    ? []
    : [unpriced("database", "Insights of more than seven days", "no certain price of them is known here")];
}

/** https://aws.amazon.com/elasticache/pricing/ */
const cache: Rule = (inputs, { assumptions: { hours } }) => {
  const nodeType = textIn(inputs, "nodeType") ?? "an unknown type";
  const nodes = numberIn(inputs, "numCacheClusters");
  if (nodes === undefined)
    return [unpriced("Valkey", nodeType, "the stack does not say how many nodes there are")];
  return [
    {
      part: "Valkey",
      what: `${nodes} x ${nodeType}`,
      quantity: nodes * hours,
      unit: "hours",
      price: `elasticache.${textIn(inputs, "engine") ?? "redis"}.${nodeType}`,
    },
    ...((numberIn(inputs, "snapshotRetentionLimit") ?? 0) > 0
      ? [unpriced("Valkey", "snapshots", "no price of them is known here for every region")]
      : []),
  ];
};

/** https://aws.amazon.com/opensearch-service/pricing/ */
const searchDomain: Rule = (inputs, { assumptions: { hours } }) => {
  const { clusterConfig, ebsOptions } = inputs;
  const cluster = isRecord(clusterConfig) ? clusterConfig : {};
  const type = textIn(cluster, "instanceType") ?? "an unknown type";
  const nodes = numberIn(cluster, "instanceCount") ?? 1;
  return [
    node(`${nodes} x ${type}`, nodes * hours, type),
    ...(cluster["dedicatedMasterEnabled"] === true ? [masters(cluster, hours)] : []),
    ...(cluster["warmEnabled"] === true
      ? [unpriced("OpenSearch", "warm nodes", "no price of them is known here")]
      : []),
    searchStorage(isRecord(ebsOptions) ? ebsOptions : {}, nodes, hours),
  ];
};

function node(what: string, quantity: number, type: string): Item {
  return { part: "OpenSearch", what, quantity, unit: "hours", price: `opensearch.${type}` };
}

function masters(cluster: Readonly<Record<string, unknown>>, hours: number): Item {
  const type = textIn(cluster, "dedicatedMasterType") ?? "an unknown type";
  const count = numberIn(cluster, "dedicatedMasterCount") ?? 3;
  return node(`${count} masters x ${type}`, count * hours, type);
}

function searchStorage(options: Readonly<Record<string, unknown>>, nodes: number, hours: number): Item {
  const gb = numberIn(options, "volumeSize");
  // Every gp3 volume has 3,000 operations and 125 MB a second.
  const isPlain =
    textIn(options, "volumeType") === "gp3" &&
    (numberIn(options, "iops") ?? 0) <= 3000 &&
    (numberIn(options, "throughput") ?? 0) <= 125;
  if (gb === undefined || !isPlain)
    return unpriced(
      "OpenSearch",
      "storage",
      "only the price of gp3 with what it includes is known here, of a size that is given",
    );
  return {
    part: "OpenSearch",
    what: `${nodes} x ${gb} GB of storage`,
    quantity: (nodes * gb * hours) / hoursOfMonth,
    unit: "GB-months",
    price: "opensearch.gp3GbMonth",
  };
}

/**
 * A snapshot for each day. RDS bills them, as it bills its own that are beyond what is free, which those may use up.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/metering-and-billing.html
 */
const backupVault: Rule = (_, { assumptions: { vaultGb, hours }, resources }) => {
  const sizes = resources
    .filter(({ type }) => type === "aws:rds/instance:Instance")
    .map(({ inputs }) => numberIn(inputs, "allocatedStorage") ?? Number.NaN);
  const gb = vaultGb ?? sizes.reduce((sum, size) => sum + size, 0);
  const what = "backups in a vault";
  if (Number.isNaN(gb))
    return [unpriced("database", what, "the stack does not say how large its databases are")];
  return [
    {
      part: "database",
      what,
      quantity: (gb * hours) / hoursOfMonth,
      unit: "GB-months",
      price: "rds.backupGbMonth",
      assumed: "vaultGb",
    },
  ];
};

export const dataRules: Readonly<Record<string, Rule>> = {
  "aws:backup/vault:Vault": backupVault,
  "aws:rds/instance:Instance": database,
  "aws:elasticache/replicationGroup:ReplicationGroup": cache,
  "aws:opensearch/domain:Domain": searchDomain,
};

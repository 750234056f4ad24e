import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Nat } from "../../infra/config/stack-config.ts";
import { presets, type Size } from "../../infra/config/presets.ts";
import { awsConfig } from "./given.ts";

/** What the README says of a size, row by row. */
function described(size: Size): Record<string, string> {
  const { service, database, network, redis, apiRateLimitPerMinute } = awsConfig({ size });
  if (database.kind !== "rds" || network.kind !== "created") throw new Error("a size brings its own");
  const ways: Record<Nat, string> = {
    none: "public addresses",
    single: "one NAT gateway",
    perAz: `a NAT gateway in each of ${network.zones} zones`,
  };
  const { replicas, maxReplicas, cpu, memory } = service;
  return {
    tasks: replicas === maxReplicas ? String(replicas) : `${replicas} to ${maxReplicas}`,
    "CPU, memory": `${cpu / 1024} vCPU, ${memory / 1024} GiB`,
    "API calls": `${apiRateLimitPerMinute?.toLocaleString("en-US")} a minute`,
    database: `${database.instanceClass}, ${database.storageGb} GiB${database.multiAz ? ", with a standby" : ""}`,
    backups: `${database.backupDays} days`,
    "way out": ways[network.nat],
    Valkey: redis.kind === "elasticache" ? `${["no", "one", "two"][redis.nodes]} nodes` : "none",
  };
}

test.each(Object.keys(presets) as Size[])("the README describes the size %s as it is", (size) => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const table = readme.split("\n").filter((line) => /^\|.*\|$/.test(line));
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const start = table.findIndex((line) => line.includes("small (default)"));
  const column = cells(table[start]!).findIndex((head) => head.split(" ")[0] === size);
  const rows = table.slice(start + 2, start + 2 + Object.keys(described(size)).length).map(cells);
  expect(Object.fromEntries(rows.map((row) => [row[0], row[column]]))).toEqual(described(size));
});

test("the quotas of docs/deploy.md count each task of a size twice, as a deployment does", () => {
  const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
  const takes = Object.keys(presets).map((size) => {
    const { cpu, replicas, maxReplicas } = awsConfig({ size }).service;
    const [least, most] = [replicas, maxReplicas].map((tasks) => (2 * tasks * cpu) / 1024);
    return `\`${size}\` ${least === most ? least : `${least} to ${most}`}`;
  });
  expect(page).toContain(`| ${takes.join(", ")} |`);
});

// The sizes side by side: what each has, carries and costs.

import type { RecordedResource, Rehearsal, RehearseOptions } from "../rehearse.ts";
import { costOf } from "./cost.ts";
import { callsText, dollars } from "./text.ts";

const names = ["small", "medium", "large"] as const;

/** A size, and the stack `dev` in it. */
export type Size = readonly [name: (typeof names)[number], rehearsal: Rehearsal];

/** The region whose bill is shown line by line. */
export const shownRegion = "us-east-1";

/** Rehearses the stack `dev` in each size. */
export async function rehearsedSizes(
  rehearse: (options: RehearseOptions) => Promise<Rehearsal>,
): Promise<Size[]> {
  const all: Size[] = [];
  for (const name of names) {
    const set = { "aws:region": shownRegion, "nango:size": name };
    all.push([name, await rehearse({ stack: "dev", mode: "update", set })]);
  }
  return all;
}

/** The same stack with `nango:spot`, which changes nothing else. */
export function onSpot(rehearsal: Rehearsal): Rehearsal {
  const strategies = [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }];
  return {
    ...rehearsal,
    resources: rehearsal.resources.map((resource) =>
      resource.type === "aws:ecs/service:Service"
        ? { ...resource, inputs: { ...resource.inputs, capacityProviderStrategies: strategies } }
        : resource,
    ),
  };
}

type Row = readonly [title: string, cell: (rehearsal: Rehearsal) => string];

const all = ({ resources }: Rehearsal, type: string) => resources.filter((one) => one.type === type);
const input = (resource: RecordedResource | undefined, name: string) => String(resource?.inputs[name]);
const words = ["none", "one", "two", "three"];
const counted = (count: number) => words[count] ?? String(count);

function tasksText(rehearsal: Rehearsal): string {
  const [from, to] = costOf(rehearsal, shownRegion).capacities;
  return to === undefined ? String(from?.tasks) : `${from?.tasks} to ${to.tasks}`;
}

function taskText(rehearsal: Rehearsal): string {
  const task = all(rehearsal, "aws:ecs/taskDefinition:TaskDefinition").find(({ name }) => name === "nango");
  return `${Number(input(task, "cpu")) / 1024} vCPU, ${Number(input(task, "memory")) / 1024} GiB`;
}

function databaseText(rehearsal: Rehearsal): string {
  const [database] = all(rehearsal, "aws:rds/instance:Instance");
  const standby = database?.inputs["multiAz"] === true ? ", with a standby" : "";
  return `${input(database, "instanceClass")}, ${input(database, "allocatedStorage")} GiB${standby}`;
}

function wayOutText(rehearsal: Rehearsal): string {
  const gateways = all(rehearsal, "aws:ec2/natGateway:NatGateway").length;
  if (gateways === 0) return "public addresses";
  return gateways === 1 ? "one NAT gateway" : `a NAT gateway in each of ${gateways} zones`;
}

function cacheText(rehearsal: Rehearsal): string {
  const [cache] = all(rehearsal, "aws:elasticache/replicationGroup:ReplicationGroup");
  return cache === undefined ? "none" : `${counted(Number(input(cache, "numCacheClusters")))} nodes`;
}

const monthly = (rehearsal: Rehearsal) => `about ${dollars(costOf(rehearsal, shownRegion).fixed, 0)}`;

const rows: readonly Row[] = [
  ["tasks", tasksText],
  ["CPU, memory", taskText],
  [
    "API calls",
    (one) => `${callsText(costOf(one, shownRegion).capacities.at(-1)?.callsPerMinute ?? 0)} a minute`,
  ],
  ["database", databaseText],
  ["backups", (one) => `${input(all(one, "aws:rds/instance:Instance")[0], "backupRetentionPeriod")} days`],
  ["way out", wayOutText],
  ["Valkey", cacheText],
  ["a month", monthly],
  ["with `nango:spot`", (one) => monthly(onSpot(one))],
];

/** The table of README.md, padded as its formatter pads it. */
export function sizesTable(sizes: readonly Size[]): string {
  const lines = [
    ["", ...sizes.map(([name], index) => (index === 0 ? `${name} (default)` : name))],
    ...rows.map(([title, cell]) => [title, ...sizes.map(([, rehearsal]) => cell(rehearsal))]),
  ];
  const widths = [0, ...sizes.keys()].map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  const [head = [], ...body] = lines;
  return [line(head), rule, ...body.map(line)].join("\n");
}

// The generated part of docs/costs.md.

import { pricedRegions } from "../../project/prices/prices.ts";
import type { Rehearsal } from "../rehearse.ts";
import { type Cost, costOf } from "./cost.ts";
import { onSpot, shownRegion, type Size } from "./sizes.ts";
import { callsText, dollars, markdownTable } from "./text.ts";

/** Tables of what the sizes cost. */
export function costTables(sizes: readonly Size[]): string {
  const cells = (region: string) =>
    sizes.flatMap(([, rehearsal]) =>
      [costOf(rehearsal, region), costOf(onSpot(rehearsal), region)].map(rounded),
    );
  return `${[
    "## What a size carries",
    `In \`${shownRegion}\`, on demand: the fixed part, divided by the calls of a month in which the tasks are used to the full.`,
    tableOf(
      ["size", "tasks", "of each", "API calls a minute", "a month", "a million calls"],
      sizes.flatMap(([size, rehearsal]) => capacityRows(size, rehearsal)),
    ),
    "## By region",
    "The fixed part of a month, on demand and with `nango:spot`.",
    tableOf(
      ["region", ...sizes.flatMap(([size]) => [size, `${size}, Spot`])],
      pricedRegions.map((region) => [`\`${region}\``, ...cells(region)]),
    ),
    ...sizes.flatMap(([size, rehearsal]) => sizeSection(size, costOf(rehearsal, shownRegion))),
  ].join("\n\n")}\n`;
}

function capacityRows(size: string, rehearsal: Rehearsal): string[][] {
  const cost = costOf(rehearsal, shownRegion);
  const { inputs } = rehearsal.resources.find(
    ({ type, name }) => type === "aws:ecs/taskDefinition:TaskDefinition" && name === "nango",
  )!;
  const each = `${Number(inputs["cpu"]) / 1024} vCPU, ${Number(inputs["memory"]) / 1024} GB`;
  return cost.capacities.map(({ tasks, callsPerMinute, perMillion = Number.NaN }) => {
    const monthly = cost.fixed + (tasks - cost.capacities[0]!.tasks) * (cost.scaling?.taskMonthly ?? 0);
    return [size, String(tasks), each, callsText(callsPerMinute), dollars(monthly, 0), dollars(perMillion)];
  });
}

function rounded({ fixed, complete }: Cost): string {
  return `${complete ? "" : "at least "}${dollars(fixed, 0)}`;
}

function sizeSection(size: string, cost: Cost): string[] {
  const { scaling } = cost;
  return [
    `## ${size[0]?.toUpperCase()}${size.slice(1)}, line by line`,
    `In \`${shownRegion}\`, on demand.${
      scaling === undefined
        ? ""
        : ` Each task more than ${scaling.from}, up to ${scaling.to}, costs ${dollars(scaling.taskMonthly)}.`
    }`,
    markdownTable(cost),
  ];
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

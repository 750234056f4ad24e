import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { costOf } from "../../../rehearsal/cost/cost.ts";
import { costTables, onSpot } from "../../../rehearsal/cost/page.ts";
import { costText, dollars } from "../../../rehearsal/cost/text.ts";
import { rehearse } from "../../rehearse.ts";
import { deployed } from "./graph.ts";

const fixedPart = async (size: string, spot = false) => {
  const set = { "nango:size": size, ...(spot ? { "nango:spot": "true" } : {}) };
  return costOf(await deployed("dev", set), "us-east-1").fixed;
};

test.each([
  ["small", false, 60],
  ["small", true, 48],
  ["medium", false, 250],
  ["large", false, 650],
])("the size %s (Spot: %s) has a fixed part of at most $%d in us-east-1", async (size, spot, most) => {
  expect(await fixedPart(size, spot)).toBeLessThanOrEqual(most);
});

test("the page on costs takes the stack with Spot for what it is", async () => {
  const real = costOf(await deployed("dev", { "nango:spot": "true" }), "us-east-1");
  expect(costOf(onSpot(await deployed("dev")), "us-east-1").lines).toEqual(real.lines);
});

test.each([
  // Dollars by the calls of 730 hours, by hand.
  ["small", [[1, 3_000, (amount: number) => amount / 131.4]]],
  [
    "medium",
    [
      [2, 12_000, (amount: number) => amount / 525.6],
      [4, 24_000, undefined],
    ],
  ],
  [
    "large",
    [
      [6, 36_000, (amount: number) => amount / 1576.8],
      [12, 72_000, undefined],
    ],
  ],
] as const)(
  "the size %s carries what Nango answers, and a million calls have a price",
  async (size, expected) => {
    const { capacities, fixed, scaling } = costOf(await deployed("dev", { "nango:size": size }), "us-east-1");
    expect(capacities.map(({ tasks, callsPerMinute }) => [tasks, callsPerMinute])).toEqual(
      expected.map(([tasks, calls]) => [tasks, calls]),
    );
    expect(capacities[0]?.perMillion).toBeCloseTo(expected[0][2](fixed), 10);
    const [first, most] = capacities;
    if (most === undefined) return;
    const atMost = fixed + (most.tasks - first!.tasks) * scaling!.taskMonthly;
    expect(most.perMillion).toBeCloseTo((atMost * 1_000_000) / (most.callsPerMinute * 60 * 730), 10);
  },
);

test("a stack without a task, or with a price that is not known, promises no price of a call", async () => {
  const stopped = costOf(await deployed("dev", { "nango:stopped": "true" }), "us-east-1");
  expect(stopped.capacities).toEqual([]);
  const unknown = costOf(await deployed("dev"), "xx-nowhere-1");
  expect(unknown.capacities).toEqual([{ tasks: 1, callsPerMinute: 3000, perMillion: undefined }]);
  expect(costText(costOf(await deployed("dev"), "us-east-1"))).toMatch(
    /\n1 task carries 3,000 API calls a minute\.\nA million calls cost \$0\.4\d of the fixed part where that is used to the full, \$4\.\d\d at a tenth\.\n/,
  );
});

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

test("the README gives the fixed part of each size", async () => {
  const cells = async (spot: boolean) => {
    const all = [];
    for (const size of ["small", "medium", "large"])
      all.push(`about ${dollars(await fixedPart(size, spot), 0)}`);
    return all;
  };
  const rows = read("README.md")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const row = (title: string) => rows.find(([, first]) => first === title)?.slice(2, 5);
  expect(row("a month")).toEqual(await cells(false));
  expect(row("with `nango:spot`")).toEqual(await cells(true));
});

test("the page on costs is generated: npm run reference", async () => {
  const [, tables] = read("docs/costs.md").split("everything below -->\n\n");
  expect(tables).toBe(await costTables(rehearse));
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { costOf } from "../../../rehearsal/cost/cost.ts";
import { costTables, onSpot } from "../../../rehearsal/cost/page.ts";
import { dollars } from "../../../rehearsal/cost/text.ts";
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

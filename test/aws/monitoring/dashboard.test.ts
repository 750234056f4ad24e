import { describe, expect, test } from "vitest";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { alarm, alarmsIn, dimensionsIn, metricsOf, widgetsIn, type Widget } from "./monitored.ts";

/** It makes everything that there is an alarm for. */
const rehearsed = (): Promise<Rehearsal> => deployed("large, internal, on Spot");

const graphs = async () => widgetsIn(await rehearsed()).filter(({ type }) => type === "metric");
const metrics = ({ properties }: Widget) => properties.metrics ?? [];

describe("the dashboard", () => {
  test("has a graph for each alarm, with its threshold as a line", async () => {
    const rehearsal = await rehearsed();
    const lines = (await graphs()).map((graph) => ({
      name: metrics(graph)
        .filter(([namespace]) => typeof namespace === "string")
        .map(([, name]) => name)
        .toSorted(),
      value: graph.properties.annotations?.horizontal[0]?.value,
    }));
    for (const one of alarmsIn(rehearsal)) {
      const name = metricsOf(one)
        .map((metric) => metric.name)
        .toSorted();
      expect(lines, one.name).toContainEqual({ name, value: one.inputs["threshold"] });
    }
    expect(lines).toHaveLength(alarmsIn(rehearsal).length);
  });

  test("names no metric that the stack does not have", async () => {
    const known = dimensionsIn(await rehearsed());
    for (const graph of await graphs())
      for (const [namespace, , ...rest] of metrics(graph)) {
        if (typeof namespace !== "string") continue;
        const pairs = rest.slice(0, -1);
        for (let index = 0; index < pairs.length; index += 2)
          expect(known[String(pairs[index])]).toContain(pairs[index + 1]);
      }
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  test("stays within what CloudWatch takes", async () => {
    const rehearsal = await rehearsed();
    const all = widgetsIn(rehearsal);
    expect(all.length).toBeLessThanOrEqual(500);
    const counts = all.map((widget) => metrics(widget).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(500);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2500);
    const { dashboardName } = the(rehearsal, "cloudwatch/dashboard:Dashboard").inputs;
    // Dashboards belong to all regions, so that the name has to tell which one it is of.
    expect(dashboardName).toBe("nango-dev-eu-central-1");
    expect(dashboardName).toMatch(/^[\w-]{1,255}$/);
    expect(new Set((await graphs()).map(({ properties }) => properties.region))).toEqual(
      new Set(["eu-central-1"]),
    );
  });

  test("puts no graph on another one", async () => {
    const cells = widgetsIn(await rehearsed()).flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => {
        const column = x + (index % width);
        expect(column).toBeLessThan(24);
        return `${column} ${y + Math.floor(index / width)}`;
      }),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

test("one alarm looks at all nodes of Valkey, and at nothing else", async () => {
  const queries = alarm(await rehearsed(), "valkey-memory")["metricQueries"] as { expression?: string }[];
  expect(queries.flatMap(({ expression }) => expression ?? [])).toEqual(["MAX([node1, node2])"]);
});

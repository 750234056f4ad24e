import { describe, expect, test } from "vitest";
import type { RehearseOptions, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { anchorsOf, pages } from "../../docs/pages.ts";
import { rehearse } from "../../rehearse.ts";
import { ofType, the } from "../find.ts";
import { deployed, topologies, type Topology } from "../topologies.ts";
import { alarm, alarmNames, alarmsIn, dimensionsIn, metricsOf, queriesOf } from "./monitored.ts";

const told = { alarmEmail: "oncall@example.com" };
const everything = { ...told, alarms: "all" };

function monitored(
  topology: Topology,
  set: Readonly<Record<string, string>> = everything,
): Promise<Rehearsal> {
  const options: RehearseOptions = topologies[topology];
  return rehearse({ ...options, set: { ...options.set, ...set }, mode: "update" });
}

const essential = [
  "database-out-of-reach",
  "deployment-errors",
  "load-balancer-errors",
  "server-errors",
  "targets-missing-server",
];
const ofHttps = ["certificate-expiry", "targets-missing-connect-ui", "targets-unhealthy-connect-ui"];
const ofDatabase = (of = "") =>
  ["storage", "connections", "cpu", "memory"].map((what) => `database-${what}${of}`);
const ofCacheAndSearch = [
  "opensearch-memory",
  "opensearch-memory-masters",
  "opensearch-red",
  "opensearch-storage",
  "opensearch-yellow",
  "valkey-evictions",
  "valkey-memory",
  "valkey-replica-lag",
];
const more = ["cpu-of-tasks", "errors-in-the-log", "memory-of-tasks", "restarts", "slow-answers"];
const all = [...essential, ...more, "targets-unhealthy-server", "tasks-below-desired"];

describe("the alarms of", () => {
  test.each<[Topology, string, string[]]>([
    [
      "dev",
      "essential",
      [
        ...essential,
        "certificate-expiry",
        "database-connections",
        "database-storage",
        "targets-missing-connect-ui",
      ],
    ],
    ["dev", "all", [...all, ...ofHttps, ...ofDatabase(), "database-cpu-credits", "failed-token-refreshes"]],
    // No certificate, no Connect UI.
    ["plain HTTP", "all", [...all, ...ofDatabase(), "database-cpu-credits", "failed-token-refreshes"]],
    // What is brought has no metrics.
    ["existing databases", "all", [...all, ...ofHttps, "failed-token-refreshes"]],
    [
      "search and records",
      "all",
      [
        ...all,
        ...ofHttps,
        ...["", "-records"].flatMap((of) => [...ofDatabase(of), `database-cpu-credits${of}`]),
        ...ofCacheAndSearch,
      ],
    ],
  ])("the stack %s with %s are those of what it has", async (topology, level, names) => {
    const rehearsal = await monitored(topology, { ...told, alarms: level });
    expect(rehearsal.findings).toEqual([]);
    expect(alarmNames(rehearsal)).toEqual(names.toSorted());
  });

  test("a class that is not burstable has no credits, and one node of OpenSearch is always yellow", async () => {
    const names = alarmNames(
      await monitored("dev", { ...everything, databaseInstanceClass: "db.m7g.large", logs: "opensearch" }),
    );
    expect(names).not.toContain("database-cpu-credits");
    expect(names).toContain("opensearch-red");
    expect(names).not.toContain("opensearch-yellow");
    // They go to the store alone.
    expect(names).not.toContain("failed-token-refreshes");
  });

  test("nobody's stack are none at all, and those of level none are none, with the address kept", async () => {
    const off = await deployed("dev");
    const none = await monitored("dev", { ...told, alarms: "none" });
    for (const rehearsal of [off, none]) {
      expect(ofType(rehearsal, "Dashboard")).toEqual([]);
      expect(ofType(rehearsal, "EventRule")).toEqual([]);
      expect(ofType(rehearsal, "CompositeAlarm")).toEqual([]);
    }
    const service = (rehearsal: Rehearsal) => the(rehearsal, "ecs/service:Service").inputs;
    expect(alarmsIn(off)).toEqual([]);
    expect(service(off)).not.toHaveProperty("alarms");
    // ECS cannot be made to forget it by the provider.
    expect(alarmNames(none)).toEqual(["deployment-errors"]);
    expect(service(none)["alarms"]).toMatchObject({ enable: false, rollback: false });
    expect(ofType(off, "sns/topicSubscription:TopicSubscription")).toEqual([]);
    expect(ofType(none, "sns/topicSubscription:TopicSubscription")).toHaveLength(1);
  });
});

describe.each<Topology>(["dev", "search and records", "large, internal, on Spot", "existing databases"])(
  "each alarm of the stack %s",
  (topology) => {
    test("looks at what the stack has", async () => {
      const rehearsal = await monitored(topology);
      const known = dimensionsIn(rehearsal);
      const counted = ofType(rehearsal, "LogMetricFilter").map(({ inputs }) => {
        const { namespace, name } = inputs["metricTransformation"] as { namespace: string; name: string };
        return `${namespace} ${name}`;
      });
      for (const one of alarmsIn(rehearsal)) {
        const metrics = metricsOf(one);
        expect(metrics.length, one.name).toBeGreaterThan(0);
        for (const { namespace, name, dimensions } of metrics) {
          const values = Object.entries(dimensions);
          if (values.length === 0) expect(counted).toContain(`${namespace} ${name}`);
          for (const [key, value] of values) expect(known[key], `${one.name}: ${key}`).toContain(value);
        }
      }
      expect(counted.length).toBeGreaterThan(1);
    });

    test("computes with nothing but its metrics", async () => {
      for (const one of alarmsIn(await monitored(topology))) {
        const queries = queriesOf(one);
        const ids = queries.filter(({ metric }) => metric !== undefined).map(({ id }) => id);
        const used = queries.flatMap(({ expression = "" }) => expression.match(/\b[a-z]\w*\b/g) ?? []);
        expect([...new Set(used)].toSorted(), one.name).toEqual(ids.toSorted());
      }
    });

    test("leads to its section of the page, in no more characters than CloudWatch takes", async () => {
      const rehearsal = await monitored(topology);
      const anchors = anchorsOf(pages.find(({ file }) => file === "docs/monitoring.md")!);
      const texts = [
        ...alarmsIn(rehearsal).map(({ inputs }) => String(inputs["alarmDescription"])),
        ...ofType(rehearsal, "CompositeAlarm").map(({ inputs }) => String(inputs["alarmDescription"])),
        ...ofType(rehearsal, "EventRule").map(({ inputs }) => String(inputs["description"])),
      ];
      for (const text of texts) {
        const [, anchor = "none"] = /docs\/monitoring\.md#([\w-]+)$/.exec(text) ?? [];
        expect([...anchors]).toContain(anchor);
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        expect(text.length).toBeLessThanOrEqual(1024);
      }
      // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
      for (const { inputs } of ofType(rehearsal, "EventRule"))
        expect(String(inputs["description"]).length).toBeLessThanOrEqual(512);
    });
  },
);

test("every section of the page that names an alarm is led to by one", async () => {
  const page = pages.find(({ file }) => file === "docs/monitoring.md")!;
  const rehearsal = await monitored("search and records", { ...everything, logs: "stdout" });
  const other = await monitored("search and records");
  const texts = [rehearsal, other].flatMap((one) =>
    ["MetricAlarm", "CompositeAlarm", "EventRule"].flatMap((type) =>
      ofType(one, type).map(({ inputs }) => String(inputs["alarmDescription"] ?? inputs["description"])),
    ),
  );
  const led = new Set(texts.map((text) => /#([\w-]+)$/.exec(text)?.[1]));
  const general = ["monitoring", "a-topic-of-your-own", "what-it-costs", "how-to-read-an-alarm", "a-drill"];
  expect([...anchorsOf(page)].filter((anchor) => !general.includes(anchor) && !led.has(anchor))).toEqual([]);
});

test("the targets of each service are watched by its own alarms", async () => {
  const rehearsal = await monitored("dev");
  for (const service of ["server", "connect-ui"])
    for (const kind of ["missing", "unhealthy"]) {
      const { TargetGroup } = alarm(rehearsal, `targets-${kind}-${service}`)["dimensions"] as {
        TargetGroup: string;
      };
      expect(TargetGroup).toBe(
        the(rehearsal, "lb/targetGroup:TargetGroup", `nango-${service}`).outputs["arnSuffix"],
      );
    }
});

test("a size moves thresholds", async () => {
  const values = async (topology: Topology) => {
    const rehearsal = await monitored(topology);
    const of = (name: string) => Number(alarm(rehearsal, name)["threshold"]);
    return {
      connections: of("database-connections"),
      storage: of("database-storage"),
      memory: of("memory-of-tasks"),
      tasks: of("tasks-below-desired"),
      restarts: of("restarts"),
      errors: of("load-balancer-errors"),
    };
  };
  expect(await values("dev")).toEqual({
    connections: 62,
    storage: Math.floor(1.6 * 1024 ** 3),
    memory: 87,
    tasks: 1,
    restarts: 2,
    errors: 15,
  });
  expect(await values("search and records")).toEqual({
    connections: 152,
    storage: 4 * 1024 ** 3,
    memory: 93,
    tasks: 2,
    restarts: 8,
    errors: 60,
  });
});

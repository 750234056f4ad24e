import { describe, expect, test } from "vitest";
import type { RecordedResource } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { ofType, the } from "../find.ts";
import { deployed } from "../topologies.ts";
import { alarm, alarmsIn, metricsOf } from "./monitored.ts";

const told = { alarmEmail: "oncall@example.com", alarms: "all" };
const dev = (set: Readonly<Record<string, string>> = {}) =>
  rehearse({ stack: "dev", set: { ...told, ...set }, mode: "update" });
const everything = () => deployed("large, internal, on Spot");
const own = "arn:aws:sns:eu-central-1:123456789012:oncall";

/** What is told to somebody. */
const telling = (alarms: readonly RecordedResource[]) =>
  alarms
    .filter(({ inputs }) => (inputs["alarmActions"] as unknown[]).length > 0)
    .map(({ inputs }) => String(inputs["name"]));

describe("whom alarms are told to", () => {
  test("the topic of the stack, and the one that was brought", async () => {
    const rehearsal = await everything();
    const topic = the(rehearsal, "sns/topic:Topic");
    const topics = [topic.outputs["arn"], own];
    expect(alarm(rehearsal, "database-storage")["alarmActions"]).toEqual(topics);
    expect(the(rehearsal, "CompositeAlarm").inputs).toMatchObject({
      alarmActions: topics,
      okActions: topics,
    });
    for (const { outputs } of ofType(rehearsal, "EventRule")) {
      const targets = ofType(rehearsal, "EventTarget").filter(
        (one) => one.inputs["rule"] === outputs["name"],
      );
      expect(targets.map((one) => one.inputs["arn"]).toSorted()).toEqual(topics.toSorted());
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
      for (const target of targets) expect(target.inputs).not.toHaveProperty("roleArn");
    }
    expect(the(rehearsal, "sns/topicSubscription:TopicSubscription").inputs).toMatchObject({
      topic: topic.outputs["arn"],
      protocol: "email",
      endpoint: "oncall@example.com",
    });
  });

  test("nobody is asked to confirm a topic before alarms may publish to it", async () => {
    const rehearsal = await everything();
    expect(the(rehearsal, "sns/topicSubscription:TopicSubscription").dependencies).toContain(
      the(rehearsal, "TopicPolicy").urn,
    );
  });

  test("a topic that was brought is not touched, and needs no other", async () => {
    const rehearsal = await rehearse({
      stack: "dev",
      set: { alarmTopicArn: own },
      mode: "update",
    });
    expect(ofType(rehearsal, "aws:sns/topic:Topic")).toEqual([]);
    expect(ofType(rehearsal, "TopicPolicy")).toEqual([]);
    expect(alarm(rehearsal, "database-storage")["alarmActions"]).toEqual([own]);
  });

  test("the topic lets alarms of this account and EventBridge publish, and has no key that would keep them out", async () => {
    const rehearsal = await dev();
    expect(the(rehearsal, "sns/topic:Topic").inputs).not.toHaveProperty("kmsMasterKeyId");
    const { Statement } = JSON.parse(String(the(rehearsal, "TopicPolicy").inputs["policy"])) as {
      Statement: { Principal: { Service: string }; Action: string; Condition?: object }[];
    };
    expect(
      Statement.map(({ Principal, Action, Condition }) => [Principal.Service, Action, Condition]),
    ).toEqual([
      [
        "cloudwatch.amazonaws.com",
        "sns:Publish",
        {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*" },
        },
      ],
      ["events.amazonaws.com", "sns:Publish", undefined],
    ]);
  });
});

describe("a storm", () => {
  test("is one mail: what Serving is made of tells nobody by itself", async () => {
    const rehearsal = await everything();
    const rule = String(the(rehearsal, "CompositeAlarm").inputs["alarmRule"]);
    const inside = [...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    expect(rule.replaceAll(/ALARM\("[^"]+"\)/g, "x")).toMatch(/^x( OR x)*$/);
    expect(inside.toSorted()).toEqual(
      [
        "database-out-of-reach",
        "errors-in-the-log",
        "load-balancer-errors",
        "restarts",
        "server-errors",
        "slow-answers",
        "targets-missing-connect-ui",
        "targets-missing-server",
        "targets-unhealthy-connect-ui",
        "targets-unhealthy-server",
        "tasks-below-desired",
      ].map((name) => `nango-dev-${name}`),
    );
    const alarms = alarmsIn(rehearsal);
    const names = alarms.map(({ inputs }) => String(inputs["name"]));
    const silent = [...inside, "nango-dev-deployment-errors"];
    expect(telling(alarms).toSorted()).toEqual(names.filter((name) => !silent.includes(name)).toSorted());
  });

  test("of OK does not come when the alarms are made: only Serving says that it is over", async () => {
    for (const { inputs } of alarmsIn(await everything())) expect(inputs).not.toHaveProperty("okActions");
  });
});

test("a first start tells nobody that nobody is served yet, and a stop waits for nothing", async () => {
  const started = the(await dev(), "CompositeAlarm");
  expect(started.hooks).toEqual({ beforeCreate: ["nango-monitoring-quiet"] });
  expect(started.dependencies.filter((urn) => urn.includes("nango:aws:Service"))).not.toEqual([]);
  // Silenced before the last task is gone, not after.
  const stopped = the(await dev({ stopped: "true" }), "CompositeAlarm");
  expect(stopped.hooks).toEqual({});
  expect(stopped.dependencies.filter((urn) => urn.includes("nango:aws:Service"))).toEqual([]);
});

test("a stopped stack tells nobody that nobody is served, and goes on watching what holds data", async () => {
  const rehearsal = await dev({ stopped: "true" });
  expect(the(rehearsal, "CompositeAlarm").inputs).toMatchObject({ alarmActions: [], okActions: [] });
  expect(telling(alarmsIn(rehearsal)).toSorted()).toEqual(
    ["certificate-expiry", "database-connections", "database-cpu", "database-cpu-credits"]
      .concat("database-memory", "database-storage")
      .map((name) => `nango-dev-${name}`),
  );
});

test("a task that Spot takes away is no incident: another one is there before anybody is told", async () => {
  const minutes = (rehearsal: Awaited<ReturnType<typeof dev>>) => {
    const { period, evaluationPeriods, treatMissingData } = alarm(rehearsal, "targets-missing-server");
    expect(treatMissingData).toBe("breaching");
    return (Number(period) * Number(evaluationPeriods)) / 60;
  };
  expect(minutes(await dev())).toBe(3);
  expect(minutes(await everything())).toBe(10);
});

describe("a deployment", () => {
  test("is taken back at an alarm that is there before the service, and waits for it alone", async () => {
    const rehearsal = await everything();
    const service = the(rehearsal, "ecs/service:Service");
    expect(service.inputs["alarms"]).toEqual({
      enable: true,
      rollback: true,
      alarmNames: ["nango-dev-deployment-errors"],
    });
    const made = the(rehearsal, "MetricAlarm", "nango-monitoring-deployment-errors");
    expect(service.dependencies).toContain(made.urn);
    expect(made.dependencies).not.toContain(service.urn);
  });

  // 503 before the first task, targets that do not listen yet and busy processors are what every start brings.
  test("is taken back for failing requests alone, and only where there are requests", async () => {
    const one = the(await dev(), "MetricAlarm", "nango-monitoring-deployment-errors");
    expect(metricsOf(one).map(({ name }) => name)).toEqual([
      "RequestCount",
      "HTTPCode_Target_5XX_Count",
      "HTTPCode_ELB_502_Count",
      "HTTPCode_ELB_504_Count",
    ]);
    expect(one.inputs).toMatchObject({
      treatMissingData: "notBreaching",
      threshold: 50,
      evaluationPeriods: 3,
    });
    const queries = one.inputs["metricQueries"] as { expression?: string }[];
    expect(queries[0]?.expression).toMatch(/^IF\(requests >= 20, .*, 0\)$/);
  });

  test("that failed is told at once, of this cluster's services alone", async () => {
    const rehearsal = await dev();
    const { eventPattern } = the(rehearsal, "EventRule", "nango-monitoring-deployment-failed").inputs;
    const cluster = String(the(rehearsal, "ecs/cluster:Cluster").outputs["name"]);
    expect(JSON.parse(String(eventPattern))).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [{ prefix: `arn:aws:ecs:eu-central-1:123456789012:service/${cluster}/` }],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    });
  });
});

import { describe, expect, test } from "vitest";
import { catalogued } from "../../../rehearsal/catalogue/index.ts";
import { costOf, type CostLine, isJudged } from "../../../rehearsal/cost/cost.ts";
import { freeTypes } from "../../../rehearsal/cost/free.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
import { costMarkdown, costSummary, costText } from "../../../rehearsal/cost/text.ts";
import { UNKNOWN } from "../../../project/values.ts";
import { rehearsal, resource } from "../recorded.ts";
import { deployed, graph, service } from "./graph.ts";

/** The lines that are not known, as `part, what: why`. */
function unknownIn(rehearsal: Rehearsal, region = "us-east-1"): string[] {
  const { lines, complete } = costOf(rehearsal, region);
  const unknown = lines.filter(({ monthly }: CostLine) => monthly === undefined);
  expect(complete).toBe(unknown.length === 0);
  return unknown.map(({ part, what, why }) => `${part}, ${what}: ${why}`);
}

describe("every type that the rehearsal knows", () => {
  test.each(catalogued.resources)("%s has a price, or a reason why nothing is paid for it", (type) => {
    expect(isJudged(type)).toBe(true);
  });

  test("is not both, and a reason is a sentence", () => {
    const database = ["aws:rds/instance:Instance", { instanceClass: "db.t4g.micro" }] as const;
    expect(costOf(graph(database), "us-east-1").lines.length).toBeGreaterThan(0);
    expect(Object.hasOwn(freeTypes, database[0])).toBe(false);
    for (const reason of Object.values(freeTypes)) expect(reason).toMatch(/^\w.* /);
  });
});

test("a type that nobody has thought of makes the sum the least, by name", () => {
  const rehearsal = graph(["aws:sqs/queue:Queue", {}], ["aws:kms/key:Key", {}]);
  expect(unknownIn(rehearsal)).toEqual(["other, sqs.Queue r0: what this type costs is not known here"]);
  expect(costOf(rehearsal, "us-east-1").fixed).toBe(1);
});

test("neither components nor providers are paid", () => {
  const component = resource("nango:aws:Nango", "nango", { custom: false });
  const provider = resource("pulumi:providers:aws", "other");
  const { lines } = costOf({ ...graph(), resources: [component, provider] }, "us-east-1");
  expect(lines).toEqual([]);
});

const storage = { storageType: "gp3", allocatedStorage: 20 };
const database = (inputs: object) =>
  graph(["aws:rds/instance:Instance", { instanceClass: "db.t4g.micro", ...storage, ...inputs }]);
const cache = (inputs: object) =>
  graph([
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { engine: "valkey", nodeType: "cache.t4g.micro", numCacheClusters: 1, ...inputs },
  ]);
const search = (clusterConfig: object, ebs: object = {}) =>
  graph([
    "aws:opensearch/domain:Domain",
    {
      clusterConfig: { instanceType: "t3.small.search", instanceCount: 1, ...clusterConfig },
      ebsOptions: { volumeSize: 10, volumeType: "gp3", ...ebs },
    },
  ]);
const onDemand = { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] };

test.each<[what: string, rehearsal: Rehearsal, unknown: RegExp]>([
  ["a class", database({ instanceClass: "db.r8g.16xlarge" }), /^database, db\.r8g\.16xlarge: .*us-east-1$/],
  ["another engine", database({ engine: "mysql" }), /^database, mysql, db\.t4g\.micro: .*us-east-1$/],
  ["storage of another kind", database({ storageType: "io2" }), /^database, storage: .*gp3/],
  ["storage of no size", database({ allocatedStorage: undefined }), /^database, storage: .*gp3/],
  ["storage of a size to come", database({ allocatedStorage: UNKNOWN }), /^database, storage: .* after depl/],
  ["operations beyond the included", database({ iops: 3001 }), /^database, provisioned IOPS/],
  ["throughput beyond the included", database({ storageThroughput: 126 }), /^database, provisioned IOPS/],
  [
    "long Insights",
    database({ performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 31 }),
    /^database, Insights of more than seven days/,
  ],
  ["a node type", cache({ nodeType: "cache.r7g.16xlarge" }), /^Valkey, 1 x cache\.r7g\.16xlarge: no price/],
  ["an engine", cache({ engine: "memcached" }), /^Valkey, 1 x cache\.t4g\.micro: no price/],
  ["snapshots", cache({ snapshotRetentionLimit: 3 }), /^Valkey, snapshots/],
  ["a search node", search({ instanceType: "or1.large.search" }), /^OpenSearch, 1 x or1\.large\.search: no/],
  [
    "a master",
    search({
      dedicatedMasterEnabled: true,
      dedicatedMasterCount: 3,
      dedicatedMasterType: "c7g.large.search",
    }),
    /^OpenSearch, 3 masters x c7g\.large\.search/,
  ],
  ["warm nodes", search({ warmEnabled: true }), /^OpenSearch, warm nodes/],
  ["another volume", search({}, { volumeType: "io1" }), /^OpenSearch, storage/],
  ["a fast volume", search({}, { iops: 9000 }), /^OpenSearch, storage/],
  ["tasks on EC2", service({}, { launchType: "EC2" }), /^tasks, tasks: they do not run on Fargate/],
  [
    "tasks of a provider of one's own",
    service({}, { capacityProviderStrategies: [{ capacityProvider: "mine", weight: 1 }] }),
    /^tasks, tasks: they do not run on Fargate/,
  ],
  [
    "tasks of another architecture",
    service({ runtimePlatform: { cpuArchitecture: "ARM64" } }, onDemand),
    /^tasks, tasks on ARM64/,
  ],
  ["tasks of no size", service({ cpu: "04da6b54-80e4" }, onDemand), /^tasks, tasks: .* no CPU/],
  [
    "tasks without number",
    service({}, { ...onDemand, desiredCount: undefined }),
    /^tasks, tasks: .*how many/,
  ],
  [
    "a network load balancer",
    graph(["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network" }]),
    /^load balancer, a network load balancer/,
  ],
  [
    "a load balancer without subnets",
    graph(["aws:lb/loadBalancer:LoadBalancer", {}]),
    /^load balancer, public addresses/,
  ],
  [
    "an endpoint without subnets",
    graph(["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface" }]),
    /^network, an interface endpoint/,
  ],
  [
    "another endpoint",
    graph(["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "GatewayLoadBalancer" }]),
    /^network, an endpoint of type GatewayLoadBalancer/,
  ],
  [
    "logs of another class",
    graph(["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 7, logGroupClass: "INFREQUENT_ACCESS" }]),
    /^logs and alarms, logs of r0: only .* standard class/,
  ],
  [
    "a firewall that tells bots",
    graph([
      "aws:wafv2/webAcl:WebAcl",
      { rules: [{ statement: { managedRuleGroupStatement: { name: "AWSManagedRulesBotControlRuleSet" } } }] },
    ]),
    /^firewall, paid rule groups of AWS: no price of Bot Control/,
  ],
  [
    "a fast alarm",
    graph(["aws:cloudwatch/metricAlarm:MetricAlarm", { period: 10 }]),
    /^logs and alarms, alarm of h/,
  ],
  ["logs for ever", graph(["aws:cloudwatch/logGroup:LogGroup", {}]), /^logs and alarms, stored logs of r0/],
  [
    "Container Insights",
    graph(["aws:ecs/cluster:Cluster", { settings: [{ name: "containerInsights", value: "enhanced" }] }]),
    /^logs and alarms, Container Insights/,
  ],
  ["storage that is less than none", database({ allocatedStorage: -5 }), /^database, -5 GB of storage: noth/],
])("what is not known of %s is said, and never zero", (_, rehearsal, unknown) => {
  expect(unknownIn(rehearsal)).toEqual([expect.stringMatching(unknown)]);
});

test("a secret is paid once more for each region that it is replicated to", () => {
  const replicas = [{ region: "us-east-1" }, { region: "eu-west-1" }];
  const cost = costOf(graph(["aws:secretsmanager/secret:Secret", { replicas }]), "us-east-1");
  expect(cost.fixed).toBeCloseTo(3 * 0.4, 6);
});

test.each([
  [[], "0 rules"],
  [[{}], "1 rule"],
  [[{}, {}], "2 rules"],
])("a firewall tells how many rules it has: %j", (rules, text) => {
  const { lines } = costOf(graph(["aws:wafv2/webAcl:WebAcl", { rules }]), "us-east-1");
  expect(lines.map(({ what }) => what)).toContain(text);
});

test("what is included costs nothing and is no riddle", () => {
  const included = { iops: 12_000, storageThroughput: 500, allocatedStorage: 400 };
  const insights = { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 7 };
  expect(unknownIn(database({ ...included, ...insights }))).toEqual([]);
  const cluster = { settings: [{ name: "containerInsights", value: "disabled" }] };
  expect(costOf(graph(["aws:ecs/cluster:Cluster", cluster]), "us-east-1").lines).toEqual([]);
  expect(unknownIn(search({}, { iops: 3000, throughput: 125 }))).toEqual([]);
  const gateway = graph(["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway" }]);
  expect(costOf(gateway, "us-east-1").lines).toEqual([]);
});

test("a price that one region lacks is unknown there only", () => {
  const repository = graph(["aws:ecr/repository:Repository", {}]);
  expect(unknownIn(repository, "us-east-1")).toEqual([]);
  expect(unknownIn(repository, "us-west-2")).toEqual([
    "storage, images: no price of it is known here for us-west-2",
  ]);
});

test("in a region without prices every line is unknown, and the sum is none", async () => {
  const { lines, fixed, byUse, complete } = costOf(await deployed("dev"), "eu-north-1");
  expect([fixed, byUse, complete]).toEqual([0, 0, false]);
  expect(lines.filter(({ monthly }) => monthly !== undefined).map(({ what }) => what)).toEqual([
    "backups beyond the size of the database",
  ]);
});

test("a program that was stopped makes the sum the least, even where each line is known", () => {
  const whole = graph(["aws:kms/key:Key", {}]);
  const cost = costOf({ ...whole, program: { exitCode: 1 } }, "us-east-1");
  expect(cost).toMatchObject({ fixed: 1, complete: false, stopped: true });
  expect(costText(cost)).toMatch(/^Stack "dev" in us-east-1: at least \$1 a month\n/);
  expect(costText(cost)).toMatch(/^sum {2,}at least \$1\.00$/m);
  expect(costText(cost)).toContain("The program was stopped before it had declared everything.");
});

test("a service that had fewer tasks is counted with the least of its scaling", () => {
  const onDemand = { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] };
  const running = (desiredCount: number) => {
    const given = service({}, { ...onDemand, desiredCount });
    const inputs = { minCapacity: 2, maxCapacity: 4 };
    const target = resource("aws:appautoscaling/target:Target", "target", { inputs });
    const cost = costOf({ ...given, resources: [...given.resources, target] }, "us-east-1");
    return [cost.lines.find(({ part }) => part === "tasks")?.what, cost.scaling?.taskMonthly];
  };
  const aTask = expect.closeTo(36.0401, 6);
  expect(running(1)).toEqual(["2 x 1 vCPU on demand", aTask]);
  expect(running(3)).toEqual(["3 x 1 vCPU on demand", aTask]);
  expect(running(0)).toEqual([undefined, undefined]);
});

test("a second service scales nothing, and takes its share of the traffic", async () => {
  const stack = await deployed("dev", { "nango:size": "medium" });
  const one = stack.resources.find(({ type }) => type === "aws:ecs/service:Service")!;
  const second = {
    ...one,
    urn: "urn:second",
    name: "a-second",
    inputs: { ...one.inputs, desiredCount: 1, loadBalancers: [] },
  };
  const cost = costOf({ ...stack, resources: [second, ...stack.resources] }, "us-east-1");
  const alone = costOf(stack, "us-east-1");
  expect(cost.scaling).toEqual(alone.scaling);
  expect(cost.capacities.map(({ tasks }) => tasks)).toEqual([2, 4]);
  expect(cost.fixed - alone.fixed).toBeCloseTo(36.0401, 6);
  expect(cost.byUse).toBeCloseTo(alone.byUse, 6);
});

test("a stack that scales says what each task more costs", async () => {
  const { scaling } = costOf(await deployed("dev", { "nango:size": "medium" }), "us-east-1");
  expect(scaling).toEqual({ from: 2, to: 4, taskMonthly: expect.closeTo(36.0401, 6) });
  expect(costOf(await deployed("dev"), "us-east-1").scaling).toBeUndefined();
});

test("a name with line breaks keeps to its row and its columns", () => {
  const odd = resource("aws:cloudwatch/logGroup:LogGroup", "a\nb\tc\r");
  const lines = costText(costOf(rehearsal([odd]), "us-east-1")).split("\n");
  const head = lines.find((line) => /price +a month$/.test(line));
  const row = lines.find((line) => line.includes("stored logs of"));
  expect(row).toMatch(/^logs and alarms {2,}stored logs of a\\nb\\tc\\u000d .* unknown$/);
  expect(row?.length).toBe(head?.length);
  expect(lines).toContainEqual(expect.stringMatching(/^Not known: .* a\\nb\\tc\\u000d: they are kept/));
});

test("the summary says of a sum that is the least what is not in it", () => {
  const summaryIn = (region: string, ...given: readonly (readonly [string, Record<string, unknown>])[]) =>
    costSummary(costOf(graph(["aws:kms/key:Key", {}], ...given), region));
  const [queue, topic] = [["aws:sqs/queue:Queue", {}] as const, ["aws:sqs/fifo:Fifo", {}] as const];
  expect(summaryIn("us-east-1")).toMatch(/^about \$1 a month; npm run cost/);
  expect(summaryIn("us-east-1", queue)).toMatch(
    /^at least \$1 a month \(not known: other, sqs.Queue r1\); npm/,
  );
  expect(summaryIn("us-east-1", queue, topic)).toMatch(/ \(not known: other, sqs.Queue r1 and 1 more\); npm/);
  expect(summaryIn("eu-north-1", queue)).toMatch(
    /^an unknown sum: the prices of eu-north-1 are not known here; npm/,
  );
});

test("in Markdown a name is text, whatever stands in it", () => {
  const odd = resource("aws:cloudwatch/logGroup:LogGroup", "a|<b>\n# c");
  const text = costMarkdown(costOf(rehearsal([odd]), "us-east-1"));
  expect(text).toContain("stored logs of a&#124;&#60;b&#62;&#92;n&#35; c |");
  expect(text).not.toMatch(/<b>|^# c/m);
});

import { afterEach, describe, expect, test } from "vitest";
import type { Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { type Scenario, startStubbedAws, type StubbedAws } from "../stubbed-aws.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";
import { ofType, the } from "./find.ts";
import { deployed, topologies, type Topology } from "./topologies.ts";

let stub: StubbedAws | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

/** A deployment whose hooks really run, against an ECS that behaves as the scenario says. */
async function deployWithHooks(
  scenario: Omit<Scenario, "container">,
  options: Partial<RehearseOptions> = {},
) {
  stub = await startStubbedAws({ container: "migrate", ...scenario });
  const fails = scenario.tasks.some(({ outcome }) => outcome !== "succeeds");
  return (fails ? rehearseAlone : rehearse)({
    stack: "dev",
    mode: "update",
    runHooks: true,
    environment: stub.environment,
    ...options,
  });
}

const started = () => stub!.calls.filter(({ operation }) => operation === "RunTask");
const newImage = { image: `nangohq/nango-server@sha256:${"ab".repeat(32)}` };

describe("the migration", () => {
  test("runs as a task of its own before the service is created", async () => {
    const rehearsal = await deployWithHooks({
      tasks: [{ outcome: "succeeds", statuses: ["PENDING", "RUNNING"] }],
    });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(rehearsal.hookRuns).toEqual([
      { hook: "nango-service-linked-role", kind: "beforeCreate", urn: expect.stringContaining(":Cluster::") },
      { hook: "nango-migrate", kind: "beforeCreate", urn: expect.stringContaining(":Service::") },
    ]);
    const [task, ...others] = started();
    expect(others).toEqual([]);
    expect(task!.input).toMatchObject({
      cluster: the(rehearsal, "ecs/cluster:Cluster").outputs["arn"],
      taskDefinition: the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango-migrate").outputs["arn"],
      startedBy: "pulumi-dev",
      tags: [{ key: "Name", value: "nango-migrate" }],
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: "ENABLED" } },
    });
  });

  test("fails the deployment with its last lines, and the service is not touched", async () => {
    const rehearsal = await deployWithHooks({
      tasks: [
        { outcome: "fails", exitCode: 3, log: ["nango-migrate: checking", "nango-migrate: a lock is held"] },
      ],
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    const said = [
      rehearsal.program.message,
      ...rehearsal.findings.map(({ message }) => message),
      ...rehearsal.messages.map(({ text }) => text),
    ].join("\n");
    expect(said).toContain("nango-migrate: a lock is held");
    expect(said).toMatch(/exit(ed with)? (code )?3/);
    expect(rehearsal.resources.some(({ type }) => type.startsWith("aws:appautoscaling"))).toBe(false);
  });

  test("runs again for a new image, and not for a change that starts no new version", async () => {
    const previous = await deployed("dev");
    const upgraded = await deployWithHooks({ tasks: [{ outcome: "succeeds" }] }, { previous, set: newImage });
    expect(upgraded.hookRuns.map(({ kind, error }) => [kind, error])).toEqual([["beforeUpdate", undefined]]);
    expect(started()).toHaveLength(1);
    await stub!.close();
    const scaled = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }] },
      { previous, set: { spot: "true" } },
    );
    expect(
      scaled.changes.filter(({ type, kind }) => type === "aws:ecs/service:Service" && kind === "update"),
    ).toHaveLength(1);
    expect(started()).toHaveLength(0);
  });
});

test("an update fails when the service settled on another revision, and names both", async () => {
  const rehearsal = await rehearseAlone({
    stack: "dev",
    mode: "update",
    answers: {
      "aws:ecs/getService:getService": () => ({
        taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-dev:41",
      }),
    },
  });
  const wanted = the(rehearsal, "ecs/taskDefinition:TaskDefinition", "nango").outputs["arn"] as string;
  expect(rehearsal.program.exitCode).not.toBe(0);
  expect(rehearsal.program.message).toContain("runs nango-dev:41");
  expect(rehearsal.program.message).toContain(`not ${wanted.split("/").at(-1)}`);
  expect(rehearsal.program.message).toContain("npx pulumi up --refresh -s dev");
});

test("a lookup that tells no numbers of tasks does not pass a service without any", async () => {
  const previous = await deployed("dev");
  const found = { desiredCount: 0, runningCount: 0 };
  stub = await startStubbedAws({
    container: "migrate",
    tasks: [],
    scripted: [{ operation: "DescribeServices", answer: { body: { services: [found] } } }],
  });
  const rehearsal = await rehearseAlone({
    stack: "dev",
    mode: "update",
    previous,
    environment: stub.environment,
    answers: {
      "aws:ecs/getService:getService": () => ({
        taskDefinition: the(previous, "ecs/taskDefinition:TaskDefinition", "nango").outputs["arn"],
        desiredCount: 1,
      }),
    },
  });
  expect(rehearsal.program.message).toContain("was scaled to no tasks at all");
  expect(stub.calls.map(({ operation }) => operation)).toEqual(["DescribeServices"]);
});

describe("a stack that is stopped", () => {
  const serviceOf = (rehearsal: Rehearsal) => the(rehearsal, "ecs/service:Service");
  const stopped = { stopped: "true" };

  test("sends no tasks and migrates nothing where Pulumi sends their number, and starts with a migration", async () => {
    const previous = await deployed("dev");
    const stops = await deployWithHooks({ tasks: [] }, { previous, set: { ...stopped, ...newImage } });
    expect(stops.program).toEqual({ exitCode: 0 });
    expect(serviceOf(stops).inputs["desiredCount"]).toBe(0);
    expect(stub!.calls).toEqual([]);
    await stub!.close();
    const starts = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }] },
      { previous: stops, set: newImage },
    );
    expect(starts.program).toEqual({ exitCode: 0 });
    expect(serviceOf(starts).inputs["desiredCount"]).toBe(1);
    expect(started()).toHaveLength(1);
  });

  const shown = (desiredCount: number, runningCount: number) => ({
    desiredCount,
    runningCount,
    deployments: [{ id: "one", status: "PRIMARY", rolloutState: "COMPLETED" }],
  });
  const described = (desiredCount: number, runningCount: number) => ({
    operation: "DescribeServices",
    answer: { body: { services: [shown(desiredCount, runningCount)] } },
  });
  const updated = (desiredCount: number) => ({
    operation: "UpdateService",
    answer: { body: { service: shown(desiredCount, 0) } },
  });
  const asked = () =>
    stub!.calls
      .filter(({ operation }) => /^(RunTask|UpdateService)$/.test(operation))
      .map(({ operation, input }) => [operation, input["desiredCount"]]);
  /** A service that runs so many tasks of a revision. */
  const answers = (tasks: number, stack: string, revision = 1) => ({
    "aws:ecs/getService:getService": () => ({
      taskDefinition: `arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-${stack}:${revision}`,
      desiredCount: tasks,
      runningCount: tasks,
    }),
  });

  test("takes the floor from under the scaling where that has their number, and starts with a migration", async () => {
    const previous = await deployed("production");
    const stops = await deployWithHooks(
      { tasks: [], scripted: [described(2, 2), updated(0), described(0, 0)] },
      { stack: "production", previous, set: stopped, answers: answers(0, "production") },
    );
    expect(stops.program).toEqual({ exitCode: 0 });
    expect(the(stops, "appautoscaling/target:Target").inputs).toMatchObject({
      minCapacity: 0,
      maxCapacity: 4,
    });
    expect(asked()).toEqual([["UpdateService", 0]]);
    await stub!.close();
    const starts = await deployWithHooks(
      { tasks: [{ outcome: "succeeds" }], scripted: [described(0, 0), updated(2), described(2, 2)] },
      { stack: "production", previous: stops, answers: answers(2, "production") },
    );
    expect(starts.program).toEqual({ exitCode: 0 });
    expect(asked()).toEqual([
      ["RunTask", undefined],
      ["UpdateService", 2],
    ]);
  });

  test("lets no other version start while it stops", async () => {
    const stops = await deployWithHooks(
      { tasks: [], scripted: [described(2, 2), updated(0), described(0, 0), described(0, 0)] },
      {
        stack: "production",
        previous: await deployed("production"),
        set: { ...stopped, ...newImage },
        answers: answers(0, "production", 2),
      },
    );
    expect(stops.program).toEqual({ exitCode: 0 });
    expect(stops.hookRuns.map(({ hook, kind }) => [hook, kind])).toEqual([
      ["nango-migrate", "beforeUpdate"],
      ["nango-stop", "beforeUpdate"],
      ["nango-stop", "afterUpdate"],
    ]);
  });

  test("that was scaled to zero by hand fails an update, which says how to start it", async () => {
    const rehearsal = await rehearse({
      stack: "production",
      mode: "update",
      answers: answers(0, "production"),
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    expect(rehearsal.program.message).toMatch(
      /aws ecs update-service .*--desired-count 2 --force-new-deployment/,
    );
  });

  test("fails an update that finds its tasks running", async () => {
    const rehearsal = await rehearse({
      stack: "dev",
      mode: "update",
      set: stopped,
      answers: answers(1, "dev"),
    });
    expect(rehearsal.program.exitCode).not.toBe(0);
    expect(rehearsal.program.message).toContain("is to be stopped (nango:stopped), and 1 of its tasks run");
  });
});

/** What a second deployment with other settings would do to the first one. */
async function change(
  set: Record<string, string>,
  options: Partial<RehearseOptions> = {},
): Promise<Rehearsal> {
  const previous = await deployed("dev");
  return rehearse({ stack: "dev", mode: "preview", runHooks: true, previous, set, ...options });
}

const replacedOrDeleted = (rehearsal: Rehearsal) =>
  rehearsal.changes
    .filter(({ kind }) => kind === "replace" || kind === "delete")
    .map(({ kind, type, name }) => `${kind} ${type.split(":").at(-1)} ${name}`)
    .toSorted();

describe("a second deployment", () => {
  test("changes nothing when nothing changed", async () => {
    const rehearsal = await change({});
    expect(rehearsal.changes.filter(({ kind }) => kind !== "same")).toEqual([]);
    expect(rehearsal.findings).toEqual([]);
  });

  test.each([
    ["another encryption key", {}, { encryptionKey: Buffer.alloc(32, 9).toString("base64") }],
    ["another range of the VPC", { vpcCidr: "10.9.0.0/16" }, {}],
    [
      "an existing VPC",
      {
        vpcId: "vpc-0123456789abcdef0",
        publicSubnetIds: '["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
        databaseSubnetIds: '["subnet-0123456789abcdef4","subnet-0123456789abcdef5"]',
      },
      {},
    ],
    ["an existing database", {}, { databaseUrl: "postgresql://nango:secret@db.example.com:5432/nango" }],
  ])("is refused with %s", async (_, set, secrets) => {
    const rehearsal = await change(set, { secrets });
    const said = JSON.stringify([rehearsal.findings, rehearsal.program, rehearsal.hookRuns]);
    expect(said).toMatch(/protect|encryption key of this stack would change/);
  });

  test("says why another encryption key is refused, and accepts it when the stack insists", async () => {
    const previous = await deployed("everything given");
    const options: RehearseOptions = {
      stack: "dev",
      mode: "preview",
      runHooks: true,
      previous,
    };
    const { set, secrets } = topologies["everything given"];
    const otherKey = { ...secrets, encryptionKey: Buffer.alloc(32, 9).toString("base64") };
    const refused = await rehearse({ ...options, set, secrets: otherKey });
    expect(JSON.stringify(refused)).toContain("nango:allowEncryptionKeyChange true");
    const same = await rehearse({ ...options, set, secrets });
    expect(same.findings).toEqual([]);
    const forced = await rehearse({
      ...options,
      set: { ...set, allowEncryptionKeyChange: "true" },
      secrets: otherKey,
    });
    expect(forced.findings).toEqual([]);
    expect(forced.program).toEqual({ exitCode: 0 });
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["a larger size", { size: "medium" }, []],
    [
      "a larger database",
      { databaseInstanceClass: "db.m7g.large", databaseStorageGb: "100", databaseMultiAz: "true" },
      [],
    ],
    ["a newer Postgres", { databaseVersion: "17" }, ["delete ParameterGroup nango-database-postgres16"]],
    ["a NAT gateway", { nat: "single" }, []],
    ["dashboard accounts", { dashboardAuth: "accounts" }, []],
    ["Spot", { spot: "true" }, []],
    ["search", { logs: "opensearch" }, []],
    ["a records database", { recordsDatabase: "dedicated" }, []],
    ["Redis", { redis: "elasticache" }, []],
  ])("keeps what holds data with %s", async (_, set, lost) => {
    const rehearsal = await change(set);
    expect(rehearsal.findings).toEqual([]);
    const versioned = /^replace (TaskDefinition|SecretVersion) /;
    expect(replacedOrDeleted(rehearsal).filter((line) => !versioned.test(line))).toEqual(lost);
  });
});

describe("a generated secret", () => {
  test("may be given as what it is, which changes nothing", async () => {
    const { outputs, resources } = await deployed("dev");
    const stored = resources.find(({ type }) => type.endsWith(":SecretVersion"))!.inputs["secretString"];
    const secrets = {
      encryptionKey: (JSON.parse(stored as string) as Record<string, string>)["NANGO_ENCRYPTION_KEY"]!,
      dashboardPassword: outputs["dashboardPassword"] as string,
      apiKeyProd: outputs["apiKeyProd"] as string,
      apiKeyDev: outputs["apiKeyDev"] as string,
    };
    const rehearsal = await change({}, { secrets });
    expect(rehearsal.findings).toEqual([]);
    expect(rehearsal.changes.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  });

  test("is there again after a time with accounts", async () => {
    const before = await deployed("dev");
    const options = { stack: "dev", mode: "update" } as const;
    const meanwhile = await rehearse({ ...options, set: { dashboardAuth: "accounts" }, previous: before });
    expect(replacedOrDeleted(meanwhile).filter((line) => line.includes("Random"))).toEqual([]);
    const after = await rehearse({ ...options, previous: meanwhile });
    for (const name of ["apiKeyProd", "apiKeyDev", "dashboardPassword"]) {
      expect(meanwhile.outputs).not.toHaveProperty(name);
      expect(after.outputs[name]).toBe(before.outputs[name]);
    }
  });

  test("gives way to the one that the stack gives", async () => {
    const { outputs } = await deployed("everything given");
    const { secrets } = topologies["everything given"];
    expect(outputs).toMatchObject({
      apiKeyProd: secrets.apiKeyProd,
      apiKeyDev: secrets.apiKeyDev,
      dashboardPassword: secrets.dashboardPassword,
    });
  });
});

test.each([
  ["plain HTTP", "dev", [443]],
  ["dev", "plain HTTP", []],
] as const)("no port is listened to twice on the way from %s to %s", async (from, to, opened) => {
  const previous = await deployed(from);
  const next = await rehearse({ ...topologies[to], mode: "preview", previous });
  const ports = (rehearsal: Rehearsal, kind: string) => {
    const urns = next.changes.filter((one) => one.kind === kind).map(({ urn }) => urn);
    return ofType(rehearsal, "lb/listener:Listener")
      .filter(({ urn }) => urns.includes(urn))
      .map(({ inputs }) => inputs["port"]);
  };
  const created = ports(next, "create");
  expect(created).toEqual(opened);
  expect(ports(previous, "delete").filter((port) => created.includes(port))).toEqual([]);
  expect(ports(next, "replace")).toEqual([]);
});

describe("another load balancer", () => {
  const lines = (rehearsal: Rehearsal) =>
    rehearsal.changes
      .filter(({ kind }) => kind !== "same")
      .map(({ kind, type, name, keys }) => [kind, type.split(":").at(-1), name, ...keys].join(" "))
      .toSorted();

  test.each<[string, Topology, Record<string, string>]>([
    ["from public to internal", "dev", { internal: "true" }],
    ["from internal to public", "internal", {}],
    [
      "in another VPC",
      "existing VPC and database",
      { ...topologies["existing VPC and database"].set, vpcId: "vpc-0fedcba9876543210" },
    ],
  ])("%s gets target groups of its own, and the service moves to them", async (_, from, set) => {
    const { secrets } = { secrets: {}, ...topologies[from] };
    const next = await rehearse({
      stack: "dev",
      mode: "preview",
      previous: await deployed(from),
      set,
      secrets,
    });
    expect(next.findings).toEqual([]);
    expect(replacedOrDeleted(next)).toEqual(
      expect.arrayContaining([
        "replace LoadBalancer nango",
        "replace TargetGroup nango-connect-ui",
        "replace TargetGroup nango-server",
        "replace Listener nango-http",
        "replace Listener nango-https",
        "replace ListenerRule nango-connect-complete",
        "replace ListenerRule nango-connect-host",
        "replace ListenerRule nango-connect-link",
      ]),
    );
    const updated = lines(next).filter((line) => /Service|Record/.test(line));
    expect(updated).toEqual([
      "update Record nango-connect.nango-dev.example.com aliases",
      "update Record nango-nango-dev.example.com aliases",
      expect.stringMatching(/^update Service nango .*loadBalancers/),
    ]);
  });

  test("takes its target groups from no load balancer that an earlier deployment left half replaced", async () => {
    const whole = await deployed("dev");
    const broken: Rehearsal = {
      ...whole,
      resources: whole.resources.map((resource) =>
        resource.type === "aws:lb/targetGroup:TargetGroup"
          ? { ...resource, replacementTrigger: "arn:aws:elasticloadbalancing:::loadbalancer/app/before" }
          : resource,
      ),
    };
    const next = await rehearse({ stack: "dev", mode: "preview", previous: broken });
    expect(replacedOrDeleted(next)).toEqual([
      "replace TargetGroup nango-connect-ui",
      "replace TargetGroup nango-server",
    ]);
    expect(lines(next)).toEqual(
      expect.arrayContaining([
        "update Listener nango-https defaultActions",
        "update Service nango loadBalancers",
      ]),
    );
  });
});

describe("turning a data service off", () => {
  test("is refused while the stack protects it, and deletes it once the stack allows the loss", async () => {
    const before = await deployed("search and records");
    const off = { stack: "dev", set: { size: "medium" } } satisfies RehearseOptions;
    const refused = await rehearse({ ...off, mode: "preview", previous: before });
    expect(refused.findings.map(({ message }) => message).join()).toMatch(/protect/);
    const allowed = await rehearse({
      stack: "dev",
      mode: "update",
      previous: before,
      set: { ...off.set, logs: "opensearch", recordsDatabase: "dedicated", allowDataLoss: "true" },
    });
    expect(allowed.findings).toEqual([]);
    const after = await rehearse({
      ...off,
      mode: "preview",
      previous: allowed,
      set: { ...off.set, allowDataLoss: "true" },
    });
    expect(after.findings).toEqual([]);
    expect(replacedOrDeleted(after)).toEqual(
      expect.arrayContaining(["delete Domain nango-search", "delete Instance nango-records"]),
    );
  });
});

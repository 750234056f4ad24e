import { expect, test } from "vitest";

import { UNKNOWN } from "../../rehearsal/rehearse.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";
import { findingsOn, named, scenario } from "./scenarios.ts";

test("a preview leaves unknown what only AWS knows, and knows what Pulumi makes up", async () => {
  const { outputs, resources, findings, program, invokes } = await scenario("network");
  expect(outputs).toEqual({
    vpcId: UNKNOWN,
    vpcArn: UNKNOWN,
    subnetId: UNKNOWN,
    groupId: UNKNOWN,
    zone: "eu-central-1a",
    groupName: expect.stringMatching(/^closed-[0-9a-f]{7}$/),
  });
  expect(resources.map(({ name }) => name)).toEqual(["scenarios-dev", "main", "closed", "a"]);
  expect(invokes).toEqual([
    {
      token: "aws:index/getAvailabilityZones:getAvailabilityZones",
      arguments: { state: "available" },
    },
  ]);
  expect(findings).toEqual([]);
  expect(program).toEqual({ exitCode: 0 });
});

test("an update knows everything, and makes up the same as a preview", async () => {
  const rehearsal = await scenario("network", { mode: "update" });
  expect(rehearsal.outputs["vpcId"]).toMatch(/^vpc-[0-9a-f]{17}$/);
  expect(named(rehearsal, "a").inputs["vpcId"]).toBe(rehearsal.outputs["vpcId"]);
  expect(named(rehearsal, "a").propertyDependencies["vpcId"]).toEqual([named(rehearsal, "main").urn]);
  expect(rehearsal.outputs["groupName"]).toBe((await scenario("network")).outputs["groupName"]);
});

test("what the engine and the providers object to is found, all in one preview", async () => {
  const rehearsal = await scenario("mistakes");
  const found = (name: string) => findingsOn(rehearsal, name);
  expect(found("breakfast")).toEqual([
    "the rehearsal knows no resource type aws:ec2/toaster:Toaster: tell it in rehearsal/catalogue/ what the provider answers",
  ]);
  expect(found("lost")).toEqual([
    expect.stringMatching(/^vpcId: an Output or an object was put into a text/),
  ]);
  expect(found("a-name-that-leaves-no-room-for-more")).toEqual([
    expect.stringMatching(/^name: .* exceed the 32/),
  ]);
  expect(found("of-a-stranger")).toEqual([expect.stringMatching(/^refers to the unknown provider /)]);
  expect(found("after-a-stranger")).toEqual([
    expect.stringMatching(/^refers to the unknown resource .*stranger'$/),
  ]);
  expect(rehearsal.findings).toHaveLength(5);
  expect(named(rehearsal, "breakfast").outputs).toEqual({});
  expect(named(rehearsal, "fine").outputs).toEqual({ at: "rest" });
});

test("an update ends at the first refusal", async () => {
  const { findings, program } = await scenario("mistakes", { mode: "update" });
  expect(findings).toEqual([
    {
      urn: "urn:pulumi:dev::scenarios::aws:ec2/toaster:Toaster::breakfast",
      message:
        "the rehearsal knows no resource type aws:ec2/toaster:Toaster: tell it in rehearsal/catalogue/ what the provider answers",
    },
  ]);
  expect(program.message).toBeUndefined();
});

test("two resources of one URN end a preview, too", async () => {
  const rehearsal = await scenario("duplicate");
  expect(findingsOn(rehearsal, "same")).toEqual([expect.stringMatching(/^duplicate resource URN /)]);
  expect(rehearsal.program.message).toBeUndefined();
});

test("outputs that are registered twice are refused", async () => {
  const rehearsal = await scenario("twice");
  expect(findingsOn(rehearsal, "talkative")).toEqual(["its outputs are registered twice"]);
});

test("an unknown function is refused, and answered when a test answers it", async () => {
  const token = "aws:ec2/getToaster:getToaster";
  const refused = await scenario("unknown-function");
  expect(refused.findings).toEqual([
    {
      message: `the rehearsal knows no function ${token}: tell it in rehearsal/catalogue/ what the provider answers`,
    },
  ]);
  const answered = await scenario("unknown-function", { answers: { [token]: () => ({ slices: 2 }) } });
  expect(answered.findings).toEqual([]);
  expect(answered.outputs).toEqual({ slices: 2 });
});

test("a test's answer to a resource goes before the catalogue's, and its error is the provider's", async () => {
  const full = () => {
    throw new Error("SubnetLimitExceeded");
  };
  const rehearsal = await scenario("network", {
    mode: "update",
    answers: { "aws:ec2/vpc:Vpc": () => ({ id: "vpc-mine" }), "aws:ec2/subnet:Subnet": full },
  });
  expect(named(rehearsal, "main").id).toBe("vpc-mine");
  expect(findingsOn(rehearsal, "a")).toEqual(["SubnetLimitExceeded"]);
});

test("an output that the catalogue lacks does not pass for an empty one", async () => {
  const rehearsal = await scenario("lacking", { mode: "update" });
  expect(findingsOn(rehearsal, "a")).toEqual([
    `vpcId: not known in an update: the rehearsal's catalogue lacks an output of ${named(rehearsal, "main").urn}`,
  ]);
});

test("options are recorded, those that a component passes on too", async () => {
  const rehearsal = await scenario("options");
  const vpc = named(rehearsal, "main");
  const database = named(rehearsal, "database");
  expect(vpc).toMatchObject({ protect: true, retainOnDelete: true, parent: named(rehearsal, "parent").urn });
  expect(database).toMatchObject({
    protect: false,
    retainOnDelete: true,
    dependencies: [vpc.urn],
    deletedWith: vpc.urn,
    ignoreChanges: ["engineVersion"],
    replaceOnChanges: ["storageType"],
    deleteBeforeReplace: true,
    customTimeouts: { create: "60m", delete: "5m" },
    aliases: ["urn:pulumi:dev::scenarios::aws:rds/instance:Instance::db"],
    hooks: { beforeCreate: ["wait"], afterUpdate: ["wait"] },
  });
  expect(rehearsal.hooks).toEqual([{ name: "wait", onDryRun: true, ignoreErrors: false }]);
  expect(rehearsal.hookRuns).toEqual([]);
});

test("secrets stay marked on their way through resources and outputs", async () => {
  const rehearsal = await scenario("secrets", { stack: "production", mode: "update" });
  expect(named(rehearsal, "generated").secretOutputs).toEqual(["result", "bcryptHash"]);
  expect(named(rehearsal, "values").secretInputs.toSorted()).toEqual(["secretString", "versionStages[1]"]);
  expect(JSON.parse(String(named(rehearsal, "values").inputs["secretString"]))).toEqual({
    given: "placeholder-for-password",
    generated: rehearsal.outputs["generated"],
  });
  expect(named(rehearsal, "service").secretOutputs).toEqual(["containers.server.environment.PASSWORD"]);
  expect(rehearsal.secretOutputs.toSorted()).toEqual(["environment", "generated", "given"]);
});

test("a program sees no credentials of the caller and no address of AWS", async () => {
  process.env["AWS_SESSION_TOKEN"] = process.env["PULUMI_ACCESS_TOKEN"] = "the caller's own";
  try {
    const { outputs } = await scenario("surroundings", { environment: { GREETING: "hello" } });
    expect(outputs["names"]).not.toContain("AWS_SESSION_TOKEN");
    expect(outputs["names"]).not.toContain("PULUMI_ACCESS_TOKEN");
    expect(outputs["names"]).toEqual(expect.arrayContaining(["AWS_ENDPOINT_URL", "GREETING"]));
    expect(outputs["key"]).toBe("rehearsal");
  } finally {
    delete process.env["AWS_SESSION_TOKEN"];
    delete process.env["PULUMI_ACCESS_TOKEN"];
  }
});

test("a program that waits for what never comes is told how many promises are left", async () => {
  const options = { set: { way: "waits for what never comes" } };
  const { program } = await scenario("failing", options, rehearseAlone);
  expect(program.exitCode).toBe(1);
  expect(program.message).toMatch(/^The Pulumi runtime detected that 10 promises were still active\n/);
});

/** What exits ends the process that runs the others, too. */
const runFor = (way: string) => (way === "exits" ? rehearseAlone : rehearse);

test.each([
  ["throws", "the soup is cold\nwarm it\n  at program/failing.ts:7:11"],
  ["throws a RunError", "the soup is cold"],
  ["throws in apply", "the soup is cold\n  at program/failing.ts:14:13"],
  ["exits", "the soup is cold"],
])("a program that %s fails with its own message", async (way, message) => {
  const { program, findings } = await scenario("failing", { set: { way } }, runFor(way));
  expect(program.message).toBe(message);
  expect(findings).toEqual([]);
});

test("a program can use what a rehearsal loads when it is used only", async () => {
  const { outputs, program } = await scenario("lambda");
  expect(program).toEqual({ exitCode: 0 });
  expect(outputs).toEqual({ exportName: "handler", says: true, workspace: "function" });
});

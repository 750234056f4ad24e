import fc from "fast-check";
import { expect, test } from "vitest";

import { subjectFor } from "../../rehearsal/catalogue/entry.ts";
import { functionEntry, resourceEntry } from "../../rehearsal/catalogue/index.ts";
import { shortRegion } from "../../rehearsal/catalogue/account.ts";
import type { Properties } from "../../project/values.ts";

function subject(inputs: Properties, identity = "urn", generation = 1) {
  const given = { name: "name", inputs, region: "eu-central-1", generation, registered: () => [] };
  return subjectFor(identity, given);
}

function outputsOf(type: string, inputs: Properties, generation = 1): Properties {
  return resourceEntry(type)?.outputs(subject(inputs, "urn", generation)) ?? {};
}

test("plausible values are a resource's own, and new after a replacement", () => {
  const first = subject({}).hex(17);
  expect(subject({}).hex(17)).toBe(first);
  expect(subject({}, "other urn").hex(17)).not.toBe(first);
  expect(subject({}, "urn", 2).hex(17)).not.toBe(first);
  expect(first).toMatch(/^[0-9a-f]{17}$/);
  expect(subject({}).bytes(100)).toHaveLength(100);
});

test("ARNs and addresses follow the partition of the region", () => {
  const china = subjectFor("urn", {
    name: "name",
    inputs: {},
    region: "cn-north-1",
    generation: 1,
    registered: () => [],
  });
  expect(china.arn("rds", "db:x")).toBe("arn:aws-cn:rds:cn-north-1:123456789012:db:x");
  expect(china.dnsSuffix).toBe("amazonaws.com.cn");
  expect(subject({}).arn("iam", "role/x", false)).toBe("arn:aws:iam::123456789012:role/x");
});

test.each([
  ["us-east-1", "use1"],
  ["eu-central-1", "euc1"],
  ["ap-southeast-2", "apse2"],
])("%s is shortened to %s", (region, short) => {
  expect(shortRegion(region)).toBe(short);
});

test("a firewall is told by its name and its ID, and what it guards by both ARNs", () => {
  const regional = outputsOf("aws:wafv2/webAcl:WebAcl", { name: "wall", scope: "REGIONAL" });
  expect(regional["arn"]).toBe(
    `arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/wall/${String(regional["id"])}`,
  );
  const global = outputsOf("aws:wafv2/webAcl:WebAcl", { name: "wall", scope: "CLOUDFRONT" });
  expect(global["arn"]).toContain(":global/webacl/wall/");
  const association = "aws:wafv2/webAclAssociation:WebAclAssociation";
  expect(outputsOf(association, { webAclArn: "arn:a", resourceArn: "arn:b" })["id"]).toBe("arn:a,arn:b");
  expect(resourceEntry(association)?.replacedBy).toEqual(
    expect.arrayContaining(["webAclArn", "resourceArn"]),
  );
});

test("a random password has the length and the characters that are asked for", () => {
  const kinds = fc.record({
    lower: fc.boolean(),
    upper: fc.boolean(),
    numeric: fc.boolean(),
    special: fc.constant(true),
    minSpecial: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 200 }), kinds, (length, wanted) => {
      const { result } = outputsOf("random:index/randomPassword:RandomPassword", { length, ...wanted });
      const text = String(result);
      expect(text).toHaveLength(length);
      if (!wanted.lower) expect(text).not.toMatch(/[a-z]/);
      if (!wanted.upper) expect(text).not.toMatch(/[A-Z]/);
      if (!wanted.numeric) expect(text).not.toMatch(/\d/);
      expect(text.replaceAll(/[a-zA-Z\d]/g, "").length).toBeGreaterThanOrEqual(wanted.minSpecial);
    }),
  );
});

test("a random ID has the forms of the real one", () => {
  const id = outputsOf("random:index/randomId:RandomId", { byteLength: 4, prefix: "p-" });
  expect(id).toMatchObject({
    hex: expect.stringMatching(/^p-[0-9a-f]{8}$/),
    dec: expect.stringMatching(/^p-\d+$/),
  });
});

test.each<[string, Properties, (outputs: Properties) => unknown]>([
  ["randomPassword:RandomPassword", { length: 20 }, () => "none"],
  ["randomId:RandomId", { byteLength: 4 }, ({ b64Url }) => b64Url],
])("the ID of random:index/%s is what the provider makes it", (type, inputs, idOf) => {
  const outputs = outputsOf(`random:index/${type}`, inputs);
  expect(outputs["id"]).toBe(idOf(outputs));
});

test("the ID of a stash is a UUID and nothing that is in it", () => {
  const outputs = outputsOf("pulumi:index:Stash", { input: "a secret" });
  expect(outputs).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/), output: "a secret" });
});

test("a task definition counts its revisions", () => {
  const arn = (generation: number) =>
    outputsOf("aws:ecs/taskDefinition:TaskDefinition", { family: "nango" }, generation)["arn"];
  expect(arn(1)).toBe("arn:aws:ecs:eu-central-1:123456789012:task-definition/nango:1");
  expect(arn(2)).toBe("arn:aws:ecs:eu-central-1:123456789012:task-definition/nango:2");
});

test("a service runs the task definition that it was given", () => {
  const answer = functionEntry("aws:ecs/getService:getService")?.answer({
    ...subject({ clusterArn: "arn:aws:ecs:x:y:cluster/c", serviceName: "s" }),
    registered: () => [{ name: "other" }, { name: "s", taskDefinition: "family:7", desiredCount: 2 }],
  });
  expect(answer).toMatchObject({ taskDefinition: "family:7", runningCount: 2 });
});

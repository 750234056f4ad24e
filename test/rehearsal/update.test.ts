import { beforeAll, expect, test } from "vitest";

import { changesBetween, UNKNOWN, type Change, type Rehearsal } from "../../rehearsal/rehearse.ts";
import { findingsOn, named, scenario } from "./scenarios.ts";

let previous: Rehearsal;
beforeAll(async () => {
  previous = await scenario("evolving", { mode: "update" });
});

function shown(changes: readonly Change[]): string[] {
  return changes.map(({ kind, name, keys }) => [kind, name, ...keys].join(" "));
}

test("the same program again changes nothing", async () => {
  const again = await scenario("evolving", { mode: "update", previous });
  expect(again.changes).toEqual([]);
  expect(named(again, "main").id).toBe(named(previous, "main").id);
  expect(named(again, "main").change?.kind).toBe("same");
});

test("what can change in place is updated, what is ignored or renamed stays, what is left out is deleted", async () => {
  const set = { instanceClass: "db.t4g.small", storage: "40", parentName: "store", retired: "true" };
  const next = await scenario("evolving", { mode: "update", set, previous });
  const changes = ["update store-database instanceClass", "delete address", "delete logs"];
  expect(shown(next.changes)).toEqual(changes);
  expect(shown(changesBetween(previous, next))).toEqual(changes);
  expect(named(next, "store-database").inputs["allocatedStorage"]).toBe("20");
  expect(named(next, "store-database").id).toBe(named(previous, "data-database").id);
  expect(named(next, "store-database").outputs["endpoint"]).toBe(
    named(previous, "data-database").outputs["endpoint"],
  );
  expect(next.findings).toEqual([]);
});

test("an input that cannot change replaces, and what refers to the resource with it", async () => {
  const set = { cidr: "10.9.0.0/16" };
  const replaced = await scenario("evolving", { mode: "update", set, previous });
  expect(shown(replaced.changes)).toEqual(["replace main cidrBlock", "replace a vpcId"]);
  expect(named(replaced, "main").id).not.toBe(named(previous, "main").id);
  expect(named(replaced, "main").generation).toBe(2);
  expect(named(replaced, "a").inputs["vpcId"]).toBe(named(replaced, "main").id);

  const preview = await scenario("evolving", { set, previous });
  expect(shown(preview.changes)).toEqual(shown(replaced.changes));
  expect(named(preview, "a").inputs["vpcId"]).toBe(UNKNOWN);
  await expect(scenario("evolving", { previous: preview })).rejects.toThrow(
    "can only follow a rehearsed update",
  );
});

test("a preview knows what is there already, and refuses to lose what is protected", async () => {
  const kept = await scenario("evolving", { mode: "update", set: { keep: "true" } });
  const refused = await scenario("evolving", { set: { username: "else", retired: "true" }, previous: kept });
  expect(named(refused, "a").inputs["vpcId"]).toBe(named(kept, "main").id);
  expect(shown(refused.changes)).toEqual(["replace data-database username", "delete address", "delete logs"]);
  expect(findingsOn(refused, "data-database")).toEqual([
    expect.stringMatching(/^cannot be replaced \(username\) because it is protected\./),
  ]);
  expect(findingsOn(refused, "address")).toEqual([
    "cannot be deleted because it is protected. If its loss is meant, say so in stacks/Pulumi.dev.yaml: `nango:allowDataLoss: true`, or: npx pulumi config set -s dev nango:allowDataLoss true, then npm run up -- dev with nothing else changed, and then this change",
  ]);
});

test("what a protected resource needs stays with it when the program leaves both out", async () => {
  const kept = await scenario("leaving", { mode: "update" });
  const refused = await scenario("leaving", { set: { retired: "true" }, previous: kept });
  // The other user of the network goes, as it does in Pulumi's own preview.
  expect(shown(refused.changes)).toEqual(["delete database", "delete bystander"]);
  expect(findingsOn(refused, "database")).toHaveLength(1);
  expect(refused.findings).toHaveLength(1);
});

test("an update stops before it loses what is protected", async () => {
  const refused = await scenario("evolving", { mode: "update", set: { username: "else" }, previous });
  expect(findingsOn(refused, "data-database")).toHaveLength(1);
  expect(refused.findings).toHaveLength(1);
  expect(refused.program.message).toBeUndefined();
});

test.each(["preview", "update"] as const)(
  "a resource is replaced with another one, or with a value of it, in an %s",
  async (mode) => {
    const before = await scenario("following", { mode: "update" });
    const same = await scenario("following", { mode, previous: before });
    expect(shown(same.changes)).toEqual([]);
    const next = await scenario("following", { mode, set: { cidr: "10.9.0.0/16" }, previous: before });
    const changes = next.changes.map(({ kind, name, replaceKeys }) => [kind, name, ...replaceKeys].join(" "));
    expect(changes.toSorted()).toEqual([
      "replace main cidrBlock",
      "replace triggered replacementTrigger",
      "replace with replaceWith",
    ]);
    expect(shown(changesBetween(before, next))).toEqual(shown(next.changes));
  },
);

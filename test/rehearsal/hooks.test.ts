import { expect, test } from "vitest";

import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { findingsOn, scenario } from "./scenarios.ts";

const set = { instanceClass: "db.t4g.micro" };

function runsOf({ hookRuns }: Rehearsal): string[] {
  return hookRuns.map(({ hook }) => hook);
}

/** What a hook said it was told. */
function told({ messages }: Rehearsal, hook: string): unknown {
  const line = messages.find(({ text }) => text.startsWith(`${hook} `));
  return JSON.parse(line?.text.replace(/^[^{]*/, "") ?? "null");
}

test("around a creation its hooks run in order, in the program's environment", async () => {
  const rehearsal = await scenario("hooks", {
    mode: "update",
    set,
    runHooks: true,
    environment: { GREETING: "hello" },
  });
  expect(runsOf(rehearsal)).toEqual(["before", "before-in-preview", "after-forgiven", "after"]);
  expect(rehearsal.messages[0]?.text).toMatch(/^before hello /);
  expect(told(rehearsal, "before")).toEqual({
    newInputs: { engine: "postgres", identifier: "database", instanceClass: "db.t4g.micro" },
  });
  expect(told(rehearsal, "after")).toMatchObject({
    newOutputs: { arn: "arn:aws:rds:eu-central-1:123456789012:db:database" },
  });
});

test("in a preview only the hooks run that ask for it", async () => {
  expect(runsOf(await scenario("hooks", { set, runHooks: true }))).toEqual(["before-in-preview"]);
});

test("a hook that fails before a creation stops the deployment", async () => {
  const rehearsal = await scenario("hooks", {
    mode: "update",
    set: { ...set, failing: "before" },
    runHooks: true,
  });
  expect(findingsOn(rehearsal, "database")).toEqual([
    "hook 'before' (beforeCreate) failed: before is out of order",
  ]);
  expect(rehearsal.hookRuns).toMatchObject([{ hook: "before", error: "before is out of order" }]);
  expect(rehearsal.program.message).toBeUndefined();
});

test("a hook that fails after a creation is found, unless its errors are ignored, and the resource stays", async () => {
  const rehearsal = await scenario("hooks", {
    mode: "update",
    set: { ...set, failing: "after-forgiven after" },
    runHooks: true,
  });
  expect(rehearsal.hookRuns.filter(({ error }) => error !== undefined)).toHaveLength(2);
  expect(rehearsal.findings.map(({ message }) => message)).toEqual([
    "hook 'after' (afterCreate) failed: after is out of order",
  ]);
  expect(rehearsal.resources.at(-1)?.id).toMatch(/^db-/);
  expect(rehearsal.program.exitCode).toBe(0);
});

test("hooks run around an update only when they are asked for, and are told of both states", async () => {
  const previous = await scenario("hooks", { mode: "update", set });
  expect(runsOf(previous)).toEqual([]);

  const next = { set: { instanceClass: "db.t4g.small" }, runHooks: true, previous };
  const update = await scenario("hooks", { mode: "update", ...next });
  expect(runsOf(update)).toEqual(["before-update", "after-update"]);
  expect(told(update, "before-update")).toMatchObject({
    oldInputs: { instanceClass: "db.t4g.micro" },
    newInputs: { instanceClass: "db.t4g.small" },
    oldOutputs: { instanceClass: "db.t4g.micro" },
  });
  expect(told(update, "after-update")).toMatchObject({ newOutputs: { instanceClass: "db.t4g.small" } });

  expect(runsOf(await scenario("hooks", next))).toEqual(["before-update"]);
  expect(runsOf(await scenario("hooks", { mode: "update", set, runHooks: true, previous }))).toEqual([]);
});

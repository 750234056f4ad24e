import { expect, test } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";

const byUrn = (one: { urn: string }, other: { urn: string }) => (one.urn < other.urn ? -1 : 1);

// Alone, a program and its engine are two processes that speak gRPC; here they share one, and nothing is between them.

/** Resources that do not wait for each other come in any order, and each runner says for debugging what it does. */
const comparable = (rehearsal: Rehearsal): Rehearsal => ({
  ...rehearsal,
  debugMessages: [],
  resources: rehearsal.resources.toSorted(byUrn),
  changes: rehearsal.changes.toSorted(byUrn),
});

test.each(["production", "search"])("%s does after others what it does alone", async (stack) => {
  await rehearse({ stack: "dev" });
  const options = { stack, mode: "update" } as const;
  expect(comparable(await rehearse(options))).toEqual(comparable(await rehearseAlone(options)));
});

test("a program that fails after others fails as it does alone", async () => {
  await rehearse({ stack: "local" });
  const options = { stack: "dev", set: { replicas: "none" } } as const;
  const failed = await rehearse(options);
  expect(failed.program.message).toMatch(/nango:replicas/);
  expect(comparable(failed)).toEqual(comparable(await rehearseAlone(options)));
});

test("a change is planned as it is alone", async () => {
  const previous = await rehearse({ stack: "production", mode: "update" });
  const set = { databaseInstanceClass: "db.r7g.large", environment: '{"LOG_LEVEL":"debug"}' };
  const options = { stack: "production", set, previous, runHooks: true } as const;
  const change = await rehearse(options);
  expect(change.program.message).toBeUndefined();
  expect(change.changes.length).toBeGreaterThan(0);
  expect(comparable(change)).toEqual(comparable(await rehearseAlone(options)));
});

import { expect, test } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";

const byUrn = (one: { urn: string }, other: { urn: string }) => (one.urn < other.urn ? -1 : 1);

/** Resources that do not wait for each other come in any order, and each runner says for debugging what it does. */
const comparable = (rehearsal: Rehearsal): Rehearsal => ({
  ...rehearsal,
  debugMessages: [],
  resources: rehearsal.resources.toSorted(byUrn),
  changes: rehearsal.changes.toSorted(byUrn),
});

test("a program does after others what it does alone", async () => {
  await rehearse({ stack: "local" });
  const options = { stack: "production", mode: "update" } as const;
  expect(comparable(await rehearse(options))).toEqual(comparable(await rehearseAlone(options)));
});

test("a program that fails after others fails as it does alone", async () => {
  await rehearse({ stack: "local" });
  const options = { stack: "dev", set: { replicas: "none" } } as const;
  const failed = await rehearse(options);
  expect(failed.program.message).toMatch(/nango:replicas/);
  expect(comparable(failed)).toEqual(comparable(await rehearseAlone(options)));
});

test("a change is planned without the protocol as with it", async () => {
  const previous = await rehearse({ stack: "production", mode: "update" });
  const set = { databaseInstanceClass: "db.r7g.large", environment: '{"LOG_LEVEL":"debug"}' };
  const options = { stack: "production", set, previous, runHooks: true } as const;
  const change = await rehearse(options);
  expect(change.program.message).toBeUndefined();
  expect(change.changes.length).toBeGreaterThan(0);
  expect(comparable(change)).toEqual(comparable(await rehearseAlone(options)));
});

import { expect, test } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse, rehearseAlone } from "../rehearse.ts";

/** Resources that do not wait for each other come in any order, and each runner says for debugging what it does. */
const comparable = (rehearsal: Rehearsal): Rehearsal => ({
  ...rehearsal,
  debugMessages: [],
  resources: rehearsal.resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
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

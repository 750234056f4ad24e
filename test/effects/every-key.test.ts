import { describe, expect, test } from "vitest";

import type { Change, Effect } from "../../infra/config/settings/change.ts";
import { type SettingName, settings } from "../../infra/config/settings.ts";
import type { Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";
import { cases, type Case } from "./cases.ts";

const deployed = (options: RehearseOptions): Promise<Rehearsal> => rehearse({ ...options, mode: "update" });

/** What the reference says of a key. */
function declared(key: SettingName, target: "aws" | "docker"): readonly Effect[] {
  const change: Change = settings[key].change;
  return "aws" in change ? change[target] : change;
}

async function derived(key: SettingName, { from, to, with: more }: Case): Promise<Effect[]> {
  const own = { [key]: to };
  const { secret } = settings[key];
  const next = await rehearse({
    ...from,
    set: { ...from.set, ...more, ...(secret ? {} : own) },
    secrets: { ...from.secrets, ...(secret ? own : {}) },
    previous: await deployed(from),
    // Those that run in a preview refuse what must not change.
    runHooks: true,
  });
  expect(next.program.message).toBeUndefined();
  // A stack that a key makes is one that can be deployed.
  expect(next.policies.violations.filter(({ level }) => level === "mandatory")).toEqual([]);
  return next.consequences.map(({ effect }) => effect);
}

describe.each(Object.keys(cases) as SettingName[])("%s", (key) => {
  const { target } = settings[key] as { target?: "aws" | "docker" };
  test.each(Object.entries(cases[key]) as ["aws" | "docker", Case][])(
    "does on %s what the reference says",
    async (on, one) => {
      const all = [...(await derived(key, one)), ...(one.unseen ?? [])];
      expect([...new Set(all)].toSorted()).toEqual(declared(key, on).toSorted());
    },
  );

  test("is changed on each target that it is for", () => {
    const expected = target === undefined ? ["aws", "docker"] : [target];
    if (key !== "target") expect(Object.keys(cases[key]).toSorted()).toEqual(expected);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storageArgs } from "../../../infra/aws/data/database-storage.ts";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { the } from "../find.ts";

const preset = (storageGb: number, maxStorageGb: number) => ({
  storageGb,
  maxStorageGb,
  storageIsGiven: false,
});
const given = (storageGb: number, maxStorageGb = storageGb * 2) => ({
  storageGb,
  maxStorageGb,
  storageIsGiven: true,
});
const there = (allocatedGb: number, ceilingGb: number) => ({ allocatedGb, ceilingGb });
const striped = { iops: 12_000, storageThroughput: 500 };

test.each([
  ["a new database has what is wanted", preset(20, 100), undefined, [20, 100], {}],
  ["a new one from 400 GiB on, with what is included there", given(400), undefined, [400, 800], striped],
  ["just below, without", given(399), undefined, [399, 798], {}],
  ["a deployed one grows to what its key says", given(100), there(20, 100), [100, 200], {}],
  ["across 400 GiB with what is included there", given(500), there(100, 200), [500, 1000], striped],
  ["not to a preset", preset(50, 200), there(20, 100), [20, 200], {}],
  ["one that has grown beyond its key stays", given(100), there(130, 200), [130, 200], {}],
  ["also when the key is new", given(100, 200), there(190, 200), [190, 200], {}],
  [
    "a key that is taken back leaves what is there, with room to grow",
    preset(20, 100),
    there(500, 1000),
    [500, 550],
    striped,
  ],
  ["a smaller size, too", preset(20, 100), there(100, 1000), [100, 110], {}],
  ["and again after that", preset(20, 100), there(100, 110), [100, 110], {}],
  ["one that has grown up to its ceiling stays below it", preset(20, 100), there(100, 100), [100, 100], {}],
  ["or up to a ceiling that had to be raised", preset(20, 100), there(110, 110), [110, 110], {}],
  ["one whose growth was switched off by hand may grow", preset(20, 100), there(100, 0), [100, 110], {}],
  [
    "one without room for a tenth grows no further",
    given(59_578, 65_536),
    there(64_000, 0),
    [64_000, 0],
    striped,
  ],
] as const)("%s", (_, wanted, deployed, [allocatedStorage, maxAllocatedStorage], more) => {
  expect(storageArgs(wanted, deployed)).toEqual({ allocatedStorage, maxAllocatedStorage, ...more });
});

test("nothing is asked for that RDS refuses, and what was done is left alone", () => {
  const gb = fc.integer({ min: 20, max: 59_578 });
  const database = fc.record({ allocatedGb: gb, more: fc.integer({ min: 0, max: 5000 }) });
  const wanted = fc.record({
    storageGb: gb,
    storageIsGiven: fc.boolean(),
    more: fc.integer({ min: 0, max: 5000 }),
  });
  fc.assert(
    fc.property(wanted, fc.option(database, { nil: undefined }), ({ more, ...asked }, found) => {
      const maxStorageGb = Math.ceil(asked.storageGb * 1.1) + more;
      const deployed = found && there(found.allocatedGb, found.allocatedGb + found.more);
      const args = storageArgs({ ...asked, maxStorageGb }, deployed);
      expect(args.allocatedStorage).toBeGreaterThanOrEqual(deployed?.allocatedGb ?? asked.storageGb);
      const unchanged = args.maxAllocatedStorage === deployed?.ceilingGb;
      const legal = args.maxAllocatedStorage * 10 >= args.allocatedStorage * 11;
      expect(unchanged || legal || args.maxAllocatedStorage === 0).toBe(true);
      expect(args.iops).toBe(args.allocatedStorage < 400 ? undefined : 12_000);
      const after = there(args.allocatedStorage, args.maxAllocatedStorage);
      expect(storageArgs({ ...asked, maxStorageGb }, after)).toEqual(args);
    }),
  );
});

describe("the databases of a stack", () => {
  const update = (options: Partial<RehearseOptions>) =>
    rehearse({ stack: "dev", mode: "update", ...options });
  const storageOf = (rehearsal: Rehearsal, name: string) => {
    const { allocatedStorage, maxAllocatedStorage, iops, storageThroughput } = the(
      rehearsal,
      "rds/instance:Instance",
      name,
    ).inputs;
    return [allocatedStorage, maxAllocatedStorage, iops, storageThroughput];
  };

  test("grow by their keys, and stay as large as they are when those are taken back", async () => {
    const dedicated = { recordsDatabase: "dedicated" };
    const first = await update({ set: dedicated });
    expect(storageOf(first, "nango-database")).toEqual([20, 100, undefined, undefined]);
    const keys = { databaseStorageGb: "500", recordsDatabaseStorageGb: "100" };
    const grown = await update({ set: { ...dedicated, ...keys }, previous: first });
    expect(grown.findings).toEqual([]);
    expect(storageOf(grown, "nango-database")).toEqual([500, 1000, 12_000, 500]);
    expect(storageOf(grown, "nango-records")).toEqual([100, 200, undefined, undefined]);
    const back = await update({ set: dedicated, previous: grown });
    expect(back.findings).toEqual([]);
    expect(back.changes.map(({ name, keys }) => [name, keys])).toEqual([
      ["nango-database", ["maxAllocatedStorage"]],
      ["nango-records", ["maxAllocatedStorage"]],
    ]);
    expect(storageOf(back, "nango-database").slice(0, 2)).toEqual([500, 550]);
    expect(storageOf(back, "nango-records").slice(0, 2)).toEqual([100, 110]);
    const again = await update({ set: dedicated, previous: back });
    expect(again.changes).toEqual([]);
  });

  test("can take a smaller size after a larger one", async () => {
    const large = await update({ set: { size: "large" } });
    const small = await update({ set: { size: "small", databaseMultiAz: "false" }, previous: large });
    expect(small.findings).toEqual([]);
    const { outputs } = the(small, "rds/instance:Instance");
    expect([outputs["allocatedStorage"], outputs["maxAllocatedStorage"]]).toEqual([100, 110]);
  });
});

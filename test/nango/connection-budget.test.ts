import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  connectionPools,
  type ConnectionBudgetRequest,
  connectionShortage,
} from "../../infra/nango/connection-budget.ts";

/** Old and new tasks at full scale; or the old ones, a migration with the pools of one, and its five of its own. */
const rolling = (perTask: number, maxReplicas: number) => perTask * maxReplicas * 2;
const migrating = (perTask: number, maxReplicas: number) => perTask * (maxReplicas + 1) + 5;
const during = (perTask: number, { maxReplicas }: ConnectionBudgetRequest) =>
  Math.max(rolling(perTask, maxReplicas), migrating(perTask, maxReplicas));

/** A fifth stays free, and never less than ten. */
const usable = (maxConnections: number) => Math.min(Math.floor(maxConnections * 0.8), maxConnections - 10);

const request = fc.record(
  {
    maxConnections: fc.integer({ min: 1, max: 6000 }),
    recordsMaxConnections: fc.integer({ min: 1, max: 6000 }),
    maxReplicas: fc.integer({ min: 1, max: 50 }),
    main: fc.integer({ min: 5, max: 1000 }),
  },
  { requiredKeys: ["maxConnections", "maxReplicas"] },
);

describe("connectionPools", () => {
  test("leaves a fifth of a database free with all tasks twice over, and tells of a shortage only where the least pools do not fit", () => {
    fc.assert(
      fc.property(request, (wanted) => {
        const { maxConnections, recordsMaxConnections: elsewhere } = wanted;
        const onMain = (main: number, records: number, tasks: number, fleet: number) =>
          during(main + tasks + fleet + (elsewhere === undefined ? records : 0), wanted);
        const free = usable(maxConnections);
        const freeElsewhere = elsewhere === undefined ? Infinity : usable(elsewhere);
        if (onMain(wanted.main ?? 5, 2, 2, 1) > free || during(2, wanted) > freeElsewhere) {
          expect(connectionShortage(wanted)?.message).toMatch(
            /need \d+ connections, but the (main|records) database/,
          );
          return;
        }
        expect(connectionShortage(wanted)).toBeUndefined();
        const { main, records, tasks, fleet } = connectionPools(wanted);
        expect(onMain(main, records, tasks, fleet)).toBeLessThanOrEqual(free);
        expect(during(records, wanted)).toBeLessThanOrEqual(freeElsewhere);
        expect(Math.min(main - 5, records - 2, tasks - 2, fleet - 1)).toBeGreaterThanOrEqual(0);
        expect(main).toBe(wanted.main ?? Math.min(main, 30));
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, ConnectionBudgetRequest, object]>([
    [
      "a db.t4g.micro and one task",
      { maxConnections: 78, maxReplicas: 1 },
      { main: 19, records: 2, tasks: 5, fleet: 2 },
    ],
    [
      "the least that fits",
      { maxConnections: 35, maxReplicas: 1 },
      { main: 5, records: 2, tasks: 2, fleet: 1 },
    ],
    [
      "around a fixed pool",
      { maxConnections: 78, maxReplicas: 1, main: 23 },
      { main: 23, records: 2, tasks: 2, fleet: 1 },
    ],
    ["plenty", { maxConnections: 5000, maxReplicas: 2 }, { main: 30, records: 50, tasks: 10, fleet: 5 }],
    [
      "a records database of its own",
      { maxConnections: 78, recordsMaxConnections: 78, maxReplicas: 1 },
      { main: 21, records: 28, tasks: 5, fleet: 2 },
    ],
  ])("divides %s", (_, wanted, pools) => {
    expect(connectionPools(wanted)).toEqual(pools);
  });

  test("says which database cannot take what", () => {
    const { database, needed, message } = connectionShortage({ maxConnections: 34, maxReplicas: 1 })!;
    expect([database, needed]).toEqual(["main", 35]);
    expect(connectionShortage({ maxConnections: needed, maxReplicas: 1 })).toBeUndefined();
    expect(message).toBe(
      "1 replica of 10 connections each, twice over in a rolling deployment and with the migration before it, " +
        "need 25 connections, but the main database has 34, of which 10 stay free",
    );
    const noRecords = { maxConnections: 200, recordsMaxConnections: 18, maxReplicas: 1 };
    expect(connectionShortage(noRecords)).toEqual({
      database: "records",
      needed: 19,
      message: expect.stringMatching(/but the records database has 18/) as string,
    });
  });
});

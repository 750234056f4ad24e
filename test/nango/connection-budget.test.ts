import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  connectionPools,
  reservedConnections,
  type ConnectionBudgetRequest,
} from "../../infra/nango/connection-budget.ts";
import { refusal } from "../refusal.ts";

/** Postgres takes no more than this many connections of all tasks together, old and new ones. */
const during = (perTask: number, { maxReplicas }: ConnectionBudgetRequest) => perTask * maxReplicas * 2;

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
  test("never exhausts a database with all tasks twice over, and refuses only where the least pools would", () => {
    fc.assert(
      fc.property(request, (wanted) => {
        const { maxConnections, recordsMaxConnections: elsewhere } = wanted;
        const onMain = (main: number, records: number, tasks: number, fleet: number) =>
          during(main + tasks + fleet + (elsewhere === undefined ? records : 0), wanted);
        const free = maxConnections - reservedConnections;
        const freeElsewhere = elsewhere === undefined ? Infinity : elsewhere - reservedConnections;
        if (onMain(wanted.main ?? 5, 2, 2, 1) > free || during(2, wanted) > freeElsewhere) {
          expect(refusal(() => connectionPools(wanted))).toMatch(
            /need \d+ connections, but the (main|records) database/,
          );
          return;
        }
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
      { main: 22, records: 3, tasks: 6, fleet: 3 },
    ],
    [
      "the least that fits",
      { maxConnections: 30, maxReplicas: 1 },
      { main: 5, records: 2, tasks: 2, fleet: 1 },
    ],
    [
      "around a fixed pool",
      { maxConnections: 78, maxReplicas: 1, main: 29 },
      { main: 29, records: 2, tasks: 2, fleet: 1 },
    ],
    ["plenty", { maxConnections: 5000, maxReplicas: 2 }, { main: 30, records: 50, tasks: 10, fleet: 5 }],
    [
      "a records database of its own",
      { maxConnections: 78, recordsMaxConnections: 78, maxReplicas: 1 },
      { main: 25, records: 34, tasks: 6, fleet: 3 },
    ],
  ])("divides %s", (_, wanted, pools) => {
    expect(connectionPools(wanted)).toEqual(pools);
  });

  test("says which database cannot take what", () => {
    expect(refusal(() => connectionPools({ maxConnections: 29, maxReplicas: 1 }))).toBe(
      "1 replica of 10 connections each, twice over during a rolling deployment, need 20 connections, " +
        "but the main database has 29, of which 10 stay reserved",
    );
    const noRecords = { maxConnections: 200, recordsMaxConnections: 13, maxReplicas: 1 };
    expect(refusal(() => connectionPools(noRecords))).toMatch(/but the records database has 13/);
  });
});

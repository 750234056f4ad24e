import type { ConnectionPools } from "../../../infra/nango/connection-budget.ts";

/** The connections of one task to all its databases. */
export const connections = ({ main, records, tasks, fleet }: ConnectionPools) =>
  main + records + tasks + fleet;

/** IDs of subnets as a stack gives them. */
export const subnets = (...digits: string[]) =>
  JSON.stringify(digits.map((digit) => `subnet-0000000${digit}`));

/** A database that is there already. */
export const bring = { databaseUrl: "postgresql://nango:p%40ss@db.example.com:6543/nango?sslmode=disable" };

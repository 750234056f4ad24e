// What the environment of a container says of Nango's server in it.

import { type ConnectionPools, defaultPools } from "./connection-budget.ts";

/** Names of the variables that say where a server keeps what it shares with others. */
export const shared = {
  redis: "NANGO_REDIS_URL",
  database: "NANGO_DATABASE_URL",
  records: "RECORDS_DATABASE_URL",
} as const;

/** The pools that a server's environment gives it: Nango's own sizes where it says nothing. */
export function poolsIn(environment: Readonly<Record<string, unknown>>): ConnectionPools {
  const size = (variable: string, preset: number) => {
    const given = Number(environment[variable]);
    return given > 0 ? given : preset;
  };
  return {
    main: size("NANGO_DB_POOL_MAX", defaultPools.main),
    records: size("RECORDS_DATABASE_POOL_MAX", defaultPools.records),
    tasks: size("TASKS_DB_POOL_MAX", defaultPools.tasks),
    fleet: size("FLEET_DB_POOL_MAX", defaultPools.fleet),
  };
}

/**
 * Variables by which Nango connects to Postgres without looking at its certificate.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/database/lib/getConfig.ts
 */
export const unverifiedConnection =
  /^(NANGO_DB_(HOST|PORT|USER|NAME|PASSWORD|SSL)|(RECORDS|ORCHESTRATOR)_(DATABASE|DB)_SSL|PG[A-Z]+)$/;

/** Variables that replace the dashboard's authentication by a test double. */
export const testDouble = /^(CI|VITEST)$/;

/** The variables of a server; a text that is not known is any but the empty one. */
type Variables = Readonly<Record<string, string>>;

const isGiven = (variables: Variables, name: string) => (variables[name] ?? "") !== "";

/**
 * Whether a server encrypts the credentials that it stores: without a key it stores them as they are, and says nothing.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/encryption.manager.ts
 */
export function encryptsCredentials(variables: Variables): boolean {
  return ["NANGO_ENCRYPTION_KEY", "NANGO_ENCRYPTION_KEY_WRAPPED"].some((name) => isGiven(variables, name));
}

/**
 * Why a server's dashboard opens to whoever finds it; undefined where it asks who comes.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/routes.private.ts#L195-L199
 */
export function whyDashboardIsOpen(variables: Variables): string | undefined {
  const double = Object.keys(variables).find((name) => testDouble.test(name));
  if (double !== undefined) return `${double} replaces its authentication by a test double`;
  if (variables["FLAG_AUTH_ENABLED"] !== "false") return undefined;
  const missing = ["NANGO_DASHBOARD_USERNAME", "NANGO_DASHBOARD_PASSWORD"].find(
    (name) => !isGiven(variables, name),
  );
  return missing === undefined ? undefined : `FLAG_AUTH_ENABLED is false, and it has no ${missing}`;
}

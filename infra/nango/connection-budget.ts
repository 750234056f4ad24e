/** The most connections that each of the server's pools may open, per process. */
export interface ConnectionPools {
  /** `NANGO_DB_POOL_MAX` */
  readonly main: number;
  /** `RECORDS_DATABASE_POOL_MAX` */
  readonly records: number;
  /** `TASKS_DB_POOL_MAX` */
  readonly tasks: number;
  /** `FLEET_DB_POOL_MAX` */
  readonly fleet: number;
}

/**
 * Nango's own defaults: more than they bring nothing.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/database/lib/getConfig.ts#L23-L24
 */
const most: ConnectionPools = { main: 30, records: 50, tasks: 10, fleet: 5 };
/** Below these the server waits for itself. The records pool keeps at least two open. */
const least: ConnectionPools = { main: 5, records: 2, tasks: 2, fleet: 1 };
/** Of the free edition's pools only the main one works hard: it gets this much, and what the others leave. */
const mainShare = 0.6;
/** How the others share the rest. */
const share = { records: 0.25, tasks: 0.5, fleet: 0.25 };

/** Kept free for superusers, for RDS itself and for a person with psql. */
export const reservedConnections = 10;

/** A rolling deployment runs the old and the new tasks side by side. */
const rollingFactor = 2;

export interface ConnectionBudgetRequest {
  /** `max_connections` of the main database. */
  readonly maxConnections: number;
  /** `max_connections` of the records database, when it is another one. */
  readonly recordsMaxConnections?: number | undefined;
  /** The most tasks that scaling may reach. */
  readonly maxReplicas: number;
  /** The main pool's size when the stack fixes it. */
  readonly main?: number | undefined;
}

/**
 * Divides what the database can take among the pools, so that twice the replica ceiling (a rolling deployment at full
 * scale) never exhausts it.
 * @throws Error that says what would fit, when not even the smallest pools do.
 */
export function connectionPools(request: ConnectionBudgetRequest): ConnectionPools {
  const perTask = (maxConnections: number) =>
    Math.floor((maxConnections - reservedConnections) / (request.maxReplicas * rollingFactor));
  const available = perTask(request.maxConnections);
  const pool = (name: keyof ConnectionPools, connections: number) =>
    Math.max(least[name], Math.min(most[name], Math.floor(connections)));
  const rest = request.main === undefined ? available * (1 - mainShare) : available - request.main;
  const tasks = pool("tasks", rest * share.tasks);
  const fleet = pool("fleet", rest * share.fleet);
  const elsewhere = request.recordsMaxConnections;
  const records = pool("records", elsewhere === undefined ? rest * share.records : perTask(elsewhere));
  const others = tasks + fleet + (elsewhere === undefined ? records : 0);
  const main = request.main ?? pool("main", available - others);
  if (main + others > available) {
    throw new Error(tooMany(request, main + others, request.maxConnections, "main"));
  }
  if (elsewhere !== undefined && records > perTask(elsewhere)) {
    throw new Error(tooMany(request, records, elsewhere, "records"));
  }
  return { main, records, tasks, fleet };
}

function tooMany(
  request: ConnectionBudgetRequest,
  needed: number,
  maxConnections: number,
  database: "main" | "records",
): string {
  const total = needed * request.maxReplicas * rollingFactor;
  return (
    `${request.maxReplicas} replica${request.maxReplicas === 1 ? "" : "s"} of ${needed} connections each, twice over during a rolling deployment, ` +
    `need ${total} connections, but the ${database} database has ${maxConnections}, of which ${reservedConnections} stay reserved`
  );
}

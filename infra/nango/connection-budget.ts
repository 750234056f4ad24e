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
/** Who gets how much of what there is. Of the free edition's processes only the main pool works hard. */
const share: ConnectionPools = { main: 0.6, records: 0.1, tasks: 0.2, fleet: 0.1 };

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
  const separateRecords = request.recordsMaxConnections !== undefined;
  const pool = (name: keyof ConnectionPools, total: number, part = share[name]) =>
    Math.max(least[name], Math.min(most[name], Math.floor(total * part)));
  const records =
    request.recordsMaxConnections === undefined
      ? pool("records", available)
      : pool("records", perTask(request.recordsMaxConnections), 1);
  const pools = {
    main: request.main ?? pool("main", available),
    records,
    tasks: pool("tasks", available),
    fleet: pool("fleet", available),
  };
  const needed = pools.main + pools.tasks + pools.fleet + (separateRecords ? 0 : pools.records);
  if (needed > available) {
    throw new Error(tooMany(request, needed, request.maxConnections));
  }
  if (request.recordsMaxConnections !== undefined && records > perTask(request.recordsMaxConnections)) {
    throw new Error(tooMany(request, records, request.recordsMaxConnections));
  }
  return pools;
}

function tooMany(request: ConnectionBudgetRequest, needed: number, maxConnections: number): string {
  const total = needed * request.maxReplicas * rollingFactor;
  return (
    `${request.maxReplicas} replicas of ${needed} connections each, twice over during a rolling deployment, ` +
    `need ${total} connections, but the database has ${maxConnections}, of which ${reservedConnections} stay reserved`
  );
}

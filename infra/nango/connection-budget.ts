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
 * Nango's own sizes: more than they bring nothing.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/database/lib/getConfig.ts#L23-L24
 */
export const defaultPools: ConnectionPools = { main: 30, records: 50, tasks: 10, fleet: 5 };
/** Below these the server waits for itself. The records pool keeps at least two open. */
const least: ConnectionPools = { main: 5, records: 2, tasks: 2, fleet: 1 };
/** Of the free edition's pools only the main one works hard: it gets this much, and what the others leave. */
const mainShare = 0.6;
/** How the others share the rest. */
const share = { records: 0.25, tasks: 0.5, fleet: 0.25 };

/**
 * What a deployment leaves of `max_connections`: a fifth, since RDS's default is estimated here and a task that is killed
 * holds its connections for a while; at least ten, for superusers, for RDS itself and for a person with psql.
 */
export function freeConnections(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.2));
}

/**
 * What the migration takes beside the pools of one task: two for its turn and for looking at locks, and what Nango opens
 * for the migration of its scheduler alone, two at least and one more at work.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/scheduler/lib/db/client.ts#L76-L83
 */
const migrationConnections = 5;

/**
 * The most connections of a deployment: old and new tasks side by side, or before that the old ones and the migration,
 * which has a task's pools.
 */
export function connectionsOfDeployment(perTask: number, maxReplicas: number): number {
  return Math.max(2 * maxReplicas * perTask, (maxReplicas + 1) * perTask + migrationConnections);
}

export interface ConnectionBudgetRequest {
  /** `max_connections` of the server that has the main database. */
  readonly maxConnections: number;
  /** `max_connections` of the server that has the records database, when it is another one. */
  readonly recordsMaxConnections?: number | undefined;
  /** The most tasks that scaling may reach. */
  readonly maxReplicas: number;
  /** The main pool's size when the stack fixes it. */
  readonly main?: number | undefined;
}

/** The most connections of one task with which a deployment at full scale leaves enough free. */
function connectionsOfTask(maxConnections: number, maxReplicas: number): number {
  const usable = maxConnections - freeConnections(maxConnections);
  return Math.floor(
    Math.min(usable / (2 * maxReplicas), (usable - migrationConnections) / (maxReplicas + 1)),
  );
}

/**
 * Divides what the database can take among the pools, so that a deployment at full scale never exhausts it. Where there
 * is a shortage, the pools are the smallest.
 */
export function connectionPools(request: ConnectionBudgetRequest): ConnectionPools {
  const perTask = (maxConnections: number) => connectionsOfTask(maxConnections, request.maxReplicas);
  const available = perTask(request.maxConnections);
  const pool = (name: keyof ConnectionPools, connections: number) =>
    Math.max(least[name], Math.min(defaultPools[name], Math.floor(connections)));
  const rest = request.main === undefined ? available * (1 - mainShare) : available - request.main;
  const tasks = pool("tasks", rest * share.tasks);
  const fleet = pool("fleet", rest * share.fleet);
  const elsewhere = request.recordsMaxConnections;
  const records = pool("records", elsewhere === undefined ? rest * share.records : perTask(elsewhere));
  const others = tasks + fleet + (elsewhere === undefined ? records : 0);
  return { main: request.main ?? pool("main", available - others), records, tasks, fleet };
}

/** A database that cannot take even the smallest pools. */
export interface ConnectionShortage {
  readonly database: "main" | "records";
  /** How many connections a database would need to have, in all. */
  readonly needed: number;
  /** What was planned, and what there is. */
  readonly message: string;
}

/** Which database cannot take even the smallest pools; undefined when all can. */
export function connectionShortage(request: ConnectionBudgetRequest): ConnectionShortage | undefined {
  const { maxConnections, recordsMaxConnections: elsewhere, maxReplicas } = request;
  const { main, records, tasks, fleet } = connectionPools(request);
  const onMain = main + tasks + fleet + (elsewhere === undefined ? records : 0);
  if (onMain > connectionsOfTask(maxConnections, maxReplicas))
    return tooMany(request, onMain, maxConnections, "main");
  return elsewhere !== undefined && records > connectionsOfTask(elsewhere, maxReplicas)
    ? tooMany(request, records, elsewhere, "records")
    : undefined;
}

function tooMany(
  request: ConnectionBudgetRequest,
  needed: number,
  maxConnections: number,
  database: "main" | "records",
): ConnectionShortage {
  const { maxReplicas } = request;
  const ofDeployment = connectionsOfDeployment(needed, maxReplicas);
  let inAll = ofDeployment;
  while (inAll - freeConnections(inAll) < ofDeployment) inAll += 1;
  const message =
    `${maxReplicas} replica${maxReplicas === 1 ? "" : "s"} of ${needed} connections each, twice over in a rolling deployment and with the migration before it, ` +
    `need ${ofDeployment} connections, but the ${database} database has ${maxConnections}, of which ${freeConnections(maxConnections)} stay free`;
  return { database, needed: inAll, message };
}

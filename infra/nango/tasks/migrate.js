/**
 * The gatekeeper of a deployment: proves the login to each database and that its data is encrypted with this key, waits
 * for other migrations, runs the migrations.
 * A Nango server that meets a database it cannot use does not exit, it hangs, so it may only start after this:
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/server.ts#L41-L51
 *
 * Runs in Nango's image, in /app/nango, as `node --input-type=module -e <this text>`. The last line says how it ended.
 * Exit codes: 0 done, 1 unforeseen, 2 database refused, 3 lock held or another migration running, 4 migration failed or
 * timed out, 143 stopped before the migration; one that has begun goes on to its end.
 * CLEAR_MIGRATION_LOCK=true clears a lock that is still held after GATE_LOCK_SECONDS.
 */
import { spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const { env } = process;
const databaseSeconds = Number(env.GATE_DATABASE_SECONDS ?? 120);
const turnSeconds = Number(env.GATE_TURN_SECONDS ?? 300);
const lockSeconds = Number(env.GATE_LOCK_SECONDS ?? 60);
const migrationSeconds = Number(env.MIGRATION_SECONDS ?? 900);

/** @param {string} line */
const say = (line) => console.log(`nango-migrate: ${line}`);

/** @param {number} code @param {string} message @returns {never} */
function fail(code, message) {
  say(message);
  process.exit(code);
}

/**
 * Each database, by the variable that holds its URL, with the tables where knex notes a running migration:
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/database/lib/index.ts#L32-L40
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/keystore/lib/db/migrate.ts#L13-L19
 */
const nango = database("NANGO_DATABASE_URL");
const records = env.RECORDS_DATABASE_URL ? database("RECORDS_DATABASE_URL") : nango;
const databases = [...new Set([nango, records])];
nango.locks.push(
  `"${env.NANGO_DB_SCHEMA ?? "nango"}"."_nango_auth_migrations_lock"`,
  `"migrations"."migrations_keystore_lock"`,
  `"${env.TASKS_DATABASE_SCHEMA ?? "nango_tasks"}"."migrations_lock"`,
);
records.locks.push(`"${env.RECORDS_DATABASE_SCHEMA ?? "nango_records"}"."migrations_lock"`);

/** @typedef {{ url: string, title: string, locks: string[] }} Database */

/** @param {string} variable @returns {Database} */
function database(variable) {
  const url = env[variable] ?? "";
  const { username, password, host, pathname, search, hash } = new URL(URL.canParse(url) ? url : "none:");
  // An @ behind the host ends a password with an unencoded slash: what looks like the host is part of it.
  if (!username || !password || pathname.length < 2 || (pathname + search + hash).includes("@"))
    fail(2, `${variable} is no Postgres URL with user, password, host and database, each percent-encoded`);
  return { url, title: `${variable} (${host}${pathname})`, locks: [] };
}

/** What a database answers while it starts, or is full for a moment. Anything else is final. */
const transient =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|53300|57P0|timeout|Connection terminated)/;

/** @type {[RegExp, string][]} */
const causes = [
  [/not support SSL/, "the server offers no TLS: switch it on there"],
  [/no encryption/, "the server refuses connections without TLS: the URL must say sslmode=verify-full"],
  [/^ERR_TLS_CERT_ALTNAME/, "the server's certificate is for another host name: connect by that name"],
  [
    /^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|INVALID_CA)/,
    `the server's certificate is not trusted: the file of NODE_EXTRA_CA_CERTS (${env.NODE_EXTRA_CA_CERTS ?? "unset"}) must hold its root`,
  ],
  [/^28P01/, "wrong user or password"],
  [/^3D000/, "that database does not exist"],
  [/^42501/, "the user may not connect to that database"],
  [/^53300/, "the server has no connection left: lower the pool sizes or raise max_connections"],
  [/^ECONNREFUSED/, "nothing listens there: check host and port"],
  [/^ENOTFOUND/, "that host name does not exist"],
  [/^timeout/, "no answer: check security groups, routes and port"],
];

/** Connects, waiting for a database that is not there yet. @param {Database} database */
async function connect({ url, title }) {
  const deadline = Date.now() + databaseSeconds * 1000;
  for (let told = ""; ; await sleep(1000)) {
    const connectionTimeoutMillis = Math.min(10, databaseSeconds) * 1000;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis, query_timeout: 10_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (/** @type {any} */ { code = "", message }) {
      const error = `${code} ${message}`.trim();
      const cause = causes.find(([pattern]) => pattern.test(error))?.[1];
      const line = `${title}: ${cause ? `${cause} (${error})` : error}`;
      if (!transient.test(error)) fail(2, line);
      if (Date.now() > deadline) fail(2, `${line}, for ${databaseSeconds} s`);
      if (told !== line) say(`waiting for ${line}`);
      told = line;
    }
  }
}

/** @template T @param {Database} database @param {(client: pg.Client) => Promise<T>} work */
async function connected(database, work) {
  const client = await connect(database);
  const result = await work(client);
  // Not awaited: it never settles when the server has closed the connection first.
  client.end().catch(() => {});
  return result;
}

/** @param {Database} database */
async function check(database) {
  const { title } = database;
  await connected(database, async (client) => {
    const { rows } = await client.query(
      "SELECT current_setting('server_version_num')::int / 10000 AS version, pg_is_in_recovery() AS replica," +
        " has_database_privilege(current_database(), 'CREATE') AS creator",
    );
    const { version, replica, creator } = rows[0];
    if (version < 15) fail(2, `${title}: Postgres ${version}, but Nango needs 15 or later`);
    if (replica) fail(2, `${title}: a read-only replica, but Nango needs the primary`);
    if (!creator)
      fail(2, `${title}: the user may not create schemas: GRANT CREATE ON DATABASE, or make it the owner`);
    const { encrypted, authorized } = /** @type {any} */ (client).connection.stream;
    const tls = authorized
      ? "TLS, server verified"
      : encrypted
        ? "TLS, server NOT verified"
        : "NO encryption";
    say(`${title}: Postgres ${version}, ${tls}`);
  });
}

/**
 * Refuses data that was encrypted with another key, such as that of a restored snapshot. Nango's own migration does not
 * look, and the server that does would hang. The database has this hash of the key:
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/encryption.manager.ts#L171-L215
 */
async function checkKey() {
  const key = env.NANGO_ENCRYPTION_KEY;
  if (!key) return;
  const table = `"${env.NANGO_DB_SCHEMA ?? "nango"}"."_nango_db_config"`;
  const stored = await connected(nango, async (client) => {
    const { rows } = await client.query("SELECT to_regclass($1) AS present", [table]);
    if (rows[0].present === null) return undefined;
    return (await client.query(`SELECT encryption_key_hash AS hash FROM ${table}`)).rows[0];
  });
  const hash = pbkdf2Sync(key, "X89FHEGqR3yNK0+v7rPWxQ==", 310_000, 32, "sha256").toString("base64");
  if (stored && stored.hash !== hash)
    fail(
      2,
      `${nango.title}: its data is encrypted with another key than this stack's, and nothing was changed. Give this stack ` +
        "the key of the stack that the data is from, as nango:encryptionKey: docs/restore.md",
    );
}

const anotherRuns = "another migration of this database is running";
const waitForIt = "wait for its end, then try again";

/**
 * Lets one gate pass at a time: on an empty database two would see no lock, and collide. A transaction holds the turn,
 * for a pooler may share out a session; READ COMMITTED, and none while waiting, for CREATE INDEX CONCURRENTLY waits for
 * transactions that hold a snapshot; with keepalives, for a router forgets a silent connection, and the server does not.
 */
async function takeTurn() {
  const deadline = Date.now() + turnSeconds * 1000;
  const client = await connect(nango);
  for (let told = false; ; await sleep(1000)) {
    await client.query(
      "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL tcp_keepalives_idle = 60;" +
        " SET LOCAL idle_in_transaction_session_timeout = 0",
    );
    // The key spells "nango".
    const { rows } = await client.query("SELECT pg_try_advisory_xact_lock(x'6e616e676f'::bigint) AS ours");
    if (rows[0].ours) return;
    await client.query("ROLLBACK");
    if (Date.now() > deadline) fail(3, `${anotherRuns}, after ${turnSeconds} s still: ${waitForIt}`);
    if (!told) say(`${anotherRuns}; waiting up to ${turnSeconds} s for its end`);
    told = true;
  }
}

async function heldLocks() {
  /** @type {{ database: Database, table: string }[]} */
  const held = [];
  for (const database of databases) {
    await connected(database, async (client) => {
      for (const table of database.locks) {
        const { rows } = await client.query("SELECT to_regclass($1) AS present", [table]);
        if (rows[0].present === null) continue;
        const { rowCount } = await client.query(`SELECT FROM ${table} WHERE is_locked = 1`);
        if (rowCount) held.push({ database, table });
      }
    });
  }
  return held;
}

/** @param {string} table */
const unlock = (table) => `UPDATE ${table} SET is_locked = 0;`;

/** @param {{ database: Database, table: string }[]} held */
const howToClear = (held) =>
  "If no other migration task is running, a killed one left it. Then set nango:clearMigrationLock to true for one " +
  `pulumi up, or run ${held.map(({ database, table }) => `in ${database.title} ${unlock(table)}`).join(" and ")}`;

async function passLocks() {
  const deadline = Date.now() + lockSeconds * 1000;
  let held = await heldLocks();
  if (held.length > 0) say(`a migration lock is held; waiting up to ${lockSeconds} s for its release`);
  while (held.length > 0 && Date.now() < deadline) {
    await sleep(1000);
    held = await heldLocks();
  }
  if (held.length > 0 && env.CLEAR_MIGRATION_LOCK !== "true")
    fail(3, `a migration lock is held after ${lockSeconds} s. ${howToClear(held)}`);
  for (const { database, table } of held) {
    await connected(database, (client) => client.query(unlock(table)));
    say(`cleared the migration lock ${table} in ${database.title}; now remove nango:clearMigrationLock`);
  }
}

const alreadyLocked = /already locked/;

/** What Nango prints, and what it means. @type {[RegExp, string][]} */
const hints = [
  [
    /Rotation of NANGO_ENCRYPTION_KEY/,
    "this database was encrypted with another NANGO_ENCRYPTION_KEY: restore that key",
  ],
  [
    /NANGO_ENCRYPTION_KEY has been removed/,
    "this database is encrypted, but NANGO_ENCRYPTION_KEY is not set",
  ],
  [/Encryption key must be 32 bytes/, "NANGO_ENCRYPTION_KEY must be 32 bytes in base64"],
  [/Missing or invalid env vars/, "Nango refuses an environment variable"],
  [
    /failed_to_init_logs_storage[\s\S]*\b403\b/,
    "the logs store does not permit NANGO_LOGS_ES_USER what Nango needs: docs/operate.md lists it",
  ],
  [/failed_to_init_logs_storage/, "the logs store refuses Nango's templates"],
  [alreadyLocked, `${anotherRuns}: ${waitForIt}`],
  [
    /migration directory is corrupt, the following files are missing/,
    "a newer Nango has migrated this database: use that release, or restore the snapshot taken before it",
  ],
  [/Cannot find module .*migrate\.js/, "the image is not Nango's server"],
];

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
// As PID 1, node dies of no signal that it has no handler for.
process.on("SIGTERM", () => {
  if (!child) fail(143, "stopped before the migration");
  say("asked to stop: the migration goes on to its end; killed now it would leave a lock");
});

async function migrate() {
  say(`migrating, for at most ${migrationSeconds} s`);
  child = spawn(process.execPath, ["packages/server/dist/migrate.js"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      process.stdout.write(text);
      output = (output + text).slice(-50_000);
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child?.kill("SIGKILL");
  }, migrationSeconds * 1000);
  const [code, signal] = await new Promise((end) => child?.once("close", (...how) => end(how)));
  clearTimeout(timer);
  if (code === 0) return;
  const hint = hints.find(([pattern]) => pattern.test(output))?.[1] ?? "see the lines above";
  const end = late
    ? `was ended after ${migrationSeconds} s, the limit of nango:migrationTimeoutMinutes`
    : signal
      ? `was killed (${signal}), probably for want of memory`
      : `exited with code ${code}`;
  // A lock that it did not get is somebody else's.
  const held = alreadyLocked.test(output) ? [] : await heldLocks();
  const left = held.length > 0 ? `. It left a migration lock. ${howToClear(held)}` : "";
  fail(4, `the migration ${end}: ${hint}${left}`);
}

try {
  for (const database of databases) await check(database);
  await checkKey();
  await takeTurn();
  await passLocks();
  await migrate();
  say("done");
  process.exit(0);
} catch (error) {
  fail(1, String(error));
}

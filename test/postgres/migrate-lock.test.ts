import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { postgresUrl } from "../../infra/nango/connection-url.ts";
import type { TaskEnd } from "../nango/tasks/task-output.ts";
import { startMigrateFixture, type MigrateFixture } from "./migrate-fixture.ts";

const mainLock = `"nango"."_nango_auth_migrations_lock"`;
let fixture: MigrateFixture;

beforeAll(async () => {
  fixture = await startMigrateFixture();
});
afterAll(() => fixture?.stop());
beforeEach(() => fixture.writeMigration(`console.log("migrating for real");`));

/** A lock table as knex makes it, with its lock taken or free. */
async function makeLock(table: string, isLocked = 1): Promise<void> {
  const schema = table.split(".")[0] ?? "";
  await fixture.sql(
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${table} (index serial PRIMARY KEY, is_locked integer)`,
    `INSERT INTO ${table} (is_locked) VALUES (${isLocked})`,
    `ALTER SCHEMA ${schema} OWNER TO nango`,
    `ALTER TABLE ${table} OWNER TO nango`,
  );
}

/** Lets a migration's 700 seconds be over once it has printed that. */
async function expireAfter(printed: RegExp): Promise<TaskEnd> {
  const task = fixture.start({ env: { MIGRATION_SECONDS: "700" } });
  await task.printed(printed);
  task.expire(700);
  return task.end;
}

describe("a migration lock", () => {
  afterEach(() =>
    fixture.sql("DROP SCHEMA IF EXISTS nango, migrations, nango_tasks, nango_records, elsewhere CASCADE"),
  );

  test("that is released in time is waited for", async () => {
    await makeLock(mainLock);
    const task = fixture.start();
    await task.printed(/a migration lock is held; waiting up to 60 s/);
    await fixture.sql(`UPDATE ${mainLock} SET is_locked = 0`);
    const { exitCode, output } = await task.end;
    expect(output).toContain("migrating for real");
    expect(exitCode).toBe(0);
  });

  test.each<[string, Record<string, string>]>([
    [mainLock, {}],
    [`"migrations"."migrations_keystore_lock"`, {}],
    [`"nango_tasks"."migrations_lock"`, {}],
    [`"nango_records"."migrations_lock"`, {}],
    [`"elsewhere"."_nango_auth_migrations_lock"`, { NANGO_DB_SCHEMA: "elsewhere" }],
    [`"elsewhere"."migrations_lock"`, { TASKS_DATABASE_SCHEMA: "elsewhere" }],
    [`"elsewhere"."migrations_lock"`, { RECORDS_DATABASE_SCHEMA: "elsewhere" }],
  ])("that stays in %s stops the deployment and says how to clear it %j", async (table, env) => {
    await makeLock(table);
    const { exitCode, output, lastLine } = await fixture.migrate({ env: { GATE_LOCK_SECONDS: "0", ...env } });
    expect(lastLine).toBe(
      "nango-migrate: a migration lock is held after 0 s. If no other migration task is running, a killed one left it. " +
        "Then set nango:clearMigrationLock to true for one pulumi up, " +
        `or run in NANGO_DATABASE_URL (localhost:${fixture.server.login.port}/nango) UPDATE ${table} SET is_locked = 0;`,
    );
    expect(output).not.toContain("migrating for real");
    expect(exitCode).toBe(3);
  });

  test("of a records database of its own is looked for there", async () => {
    await fixture.server.asSuperuser((client) => client.query("CREATE DATABASE records OWNER nango"));
    const RECORDS_DATABASE_URL = postgresUrl({
      ...fixture.server.login,
      database: "records",
      tls: "verified",
    });
    await makeLock(`"nango_records"."migrations_lock"`);
    expect((await fixture.migrate({ env: { RECORDS_DATABASE_URL } })).exitCode).toBe(0);
    await fixture.server.asSuperuser(async (client) => {
      await client.query("SET ROLE nango");
      await client.query("CREATE SCHEMA nango_records");
      await client.query("CREATE TABLE nango_records.migrations_lock AS SELECT 1 AS is_locked");
    }, "records");
    const { exitCode, lastLine } = await fixture.migrate({
      env: { RECORDS_DATABASE_URL, GATE_LOCK_SECONDS: "0" },
    });
    expect(lastLine).toContain("in RECORDS_DATABASE_URL");
    expect(exitCode).toBe(3);
  });

  test("is cleared when the operator asked for it, and only then", async () => {
    await makeLock(mainLock);
    const GATE_LOCK_SECONDS = "0";
    const refused = await fixture.migrate({ env: { GATE_LOCK_SECONDS, CLEAR_MIGRATION_LOCK: "false" } });
    expect(refused.exitCode).toBe(3);
    const { exitCode, output } = await fixture.migrate({
      env: { GATE_LOCK_SECONDS, CLEAR_MIGRATION_LOCK: "true" },
    });
    expect(output).toContain(`cleared the migration lock ${mainLock}`);
    expect(output).toContain("migrating for real");
    expect(exitCode).toBe(0);
    expect((await fixture.migrate()).exitCode).toBe(0);
  });

  /** Takes the lock and then hangs. */
  const hanging = `
    const client = new (require("pg").Client)(process.env.NANGO_DATABASE_URL);
    client.connect().then(() => client.query('UPDATE ${mainLock} SET is_locked = 1'))
      .then(() => console.log("hanging, pid", process.pid));
  `;

  test("that a migration leaves which took too long is named, and so is the limit", async () => {
    await makeLock(mainLock, 0);
    fixture.writeMigration(hanging);
    const { exitCode, lastLine } = await expireAfter(/hanging/);
    expect(lastLine).toContain(
      "nango-migrate: the migration was ended after 700 s, the limit of nango:migrationTimeoutMinutes: see the lines above." +
        " It left a migration lock. If no other migration",
    );
    expect(lastLine).toContain(`UPDATE ${mainLock} SET is_locked = 0;`);
    expect(exitCode).toBe(4);
  });

  test("that a migration leaves which somebody else killed is named, and so is the likely killer", async () => {
    await makeLock(mainLock, 0);
    fixture.writeMigration(hanging);
    const task = fixture.start();
    const [, pid] = await task.printed(/hanging, pid (\d+)\n/);
    process.kill(Number(pid), "SIGKILL");
    const { exitCode, lastLine } = await task.end;
    expect(lastLine).toMatch(
      /: the migration was killed \(SIGKILL\), probably for want of memory: see the lines above\. It left/,
    );
    expect(lastLine).not.toContain("migrationTimeoutMinutes");
    expect(exitCode).toBe(4);
  });
});

describe("two gates at once", () => {
  const anotherRuns = /another migration of this database is running; waiting up to \d+ s for its end/;

  beforeEach(() =>
    // As knex does: takes the lock or fails. Nango's migrations make indices in this way, which waits for transactions.
    fixture.writeMigration(`
      const client = new (require("pg").Client)(process.env.NANGO_DATABASE_URL);
      (async () => {
        await client.connect();
        await client.query("CREATE SCHEMA IF NOT EXISTS nango");
        await client.query('CREATE TABLE IF NOT EXISTS ${mainLock} AS SELECT 0 AS is_locked');
        const { rowCount } = await client.query('UPDATE ${mainLock} SET is_locked = 1 WHERE is_locked = 0');
        if (rowCount === 0) throw new Error("Migration table is already locked");
        console.log("holding the lock");
        await client.query('CREATE INDEX CONCURRENTLY ON ${mainLock} (is_locked)');
        const { existsSync } = require("fs");
        while (existsSync("packages") && !existsSync("released")) await new Promise((wake) => setTimeout(wake, 50));
        await client.query('UPDATE ${mainLock} SET is_locked = 0');
        await client.end();
      })();
    `),
  );
  afterEach(async () => {
    rmSync(join(fixture.folder, "released"), { force: true });
    await fixture.sql("DROP SCHEMA IF EXISTS nango CASCADE", "ALTER ROLE nango RESET ALL");
  });
  const openTransactions = () =>
    fixture.server.asSuperuser(async (client) => {
      const query =
        "SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'nango' AND state = 'idle in transaction'";
      return (await client.query<{ count: number }>(query)).rows[0]?.count;
    });
  const release = (): void => writeFileSync(join(fixture.folder, "released"), "");

  test("run one after the other on an empty database", async () => {
    const tasks = [fixture.start(), fixture.start()];
    await Promise.race(tasks.map((task) => task.printed(/holding the lock/)));
    await Promise.race(tasks.map((task) => task.printed(anotherRuns)));
    // CREATE INDEX CONCURRENTLY can wait for any open transaction but that of the gate whose turn it is.
    await vi.waitFor(async () => expect(await openTransactions()).toBe(1), 10_000);
    release();
    for (const task of tasks) {
      const { exitCode, output, lastLine } = await task.end;
      expect(output).toContain("holding the lock");
      expect(lastLine).toBe("nango-migrate: done");
      expect(exitCode).toBe(0);
    }
  });

  const settings = [
    "idle_in_transaction_session_timeout = '50ms'",
    "default_transaction_isolation = 'serializable'",
  ];
  test.each(settings)(
    "end with a refusal when one takes too long, whatever the role's settings: %s",
    async (setting) => {
      await fixture.sql(`ALTER ROLE nango SET ${setting}`);
      const first = fixture.start();
      await first.printed(/holding the lock/);
      const { exitCode, output, lastLine } = await fixture.migrate({
        env: { GATE_TURN_SECONDS: "0", GATE_LOCK_SECONDS: "0", CLEAR_MIGRATION_LOCK: "true" },
      });
      release();
      expect(lastLine).toBe(
        "nango-migrate: another migration of this database is running, after 0 s still: wait for its end, then try again",
      );
      expect(output).not.toMatch(/clear|migrating/);
      expect(exitCode).toBe(3);
      expect((await first.end).exitCode).toBe(0);
    },
  );

  test("of which one has an older gate are told apart from a lock that is left behind", async () => {
    await makeLock(`"nango_records"."migrations_lock"`, 0);
    fixture.writeMigration(`
      const client = new (require("pg").Client)(process.env.NANGO_DATABASE_URL);
      client.connect().then(() => client.query('UPDATE nango_records.migrations_lock SET is_locked = 1')).then(() => {
        console.error("MigrationLocked: Migration table is already locked");
        process.exit(1);
      });
    `);
    const { exitCode, lastLine } = await fixture.migrate();
    await fixture.sql("DROP SCHEMA nango_records CASCADE");
    expect(lastLine).toBe(
      "nango-migrate: the migration exited with code 1: another migration of this database is running: wait for its end, then try again",
    );
    expect(exitCode).toBe(4);
  });
});

describe("a migration that fails", () => {
  test.each([
    [
      "Error: Rotation of NANGO_ENCRYPTION_KEY is not supported.",
      "encrypted with another NANGO_ENCRYPTION_KEY",
    ],
    [
      "A previously set NANGO_ENCRYPTION_KEY has been removed from your environment variables.",
      "NANGO_ENCRYPTION_KEY is not set",
    ],
    ["Encryption key must be 32 bytes, got 16", "must be 32 bytes in base64"],
    ["Missing or invalid env vars: NANGO_SERVER_URL", "refuses an environment variable"],
    [
      "failed_to_init_logs_storage: ResponseError statusCode=403",
      "does not permit NANGO_LOGS_ES_USER what Nango needs: docs/operate.md lists it",
    ],
    ["failed_to_init_logs_storage: ResponseError statusCode=400", "the logs store refuses Nango's templates"],
    [
      "Error: The migration directory is corrupt, the following files are missing: 20990101000000_a.cjs",
      "a newer Nango has migrated this database: use that release, or restore the snapshot taken before it",
    ],
    ["something else", "see the lines above"],
  ])("with %j is explained", async (printed, explanation) => {
    fixture.writeMigration(`console.error(${JSON.stringify(printed)}); process.exit(7);`);
    const { exitCode, output, lastLine } = await fixture.migrate();
    expect(output).toContain(printed);
    expect(lastLine).toMatch(/^nango-migrate: the migration exited with code 7: /);
    expect(lastLine).toContain(explanation);
    expect(exitCode).toBe(4);
  });

  test("because the image is another one is explained", async () => {
    rmSync(join(fixture.folder, "packages/server/dist/migrate.js"));
    const { exitCode, lastLine } = await fixture.migrate();
    expect(lastLine).toContain("the image is not Nango's server");
    expect(exitCode).toBe(4);
  });

  test("by hanging is killed when its time is over", async () => {
    fixture.writeMigration("setInterval(() => {}, 1000);");
    const { exitCode, lastLine } = await fixture.migrate({ env: { MIGRATION_SECONDS: "0.3" } });
    expect(lastLine).toContain(
      "the migration was ended after 0.3 s, the limit of nango:migrationTimeoutMinutes",
    );
    expect(exitCode).toBe(4);
  });

  test("by hanging is killed and its message still explained", async () => {
    fixture.writeMigration(
      `console.log("Rotation of NANGO_ENCRYPTION_KEY is not supported."); setInterval(() => {}, 1000);`,
    );
    const { exitCode, lastLine } = await expireAfter(/Rotation/);
    expect(lastLine).toContain(
      "nango:migrationTimeoutMinutes: this database was encrypted with another NANGO_ENCRYPTION_KEY",
    );
    expect(exitCode).toBe(4);
  });
});

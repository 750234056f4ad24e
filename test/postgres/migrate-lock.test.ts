import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgresUrl } from "../../infra/nango/connection-url.ts";
import { startMigrateFixture, type MigrateFixture } from "./migrate-fixture.ts";

const mainLock = `"nango"."_nango_auth_migrations_lock"`;
let fixture: MigrateFixture;

beforeAll(async () => {
  fixture = await startMigrateFixture();
});
afterAll(() => fixture?.stop());
beforeEach(() => fixture.writeMigration(`console.log("migrating for real");`));

/** A lock table as knex makes it. */
async function takeLock(table: string): Promise<void> {
  const schema = table.split(".")[0] ?? "";
  await fixture.sql(
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${table} (index serial PRIMARY KEY, is_locked integer)`,
    `INSERT INTO ${table} (is_locked) VALUES (1)`,
    `ALTER SCHEMA ${schema} OWNER TO nango`,
    `ALTER TABLE ${table} OWNER TO nango`,
  );
}

describe("a migration lock", () => {
  afterEach(() =>
    fixture.sql("DROP SCHEMA IF EXISTS nango, migrations, nango_tasks, nango_records, elsewhere CASCADE"),
  );

  test("that is released in time is waited for", async () => {
    await takeLock(mainLock);
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
    await takeLock(table);
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
    await takeLock(`"nango_records"."migrations_lock"`);
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
    await takeLock(mainLock);
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

  test("that a killed migration leaves is named", async () => {
    await takeLock(mainLock);
    await fixture.sql(`UPDATE ${mainLock} SET is_locked = 0`);
    fixture.writeMigration(`
      const client = new (require("pg").Client)(process.env.NANGO_DATABASE_URL);
      client.connect().then(() => client.query('UPDATE ${mainLock} SET is_locked = 1')).then(() => console.log("hanging"));
    `);
    const { exitCode, output, lastLine } = await fixture.migrate({ env: { MIGRATION_SECONDS: "3" } });
    expect(output).toContain("hanging");
    expect(lastLine).toMatch(
      /^nango-migrate: the migration was killed after \d+ s: see the lines above\. It left a migration lock\./,
    );
    expect(lastLine).toContain(`UPDATE ${mainLock} SET is_locked = 0;`);
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
    ["failed_to_init_logs_storage: ResponseError statusCode=403", "the logs store refuses Nango's templates"],
    ["MigrationLocked: Migration table is already locked", "another migration holds the lock"],
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

  test("by hanging is killed and its message still explained", async () => {
    fixture.writeMigration(
      `console.log("Rotation of NANGO_ENCRYPTION_KEY is not supported."); setInterval(() => {}, 1000);`,
    );
    const { exitCode, lastLine } = await fixture.migrate({ env: { MIGRATION_SECONDS: "1" } });
    expect(lastLine).toMatch(
      /the migration was killed after \d+ s: this database was encrypted with another/,
    );
    expect(exitCode).toBe(4);
  });
});

test("SIGTERM stops a migration and says what it may leave", async () => {
  fixture.writeMigration(`console.log("pid", process.pid); setInterval(() => {}, 1000);`);
  const task = fixture.start();
  await task.printed(/pid \d+/);
  task.terminate();
  const { exitCode, output, lastLine } = await task.end;
  expect(lastLine).toBe("nango-migrate: stopped while migrating, which may leave a migration lock");
  expect(exitCode).toBe(143);
  expect(() => process.kill(Number(/pid (\d+)/.exec(output)?.[1]), 0)).toThrow("ESRCH");
});

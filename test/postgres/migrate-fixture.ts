import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { postgresUrl } from "../../infra/nango/connection-url.ts";
import { startProcess, startTask, type Task, type TaskProcess } from "../nango/tasks/run-task.ts";
import type { TaskEnd } from "../nango/tasks/task-output.ts";
import { startTlsPostgres, type TlsPostgres } from "./tls-postgres.ts";

export interface Run {
  /** What differs from the login that works. */
  readonly login?: Partial<TlsPostgres["login"]>;
  readonly env?: Record<string, string>;
}

/** migrate.js beside a real Postgres, in a folder that stands for /app/nango. */
export interface MigrateFixture {
  readonly server: TlsPostgres;
  readonly folder: string;
  /** Runs migrate.js to its end, which must not tell the password. */
  migrate(run?: Run): Promise<TaskEnd>;
  /** The same in a process of its own, in whose trust node itself has a say. */
  migrateInProcess(run?: Run): Promise<TaskEnd>;
  start(run?: Run): Task;
  startProcess(run?: Run): TaskProcess;
  /** Stands for Nango's own packages/server/dist/migrate.js. */
  writeMigration(source: string): void;
  /** Runs statements as superuser in Nango's database. */
  sql(...statements: string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startMigrateFixture(): Promise<MigrateFixture> {
  const server = await startTlsPostgres();
  const folder = mkdtempSync(join(tmpdir(), "app-nango-"));
  const migration = join(folder, "packages/server/dist/migrate.js");
  mkdirSync(join(folder, "node_modules"));
  mkdirSync(dirname(migration), { recursive: true });
  const pg = dirname(createRequire(import.meta.url).resolve("pg/package.json"));
  symlinkSync(pg, join(folder, "node_modules", "pg"));

  function environment({ login, env }: Run): Record<string, string> {
    const NANGO_DATABASE_URL = postgresUrl({ ...server.login, ...login, tls: "verified" });
    return { NANGO_DATABASE_URL, NODE_EXTRA_CA_CERTS: server.caFile, ...env };
  }

  const fixture: MigrateFixture = {
    server,
    folder,
    start: (run = {}) => startTask("migrate", environment(run), folder),
    startProcess: (run = {}) => startProcess("migrate", environment(run), folder),
    migrate: (run) => withoutPassword(fixture.start(run).end),
    migrateInProcess: (run) => withoutPassword(fixture.startProcess(run).end),
    writeMigration: (source) => writeFileSync(migration, source),
    sql: (...statements) =>
      server.asSuperuser(async (client) => {
        for (const statement of statements) await client.query(statement);
      }, server.login.database),
    async stop() {
      rmSync(folder, { recursive: true, force: true });
      await server.stop();
    },
  };
  return fixture;
}

async function withoutPassword(ending: Promise<TaskEnd>): Promise<TaskEnd> {
  const end = await ending;
  expect(end.output).not.toMatch(/100%|postgresql:\/\//);
  return end;
}

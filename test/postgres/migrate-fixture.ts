import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { postgresUrl } from "../../infra/nango/connection-url.ts";
import { startTask, type RunningTask, type TaskEnd } from "../nango/tasks/run-task.ts";
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
  start(run?: Run): RunningTask;
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

  function start({ login, env }: Run = {}): RunningTask {
    const NANGO_DATABASE_URL = postgresUrl({ ...server.login, ...login, tls: "verified" });
    return startTask("migrate", { NANGO_DATABASE_URL, NODE_EXTRA_CA_CERTS: server.caFile, ...env }, folder);
  }

  return {
    server,
    folder,
    start,
    async migrate(run) {
      const end = await start(run).end;
      expect(end.output).not.toMatch(/100%|postgresql:\/\//);
      return end;
    },
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
}

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgresUrl } from "../../infra/nango/connection-url.ts";
import { startMigrateFixture, type MigrateFixture, type Run } from "./migrate-fixture.ts";
import { Authority } from "../certificates.ts";

let fixture: MigrateFixture;

beforeAll(async () => {
  fixture = await startMigrateFixture();
});
afterAll(() => fixture?.stop());
beforeEach(() => fixture.writeMigration(`console.log("migrating for real");`));

describe("a database that can be used", () => {
  test("is migrated, its TLS verified, and the migration's output shown", async () => {
    const { exitCode, output, lastLine } = await fixture.migrateInProcess();
    expect(output).toMatch(/NANGO_DATABASE_URL \(localhost:\d+\/nango\): Postgres 18, TLS, server verified/);
    expect(output).toContain("migrating for real\n");
    expect(lastLine).toBe("nango-migrate: done");
    expect(exitCode).toBe(0);
  });

  test("is migrated with TLS unverified when its URL says so, and told apart", async () => {
    const NANGO_DATABASE_URL = postgresUrl({ ...fixture.server.login, tls: "unverified" });
    const { exitCode, output } = await fixture.migrate({
      env: { NANGO_DATABASE_URL, NODE_EXTRA_CA_CERTS: "" },
    });
    expect(output).toContain("TLS, server NOT verified");
    expect(exitCode).toBe(0);
  });

  test("is waited for until it is there", async () => {
    const port = await closedPort();
    const task = fixture.start({ login: { port } });
    await task.printed(/waiting for NANGO_DATABASE_URL .*: nothing listens there/);
    const proxy = createServer((socket) => {
      pipeline(socket, connect(fixture.server.login.port, "localhost"), socket, () => {});
    });
    await listen(proxy, port);
    const { exitCode, lastLine } = await task.end;
    proxy.close();
    expect(lastLine).toBe("nango-migrate: done");
    expect(exitCode).toBe(0);
  });
});

describe("a database that cannot be used", () => {
  afterEach(() => fixture.server.asSuperuser((client) => client.query("ALTER ROLE nango RESET search_path")));

  test.each<[string, Run, string]>([
    ["a wrong password", { login: { password: "wrong 100%" } }, "wrong user or password"],
    ["an unknown user", { login: { user: "nobody" } }, "wrong user or password"],
    ["a missing database", { login: { database: "elsewhere" } }, "that database does not exist"],
    ["a database of somebody else", { login: { database: "postgres" } }, "the user may not create schemas"],
  ])("is refused at once: %s", async (_, run, message) => {
    const { exitCode, output, lastLine } = await fixture.migrate(run);
    expect(lastLine).toMatch(/^nango-migrate: NANGO_DATABASE_URL \(localhost:/);
    expect(lastLine).toContain(message);
    expect(output).not.toMatch(/waiting for|migrating/);
    expect(exitCode).toBe(2);
  });

  test("is refused at once: no trusted root", async () => {
    const { exitCode, output, lastLine } = await fixture.migrateInProcess({
      env: { NODE_EXTRA_CA_CERTS: "" },
    });
    expect(lastLine).toMatch(/^nango-migrate: NANGO_DATABASE_URL \(localhost:/);
    expect(lastLine).toContain("not trusted: the file of NODE_EXTRA_CA_CERTS");
    expect(output).not.toMatch(/waiting for|migrating/);
    expect(exitCode).toBe(2);
  });

  test("is refused at once: a certificate from another authority", async () => {
    const other = join(fixture.folder, "other.pem");
    writeFileSync(other, (await Authority.create("Other root")).certificate);
    const { exitCode, lastLine } = await fixture.migrateInProcess({ env: { NODE_EXTRA_CA_CERTS: other } });
    expect(lastLine).toContain(`not trusted: the file of NODE_EXTRA_CA_CERTS (${other}) must hold its root`);
    expect(exitCode).toBe(2);
  });

  test("is refused at once: a certificate for another host name", async () => {
    await fixture.server.presentCertificateFor("other.example.com");
    const { exitCode, output, lastLine } = await fixture.migrate();
    await fixture.server.presentCertificateFor(fixture.server.login.host);
    expect(lastLine).toContain("the server's certificate is for another host name");
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("is refused at once: a server without TLS", async () => {
    await fixture.server.offerTls(false);
    const { exitCode, lastLine } = await fixture.migrate();
    await fixture.server.offerTls(true);
    expect(lastLine).toContain("the server offers no TLS");
    expect(exitCode).toBe(2);
  });

  test("is refused at once: a URL without TLS", async () => {
    const NANGO_DATABASE_URL = postgresUrl({ ...fixture.server.login, tls: "verified" }).replace(
      "verify-full",
      "disable",
    );
    const { exitCode, lastLine } = await fixture.migrate({ env: { NANGO_DATABASE_URL } });
    expect(lastLine).toContain("the server refuses connections without TLS");
    expect(exitCode).toBe(2);
  });

  test.each([
    "",
    "hunter2",
    "postgresql://nango:hun/ter2@localhost/nango",
    "postgresql://nango:12/hunter2@localhost/nango",
    "postgresql://nango:a@hunter2/b@localhost/nango",
    "postgresql://nango:a@hunter2#b@localhost/nango",
    "postgresql://nango:hunter2@localhost",
  ])("is refused at once and not repeated: the URL %j", async (NANGO_DATABASE_URL) => {
    const { exitCode, output } = await fixture.migrate({ env: { NANGO_DATABASE_URL } });
    expect(output).toBe(
      "nango-migrate: NANGO_DATABASE_URL is no Postgres URL with user, password, host and database, each percent-encoded\n",
    );
    expect(exitCode).toBe(2);
  });

  // The role's search path puts these before the functions of Postgres that they are named after.
  test.each([
    [
      "an old server",
      "pg_is_in_recovery() RETURNS bool RETURN false",
      "current_setting(text) RETURNS text RETURN '140011'",
      "Postgres 14, but Nango needs 15",
    ],
    [
      "a replica",
      "pg_is_in_recovery() RETURNS bool RETURN true",
      "current_setting(text) RETURNS text RETURN '160004'",
      "a read-only replica",
    ],
  ])("is refused at once: %s", async (_, recovery, setting, message) => {
    await fixture.sql(
      "DROP SCHEMA IF EXISTS posing CASCADE",
      "CREATE SCHEMA posing",
      `CREATE FUNCTION posing.${recovery}`,
      `CREATE FUNCTION posing.${setting}`,
      "GRANT USAGE ON SCHEMA posing TO nango",
      "ALTER ROLE nango SET search_path = posing, pg_catalog",
    );
    const { exitCode, lastLine } = await fixture.migrate();
    expect(lastLine).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: nothing listening", async () => {
    const { exitCode, output, lastLine } = await fixture.migrate({
      login: { port: await closedPort() },
      env: { GATE_DATABASE_SECONDS: "0.2" },
    });
    expect(output).toContain("waiting for");
    expect(lastLine).toMatch(/nothing listens there: check host and port .*, for 0\.2 s$/);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: a silent endpoint", async () => {
    const silent = createServer();
    const port = await listen(silent);
    const { exitCode, lastLine } = await fixture.migrate({
      login: { port },
      env: { GATE_DATABASE_SECONDS: "0.2" },
    });
    silent.close();
    expect(lastLine).toMatch(/no answer: check security groups, routes and port .*, for 0\.2 s$/);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: no connection left", async () => {
    await fixture.sql("ALTER ROLE nango CONNECTION LIMIT 0");
    const { exitCode, lastLine } = await fixture.migrate({ env: { GATE_DATABASE_SECONDS: "0.5" } });
    await fixture.sql("ALTER ROLE nango CONNECTION LIMIT -1");
    expect(lastLine).toMatch(/the server has no connection left: lower the pool sizes .*, for 0\.5 s$/);
    expect(exitCode).toBe(2);
  });

  test("is named by its variable when it is the records database", async () => {
    const RECORDS_DATABASE_URL = postgresUrl({
      ...fixture.server.login,
      database: "records",
      tls: "verified",
    });
    const { exitCode, output, lastLine } = await fixture.migrate({ env: { RECORDS_DATABASE_URL } });
    expect(output).toMatch(/NANGO_DATABASE_URL .* server verified/);
    expect(lastLine).toMatch(
      /^nango-migrate: RECORDS_DATABASE_URL \(localhost:\d+\/records\): that database does not exist/,
    );
    expect(exitCode).toBe(2);
  });
});

test("SIGTERM stops the wait for a database", async () => {
  const task = fixture.startProcess({ login: { port: await closedPort() } });
  await task.printed(/waiting for/);
  task.terminate();
  expect(await task.end).toMatchObject({
    exitCode: 143,
    lastLine: "nango-migrate: stopped before the migration",
  });
});

// Nango's own handler does not end it either:
// https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/otlp/otlp.ts#L28-L32
test.each([
  [0, 0, "done"],
  [7, 4, "the migration exited with code 7: see the lines above"],
])("SIGTERM lets a migration go on to its end: exit code %i", async (code, exitCode, ending) => {
  const file = join(fixture.folder, `released-${code}`);
  fixture.writeMigration(`
    console.log("begun");
    setInterval(() => require("fs").existsSync("${file}") && process.exit(${code}), 50);
  `);
  const task = fixture.startProcess();
  await task.printed(/begun/);
  task.terminate();
  await task.printed(/asked to stop: the migration goes on to its end; killed now it would leave a lock/);
  writeFileSync(file, "");
  expect(await task.end).toMatchObject({ exitCode, lastLine: `nango-migrate: ${ending}` });
});

async function listen(tcp: Server, port = 0): Promise<number> {
  tcp.listen(port, "localhost");
  await once(tcp, "listening");
  return (tcp.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const tcp = createServer();
  const port = await listen(tcp);
  tcp.close();
  await once(tcp, "close");
  return port;
}

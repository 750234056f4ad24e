import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redisUrl } from "../../../infra/nango/connection-url.ts";
import { Authority } from "../../certificates.ts";
import { RedisServer } from "./redis-server.ts";
import { runTask, startProcess, startTask } from "./run-task.ts";
import type { TaskEnd } from "./task-output.ts";

const password = "Redis' pass/word: 100% @ü";
let server: RedisServer;
let port: number;

/** Runs the script to its end, which must not tell the password. */
async function run(NANGO_REDIS_URL: string, env: Record<string, string> = {}): Promise<TaskEnd> {
  const end = await runTask("redis", { NANGO_REDIS_URL, ...env });
  expect(end.output).not.toMatch(/100%|pass\/word|pass%2F|hunter2/);
  return end;
}

function url(given: { tls?: boolean; token?: string; host?: string } = {}): string {
  return redisUrl({ host: "localhost", port, token: password, tls: false, ...given });
}

async function listen(next: RedisServer): Promise<void> {
  server = next;
  port = await server.listen();
}

beforeEach(async () => {
  await listen(new RedisServer());
  server.passwords = { default: password };
});
afterEach(() => server.close());

describe("a Redis that takes the login", () => {
  test("is greeted as Nango's client does, and asked for nothing else", async () => {
    const { exitCode, output } = await run(url());
    expect(output).toBe(
      `nango-redis: NANGO_REDIS_URL (localhost:${port}): redis 7.0.15, NO encryption\nnango-redis: done\n`,
    );
    expect(server.commands).toEqual([["HELLO", "3", "AUTH", "default", password], ["PING"]]);
    expect(exitCode).toBe(0);
  });

  test("may want a user by name", async () => {
    server.passwords = { default: "other", "na:ngo": "hunter2" };
    expect(await run(`redis://na%3Ango:hunter2@localhost:${port}/2`)).toMatchObject({ exitCode: 0 });
    expect(server.commands[0]).toEqual(["HELLO", "3", "AUTH", "na:ngo", "hunter2"]);
  });

  test("may want no password at all", async () => {
    server.passwords = {};
    expect(await run(`redis://localhost:${port}`)).toMatchObject({ exitCode: 0 });
    expect(server.commands).toEqual([["HELLO", "3"], ["PING"]]);
  });

  test("may be named by an IPv6 address", async () => {
    const other = new RedisServer();
    const at = await other.listen(0, "::1");
    const { exitCode, output } = await run(`redis://[::1]:${at}`);
    await other.close();
    expect(output).toContain(`NANGO_REDIS_URL ([::1]:${at}): redis 7.0.15`);
    expect(exitCode).toBe(0);
  });

  test("is looked for at 6379 when its URL names no port", async () => {
    const { lastLine } = await run(`redis://${"too-long-for-a-label".repeat(4)}.example.com`, {
      GATE_REDIS_SECONDS: "0",
    });
    expect(lastLine).toMatch(/example\.com:6379\): that host name does not exist \(ENOTFOUND\), for 0 s$/);
  });
});

describe("a Redis with TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const caFile = join(folder, "ca.pem");
  let authority: Authority;
  beforeAll(async () => {
    authority = await Authority.create("Test root");
    writeFileSync(caFile, authority.certificate);
  });
  beforeEach(async () => {
    await server.close();
    await listen(new RedisServer(await authority.issue("localhost")));
    server.passwords = { default: password };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is trusted by a root in NODE_EXTRA_CA_CERTS", async () => {
    const { exitCode, output } = await run(url({ tls: true }), { NODE_EXTRA_CA_CERTS: caFile });
    expect(output).toContain("redis 7.0.15, TLS, server verified\n");
    expect(exitCode).toBe(0);
  });

  test("is not called verified when node is told to trust everybody", async () => {
    const { output } = await run(url({ tls: true }), { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(output).toContain("redis 7.0.15, TLS, server NOT verified\n");
  });

  test("is refused at once without its root, and gets no password", async () => {
    const { exitCode, output, lastLine } = await run(url({ tls: true }));
    expect(lastLine).toMatch(
      /: its certificate is not trusted: the file of NODE_EXTRA_CA_CERTS \(unset\) must hold its root \([A-Z_]+\)$/,
    );
    expect(server.commands).toEqual([]);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("is refused at once under another name than its certificate's", async () => {
    await server.close();
    await listen(new RedisServer(await authority.issue("other.example.com")));
    const { exitCode, lastLine } = await run(url({ tls: true }), { NODE_EXTRA_CA_CERTS: caFile });
    expect(lastLine).toContain("its certificate is for another host name: connect by that name");
    expect(exitCode).toBe(2);
  });

  test("is refused at once when its URL says redis, and gets no password", async () => {
    const { exitCode, output, lastLine } = await run(url());
    expect(lastLine).toMatch(/: it speaks TLS: begin the URL with rediss:\/\/$/);
    expect(server.commands).toEqual([["PING"]]);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("is refused at once when it asks for a certificate", async () => {
    await server.close();
    await listen(new RedisServer(await authority.issue("localhost"), { requestCert: true }));
    const { exitCode, lastLine } = await run(url({ tls: true }), { NODE_EXTRA_CA_CERTS: caFile });
    expect(lastLine).toContain("it wants a certificate of its clients, and Nango has none (ERR_SSL_");
    expect(exitCode).toBe(2);
  });
});

describe("a Redis that cannot be used", () => {
  test.each<[string, () => string, string]>([
    ["a wrong password", () => url({ token: "hunter2" }), "wrong user or password (WRONGPASS"],
    [
      "no password",
      () => `redis://localhost:${port}`,
      "it asks for a password: give it as in rediss://:password@host (NOAUTH",
    ],
    ["rediss without TLS there", () => url({ tls: true }), "it speaks no TLS: switch it on there"],
  ])("is refused at once: %s", async (_, given, message) => {
    const { exitCode, output, lastLine } = await run(given(), { GATE_REQUEST_SECONDS: "0.3" });
    expect(lastLine).toContain(`nango-redis: NANGO_REDIS_URL (localhost:${port}): ${message}`);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test.each<[string, (redis: RedisServer) => unknown, string]>([
    [
      "cluster mode",
      (redis) => (redis.mode = "cluster"),
      "cluster mode, but Nango knows single servers only",
    ],
    [
      "a sentinel",
      (redis) => (redis.mode = "sentinel"),
      "sentinel mode, but Nango knows single servers only",
    ],
    ["a replica", (redis) => (redis.role = "replica"), "a read-only replica, but Nango needs the primary"],
    [
      "an old version, which repeats the password",
      (redis) =>
        (redis.intercept = (words) =>
          `-ERR unknown command '${words[0]}', with args beginning with: '${words.join("' '")}'\r\n`),
      "it is too old: Nango needs Redis 6 or later, or Valkey (ERR unknown command 'HELLO')",
    ],
    [
      "an error of any other kind, though it repeats the password",
      (redis) => (redis.intercept = (words) => `-ERR odd ${words.at(-1)}\r\n`),
      "ERR odd ***",
    ],
    [
      "another kind of server",
      (redis) => (redis.intercept = () => "HTTP/1.1 400 Bad Request\r\n\r\n"),
      "something else than Redis answers: check host and port",
    ],
  ])("is refused at once: %s", async (_, prepare, message) => {
    prepare(server);
    const { exitCode, output, lastLine } = await run(url(), { GATE_REQUEST_SECONDS: "0.3" });
    expect(lastLine).toContain(`nango-redis: NANGO_REDIS_URL (localhost:${port}): ${message}`);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test.each([
    "",
    "hunter2",
    "https://:hunter2@localhost",
    "redis://",
    "redis://user:12/hunter2@localhost",
    "redis://user:12#hunter2@localhost",
    "redis://user:12?hunter2@localhost",
    "redis://:hunter2%@localhost",
    "redis://localhost/name",
  ])("is refused at once and not repeated: the URL %j", async (given) => {
    const { exitCode, output } = await run(given);
    expect(output).toBe(
      "nango-redis: NANGO_REDIS_URL is no redis:// or rediss:// URL with a host and percent-encoded user and password\n",
    );
    expect(exitCode).toBe(1);
  });
});

describe("a Redis that is not there yet", () => {
  test("is waited for while nothing listens", async () => {
    await server.close();
    const task = startTask("redis", { NANGO_REDIS_URL: `redis://localhost:${port}` });
    await task.printed(/waiting for .*: nothing listens there: check host and port \(ECONNREFUSED\)/);
    server = new RedisServer();
    await server.listen(port);
    expect(await task.end).toMatchObject({ exitCode: 0, lastLine: "nango-redis: done" });
  });

  test.each([
    ["loads its data", "-LOADING Redis is loading the dataset in memory\r\n"],
    ["has no connection left", "-ERR max number of clients reached\r\n"],
    ["closes the connection", "hangup"],
  ])("is waited for while it %s, which is said once", async (_, answer) => {
    let times = 0;
    server.intercept = ([name]) => (name === "PING" && ++times <= 2 ? answer : undefined);
    const { exitCode, output } = await run(url(), { GATE_REQUEST_SECONDS: "0.3" });
    expect(output.match(/waiting for/g)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  test.each([
    ["silence", "no answer: check security groups, routes and port (timeout), for 0.2 s"],
    ["hangup", "connection closed, for 0.2 s"],
  ])("is given up after the time for it: %s", async (answer, message) => {
    server.intercept = () => answer;
    const { exitCode, lastLine } = await run(url(), {
      GATE_REDIS_SECONDS: "0.2",
      GATE_REQUEST_SECONDS: "0.1",
    });
    expect(lastLine).toBe(`nango-redis: NANGO_REDIS_URL (localhost:${port}): ${message}`);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: connections that are taken and dropped, with TLS", async () => {
    const dropping = createServer((socket) => socket.destroy()).listen(0, "localhost");
    await once(dropping, "listening");
    const at = (dropping.address() as AddressInfo).port;
    const { exitCode, lastLine } = await run(`rediss://localhost:${at}`, { GATE_REDIS_SECONDS: "0.2" });
    dropping.close();
    expect(lastLine).toMatch(/\(localhost:\d+\): (ECONNRESET|connection closed), for 0\.2 s$/);
    expect(exitCode).toBe(2);
  });

  test("lets SIGTERM stop the wait", async () => {
    server.intercept = () => "-LOADING Redis is loading the dataset in memory\r\n";
    const task = startProcess("redis", { NANGO_REDIS_URL: url() });
    await task.printed(/waiting for/);
    task.terminate();
    expect(await task.end).toMatchObject({ exitCode: 143, lastLine: "nango-redis: stopped" });
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import {
  connectUi,
  healthCheckCommand,
  idleTimeoutSeconds,
  server as nangoServer,
  shutdownDelayMilliseconds,
  stopTimeoutSeconds,
} from "../../infra/nango/services.ts";

let listener: Server | undefined;
afterEach(() => listener?.close());

/** A server that answers one path with one status; another path is 404. Returns its port. */
async function answering(path: string, status: number): Promise<number> {
  const started = createServer((request, response) => {
    response.writeHead(request.url === path ? status : 404, { connection: "close" }).end();
  });
  listener = started;
  await new Promise<void>((done) => started.listen(0, "127.0.0.1", done));
  return (started.address() as AddressInfo).port;
}

/** Runs a command as ECS does, without a shell, and returns its exit code. */
function exitCode([program, ...args]: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(program === "node" ? process.execPath : String(program), args, () =>
      resolve(child.exitCode ?? -1),
    );
  });
}

describe("a health check", () => {
  test.each([
    { ...nangoServer, status: 200, expected: 0 },
    { ...nangoServer, status: 500, expected: 1 },
    { ...connectUi, status: 200, expected: 0 },
  ])("of $name that answers $status exits with $expected", async ({ status, expected, ...service }) => {
    const port = await answering(service.healthPath, status);
    expect(await exitCode(healthCheckCommand({ ...service, port }))).toBe(expected);
  });

  test("fails where nothing listens", async () => {
    const port = await answering("/", 200);
    await new Promise((closed) => listener?.close(closed));
    expect(await exitCode(healthCheckCommand({ ...nangoServer, port }))).toBe(1);
  });
});

test("node is the first process of each container, so that it gets SIGTERM", () => {
  for (const { command } of [nangoServer, connectUi]) {
    expect(command[0]).toBe("node");
    expect(command.filter((word) => word.startsWith("/") || word.includes("sh "))).toEqual([]);
  }
});

test("Connect UI listens where its port is", () => {
  const at = connectUi.command.indexOf("--listen");
  expect(connectUi.command[at + 1]).toBe(String(connectUi.port));
  expect(connectUi.command).toContain("--no-port-switching");
});

test("a stopping server has time left after its delay, within Fargate's limit", () => {
  expect(stopTimeoutSeconds).toBeLessThanOrEqual(120);
  expect(stopTimeoutSeconds).toBeGreaterThan(shutdownDelayMilliseconds / 1000 + 10);
});

test("Connect UI keeps connections longer than the load balancer does, and writes no session token to its log", async () => {
  const [, option, preload] = connectUi.command;
  expect(option).toBe("--import");
  const server =
    'import { createServer } from "node:http"; createServer((_, response) => response.end("ok")).listen(0, function () { console.log(this.address().port); });';
  const child = spawn(process.execPath, ["--import", preload!, "--input-type=module", "-e", server]);
  try {
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const response = await fetch(`http://127.0.0.1:${String(port).trim()}`);
    const [, seconds] = /timeout=(\d+)/.exec(response.headers.get("keep-alive") ?? "") ?? [];
    expect(Number(seconds)).toBeGreaterThan(idleTimeoutSeconds);
  } finally {
    child.kill();
  }
  expect(connectUi.command).toContain("--no-request-logging");
});

test("Connect UI serves on for a while when it is told to stop, and ends by itself", async () => {
  const [, , preload] = connectUi.command;
  expect(preload).not.toMatch(/[?#%]/);
  const server = `
    import { createServer } from "node:http";
    const server = createServer((_, response) => response.writeHead(200, { connection: "close" }).end("ok"));
    process.on("SIGTERM", () => server.close());
    server.listen(0, function () { console.log(this.address().port); });
  `;
  const child = spawn(process.execPath, ["--import", preload!, "--input-type=module", "-e", server], {
    env: { ...process.env, SHUTDOWN_DELAY_MS: "500" },
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const stopped = performance.now();
  child.kill("SIGTERM");
  expect((await fetch(url)).status).toBe(200);
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(performance.now() - stopped).toBeGreaterThan(450);
});

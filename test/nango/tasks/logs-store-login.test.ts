import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Authority } from "../../certificates.ts";
import { useLogsStore } from "./logs-store-fixture.ts";
import { OpenSearchServer } from "./opensearch-server.ts";
import { startProcess, startTask } from "./run-task.ts";
import type { TaskEnd } from "./task-output.ts";

const policyPath = "/_plugins/_ism/policies/nango-retention";
const fixture = useLogsStore();

describe("a store that is not up yet", () => {
  test("is waited for while it answers 503, at any step", async () => {
    const failing = new Set([
      "GET /",
      `PUT ${policyPath}`,
      "POST /_plugins/_ism/add/20250724_operations.*,20240528_messages.*",
    ]);
    fixture.server.intercept = (request) =>
      failing.delete(request) ? { status: 503, body: "OpenSearch Security not initialized." } : undefined;
    const { exitCode, output } = await fixture.run();
    expect(output).toContain("it answers 503 OpenSearch Security not initialized.");
    expect(failing).toEqual(new Set());
    expect(exitCode).toBe(0);
  });

  test("is waited for while nothing listens", async () => {
    await fixture.server.close();
    const task = startTask("logs-store", fixture.environment);
    await task.printed(
      /waiting for the logs store at localhost:\d+: nothing listens there: check host and port \(ECONNREFUSED\)/,
    );
    fixture.server = new OpenSearchServer();
    await fixture.server.listen(Number(new URL(fixture.environment["NANGO_LOGS_ES_URL"] ?? "").port));
    expect(await task.end).toMatchObject({ exitCode: 0, lastLine: "nango-logs-store: done" });
  });

  test.each<[string, () => ReturnType<OpenSearchServer["intercept"]>, RegExp]>([
    ["503", () => ({ status: 503, body: "" }), /is not up after 0\.2 s: it answers 503/],
    ["silence", () => "silence", /is not up after 0\.2 s: no answer within 0\.1 s/],
  ])("is given up after the time for it: %s", async (_, intercept, message) => {
    fixture.server.intercept = intercept;
    const { exitCode, lastLine } = await fixture.run({
      GATE_LOGS_SECONDS: "0.2",
      GATE_REQUEST_SECONDS: "0.1",
    });
    expect(lastLine).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: connections that are taken and dropped", async () => {
    const dropping = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(dropping, "listening");
    const NANGO_LOGS_ES_URL = `http://127.0.0.1:${(dropping.address() as AddressInfo).port}`;
    const { exitCode, lastLine } = await fixture.run({
      NANGO_LOGS_ES_URL,
      GATE_LOGS_SECONDS: "0.2",
      GATE_REQUEST_SECONDS: "0.1",
    });
    dropping.close();
    expect(lastLine).toMatch(/is not up after 0\.2 s: (no answer within 0\.1 s|UND_ERR_SOCKET|ECONNRESET)/);
    expect(exitCode).toBe(2);
  });

  test("is given up after the time for it: a host name that does not exist", async () => {
    const { exitCode, lastLine } = await fixture.run({
      NANGO_LOGS_ES_URL: `https://${"too-long-for-a-label".repeat(4)}.example.com`,
      GATE_LOGS_SECONDS: "0",
    });
    expect(lastLine).toMatch(/is not up after 0 s: that host name does not exist \(ENOTFOUND\)/);
    expect(exitCode).toBe(2);
  });

  test("lets SIGTERM stop the wait", async () => {
    fixture.server.intercept = () => ({ status: 503, body: "" });
    const task = startProcess("logs-store", fixture.environment);
    await task.printed(/waiting for/);
    task.terminate();
    expect(await task.end).toMatchObject({ exitCode: 143, lastLine: "nango-logs-store: stopped" });
  });
});

describe("a store that refuses", () => {
  test("the password ends at once", async () => {
    const { exitCode, output, lastLine } = await fixture.run({ NANGO_LOGS_ES_PWD: "wrong" });
    expect(lastLine).toMatch(/refuses user "nango" or the password \(401\)$/);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(3);
  });

  test("the user's rights ends at once with the store's reason", async () => {
    const reason = "no permissions for [cluster:admin/opendistro/ism/policy/get] and User [name=nango]";
    fixture.server.intercept = (request) =>
      request.includes("_ism")
        ? { status: 403, body: { error: { type: "security_exception", reason }, status: 403 } }
        : undefined;
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain(
      `does not permit GET /_plugins/_ism/policies/nango-retention to user "nango" (403): ${reason}`,
    );
    expect(exitCode).toBe(3);
  });

  test("templates, of which Nango would hear no reason, ends at once with the store's reason", async () => {
    const reason = "no permissions for [indices:admin/index_template/get] and User [name=nango]";
    fixture.server.intercept = (request) =>
      request.includes("_index_template")
        ? { status: 403, body: { error: { type: "security_exception", reason }, status: 403 } }
        : undefined;
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain(
      `does not permit GET /_index_template/nango-none to user "nango" (403): ${reason}`,
    );
    expect(exitCode).toBe(3);
  });

  test("changes because it is blocked is not taken for a matter of rights", async () => {
    const reason = "blocked by: [FORBIDDEN/13/cluster read-only / allow delete (api)];";
    fixture.server.intercept = (request) =>
      request.startsWith("PUT")
        ? { status: 403, body: { error: { type: "cluster_block_exception", reason }, status: 403 } }
        : undefined;
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toMatch(/takes no changes: blocked by: \[FORBIDDEN\/13.*Its disk may be full$/);
    expect(exitCode).toBe(4);
  });

  test("the domain policy's 403 is passed on too", async () => {
    fixture.server.intercept = () => ({
      status: 403,
      body: { Message: "User: anonymous is not authorized to perform: es:ESHttpGet" },
    });
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain("User: anonymous is not authorized");
    expect(exitCode).toBe(3);
  });
});

describe("a store with TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "logs-store-"));
  const caFile = join(folder, "ca.pem");
  let authority: Authority;
  let secure: OpenSearchServer;
  beforeAll(async () => {
    authority = await Authority.create("Test root");
    writeFileSync(caFile, authority.certificate);
  });
  afterEach(() => secure.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  async function runAgainst(host: string, env: Record<string, string>): Promise<TaskEnd> {
    secure = new OpenSearchServer(await authority.issue(host));
    return fixture.run({ NANGO_LOGS_ES_URL: await secure.listen(), ...env });
  }

  test("is trusted by a root in NODE_EXTRA_CA_CERTS", async () => {
    expect(await runAgainst("localhost", { NODE_EXTRA_CA_CERTS: caFile })).toMatchObject({ exitCode: 0 });
    expect(secure.policies.has("nango-retention")).toBe(true);
  });

  test("is refused at once without its root", async () => {
    const { exitCode, output, lastLine } = await runAgainst("localhost", {});
    expect(lastLine).toMatch(
      /a certificate that is not trusted \([A-Z_]+\): NODE_EXTRA_CA_CERTS must name its root$/,
    );
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("is refused at once when its certificate has expired, which no other root mends", async () => {
    secure = new OpenSearchServer(await authority.issue("localhost", -0.5));
    const { exitCode, output, lastLine } = await fixture.run({
      NANGO_LOGS_ES_URL: await secure.listen(),
      NODE_EXTRA_CA_CERTS: caFile,
    });
    expect(lastLine).toMatch(/that is not valid today \(CERT_HAS_EXPIRED\): renew it there$/);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("is refused at once under another name than its certificate's", async () => {
    const { exitCode, lastLine } = await runAgainst("other.example.com", { NODE_EXTRA_CA_CERTS: caFile });
    expect(lastLine).toContain("presents a certificate for another host name");
    expect(exitCode).toBe(2);
  });
});

describe("a URL of the wrong scheme", () => {
  test("https for a store without TLS ends at once", async () => {
    const NANGO_LOGS_ES_URL = fixture.environment["NANGO_LOGS_ES_URL"]!.replace("http:", "https:");
    const { exitCode, output, lastLine } = await fixture.run({ NANGO_LOGS_ES_URL });
    expect(lastLine).toMatch(/speaks no TLS: switch it on there, or begin the URL with http:\/\//);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });

  test("http for a store with TLS ends at once", async () => {
    const secure = new OpenSearchServer(await (await Authority.create("Test root")).issue("localhost"));
    const NANGO_LOGS_ES_URL = (await secure.listen()).replace("https:", "http:");
    const { exitCode, output, lastLine } = await fixture.run({ NANGO_LOGS_ES_URL });
    await secure.close();
    expect(lastLine).toMatch(/speaks TLS: begin the URL with https:\/\/$/);
    expect(output).not.toContain("waiting");
    expect(exitCode).toBe(2);
  });
});

describe("another store than Nango is told of", () => {
  const elasticsearch = {
    version: { number: "8.13.0", build_flavor: "default" },
    tagline: "You Know, for Search",
  };

  test("is an error for Elasticsearch", async () => {
    fixture.server.root = elasticsearch;
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain("is elasticsearch, but NANGO_LOGS_PROVIDER says opensearch");
    expect(exitCode).toBe(1);
  });

  test("is an error for OpenSearch, even one that poses as Elasticsearch 7.10", async () => {
    fixture.server.root = { ...fixture.server.root, version: { number: "7.10.2" } };
    const { exitCode, lastLine } = await fixture.run({ NANGO_LOGS_PROVIDER: "elasticsearch" });
    expect(lastLine).toContain("is opensearch, but NANGO_LOGS_PROVIDER says elasticsearch");
    expect(exitCode).toBe(1);
  });

  test("is an error for anything else that answers", async () => {
    fixture.server.intercept = () => ({ status: 200, body: "<html>Sign in</html>" });
    const { exitCode, lastLine } = await fixture.run();
    expect(lastLine).toContain("is neither OpenSearch nor Elasticsearch: it answers 200 <html>");
    expect(exitCode).toBe(2);
  });

  test("Elasticsearch is asked for its login only: Nango's own policies work there", async () => {
    fixture.server.root = elasticsearch;
    expect(await fixture.run({ NANGO_LOGS_PROVIDER: "elasticsearch" })).toMatchObject({ exitCode: 0 });
    expect(fixture.asked()).toEqual(["GET /"]);
  });
});

describe("the environment", () => {
  test.each([
    [{ NANGO_LOGS_ES_URL: "" }, "NANGO_LOGS_ES_URL is no http or https URL"],
    [{ NANGO_LOGS_ES_URL: "logs.example.com:9200" }, "NANGO_LOGS_ES_URL is no http or https URL"],
    [{ NANGO_LOGS_ES_URL: "https://u:p:w@logs.example.com" }, "NANGO_LOGS_ES_URL holds a user or password"],
    [
      { NANGO_LOGS_ES_URL: "https://logs.example.com:6000" },
      "NANGO_LOGS_ES_URL has a port that fetch refuses (bad port): let the store listen on another",
    ],
    [{ NANGO_LOGS_ES_RETENTION_DAYS: "0" }, "a whole number of days, at least 1"],
    [{ NANGO_LOGS_ES_RETENTION_DAYS: "1.5" }, "a whole number of days, at least 1"],
  ])("is refused with %j", async (env, message) => {
    const { exitCode, lastLine } = await fixture.run(env);
    expect(lastLine).toContain(message);
    expect(exitCode).toBe(1);
  });

  test("may give the address with a path and a slash", async () => {
    fixture.server.intercept = (request) =>
      request === "GET /logs/" ? { status: 200, body: fixture.server.root } : { status: 418, body: "" };
    const { lastLine } = await fixture.run({
      NANGO_LOGS_ES_URL: `${fixture.environment["NANGO_LOGS_ES_URL"]}/logs`,
    });
    expect(fixture.asked()).toEqual(["GET /logs/", "GET /logs/_index_template/nango-none"]);
    expect(lastLine).toContain("reading index templates: 418");
  });
});

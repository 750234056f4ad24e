import { randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import tls from "node:tls";
import { expect } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { defaultRelease } from "../../../infra/nango/releases.ts";
import { examineSite } from "../../../scripts/doctor/site/index.ts";
import type { Site } from "../../../scripts/doctor/site/site.ts";
import type { Authority } from "../../certificates.ts";
import { answerApiCall } from "../../nango-server/api.ts";
import { NangoState } from "../../nango-server/state.ts";

export interface Served {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Asked {
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | undefined;
}

const serverHost = "nango.example.com";
const connectHost = "connect.nango.example.com";
export const password = "the-dashboards-password";

const encryptedPath = "/api/v1/environment/api-keys?env=prod";

/** https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/controllers/v1/environment/listApiKeys.ts */
export function keysInDatabase(secret: string): string {
  return JSON.stringify({
    data: [{ id: 1, display_name: "Default", scopes: ["environment:*"], secret, last_used_at: null }],
  });
}

/** A Nango behind a load balancer, as a stack makes it, on the loopback interface. */
export class TestSite {
  /** What is served in place of what would be; `"nothing"` keeps the caller waiting. */
  override: (asked: Asked) => Served | "nothing" | undefined = () => undefined;
  /** In place of the redirect to HTTPS. */
  plainOverride: Served | undefined;
  /** Does with each websocket what Nango would not do. */
  onWebsocket: ((websocket: WebSocket) => void) | undefined;
  /** Names that do not resolve. */
  readonly unknownNames = new Set<string>();
  /** Every request that carried credentials. */
  readonly authorized: Asked[] = [];
  readonly nango = new NangoState();
  readonly authority: Authority;
  /** By the name that is asked for. */
  readonly #certificates = new Map<string, tls.SecureContext>();
  readonly #options: https.ServerOptions;
  readonly #secure: https.Server;
  readonly #plain: http.Server;
  readonly #websockets: WebSocketServer;

  private constructor(authority: Authority, options: https.ServerOptions) {
    this.authority = authority;
    this.#options = options;
    this.#plain = http.createServer((request, response) => this.#redirect(request, response));
    this.#secure = https.createServer(
      { ...options, SNICallback: (name, done) => done(null, this.#certificates.get(name)) },
      (request, response) => this.#respond(request, response),
    );
    this.#websockets = new WebSocketServer({ server: this.#secure, path: "/" });
    this.#websockets.on("connection", (websocket) => {
      if (this.onWebsocket !== undefined) return this.onWebsocket(websocket);
      return websocket.send(JSON.stringify({ message_type: "connection_ack", ws_client_id: "1" }));
    });
  }

  static async start(authority: Authority, options: https.ServerOptions = {}): Promise<TestSite> {
    const site = new TestSite(authority, options);
    await site.reset();
    for (const server of [site.#secure, site.#plain])
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return site;
  }

  /** Everything in order again. */
  async reset(): Promise<void> {
    this.override = () => undefined;
    this.plainOverride = undefined;
    this.onWebsocket = undefined;
    this.unknownNames.clear();
    this.authorized.length = 0;
    for (const host of [serverHost, connectHost]) await this.certify(host, host, 90);
  }

  async certify(host: string, name: string, days: number, authority = this.authority): Promise<void> {
    const { key, certificate } = await authority.issue(name, days);
    this.#certificates.set(host, tls.createSecureContext({ ...this.#options, key, cert: certificate }));
  }

  /** How doctor is told of it, with everything that it would know of a stack of the default settings. */
  site(changes: Partial<Site> = {}): Site {
    const port = portOf(this.#secure);
    const url = new URL(`https://${serverHost}:${port}`);
    const connectUrl = new URL(`https://${connectHost}:${port}`);
    return {
      url,
      connectUrl,
      environment: {
        apiUrl: url.origin,
        connectUrl: connectUrl.origin,
        gitHash: defaultRelease.commit,
        features: { auth: false, allowSignup: true },
      },
      secrets: { dashboard: { user: "nango", password }, apiKeys: { prod: this.nango.apiKey } },
      expected: { apiRateLimit: 3000, websocketsPath: "/", linksAreCompleted: true },
      network: {
        lookup: this.#lookup,
        ca: this.authority.certificate,
        plainPort: portOf(this.#plain),
        milliseconds: 30_000,
      },
      slow: false,
      stack: "dev",
      knownReleases: async () => [defaultRelease],
      ...changes,
    };
  }

  async close(): Promise<void> {
    this.#websockets.close();
    for (const server of [this.#secure, this.#plain]) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  readonly #lookup: LookupFunction = (name, options, done) => {
    if (this.unknownNames.has(name))
      return done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" }), []);
    return options.all === true
      ? done(null, [{ address: "127.0.0.1", family: 4 }])
      : done(null, "127.0.0.1", 4);
  };

  #redirect(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { authorization } = request.headers;
    if (authorization !== undefined)
      this.authorized.push({ host: "plain", path: request.url ?? "/", authorization });
    const location = `https://${request.headers.host?.replace(/:\d+$/, "")}:443/`;
    const served = this.plainOverride ?? { status: 301, headers: { location } };
    response.writeHead(served.status, served.headers).end(served.body);
  }

  #respond(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { authorization } = request.headers;
    const [host = ""] = (request.headers.host ?? "").split(":");
    const asked = { host, path: request.url ?? "/", authorization };
    if (authorization !== undefined) this.authorized.push(asked);
    const served = this.override(asked) ?? this.#serve(asked);
    if (served === "nothing") return;
    response.writeHead(served.status, served.headers).end(served.body);
  }

  #serve({ host, path, authorization }: Asked): Served {
    const url = new URL(path, "https://site");
    if (host === connectHost) return this.#connectUi(url);
    const hsts = { "strict-transport-security": "max-age=5184000; includeSubDomains" };
    if (["/health", "/ready"].includes(path)) return { status: 200, headers: hsts, body: '{"result":"ok"}' };
    if (path.startsWith("/api/v1/")) {
      const right = `Basic ${Buffer.from(`nango:${password}`).toString("base64")}`;
      return authorization === right
        ? { status: 200, body: path === encryptedPath ? keysInDatabase(randomUUID()) : '{"data":{}}' }
        : { status: 401, headers: { "www-authenticate": 'Basic realm="Users"' }, body: "Unauthorized" };
    }
    const call = { method: "GET", url, headers: { authorization }, body: "", connectUrl: "" };
    const { status, body } = answerApiCall(this.nango, call) ?? { status: 404, body: {} };
    const headers: Record<string, string> = status === 200 ? { "x-ratelimit-limit": "3000" } : {};
    return { status, headers, body: JSON.stringify(body) };
  }

  /** The load balancer's rule, and the page behind it. */
  #connectUi(url: URL): Served {
    if (url.searchParams.has("session_token") && !url.searchParams.has("apiURL")) {
      url.searchParams.set("apiURL", this.site().url.origin);
      return { status: 302, headers: { location: `${url.pathname}${url.search}` } };
    }
    return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "<html></html>" };
  }
}

function portOf(server: http.Server | https.Server): number {
  return (server.address() as AddressInfo).port;
}

/** What is not in order with a site, as `<verdict> <id>: <host> <what is said>`; each has a way out. */
export async function findingsOf(site: Site): Promise<string[]> {
  const results = await examineSite(site);
  return results
    .filter(({ verdict }) => verdict === "bad" || verdict === "warning")
    .map(({ verdict, id, about, says, remedy }) => {
      expect(remedy, `the way out of ${id}`).toBeTruthy();
      return `${verdict} ${id}: ${about === undefined ? "" : `${about.replace(/:\d+$/, "")} `}${says}`;
    });
}

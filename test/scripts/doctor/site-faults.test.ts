import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { examineSite } from "../../../scripts/doctor/site/index.ts";
import { Authority } from "../../certificates.ts";
import { findingsOf, keysInDatabase, type Served, TestSite } from "./test-site.ts";

let nango: TestSite;

beforeAll(async () => {
  nango = await TestSite.start(await Authority.create("Test root"));
});
beforeEach(() => nango.reset());
afterAll(() => nango.close());

const server = "nango.example.com";
const connect = "connect.nango.example.com";

const serve = (path: string, served: Served | "nothing", host = server) => {
  nango.override = (asked) => (asked.host === host && asked.path.split("?")[0] === path ? served : undefined);
};

type Fault = readonly [what: string, make: () => void | Promise<void>, found: readonly RegExp[]];

const faults: readonly Fault[] = [
  [
    "a name that does not resolve",
    () => void nango.unknownNames.add(connect),
    [/^bad names: connect.nango.example.com does not resolve$/],
  ],
  [
    "an expired certificate",
    () => nango.certify(server, server, -0.5),
    [/^bad certificate: nango.example.com expired on 20\d\d-/],
  ],
  [
    "a certificate of another name",
    () => nango.certify(connect, "other.example.com", 90),
    [/^bad certificate: connect.nango.example.com is for other names: other.example.com$/],
  ],
  [
    "a certificate of nobody known",
    async () => nango.certify(server, server, 90, await Authority.create("Nobody")),
    [/^bad certificate: nango.example.com does not verify \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/],
  ],
  [
    "a certificate that was not renewed",
    () => nango.certify(server, server, 10.5),
    [/^warning certificate: nango.example.com verifies, for 10 more days/],
  ],
  [
    "a certificate of the last days",
    () => nango.certify(server, server, 3.5),
    [/^bad certificate: nango.example.com verifies, for 3 more days/],
  ],
  [
    "plain HTTP that is served",
    () => void (nango.plainOverride = { status: 200, body: "hello" }),
    [/^bad redirect: nango.example.com answers 200 over plain HTTP$/, /^bad redirect: connect/],
  ],
  [
    "plain HTTP that leads elsewhere",
    () => void (nango.plainOverride = { status: 301, headers: { location: "https://other.example.com/" } }),
    [
      /^bad redirect: nango.example.com http:\/\/ leads to https:\/\/other.example.com \(301\), not to/,
      /^bad redirect: connect/,
    ],
  ],
  [
    "no HSTS",
    () => serve("/health", { status: 200, body: '{"result":"ok"}' }),
    [/^warning hsts: the header strict-transport-security is missing$/],
  ],
  [
    "a host that sends its visitors elsewhere",
    () => serve("/health", { status: 302, headers: { location: "https://login.example.com/" } }),
    [/^bad health: \/health answers 302, and leads to https:\/\/login.example.com\/$/],
  ],
  [
    "no task",
    () => serve("/health", { status: 503, body: "<html>503 Service Temporarily Unavailable</html>" }),
    [/^bad health: \/health answers 503 <html>503/],
  ],
  [
    "a server that never reached its database",
    () =>
      void (nango.override = ({ path }) => {
        if (path === "/ready") return { status: 503, body: '{"result":"not ready"}' };
        return ["/integrations", "/api/v1/environment/api-keys?env=prod"].includes(path)
          ? { status: 401, body: '{"error":{"code":"unknown_account"}}' }
          : undefined;
      }),
    [/^bad ready: \/ready answers 503 \{"result":"not ready"\}$/],
  ],
  [
    "an open dashboard",
    () => serve("/api/v1/meta", { status: 200, body: "{}" }),
    [/^bad dashboard-closed: it is open: anyone/],
  ],
  [
    "another dashboard password",
    () => serve("/api/v1/meta", { status: 401 }),
    [/^bad dashboard-login: it answers 401 to nango/],
  ],
  [
    "another encryption key",
    () =>
      serve("/api/v1/environment/api-keys", {
        status: 500,
        body: '{"error":{"code":"failed_to_fill_session"}}',
      }),
    [/^bad encryption-key: the server cannot read what is encrypted in its database$/],
  ],
  [
    "no encryption key",
    () => serve("/api/v1/environment/api-keys", { status: 200, body: keysInDatabase("Y2lwaGVydGV4dA==") }),
    [/^bad encryption-key: the server takes what is encrypted in its database for plain text$/],
  ],
  [
    "an API that accepts any key",
    () => serve("/integrations", { status: 200, headers: { "x-ratelimit-limit": "3000" }, body: "{}" }),
    [/^bad wrong-api-key: the API answers 200 \{\} to a key that was made up/],
  ],
  [
    "an API that refuses every key",
    () => serve("/integrations", { status: 401, body: '{"error":{"code":"unknown_account"}}' }),
    [/^bad api-keys: prod the API answers 401 unknown_account$/],
  ],
  [
    "Nango's own rate limit",
    () =>
      void (nango.override = ({ authorization, path }) =>
        path === "/integrations" && authorization === `Bearer ${nango.nango.apiKey}`
          ? { status: 200, headers: { "x-ratelimit-limit": "200" } }
          : undefined),
    [/^bad rate-limit: 200 calls a minute, where 3000 is configured$/],
  ],
  [
    "a Connect UI that is down",
    () => serve("/", { status: 502, body: "Bad Gateway" }, connect),
    [/^bad connect-ui: it answers 502 Bad Gateway$/, /^bad connect-links: /],
  ],
  [
    "a Connect UI that nobody may embed",
    () =>
      void (nango.override = ({ host, path }) =>
        host === connect && path === "/"
          ? { status: 200, headers: { "content-type": "text/html", "x-frame-options": "DENY" } }
          : undefined),
    [/^bad connect-ui: no product can embed it: x-frame-options: DENY$/],
  ],
  [
    "links that lead to Nango's cloud",
    () => serve("/", { status: 200, headers: { "content-type": "text/html" } }, connect),
    [/^bad connect-links: they lead to Nango's cloud/],
  ],
  [
    "links that are completed with the cloud",
    () =>
      void (nango.override = ({ host, path }) =>
        host === connect && path.includes("session_token")
          ? { status: 302, headers: { location: "/?apiURL=https%3A%2F%2Fapi.nango.dev" } }
          : undefined),
    [/^bad connect-links: they are completed with another API than this one: https:\/\/api.nango.dev$/],
  ],
  [
    "links that go round in circles",
    () =>
      void (nango.override = ({ host, path }) =>
        host === connect && path !== "/"
          ? { status: 302, headers: { location: `/?apiURL=${nango.site().url.origin}` } }
          : undefined),
    [/^bad connect-links: a completed link answers 302$/],
  ],
  [
    "a websocket that something else answers",
    () => void (nango.onWebsocket = (websocket) => websocket.send("hello")),
    [/^bad websocket: it does not open at \/: what answers is not Nango: hello$/],
  ],
  [
    "a websocket that is closed at once",
    () => void (nango.onWebsocket = (websocket) => websocket.close()),
    [/^bad websocket: it does not open at \/: it is closed at once$/],
  ],
];

test.each(faults)("finds %s, and nothing else", async (_, make, found) => {
  await make();
  const seen = await findingsOf(nango.site());
  expect(seen).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(seen[index]).toMatch(pattern));
});

test("blames no name where this machine's resolver does not answer", async () => {
  const lookup = (name: string, _: unknown, done: (error: Error, found: []) => void) =>
    done(Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), { code: "EAI_AGAIN" }), []);
  const site = nango.site();
  const results = await examineSite({
    ...site,
    network: { ...site.network, lookup },
  });
  expect(results.filter(({ id }) => id === "names")).toEqual(
    [server, connect].map((about) => ({
      id: "names",
      title: "Names",
      verdict: "bad",
      says: "cannot be looked up: the resolver does not answer",
      remedy: "see that this machine is connected, and that its resolver answers: Nango may be well",
      about,
      blocks: true,
    })),
  );
});

test("waits so long for an answer, and knows who is silent without its database", async () => {
  serve("/api/v1/environment/api-keys", "nothing");
  const { network } = nango.site();
  const results = await examineSite(nango.site({ network: { ...network, milliseconds: 2000 } }));
  const wrong = results.filter(({ verdict }) => verdict === "bad");
  expect(wrong).toEqual([
    expect.objectContaining({
      id: "encryption-key",
      says: "does not answer within 2 s",
      remedy: expect.stringContaining("asks its database in vain"),
    }),
  ]);
});

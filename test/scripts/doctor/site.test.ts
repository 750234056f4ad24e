import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { defaultRelease, releases } from "../../../infra/nango/releases.ts";
import { examineSite } from "../../../scripts/doctor/site/index.ts";
import type { Site } from "../../../scripts/doctor/site/site.ts";
import { Authority } from "../../certificates.ts";
import { findingsOf, password, TestSite } from "./test-site.ts";

let nango: TestSite;

beforeAll(async () => {
  nango = await TestSite.start(await Authority.create("Test root"));
});
beforeEach(() => nango.reset());
afterAll(() => nango.close());

test("nothing is found where everything is in order, and all but what takes long is looked at", async () => {
  const results = await examineSite(nango.site());
  expect(results.filter(({ verdict }) => verdict !== "good").map(({ id }) => id)).toEqual(["idle-websocket"]);
  expect(results.length).toBeGreaterThan(20);
});

test("no result tells a secret", async () => {
  nango.override = ({ path }) => (path === "/integrations" ? { status: 401, body: "no" } : undefined);
  const text = JSON.stringify(await examineSite(nango.site()));
  expect(nango.authorized.length).toBeGreaterThan(2);
  expect(text).not.toContain(nango.nango.apiKey);
  expect(text).not.toContain(password);
});

test.each([
  ["has expired", () => nango.certify("nango.example.com", "nango.example.com", -0.5)],
  ["is another name's", () => nango.certify("nango.example.com", "connect.nango.example.com", 90)],
])("no secret goes to a host whose certificate %s", async (_, make) => {
  await make();
  const results = await examineSite(nango.site());
  expect(nango.authorized).toEqual([]);
  const skipped = results.filter(({ verdict }) => verdict === "skipped").map(({ id }) => id);
  expect(skipped).toEqual(expect.arrayContaining(["dashboard-login", "api-keys", "health", "websocket"]));
});

test.each<[string, Partial<Site>, readonly RegExp[]]>([
  [
    "addresses of somewhere else",
    {
      environment: {
        apiUrl: "http://localhost:3003",
        connectUrl: "https://connect.nango.dev",
        features: { auth: false },
      },
    },
    [
      /^bad addresses: Nango was told to be at http:\/\/localhost:3003 \(NANGO_SERVER_URL\), and is at https:\/\/nango.*; Nango was told to be at https:\/\/connect.nango.dev \(NANGO_PUBLIC_CONNECT_URL\)/,
    ],
  ],
  ["no addresses", { environment: undefined }, [/^bad addresses: \/env.js cannot be read/]],
  [
    "open sign-up",
    {
      environment: { features: { auth: true, allowSignup: true } },
    },
    [/^warning sign-up: anyone who reaches the dashboard can make an account$/],
  ],
])("finds %s in what Nango tells browsers", async (_, changes, found) => {
  const own = nango.site().environment!;
  const environment = changes.environment && { ...own, ...changes.environment };
  const seen = await findingsOf(nango.site({ ...changes, environment }));
  expect(seen).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(seen[index]).toMatch(pattern));
});

test("finds an address with a slash at its end, which is another one to Nango", async () => {
  const { url, environment } = nango.site();
  const told = { ...environment, apiUrl: `${url.origin}/` };
  expect(await findingsOf(nango.site({ environment: told }))).toEqual([
    `bad addresses: Nango was told to be at ${url.origin}/ (NANGO_SERVER_URL), and is at ${url.origin}`,
  ]);
});

test("finds old versions of TLS", async () => {
  const old = await TestSite.start(nango.authority, {
    minVersion: "TLSv1",
    maxVersion: "TLSv1.2",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  try {
    expect(await findingsOf(old.site())).toEqual([
      "bad tls-versions: nango.example.com still speaks TLSv1.1",
      "bad tls-versions: connect.nango.example.com still speaks TLSv1.1",
    ]);
  } finally {
    await old.close();
  }
});

test("warns where nothing listens for plain HTTP", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => closed.once("listening", listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  const { network } = nango.site();
  const [first, second, ...others] = await findingsOf(
    nango.site({ network: { ...network, plainPort: port } }),
  );
  expect(first).toMatch(/^warning redirect: nango.example.com port \d+ lets nobody connect/);
  expect(second).toMatch(/^warning redirect: connect.nango.example.com port/);
  expect(others).toEqual([]);
});

test("finds another path of websockets than the one that is expected", async () => {
  const expected = { ...nango.site().expected, websocketsPath: "/ws" };
  expect(await findingsOf(nango.site({ expected }))).toEqual([
    "bad websocket: it does not open at /ws: the answer is 400",
  ]);
});

test.each([
  [true, [/^bad idle-websocket: it is cut after 0 s without a word/]],
  [false, []],
])("watches a websocket that is silent: cut %s", async (isCut, found) => {
  if (isCut)
    nango.onWebsocket = (websocket) => {
      websocket.send(JSON.stringify({ message_type: "connection_ack" }));
      setTimeout(() => websocket.terminate(), 100);
    };
  const { network } = nango.site();
  const seen = await findingsOf(nango.site({ slow: true, network: { ...network, idleMilliseconds: 400 } }));
  expect(seen).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(seen[index]).toMatch(pattern));
});

test("warns of a release that is old, but not of the one that stacks get", async () => {
  const [oldest] = releases;
  const release = async (gitHash: string) => {
    const environment = { ...nango.site().environment, gitHash };
    const results = await examineSite(nango.site({ environment, knownReleases: async () => releases }));
    return results.find(({ id }) => id === "release");
  };
  expect(await release(oldest!.commit)).toMatchObject({
    verdict: "warning",
    says: expect.stringMatching(/^release 1.0.1, \d+ days old; \d+ are newer$/),
    remedy: "look and decide: npm run upgrade -- dev",
  });
  expect(await release(defaultRelease.commit)).toMatchObject({
    verdict: "good",
    says: expect.stringMatching(/\d+ are newer$/),
  });
  expect(await release("0".repeat(40))).toMatchObject({ verdict: "skipped" });
});

test("a stack with accounts has no key to try, and a laptop completes no links", async () => {
  const results = await examineSite(
    nango.site({ secrets: { apiKeys: {} }, expected: { linksAreCompleted: false } }),
  );
  const outcome = (wanted: string) => results.find(({ id }) => id === wanted)?.verdict;
  expect(["dashboard-login", "api-keys", "rate-limit"].map(outcome)).toEqual(Array(3).fill("skipped"));
  expect(nango.authorized.filter(({ authorization }) => authorization?.startsWith("Basic"))).toEqual([]);
});

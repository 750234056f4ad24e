import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { releases, unknownMigrations } from "../../../infra/nango/releases.ts";
import { ManifestError, readManifest } from "../../../scripts/upgrade/manifest.ts";
import { manifestOf, serve } from "./manifest-server.ts";

const limits = { milliseconds: 20_000, bytes: 100_000 };
const good = manifestOf(releases);

afterEach(() => vi.unstubAllEnvs());

async function problemWith(url: string, milliseconds = limits.milliseconds): Promise<string> {
  const error: unknown = await readManifest(url, { ...limits, milliseconds }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ManifestError);
  return (error as ManifestError).message;
}

test("reads every release that has a commit, and knows of none how many migrations it brings", async () => {
  const url = await serve((_, response) => response.end(good));
  expect(await readManifest(url, limits)).toEqual(
    releases.map((release) => ({ ...release, migrations: unknownMigrations })),
  );
});

test("follows no redirect: that may be a login page, or somebody else's list", async () => {
  const url = await serve((request, response) => {
    if (request.url === "/elsewhere") response.end(good);
    else response.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect(await problemWith(url)).toBe("could not be reached (HTTP 302 to /elsewhere)");
});

test.each([
  ["no such file", 404, "", "could not be reached (HTTP 404)"],
  ["an ailing server", 503, good, "could not be reached (HTTP 503)"],
  ["too much of it", 200, good + " ".repeat(100_000), "could not be reached (it has more than 100000 bytes)"],
  ["a login page", 200, "<html>Sign in</html>", "could not be understood (it is not JSON)"],
  ["nothing", 200, "", "could not be understood (it is not JSON)"],
  ["half of it", 200, good.slice(0, 3000), "could not be understood (it is not JSON)"],
])("says that it was answered with %s", async (_, status, body, message) => {
  const url = await serve((__, response) => response.writeHead(status).end(body));
  expect(await problemWith(url)).toBe(message);
});

test("takes no more of what is packed small than of what is large", async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(good + " ".repeat(1_000_000))),
  );
  expect(await problemWith(url)).toBe("could not be reached (it has more than 100000 bytes)");
});

test.each<[what: string, change: (manifest: string) => string, place: string]>([
  ["a list", (text) => `[${text}]`, ""],
  ["no history", (text) => text.replace("history", "past"), "history"],
  ["a commit that is none", (text) => text.replaceAll(releases.at(-1)!.commit, "main"), "latest.commitHash"],
  [
    "a version that is none",
    (text) => text.replaceAll('"1.6.12"', '"1.6.12\\u001b[2J"'),
    "latest.imageVersion",
  ],
  ["a date that is none", (text) => text.replace(/2026-09-17T[^"]*/, "soon"), "latest.releaseDate"],
  ["a broken old one", (text) => text.replaceAll(releases[0]!.commit, "HEAD"), "history.1.commitHash"],
])("refuses a manifest with %s", async (_, change, place) => {
  expect(change(good)).not.toBe(good);
  const url = await serve((__, response) => response.end(change(good)));
  expect(await problemWith(url)).toMatch(new RegExp(`^could not be understood \\(${place}: \\S`));
});

test.each([
  ["never answers", () => undefined],
  ["never ends", (response: { write(text: string): unknown }) => response.write(good.slice(0, 100))],
])("does not wait for a server that %s", async (_, answer) => {
  const url = await serve((__, response) => void answer(response));
  const start = performance.now();
  expect(await problemWith(url, 300)).toBe("could not be reached (no answer within 0.3 s)");
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("says that nobody listens", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  expect(await problemWith(`http://127.0.0.1:${port}/`)).toBe(
    `could not be reached (connect ECONNREFUSED 127.0.0.1:${port})`,
  );
});

test("goes by the proxy of the environment, past it where that says so, and says that a proxy is none", async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const target = new URL(`http://${request.url}`);
    const upstream = connect(Number(target.port), target.hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void proxy.close());
  const url = await serve((_, response) => response.end(good));
  vi.stubEnv("http_proxy", undefined);
  vi.stubEnv("NO_PROXY", undefined);
  vi.stubEnv("no_proxy", undefined);
  vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  await readManifest(url, limits);
  expect(asked).toEqual([new URL(url).host]);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  await readManifest(url, limits);
  expect(asked).toHaveLength(1);
  vi.stubEnv("HTTP_PROXY", "proxy.example:80:80");
  expect(await problemWith(url)).toMatch(/^could not be reached \(Invalid URL/);
});

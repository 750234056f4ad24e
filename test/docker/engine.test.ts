import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineArguments, firstListening, standardHosts } from "../../infra/docker/engine.ts";

let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "engine-"));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const socket = (name: string) => `unix://${path.join(folder, name)}`;

/** Somebody who listens at a socket. */
async function listen(name: string): Promise<string> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path.join(folder, name), resolve));
  return socket(name);
}

describe("the engine that the program's own calls go to", () => {
  test.each([
    ["DOCKER_HOST", {}, { DOCKER_HOST: "tcp://one:1" }, ["--host", "tcp://one:1"]],
    [
      "docker:host before DOCKER_HOST",
      { host: "tcp://two:2" },
      { DOCKER_HOST: "tcp://one:1" },
      ["--host", "tcp://two:2"],
    ],
    [
      "DOCKER_CONTEXT before any host",
      { host: "tcp://two:2" },
      { DOCKER_CONTEXT: "three" },
      ["--context", "three"],
    ],
    [
      "docker:context before DOCKER_CONTEXT",
      { context: "four" },
      { DOCKER_CONTEXT: "three" },
      ["--context", "four"],
    ],
  ])("is found by %s, as the provider finds it", async (_, provider, environment, expected) => {
    expect(await engineArguments(provider, environment, [])).toEqual(expected);
  });

  test("is the first of the plugin's sockets that answers, where nothing names one", async () => {
    const [gone, second] = [socket("gone"), await listen("second")];
    const third = await listen("third");
    const empty = { DOCKER_HOST: "", DOCKER_CONTEXT: "" };
    expect(await engineArguments({ host: "" }, empty, [gone, second, third])).toEqual(["--host", second]);
    expect(await engineArguments({}, {}, [gone])).toEqual(["--host", gone]);
  });
});

test("a socket that nobody listens at any more is not taken", async () => {
  const stale = await listen("stale");
  servers.splice(0).forEach((server) => server.close());
  expect(await firstListening([stale, await listen("live")])).toBe(socket("live"));
});

test("the plugin's sockets come in its order, and on Windows there is a named pipe", () => {
  expect(standardHosts("darwin", "/Users/me")).toEqual([
    "unix:///var/run/docker.sock",
    "unix:///Users/me/.docker/run/docker.sock",
    "unix:///Users/me/.docker/desktop/docker.sock",
  ]);
  expect(standardHosts("win32", "")).toEqual(["npipe:////./pipe/docker_engine"]);
});

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { engineProblem } from "../../../infra/aws/image/docker-engine.ts";

let home: string;
const servers: Server[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "docker-engine-"));
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(home, { recursive: true });
});

async function engineAt(socket: string, status = 200): Promise<void> {
  mkdirSync(path.dirname(socket), { recursive: true });
  const server = createServer(({ url }, response) => {
    response.writeHead(url === "/_ping" ? status : 404).end();
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(socket, listening));
}

test("an engine that answers where DOCKER_HOST says is no problem", async () => {
  const socket = path.join(home, "engine.sock");
  await engineAt(socket);
  expect(await engineProblem(`unix://${socket}`, home)).toBeUndefined();
});

test("an engine of Docker Desktop is found in the home directory", async () => {
  await engineAt(path.join(home, ".docker/run/docker.sock"));
  expect(await engineProblem(undefined, home)).toBeUndefined();
});

test("the problem names each place that was tried, and both ways out", async () => {
  const message = await engineProblem(`unix://${home}/none.sock`, home);
  expect(message).toContain(`${home}/none.sock`);
  expect(message).toMatch(/Start Docker .*npx pulumi config set -s \S+ nango:imageSource ecr-pull-through/);
});

test("something else that listens there is no engine", async () => {
  const socket = path.join(home, "other.sock");
  await engineAt(socket, 500);
  expect(await engineProblem(`unix://${socket}`, home)).toContain("No Docker engine answers");
});

test("an engine on another machine is left to the provider", async () => {
  expect(await engineProblem("ssh://build.example.com", home)).toBeUndefined();
  expect(await engineProblem("tcp://127.0.0.1:1", home)).toBeUndefined();
});

// A command `docker` that answers by its arguments, and sockets at which somebody listens.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

export let folder: string;
const servers: Server[] = [];

/** Gives each test of the file a folder of its own. Hooks are the file's, and this module is loaded once for several. */
export function foldersOfTheirOwn(): void {
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "docker-"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
}

/** Puts a `docker` first into the search path: a shell's `case` over its arguments. */
export function fakeDocker(cases: string): void {
  const file = path.join(folder, "docker");
  writeFileSync(file, `#!/bin/sh\ncase "$*" in\n${cases}\nesac\n`);
  chmodSync(file, 0o755);
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
}

/** Listens at a socket of that name, or at a port of this machine. */
export async function listen(at: string | number): Promise<void> {
  const server = createServer();
  servers.push(server);
  const where = typeof at === "string" ? { path: path.join(folder, at) } : { port: at, host: "127.0.0.1" };
  await new Promise<void>((resolve) => server.listen(where, resolve));
}

/** The address of a socket of that name. */
export const socket = (name: string) => `unix://${path.join(folder, name)}`;

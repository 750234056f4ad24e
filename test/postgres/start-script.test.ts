import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { readScript } from "../../infra/nango/script-file.ts";
import { Authority } from "../certificates.ts";
import { createCluster } from "./cluster.ts";

const script = readScript(new URL("../../infra/docker/start-postgres.sh", import.meta.url));
const keeper = fileURLToPath(new URL("keeper.js", import.meta.url));

/** What the image's own script does with a volume that is not empty. */
const entrypoint = '#!/bin/sh\nexec "$@" -D "$PGDATA"\n';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the laptop's Postgres on a cluster that was made with another password; answers how to log in. */
async function started(password: string) {
  const folder = await mkdtemp(join(tmpdir(), "start-postgres-"));
  const cluster = await createCluster(folder);
  const authority = await Authority.create("Test root");
  const { certificate, key } = await authority.issue("localhost");
  const tools = join(folder, "tools");
  await mkdir(tools);
  await writeFile(join(tools, "docker-entrypoint.sh"), entrypoint, { mode: 0o755 });
  const volume = join(folder, "volume");
  await mkdir(volume);
  if (cluster.account) await chown(volume, cluster.account.uid, cluster.account.gid);
  const port = await freePort();
  const tls = join(volume, "tls");
  const variables = {
    PATH: [tools, dirname(cluster.program), process.env["PATH"]].join(":"),
    POSTGRES_USER: "postgres",
    POSTGRES_PASSWORD: password,
    PGDATA: cluster.data,
    TLS_FOLDER: tls,
    AUTHORITY: authority.certificate,
    CERTIFICATE: certificate,
    KEY: key,
  };
  const settings = {
    port,
    listen_addresses: "localhost",
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: `${tls}/server.crt`,
    ssl_key_file: `${tls}/server.key`,
    hba_file: `${tls}/pg_hba.conf`,
  };
  const order = {
    program: "/usr/bin/env",
    arguments: [
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      "sh",
      "-ec",
      script,
      "sh",
      "postgres",
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ...cluster.account,
    folder,
  };
  const server = spawn(process.execPath, [keeper, JSON.stringify(order)], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  onTestFinished(async () => {
    server.stdin.end();
    if (server.exitCode === null) await once(server, "exit");
  });
  let log = "";
  for await (const chunk of server.stderr) {
    log += String(chunk);
    if (log.includes("ready to accept connections")) break;
    if (/FATAL|ERROR/.test(log)) throw new Error(log);
  }
  return async (tried: string) => {
    const client = new pg.Client({
      host: "localhost",
      port,
      user: "postgres",
      password: tried,
      database: "postgres",
      ssl: { ca: authority.certificate },
    });
    await client.connect();
    await client.end();
  };
}

test("a volume that is older than the password gets it before anybody can log in", async () => {
  const logIn = await started("anotherPassword123");
  await logIn("anotherPassword123");
  // The one that the cluster was made with.
  await expect(logIn("superuser")).rejects.toThrow("password authentication failed");
});

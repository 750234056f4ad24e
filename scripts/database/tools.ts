import { execFile } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { promisify } from "node:util";
import { UserError } from "../../project/user-error.ts";
import type { Deed } from "./arguments.ts";

/** A program and its arguments. */
export type Words = readonly [command: string, ...args: string[]];

/** What somebody wants of a database. */
export interface Wish {
  readonly deed: Exclude<Deed, "tunnel">;
  /** With psql: what it runs. */
  readonly command?: string | undefined;
  /** With dump and restore: the file. */
  readonly file?: string | undefined;
}

/** Whether a file was written by pg_dump in its custom format, which pg_restore reads; psql reads any other. */
function isCustomFormat(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const magic = Buffer.alloc(5);
    readSync(descriptor, magic);
    // https://github.com/postgres/postgres/blob/REL_16_0/src/bin/pg_dump/pg_backup_archiver.c#L3826
    return magic.toString("latin1") === "PGDMP";
  } finally {
    closeSync(descriptor);
  }
}

/**
 * pg_dump takes no database of a newer major version than its own, and says so once it is connected only.
 * @param server The database's version, such as `16` or `16.4`.
 * @throws UserError
 */
export async function refuseOldPgDump(server: string): Promise<void> {
  const { stdout } = await promisify(execFile)("pg_dump", ["--version"]);
  const own = /\d+/.exec(stdout)?.[0];
  if (own !== undefined && Number(own) < Number.parseInt(server, 10))
    throw new UserError(
      `pg_dump on this machine is of version ${own}, and the database of version ${server}, which it does not dump: install ` +
        "the newer one, https://www.postgresql.org/download/",
    );
}

/** The program that does it, by its name. */
export function toolFor({ deed, file = "" }: Wish): "psql" | "pg_dump" | "pg_restore" {
  if (deed === "psql") return "psql";
  if (deed === "dump") return "pg_dump";
  return isCustomFormat(file) ? "pg_restore" : "psql";
}

/**
 * The command line that does it. Roles and rights are those of the database that a dump is put into, and a dump that does
 * not fit changes nothing.
 * @param connection A text for libpq.
 * @param file Where the dump is; `-` for standard input or output.
 */
export function wordsFor(wish: Wish, connection: string, file = wish.file ?? "-"): Words {
  const tool = toolFor(wish);
  const to = `--dbname=${connection}`;
  const own = ["--no-owner", "--no-privileges"];
  const quiet = ["--no-psqlrc", "--set=ON_ERROR_STOP=1"];
  switch (wish.deed) {
    case "dump":
      return [tool, "--format=custom", ...own, to, ...(file === "-" ? [] : [`--file=${file}`])];
    case "restore":
      return tool === "psql"
        ? [tool, ...quiet, "--single-transaction", "--quiet", to, `--file=${file}`]
        : [tool, ...own, "--exit-on-error", "--single-transaction", to, ...(file === "-" ? [] : [file])];
    case "psql":
      return wish.command === undefined ? [tool, to] : [tool, ...quiet, to, `--command=${wish.command}`];
  }
}

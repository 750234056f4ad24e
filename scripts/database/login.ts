import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rootCertificates } from "node:tls";

/** A database that Nango is given, as its URL says. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly isVerified: boolean;
}

/** @param url As infra/nango/connection-url.ts writes it. */
export function loginIn(url: string): Login {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: hostname,
    port: port === "" ? 5432 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    isVerified: searchParams.get("sslmode") === "verify-full",
  };
}

/** Files that a client of Postgres reads, and no other user of this machine. */
export interface LoginFiles {
  readonly passwords: string;
  readonly certificates: string;
  readonly remove: () => void;
}

/** @param certificates Authorities that the server's certificate may come from, besides the public ones, as PEM. */
export function loginFiles({ password }: Pick<Login, "password">, certificates: string): LoginFiles {
  const folder = mkdtempSync(path.join(tmpdir(), "nango-database-"));
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
    return file;
  };
  return {
    // https://www.postgresql.org/docs/16/libpq-pgpass.html
    passwords: write("pgpass", `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`),
    certificates: write("certificates.pem", [certificates, ...rootCertificates, ""].join("\n")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * What a client of libpq is told: the server is verified by its own name, though the port of this machine leads there.
 * https://www.postgresql.org/docs/16/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
export function connectionText(
  { host, user, database, isVerified }: Login,
  files: Pick<LoginFiles, "passwords" | "certificates">,
  way: { readonly localPort: number | undefined; readonly port: number; readonly readOnly: boolean },
): string {
  const parameters = {
    host,
    ...(way.localPort === undefined ? {} : { hostaddr: "127.0.0.1" }),
    port: String(way.localPort ?? way.port),
    user,
    dbname: database,
    sslmode: isVerified ? "verify-full" : "require",
    ...(isVerified ? { sslrootcert: files.certificates } : {}),
    passfile: files.passwords,
    ...(way.readOnly ? { options: "-c default_transaction_read_only=on" } : {}),
  };
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(" ");
}

function quoted(value: string): string {
  return /^[\w./-]+$/.test(value) ? value : `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

import { isIP } from "node:net";

/** Whether the server's certificate and name are checked. Both are encrypted. */
export type DatabaseTls = "verified" | "unverified";

export interface PostgresLogin {
  /** A host name; an address only where TLS is unverified, and never an IPv6 one. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: DatabaseTls;
}

export interface RedisLogin {
  readonly host: string;
  /** @default 6379 */
  readonly port?: number | undefined;
  readonly token: string;
  readonly tls: boolean;
}

const sslmode: Record<DatabaseTls, string> = { verified: "verify-full", unverified: "no-verify" };
const hostNamePattern = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;
/** Parameters that pg reads in place of the same part of the URL itself. */
const loginParameters = ["host", "hostaddr", "port", "user", "password"];

/**
 * The URL by which every pool of Nango reaches one Postgres database, credentials percent-encoded.
 * The mode is in the URL because there it beats every `*_SSL` variable of Nango, which never verify:
 * https://github.com/brianc/node-postgres/blob/pg%408.11.3/packages/pg/lib/connection-parameters.js#L55-L57
 * @throws Error when a part is missing or cannot be written so that Nango's client reads it back.
 */
export function postgresUrl(login: PostgresLogin): string {
  checkHost(login.host, login.tls);
  const user = encodePart(login.user, "user");
  const password = encodePart(login.password, "password");
  const port = login.port ?? 5432;
  const database = encodeDatabase(login.database);
  return `postgresql://${user}:${password}@${login.host}:${port}/${database}?sslmode=${sslmode[login.tls]}`;
}

/**
 * The URL of a Redis or Valkey with an access token and no user name.
 * @throws Error when host or token is missing or malformed.
 */
export function redisUrl({ host, port = 6379, token, tls }: RedisLogin): string {
  if (!hostNamePattern.test(host)) throw new Error("the Redis host is not a host name");
  return `${tls ? "rediss" : "redis"}://:${encodePart(token, "token")}@${host}:${port}`;
}

/**
 * A Postgres URL given by a user, rewritten so that `tls` holds whatever the URL said about it before. Other
 * parameters are kept.
 * @throws Error in a sentence that repeats no part of the URL.
 */
export function withVerifiedTls(url: string, tls: DatabaseTls): string {
  const parsed = parsePostgresUrl(url);
  const overriding = loginParameters.filter((name) => parsed.searchParams.has(name));
  if (overriding.length > 0) {
    throw new Error(`the URL sets ${overriding.join(", ")} as a parameter: put it before the question mark`);
  }
  const result = new URL(
    postgresUrl({
      host: parsed.hostname,
      port: parsed.port === "" ? undefined : Number(parsed.port),
      user: decodePart(parsed.username, "user"),
      password: decodePart(parsed.password, "password"),
      database: decodePart(parsed.pathname.slice(1), "database"),
      tls,
    }),
  );
  for (const [name, value] of parsed.searchParams) {
    if (!/^(?:ssl|uselibpqcompat$)/i.test(name)) result.searchParams.append(name, value);
  }
  return result.href;
}

function parsePostgresUrl(text: string): URL {
  const encodeHint = "in user and password, percent-encode every character but letters, digits, -, . and _";
  // The URL parser drops tabs and newlines without a word.
  if (/[\s\p{Cc}]/u.test(text)) throw new Error("the URL holds a space, a line break or a control character");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== "postgres" && scheme !== "postgresql") {
    throw new Error("the URL must begin with postgresql:// (or postgres://)");
  }
  if (!URL.canParse(text)) throw new Error(`the URL cannot be read: ${encodeHint}`);
  const url = new URL(text);
  // A raw #, / or ? ends the host early and leaves the rest of the password, and the @, in the wrong part.
  if (url.hash !== "" || `${url.pathname}${url.search}`.includes("@")) {
    throw new Error(`the URL holds an unencoded special character: ${encodeHint}`);
  }
  for (const [part, value] of Object.entries({
    user: url.username,
    password: url.password,
    host: url.hostname,
    database: url.pathname.slice(1),
  })) {
    if (value === "")
      throw new Error(`the URL names no ${part}: it must read postgresql://user:password@host/database`);
  }
  return url;
}

function checkHost(host: string, tls: DatabaseTls): void {
  const version = isIP(host.replace(/^\[|\]$/g, ""));
  if (version === 6) {
    // pg-connection-string 2.6.2 keeps the brackets, and so looks up the name "[::1]":
    // https://github.com/brianc/node-postgres/pull/3698
    throw new Error("the database host is an IPv6 address, which Nango cannot connect to: use a host name");
  }
  if (version === 4 && tls === "verified") {
    // pg sets no servername for an address, so that Node checks the certificate against "localhost":
    // https://github.com/brianc/node-postgres/blob/pg%408.11.3/packages/pg/lib/connection.js#L96-L98
    throw new Error("the database host is an IP address, which verified TLS cannot check: use a host name");
  }
  if (!hostNamePattern.test(host)) throw new Error("the database host is not a host name");
}

function checkPart(value: string, part: string): void {
  if (value === "") throw new Error(`the ${part} is empty`);
  if (/[\0\p{Cs}]/u.test(value)) throw new Error(`the ${part} holds a character that UTF-8 text cannot hold`);
}

/** encodeURIComponent, and the five marks that it leaves alone. */
function encodePart(value: string, part: string): string {
  checkPart(value, part);
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * pg reads the database with decodeURI, which leaves %2F and its like encoded, so those characters must stand
 * as they are: https://github.com/brianc/node-postgres/blob/pg%408.11.3/packages/pg-connection-string/index.js#L61
 */
function encodeDatabase(database: string): string {
  checkPart(database, "database name");
  const dotSegment = database.split("/").some((segment) => segment === "." || segment === "..");
  if (dotSegment || /[?#]/.test(database)) {
    throw new Error("the database name holds ?, # or a segment of dots, which a connection URL cannot carry");
  }
  return encodeURI(database);
}

function decodePart(value: string, part: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Error(`the ${part} in the URL holds a % that begins no encoded character: write it as %25`);
  }
}

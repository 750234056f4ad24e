import { isIP } from "node:net";
import { readServerUrl, type ServerUrl } from "./server-url.ts";

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
 * @throws Error that repeats no part of the URL.
 */
export function withTls(url: string, tls: DatabaseTls): string {
  const { host, port, user, password, path, parameters } = readPostgresUrl(url);
  const result = new URL(
    postgresUrl({ host, port, user, password, database: decodePart(path.slice(1), "database"), tls }),
  );
  for (const [name, value] of parameters) {
    if (!/^(?:ssl|uselibpqcompat$)/i.test(name)) result.searchParams.append(name, value);
  }
  return result.href;
}

/**
 * Reads a Postgres URL given by a user.
 * @throws Error in a predicate that repeats no part of the URL.
 */
export function readPostgresUrl(text: string): ServerUrl {
  const url = readServerUrl(text, ["postgresql", "postgres"]);
  for (const [part, value] of [
    ["user", url.user],
    ["password", url.password],
    ["database", url.path.slice(1)],
  ] as const) {
    if (value === "")
      throw new Error(`names no ${part}; it must read postgresql://user:password@host/database`);
  }
  const overriding = loginParameters.filter((name) => url.parameters.has(name));
  if (overriding.length > 0) {
    throw new Error(`sets ${overriding.join(", ")} as a parameter; put it before the question mark`);
  }
  encodeDatabase(decodePart(url.path.slice(1), "database"));
  return url;
}

/**
 * Reads the URL of a Redis given by a user. Its client takes the number of a database from the path and looks at no
 * parameters: https://github.com/redis/node-redis/blob/redis%405.12.1/packages/client/lib/client/index.ts#L413-L466
 * @throws Error in a predicate that repeats no part of the URL.
 */
export function readRedisUrl(text: string): ServerUrl {
  const url = readServerUrl(text, ["rediss", "redis"]);
  if (url.user !== "" && url.password === "")
    throw new Error("names a user but no password; a token alone is written rediss://:token@host");
  if (!/^\/?$|^\/\d{1,5}$/.test(url.path))
    throw new Error("has a path that is not the number of a database, as in rediss://:token@host/1");
  if ([...url.parameters].length > 0)
    throw new Error("has parameters, which Nango's client does not look at");
  return url;
}

/**
 * Reads the URL of a mail server given by a user. nodemailer takes the user up to the first colon, decoded or not, and
 * options from the parameters: https://github.com/nodemailer/nodemailer/blob/v9.0.1/lib/shared/index.js
 * @throws Error in a predicate that repeats no part of the URL.
 */
export function readSmtpUrl(text: string): ServerUrl {
  const url = readServerUrl(text, ["smtps", "smtp"]);
  if (url.user.includes(":"))
    throw new Error("names a user with a colon in it, of which only the start would be read");
  if ((url.user === "") !== (url.password === ""))
    throw new Error("names a user or a password without the other; give both, or neither");
  if (url.path !== "" && url.path !== "/") throw new Error("has a path, but a mail server has none");
  return url;
}

/**
 * Reads the URL of a logs store given by a user. Its clients put the path before each request's; parameters would land
 * in the midst of it.
 * @throws Error in a predicate that repeats no part of the URL.
 */
export function readLogsUrl(text: string): ServerUrl {
  const url = readServerUrl(text, ["https", "http"]);
  if (url.user !== "" || url.password !== "")
    throw new Error("holds credentials; give them in logsUser and logsPassword");
  if ([...url.parameters].length > 0)
    throw new Error("has parameters; leave off the question mark and what follows");
  if (!/^(\/[A-Za-z0-9._~-]+)*\/?$/.test(url.path) || /\/\.{1,2}(\/|$)/.test(url.path))
    throw new Error("has a path that is not a plain one, such as /logs");
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
    throw new Error(`holds a % in the ${part} that begins no encoded character: write it as %25`);
  }
}

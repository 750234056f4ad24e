/** The address of a server and the login there, as one URL gives them. */
export interface ServerUrl {
  /** Without the colon, in lower case. */
  readonly scheme: string;
  /** Decoded; empty when the URL names none. */
  readonly user: string;
  /** Decoded; empty when the URL names none. */
  readonly password: string;
  /** A host name or an IPv4 address, in lower case. */
  readonly host: string;
  readonly port: number | undefined;
  /** Everything from the slash behind the host to the question mark, as it stands. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

const urlPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/i;
const hostPattern = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
/** https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1 */
const userinfoPattern = /^[A-Za-z0-9\-._~!$&'()*+,;=:%]*$/;

const encodeHint =
  "in user and password, percent-encode every character but letters, digits, -, . and _ (@ is %40, # is %23, / is %2F)";

/**
 * Reads a URL so strictly that all that read it later agree: pg, node-redis, nodemailer and the clients of the logs
 * stores each stop at another one of the characters that a password must not hold unencoded.
 * @throws Error in a predicate that says what is wrong and repeats nothing of the URL, which may hold a password.
 */
export function readServerUrl(text: string, schemes: readonly string[]): ServerUrl {
  // What URL parsers drop without a word.
  if (/[\s\p{Cc}]/u.test(text)) throw new Error("holds a space, a line break or a control character");
  const [, scheme = "", authority = "", path = "", query = "", fragment] = urlPattern.exec(text) ?? [];
  if (!schemes.includes(scheme.toLowerCase())) {
    throw new Error(`does not begin with ${schemes.map((one) => `${one}://`).join(" or ")}`);
  }
  const at = authority.lastIndexOf("@");
  const userinfo = authority.slice(0, Math.max(at, 0));
  const rest = `${path}${query}${fragment ?? ""}`;
  // A raw #, / or ? ends the host early and leaves the rest of the password, and the @, in the wrong part.
  if (rest.includes("@") || !userinfoPattern.test(userinfo)) {
    throw new Error(`holds an unencoded special character: ${encodeHint}`);
  }
  if (fragment !== undefined) throw new Error(`holds a #, behind which nothing is read: ${encodeHint}`);
  const colon = userinfo.indexOf(":");
  const [, host = "", port] = /^(.*?)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
  return {
    scheme: scheme.toLowerCase(),
    user: decoded(colon === -1 ? userinfo : userinfo.slice(0, colon), "user"),
    password: decoded(colon === -1 ? "" : userinfo.slice(colon + 1), "password"),
    host: readHost(host.toLowerCase()),
    port: readPort(port),
    path,
    parameters: new URLSearchParams(query),
  };
}

function decoded(part: string, what: string): string {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    throw new Error(`holds a % in the ${what} that begins no encoded character: write it as %25`);
  }
  if (text.includes("\0")) throw new Error(`holds a NUL character in the ${what}`);
  return text;
}

function readHost(host: string): string {
  if (host === "") throw new Error("names no host");
  if (host.includes(",")) throw new Error("names several hosts; give one");
  if (host.startsWith("[")) throw new Error("names an IPv6 address; give a host name");
  if (!hostPattern.test(host))
    throw new Error("names a host that is no host name, or a port that is no number");
  return host;
}

function readPort(port: string | undefined): number | undefined {
  if (port === undefined) return undefined;
  const number = Number(port);
  if (port === "" || number < 1 || number > 65535)
    throw new Error("names a port that is not from 1 to 65535");
  return number;
}

import { createRequire } from "node:module";
import { Client } from "@opensearch-project/opensearch";
import fc from "fast-check";
import connectionString from "pg-connection-string";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  readLogsUrl,
  readPostgresUrl,
  readRedisUrl,
  readSmtpUrl,
  withTls,
} from "../../infra/nango/connection-url.ts";
import type { ServerUrl } from "../../infra/nango/server-url.ts";
import { refusal } from "../refusal.ts";

const load = createRequire(import.meta.url);
const { default: RedisClient } = load("@redis/client/dist/lib/client/index.js") as {
  default: { parseURL(url: string): { username?: string; password?: string; socket: object } };
};
/** nodemailer has no types of its own. */
const { parseConnectionUrl } = load("nodemailer/lib/shared") as {
  parseConnectionUrl(url: string): {
    host?: string;
    port?: number;
    secure: boolean;
    auth?: { user: string; pass: string };
  };
};

interface Reading {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number | undefined;
}

/** A kind of URL: how it is checked here, and what the client that Nango has makes of it. */
interface Kind {
  readonly schemes: readonly string[];
  readonly tail: string;
  readonly read: (url: string) => ServerUrl;
  readonly client: (url: string) => Reading;
  /** Whether a user or password may be left out. */
  readonly open: boolean;
}

// The versions are those that Nango pins.
const kinds: Record<string, Kind> = {
  Postgres: {
    schemes: ["postgres", "postgresql"],
    tail: "/nango",
    read: readPostgresUrl,
    client: (url) => {
      const { user, password, host, port } = connectionString.parse(withTls(url, "unverified"));
      return { user: user ?? "", password: password ?? "", host: host ?? "", port: Number(port) };
    },
    open: false,
  },
  Redis: {
    schemes: ["redis", "rediss"],
    tail: "/1",
    read: readRedisUrl,
    client: (url) => {
      const { username = "", password = "", socket } = RedisClient.parseURL(url);
      const { host, port } = socket as { host: string; port?: number };
      return { user: username, password, host: host.toLowerCase(), port };
    },
    open: true,
  },
  "mail server": {
    schemes: ["smtp", "smtps"],
    tail: "",
    read: readSmtpUrl,
    client: (url) => {
      const { host = "", port, auth } = parseConnectionUrl(url);
      return { user: auth?.user ?? "", password: auth?.pass ?? "", host: host.toLowerCase(), port };
    },
    open: true,
  },
};

const reading = ({ user, password, host, port }: ServerUrl): Reading => ({ user, password, host, port });

/** Text with the characters that URLs and their readers trip over well represented. */
const hostileText = fc
  .string({
    minLength: 1,
    unit: fc.oneof(
      fc.constantFrom(..." %'\"!()*@:/?#[]&=+$,;\\|^`{}<>~._-\t\n"),
      fc.constantFrom("%41", "%2F", "%zz", "%E9", "é", "中", "😀", "\u00a0"),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
  })
  .filter((text) => !text.includes("\0"));

/** A user or password as somebody writes it: as it is, encoded, or encoded in part. */
const part = fc.oneof(
  hostileText,
  hostileText.map(encodeURIComponent),
  hostileText.map(encodeURI),
  fc.constantFrom("", "nango", "a:b", "a+b=", "a%3Ab", "(a)!$&'*,;"),
);

const hostileUrl = (kind: Kind) =>
  fc
    .tuple(
      fc.constantFrom(...kind.schemes, ...kind.schemes, "SMTP"),
      part,
      part,
      fc.oneof(
        fc.constantFrom("db.example.com", "DB.example.com", "10.0.0.7", "x_y"),
        fc.constantFrom("a,b", "[::1]", "", "a b", "a%41"),
        hostileText,
      ),
      fc.constantFrom("", ":25", ":0", ":65536", ":", ":x", ":6543"),
      fc.constantFrom(kind.tail, kind.tail, "", "/", "/a/b", "?x=1", "#x", "/1?x"),
    )
    .map(
      ([scheme, user, password, host, port, tail]) => `${scheme}://${user}:${password}@${host}${port}${tail}`,
    );

describe.each(Object.entries(kinds))("the URL of a %s", (_, kind) => {
  const [scheme = ""] = kind.schemes;

  test("is read as Nango's client reads it, or refused", () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostileUrl(kind), (url) => {
        let ours: ServerUrl;
        try {
          ours = kind.read(url);
        } catch {
          return;
        }
        accepted += 1;
        z.url().parse(url);
        const port = ours.port ?? (kind.open ? undefined : 5432);
        expect(kind.client(url), url).toEqual({ ...reading(ours), port });
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("takes every user and password once they are percent-encoded", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (given, password) => {
        const user = kind === kinds["mail server"] ? given.replaceAll(":", "") || "u" : given;
        const url = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db.example.com:7000${kind.tail}`;
        const expected = { user, password, host: "db.example.com", port: 7000 };
        expect(reading(kind.read(url))).toEqual(expected);
        expect(kind.client(url)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["u:12#hunter2@h.example.com", "unencoded special character"],
    ["u:12/hunter2@h.example.com", "unencoded special character"],
    ["u:12?hunter2@h.example.com", "unencoded special character"],
    ["u:12@hunter2@h.example.com", "unencoded special character"],
    ["u:12\\hunter2@h.example.com", "unencoded special character"],
    ["u:25/hunter2@h.example.com:465", "unencoded special character"],
    ["u:hünter2@h.example.com", "unencoded special character"],
    ["u:100%hunter2@h.example.com", "begins no encoded character"],
    ["u:hunter2%zz@h.example.com", "begins no encoded character"],
    ["u:hunter2%E9@h.example.com", "begins no encoded character"],
    ["u:hunter2%00@h.example.com", "NUL character"],
    ["hunter%zz:p@h.example.com", "begins no encoded character"],
    ["u:hunter 2@h.example.com", "a space, a line break"],
    ["u:hunter2@h.example.com\n", "a space, a line break"],
    ["u:hunter2@h1,h2:6379", "several hosts"],
    ["u:hunter2@", "names no host"],
    ["u:hunter2@:25", "names no host"],
    ["u:hunter2@[::1]", "an IPv6 address"],
    ["u:hunter2@h.example.com:0", "a port that is not from 1 to 65535"],
    ["u:hunter2@h.example.com:65536", "a port that is not from 1 to 65535"],
    ["u:hunter2@h.example.com:", "a port that is not from 1 to 65535"],
    ["u:hunter2@h.example.com:http", "a port that is no number"],
    ["u:hunter2@-h-", "no host name"],
    ["u:p@h.example.com#hunter2", "a #"],
  ])("refuses ...%j without repeating it", (given, message) => {
    const said = refusal(() => kind.read(`${scheme}://${given}`));
    expect(said).toContain(message);
    expect(said).not.toMatch(/h.nter/);
  });

  test("begins with one of its schemes", () => {
    for (const other of [
      "",
      "hunter2",
      "http://u:hunter2@h",
      `${scheme}:u:hunter2@h`,
      `${scheme}:/u:hunter2@h`,
    ]) {
      const said = refusal(() => kind.read(other));
      expect(said).toMatch(new RegExp(`^does not begin with .*${scheme}://`));
      expect(said).not.toContain("hunter");
    }
  });
});

test.each<[(url: string) => ServerUrl, string, string]>([
  [
    readPostgresUrl,
    "postgres://u:p@h.example.com/na%go",
    "a % in the database that begins no encoded character",
  ],
  [readPostgresUrl, "postgres://u:p@h.example.com/na%3Fgo", "holds ?, # or a segment of dots"],
  [readRedisUrl, "rediss://token@h.example.com", "names a user but no password; a token alone is written"],
  [readRedisUrl, "rediss://:t@h.example.com/cache", "a path that is not the number of a database"],
  [readRedisUrl, "rediss://:t@h.example.com/1?family=6", "parameters, which Nango's client does not look at"],
  [readSmtpUrl, "smtps://a%3Ab:p@h.example.com", "a user with a colon in it"],
  [readSmtpUrl, "smtps://u@h.example.com", "names a user or a password without the other"],
  [readSmtpUrl, "smtps://u:p@h.example.com/inbox", "has a path, but a mail server has none"],
  [readLogsUrl, "https://u:p@h.example.com", "holds credentials; give them in logsUser and logsPassword"],
  [readLogsUrl, "https://h.example.com?pretty", "has parameters"],
  [readLogsUrl, "https://h.example.com/a?b=c", "has parameters"],
  [readLogsUrl, "https://h.example.com/#a", "holds a #"],
  [readLogsUrl, "https://h.example.com/../a", "a path that is not a plain one"],
  [readLogsUrl, "https://h.example.com/a%2Fb", "a path that is not a plain one"],
  [readLogsUrl, "https://h.example.com//a", "a path that is not a plain one"],
])("%o refuses %s", (read, url, message) => {
  expect(refusal(() => read(url))).toContain(message);
});

test.each(["redis://h.example.com", "rediss://:t@h.example.com:6380/", "redis://default:t@10.0.0.7:6379/15"])(
  "%s is the URL of a Redis",
  (url) => {
    expect(kinds["Redis"]?.client(url)).toEqual(reading(readRedisUrl(url)));
  },
);

test.each([
  "smtp://relay.example.com",
  "smtp://u:p@mail.example.com:587?requireTLS=true&tls.minVersion=TLSv1.2",
])("%s is the URL of a mail server", (url) => {
  expect(kinds["mail server"]?.client(url)).toEqual(reading(readSmtpUrl(url)));
});

test.each([
  ["https://logs.example.com", "/_bulk"],
  ["https://logs.example.com:9243/", "/_bulk"],
  ["https://logs.example.com/behind/proxy", "/behind/proxy/_bulk"],
  ["https://logs.example.com/behind/proxy/", "/behind/proxy/_bulk"],
])("requests to the logs store %s go to %s", (node, expected) => {
  const url = readLogsUrl(node);
  const { connections } = new Client({ node }).connectionPool as unknown as {
    connections: { buildRequestObject(request: object): Record<string, unknown> }[];
  };
  expect(connections[0]?.buildRequestObject({ method: "POST", path: "/_bulk" })).toMatchObject({
    hostname: url.host,
    path: expected,
  });
});

import fc from "fast-check";
import connectionString from "pg-connection-string";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { postgresUrl, redisUrl, withTls } from "../../infra/nango/connection-url.ts";
import { anyCharacter } from "../any-character.ts";

const login = { host: "db.example.com", user: "nango", password: "secret", database: "nango" } as const;

/** Well-formed text with the characters that URLs, pg and zod trip over well represented. */
const hostileText = fc
  .string({
    minLength: 1,
    unit: fc.oneof(
      fc.constantFrom(..." %'\"!()*@:/?#[]&=+$,;\\|^`{}<>~._-\t\n"),
      fc.constantFrom("%41", "%2F", "%zz", "é", "ß", "中", "😀", "\u00a0", "\u200b"),
      anyCharacter,
    ),
  })
  .filter((text) => !text.includes("\0"));
const databaseName = hostileText.filter(
  (name) => !/[?#]/.test(name) && !name.split("/").some((segment) => /^\.\.?$/.test(segment)),
);

/** What Nango does with the URL: zod checks it, pg reads it. */
function readAsNangoDoes(url: string) {
  z.url().parse(url);
  return connectionString.parse(new URL(url).href);
}

/** The message of what `action` throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

describe("postgresUrl", () => {
  test("reads as a person expects", () => {
    expect(postgresUrl({ ...login, password: "p@ss/w:rd#1 100%", tls: "verified" })).toBe(
      "postgresql://nango:p%40ss%2Fw%3Ard%231%20100%25@db.example.com:5432/nango?sslmode=verify-full",
    );
    expect(postgresUrl({ ...login, port: 6543, tls: "unverified" })).toBe(
      "postgresql://nango:secret@db.example.com:6543/nango?sslmode=no-verify",
    );
  });

  test("is read back exactly by Nango's client, whatever user, password and database hold", () => {
    fc.assert(
      fc.property(hostileText, hostileText, databaseName, (user, password, database) => {
        const url = postgresUrl({ ...login, user, password, database, tls: "verified" });
        expect(url).toMatch(/^[!-~]+$/);
        expect(connectionString.parse(url)).toMatchObject({ user, password, database, host: login.host });
        expect(readAsNangoDoes(url)).toMatchObject({ user, password, database, port: "5432", ssl: {} });
      }),
      { numRuns: 1000 },
    );
  });

  test("leaves nothing but letters, digits and -._~ unencoded in user and password", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [, user, password] =
          /^postgresql:\/\/(.*):(.*)@/.exec(
            postgresUrl({ ...login, user: text, password: text, tls: "verified" }),
          ) ?? [];
        expect(user).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+$/);
        expect(password).toBe(user);
      }),
    );
  });

  test.each([
    [{ user: "" }, "the user is empty"],
    [{ password: "" }, "the password is empty"],
    [{ database: "" }, "the database name is empty"],
    [{ password: "nul\0" }, "the password holds a character that UTF-8 text cannot hold"],
    [{ password: "half \ud83d" }, "the password holds a character that UTF-8 text cannot hold"],
    [{ database: "a?b" }, "which a connection URL cannot carry"],
    [{ database: "a#b" }, "which a connection URL cannot carry"],
    [{ database: "a/../b" }, "which a connection URL cannot carry"],
    [{ host: "" }, "the database host is not a host name"],
    [{ host: "a.example.com,b.example.com" }, "the database host is not a host name"],
    [{ host: "db.example.com:5432" }, "the database host is not a host name"],
    [{ host: "10.0.0.5" }, "verified TLS cannot check: use a host name"],
    [{ host: "::1" }, "is an IPv6 address, which Nango cannot connect to"],
    [{ host: "[::1]", tls: "unverified" }, "is an IPv6 address, which Nango cannot connect to"],
  ] as const)("refuses %j", (part, message) => {
    expect(refusal(() => postgresUrl({ ...login, tls: "verified", ...part }))).toContain(message);
  });

  test("takes an IPv4 address where TLS is unverified", () => {
    expect(readAsNangoDoes(postgresUrl({ ...login, host: "10.0.0.5", tls: "unverified" }))).toMatchObject({
      host: "10.0.0.5",
      ssl: { rejectUnauthorized: false },
    });
  });
});

describe("redisUrl", () => {
  test("reads as a person expects", () => {
    expect(redisUrl({ host: "cache.example.com", token: "a/b+c=", tls: true })).toBe(
      "rediss://:a%2Fb%2Bc%3D@cache.example.com:6379",
    );
    expect(redisUrl({ host: "redis", port: 6380, token: "t", tls: false })).toBe("redis://:t@redis:6380");
  });

  test("is read back exactly by a WHATWG URL reader such as Nango's Redis client", () => {
    fc.assert(
      fc.property(hostileText, (token) => {
        const url = redisUrl({ host: "cache.example.com", token, tls: true });
        z.url().parse(url);
        expect(decodeURIComponent(new URL(url).password)).toBe(token);
        expect(new URL(url).username).toBe("");
      }),
    );
  });

  test("refuses an empty token and a host that is none", () => {
    expect(refusal(() => redisUrl({ host: "cache", token: "", tls: true }))).toBe("the token is empty");
    expect(refusal(() => redisUrl({ host: "a b", token: "t", tls: true }))).toBe(
      "the Redis host is not a host name",
    );
  });
});

describe("withTls", () => {
  test.each([
    ["postgres://u:p@h.example.com/db", "postgresql://u:p@h.example.com:5432/db?sslmode=verify-full"],
    ["postgresql://u:p@h/db?sslmode=disable", "postgresql://u:p@h:5432/db?sslmode=verify-full"],
    ["postgres://u:p@h:6543/db?ssl=0&sslmode=require", "postgresql://u:p@h:6543/db?sslmode=verify-full"],
    [
      "postgres://u:p@h/db?sslrootcert=/x&sslcert=/y&sslkey=/z&uselibpqcompat=true&application_name=a%20b",
      "postgresql://u:p@h:5432/db?sslmode=verify-full&application_name=a+b",
    ],
    ["POSTGRES://u:p%40w@h/db", "postgresql://u:p%40w@h:5432/db?sslmode=verify-full"],
    ["postgres://u:p(w)!@h/db", "postgresql://u:p%28w%29%21@h:5432/db?sslmode=verify-full"],
  ])("rewrites %s", (given, expected) => {
    expect(withTls(given, "verified")).toBe(expected);
  });

  test("keeps the login and every other parameter, and only the mode it was told", () => {
    const tlsParameters = fc.dictionary(
      fc.constantFrom(
        "ssl",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "sslnegotiation",
        "uselibpqcompat",
      ),
      fc.constantFrom("0", "1", "true", "no-verify", "disable", "/nowhere.pem"),
    );
    fc.assert(
      fc.property(
        hostileText,
        hostileText,
        databaseName,
        hostileText,
        tlsParameters,
        (user, password, name, label, tls) => {
          // A raw @ after the host cannot be told from the end of a password with an unencoded slash.
          const database = name.replaceAll("@", "a");
          const given = new URL(postgresUrl({ ...login, user, password, database, tls: "unverified" }));
          for (const [key, value] of Object.entries(tls)) given.searchParams.append(key, value);
          given.searchParams.append("application_name", label);
          expect(readAsNangoDoes(withTls(given.href, "verified"))).toEqual({
            ssl: {},
            sslmode: "verify-full",
            user,
            password,
            database,
            host: login.host,
            port: "5432",
            application_name: label,
          });
        },
      ),
    );
  });

  test("gives encryption without verification only when told so", () => {
    expect(withTls("postgres://u:p@10.0.0.5/db?sslmode=verify-full", "unverified")).toBe(
      "postgresql://u:p@10.0.0.5:5432/db?sslmode=no-verify",
    );
  });

  test.each([
    ["", "does not begin with postgresql:// or postgres://"],
    ["hunter2", "does not begin with postgresql:// or postgres://"],
    ["mysql://u:hunter2@h/db", "does not begin with postgresql:// or postgres://"],
    ["postgres:u:hunter2@h/db", "does not begin with postgresql:// or postgres://"],
    ["postgres://u:hunter2@h:port/db", "a port that is no number"],
    ["postgres://u:hunter2@h[/db", "no host name"],
    ["postgres://u:hunter2@/db", "names no host"],
    ["postgres://u:hunter2@h", "names no database"],
    ["postgres://u:hunter2@h/", "names no database"],
    ["postgres://u@hunter2/db", "names no password"],
    ["postgres://:hunter2@h/db", "names no user"],
    ["postgres://hunter2/db", "names no user"],
    ["postgres://u:hunter2/x@h/db", "unencoded special character"],
    ["postgres://u:p@hunter2@h/db", "unencoded special character"],
    ["postgres://u:12/hunter2@h/db", "unencoded special character"],
    ["postgres://u:12?hunter2@h/db", "unencoded special character"],
    ["postgres://u:12#hunter2@h/db", "unencoded special character"],
    ["postgres://u:p@hunter2/w@h/db", "unencoded special character"],
    ["postgres://u:hunter2%@h/db", "holds a % in the password"],
    ["postgres://u:hunter2%zz@h/db", "holds a % in the password"],
    ["postgres://u:hunter2%E9@h/db", "holds a % in the password"],
    ["postgres://u:hunter2%00@h/db", "holds a NUL character"],
    ["postgres://u:hunter 2@h/db", "a space, a line break"],
    ["postgres://u:hunter2@h/db\n", "a space, a line break"],
    ["postgres://u:p@h/db?password=hunter2", "sets password as a parameter"],
    ["postgres://u:p@h/db?host=hunter2&user=x", "sets host, user as a parameter"],
    ["postgres://u:hunter2@[::1]/db", "IPv6 address"],
    ["postgres://u:hunter2@10.0.0.5/db", "IP address, which verified TLS cannot check"],
    ["postgres://u:hunter2@a,b/db", "names several hosts"],
    ["postgres://u:hunter2@h:0/db", "names a port that is not from 1 to 65535"],
    ["postgres://u:hunter2@h:65536/db", "names a port that is not from 1 to 65535"],
    ["postgres://u:hunter2@h/db#x", "holds a #"],
  ])("refuses %j without repeating it", (given, message) => {
    const told = refusal(() => withTls(given, "verified"));
    expect(told).toContain(message);
    expect(told).not.toMatch(/hunter/);
  });

  test("either rewrites junk to a verified URL or refuses it without a word of the password", () => {
    const junk = fc
      .tuple(hostileText, hostileText)
      .map(([a, b]) => `postgres://nango:${a}hunter2${b}@h.example.com/db`);
    fc.assert(
      fc.property(junk, (given) => {
        let result: string;
        try {
          result = withTls(given, "verified");
        } catch (error) {
          expect((error as Error).message).not.toMatch(/hunter/);
          return;
        }
        expect(readAsNangoDoes(result)).toMatchObject({
          user: "nango",
          host: "h.example.com",
          sslmode: "verify-full",
        });
      }),
      { numRuns: 1000 },
    );
  });
});

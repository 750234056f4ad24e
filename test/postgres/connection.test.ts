import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresUrl, withTls } from "../../infra/nango/connection-url.ts";
import { Authority } from "../certificates.ts";
import { startTlsPostgres, type TlsPostgres } from "./tls-postgres.ts";

type Login = { user: string; verified: boolean } | { error: string };

let server: TlsPostgres;
let otherCaFile: string;
const folder = mkdtempSync(join(tmpdir(), "connection-test-"));

beforeAll(async () => {
  server = await startTlsPostgres();
  otherCaFile = join(folder, "other.pem");
  writeFileSync(otherCaFile, (await Authority.create("Other root")).certificate);
});

afterAll(async () => {
  for (const { child } of clients.values()) child.kill();
  rmSync(folder, { recursive: true });
  await server?.stop();
});

/** The processes that log in, by the file of the roots that they trust. */
const clients = new Map<string, { child: ChildProcess; answers: NodeJS.AsyncIterator<string> }>();

function clientThatTrusts(caFile: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("login.js", import.meta.url))], {
    env: { NODE_EXTRA_CA_CERTS: caFile },
    stdio: ["pipe", "pipe", "inherit"],
  });
  return { child, answers: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** Logs in as Nango would in a process that trusts the roots in `caFile`. */
async function logIn(urls: readonly string[], caFile = server.caFile): Promise<Login[]> {
  const { child, answers } = clients.get(caFile) ?? clientThatTrusts(caFile);
  clients.set(caFile, { child, answers });
  child.stdin?.write(`${JSON.stringify(urls)}\n`);
  return JSON.parse((await answers.next()).value as string) as Login[];
}

// https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/package-lock.json#L26594-L26628
test.each([
  ["pg", "../package.json", "8.11.3"],
  ["pg-connection-string", "package.json", "2.6.2"],
])("%s is the version that Nango pins", (name, manifest, version) => {
  const entry = createRequire(createRequire(import.meta.url).resolve("pg")).resolve(name);
  expect(JSON.parse(readFileSync(join(dirname(entry), manifest), "utf8"))).toMatchObject({ name, version });
});

test("a verified URL connects, and the server is verified", async () => {
  expect(await logIn([postgresUrl({ ...server.login, tls: "verified" })])).toEqual([
    { user: "nango", verified: true },
  ]);
});

test("a verified URL refuses a certificate from another authority", async () => {
  const [login] = await logIn([postgresUrl({ ...server.login, tls: "verified" })], otherCaFile);
  expect(login).toEqual({ error: expect.stringMatching(/^(UNABLE_TO_VERIFY|SELF_SIGNED)/) });
});

test("a verified URL refuses a certificate for another host name", async () => {
  await server.presentCertificateFor("other.example.com");
  const [login] = await logIn([postgresUrl({ ...server.login, tls: "verified" })]);
  await server.presentCertificateFor(server.login.host);
  expect(login).toEqual({ error: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID") });
});

test("a verified URL refuses a server without TLS", async () => {
  await server.offerTls(false);
  const [login] = await logIn([postgresUrl({ ...server.login, tls: "verified" })]);
  await server.offerTls(true);
  expect(login).toEqual({ error: "The server does not support SSL connections" });
});

test("the server refuses a connection without TLS", async () => {
  const plain = postgresUrl({ ...server.login, tls: "verified" }).replace(/\?.*/, "");
  expect(await logIn([plain])).toEqual([{ error: expect.stringContaining("no encryption") }]);
});

test("an unverified URL connects without any root, to whatever certificate", async () => {
  await server.presentCertificateFor("other.example.com");
  const [login] = await logIn([postgresUrl({ ...server.login, tls: "unverified" })], otherCaFile);
  await server.presentCertificateFor(server.login.host);
  expect(login).toEqual({ user: "nango", verified: false });
});

test("a URL that a user weakened is verified again", async () => {
  const given = `${postgresUrl({ ...server.login, tls: "unverified" })}&ssl=false&application_name=mine`;
  const rewritten = withTls(given, "verified");
  expect(await logIn([rewritten])).toEqual([{ user: "nango", verified: true }]);
  expect(await logIn([rewritten], otherCaFile)).toEqual([{ error: expect.stringMatching(/^(UNABLE|SELF)/) }]);
});

test("an IP address is checked against the name localhost, so a URL may not claim to verify it", async () => {
  const byName = postgresUrl({ ...server.login, tls: "verified" });
  const byAddress = byName.replace("@localhost:", "@127.0.0.1:");
  expect(await logIn([byAddress])).toEqual([{ user: "nango", verified: true }]);
  await server.presentCertificateFor("127.0.0.1");
  const [login] = await logIn([byAddress]);
  await server.presentCertificateFor(server.login.host);
  expect(login).toEqual({ error: expect.stringContaining("Host: localhost.") });
  expect(() => postgresUrl({ ...server.login, host: "127.0.0.1", tls: "verified" })).toThrow(
    "use a host name",
  );
});

test("200 hostile passwords log in", async () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
  const passwords = [
    printable,
    printable.repeat(10),
    "%",
    "100%25",
    " ",
    ...fc.sample(hostilePassword, { numRuns: 195 }),
  ];
  await server.asSuperuser(async (client) => {
    // What a password is hashed to matters, not what it takes to guess one.
    await client.query("SET scram_iterations = 1");
    for (const [i, password] of passwords.entries()) {
      await client.query(`CREATE ROLE user${i} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
  });
  const logins = await logIn(
    passwords.map((password, i) =>
      postgresUrl({ ...server.login, user: `user${i}`, password, tls: "verified" }),
    ),
  );
  const refused = passwords.filter((_, i) => {
    const login = logins[i];
    return !(login && "user" in login && login.user === `user${i}` && login.verified);
  });
  expect(refused).toEqual([]);
});

/**
 * Printable ASCII and Unicode that SASLprep leaves as it is: Postgres normalises a password before it hashes it, and
 * pg does not, so that any other can never log in (https://www.rfc-editor.org/rfc/rfc4013#section-2).
 */
const hostilePassword = fc
  .string({
    minLength: 1,
    maxLength: 100,
    unit: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) },
      {
        weight: 2,
        arbitrary: fc.constantFrom("%", "'", '"', "\\", "/", "@", ":", "?", "#", "&", "+", " ", "%41"),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom("é", "ß", "Ω", "ж", "中", "日", "한", "ا", "😀", "𝄞", "€"),
      },
    ),
  })
  .filter((password) => password === password.normalize("NFKC"));

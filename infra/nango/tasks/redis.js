/**
 * Proves that Redis takes the handshake of Nango's client, which tries for ever, and which Nango awaits before it listens:
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/clients/publisher.client.ts#L241-L250
 *
 * Runs in Nango's image as `node --input-type=module -e <this text>`. The last line says how it ended.
 * Exit codes: 0 done, 1 unforeseen or unusable environment, 2 no answer or refused, 143 stopped.
 */
import { connect as connectPlain } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

const { env } = process;
const redisSeconds = Number(env.GATE_REDIS_SECONDS ?? 180);
const requestSeconds = Number(env.GATE_REQUEST_SECONDS ?? 10);

/** @param {string} line */
const say = (line) => console.log(`nango-redis: ${line}`);

/** @param {number} code @param {string} message @returns {never} */
function fail(code, message) {
  say(message);
  process.exit(code);
}

function readAddress() {
  const given = env.NANGO_REDIS_URL ?? "";
  const url = new URL(URL.canParse(given) ? given : "none:");
  const { protocol, hostname, port, pathname, search, hash } = url;
  try {
    // An @ behind the host ends a password with an unencoded slash: what looks like the host is part of it.
    if (!/^rediss?:$/.test(protocol) || !hostname || !/^\/?\d*$/.test(pathname) || /@/.test(search + hash))
      throw new Error("unusable");
    return {
      secure: protocol === "rediss:",
      servername: hostname,
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(port || 6379),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    return fail(
      1,
      "NANGO_REDIS_URL is no redis:// or rediss:// URL with a host and percent-encoded user and password",
    );
  }
}

/** @param {string[]} words @returns {string} a command as Redis reads it */
const command = (...words) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

/**
 * One connection, until an error or the answer to PING comes back.
 * @typedef {{ text: string, problem: string, reached: boolean, tls?: string }} Answer
 * @param {boolean} secure @param {string} commands @param {boolean} [verify] @returns {Promise<Answer>}
 */
function ask(secure, commands, verify = true) {
  return new Promise((resolve) => {
    /** @type {Answer} */
    const answer = { text: "", problem: "", reached: false };
    const { host, port, servername } = address;
    const tls =
      secure && connectTls({ host, port, servername, ...(!verify && { rejectUnauthorized: false }) });
    const socket = tls || connectPlain({ host, port });
    /** @param {string} problem */
    const end = (problem) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...answer, problem });
    };
    const timer = setTimeout(() => end("timeout"), requestSeconds * 1000);
    socket.setEncoding("utf8").once("connect", () => (answer.reached = true));
    socket.once(tls ? "secureConnect" : "connect", () => {
      if (tls) answer.tls = tls.authorized ? "TLS, server verified" : "TLS, server NOT verified";
      socket.write(commands);
    });
    socket.on("data", (text) => {
      answer.text += text;
      if (/^[^%*+-]/.test(answer.text)) end("something else than Redis answers: check host and port");
      else if (/^(-.*|\+PONG)\r\n/m.test(answer.text)) end("");
    });
    socket.on("error", (/** @type {any} */ error) => end(error.code ?? error.message));
    socket.on("close", () => end("connection closed"));
  });
}

/** What Redis answers while it starts, or is full for a moment. Anything else is final. */
const transient =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout|connection closed|LOADING|ERR max)/;

/** @type {[RegExp, string][]} */
const causes = [
  [/^WRONGPASS/, "wrong user or password"],
  [/^NOAUTH/, "it asks for a password: give it as in rediss://:password@host"],
  [/^(NOPROTO|ERR unknown command)/, "it is too old: Nango needs Redis 6 or later, or Valkey"],
  [/^ERR_TLS_CERT_ALTNAME/, "its certificate is for another host name: connect by that name"],
  [
    /^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|INVALID_CA)/,
    `its certificate is not trusted: the file of NODE_EXTRA_CA_CERTS (${env.NODE_EXTRA_CA_CERTS ?? "unset"}) must hold its root`,
  ],
  [/CERTIFICATE_REQUIRED/, "it wants a certificate of its clients, and Nango has none"],
  [/^ECONNREFUSED/, "nothing listens there: check host and port"],
  [/^ENOTFOUND/, "that host name does not exist"],
  [/^timeout/, "no answer: check security groups, routes and port"],
];

/** Fails when one of server and URL speaks TLS and the other does not. Sends no credentials. */
async function checkProtocol() {
  const other = await ask(!secure, command("PING"), false);
  if (secure && /^[+-]/.test(other.text))
    fail(2, `${title}: it speaks no TLS: switch it on there, or begin the URL with redis://`);
  if (!secure && other.tls) fail(2, `${title}: it speaks TLS: begin the URL with rediss://`);
}

/** @param {string} text what Redis says of itself @param {string} key */
const field = (text, key) => text.match(`\\r\\n${key}\\r\\n\\$\\d+\\r\\n(.*)\\r\\n`)?.[1] ?? "";

/** @param {Answer} answer */
function check({ text, tls }) {
  const mode = field(text, "mode");
  if (/cluster|sentinel/.test(mode))
    fail(2, `${title}: ${mode} mode, but Nango knows single servers only: switch it off there`);
  if (field(text, "role") === "replica")
    fail(2, `${title}: a read-only replica, but Nango needs the primary`);
  say(`${title}: ${field(text, "server")} ${field(text, "version")}, ${tls ?? "NO encryption"}`);
}

/** Waits for a server that is not there yet. */
async function prove() {
  const login = password ? ["AUTH", user || "default", password] : [];
  const commands = command("HELLO", "3", ...login) + command("PING");
  const deadline = Date.now() + redisSeconds * 1000;
  for (let told = ""; ; await sleep(1000)) {
    const answer = await ask(secure, commands);
    const refusal = /^-(.*)\r/m.exec(answer.text)?.[1];
    const error = refusal ?? answer.problem;
    if (!error) return check(answer);
    const cause = causes.find(([pattern]) => pattern.test(error))?.[1];
    // Old servers repeat a command that they do not know.
    const shown = password ? error.replace(/, with args.*/, "").replaceAll(password, "***") : error;
    const line = `${title}: ${cause ? `${cause} (${shown})` : shown}`;
    if (answer.reached && !refusal && !answer.tls) await checkProtocol();
    if (!transient.test(error)) fail(2, line);
    if (Date.now() > deadline) fail(2, `${line}, for ${redisSeconds} s`);
    if (told !== line) say(`waiting for ${line}`);
    told = line;
  }
}

// As PID 1, node dies of no signal that it has no handler for.
process.on("SIGTERM", () => fail(143, "stopped"));
const address = readAddress();
const { secure, user, password } = address;
const title = `NANGO_REDIS_URL (${address.servername}:${address.port})`;
try {
  await prove();
  say("done");
  process.exit(0);
} catch (error) {
  fail(1, String(error));
}

import { WebSocket } from "ws";
import { bad, type Check, good, type Outcome, skipped } from "../../checks/check.ts";
import { defaultMilliseconds, reasonOf } from "./request.ts";
import type { Site } from "./site.ts";

export const opens: Check<Site> = {
  id: "websocket",
  title: "Websocket",
  async run(site): Promise<Outcome> {
    const path = pathOf(site);
    const opened = await open(site);
    if (typeof opened === "string") return refused(path, opened, site.expected.websocketsPath === undefined);
    opened.terminate();
    return good(`it opens at ${path}, and Nango greets`);
  },
};

/** A person takes a minute or two to sign in somewhere, in which nothing is sent. */
const idleMilliseconds = 90_000;

export const stays: Check<Site> = {
  id: "idle-websocket",
  title: "Idle websocket",
  async run(site): Promise<Outcome> {
    const milliseconds = site.network.idleMilliseconds ?? idleMilliseconds;
    if (!site.slow) return skipped(`it takes ${milliseconds / 1000} s: --slow`);
    const opened = await open(site);
    if (typeof opened === "string") return skipped("it does not open");
    const started = Date.now();
    const closed = await closedWithin(opened, milliseconds);
    opened.terminate();
    if (!closed) return good(`it lives for ${milliseconds / 1000} s without a word`);
    return bad(
      `it is cut after ${Math.round((Date.now() - started) / 1000)} s without a word: who takes longer to sign in to a provider is never connected`,
      "let connections be idle for 300 s in whatever stands before Nango, as in the stack's load balancer",
    );
  },
};

function pathOf({ expected }: Site): string {
  return expected.websocketsPath ?? "/";
}

/** The websocket once Nango has greeted, or why there is none. */
function open(site: Site): Promise<WebSocket | string> {
  const { lookup, ca, milliseconds = defaultMilliseconds } = site.network;
  const url = new URL(pathOf(site), site.url);
  url.protocol = url.protocol.replace("http", "ws");
  const websocket = new WebSocket(url, { ...(lookup && { lookup }), ...(ca && { ca }) });
  return new Promise((resolve) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      resolve(why);
      websocket.terminate();
    };
    const timer = setTimeout(fail, milliseconds, `no word from Nango within ${milliseconds / 1000} s`);
    websocket.on("error", (error) => {
      const status = /Unexpected server response: (\d+)/.exec(error.message)?.[1];
      fail(status === undefined ? reasonOf(error, milliseconds) : `the answer is ${status}`);
    });
    websocket.once("close", () => fail("it is closed at once"));
    websocket.once("message", (data) => {
      clearTimeout(timer);
      const text = Buffer.isBuffer(data) ? data.toString("utf8") : "";
      if (text.includes('"connection_ack"')) resolve(websocket);
      else fail(`what answers is not Nango: ${text.slice(0, 80)}`);
    });
  });
}

function refused(path: string, why: string, isGuess: boolean): Outcome {
  const remedy =
    "whatever stands before Nango has to pass on the headers upgrade and connection; without it nobody can connect an account by OAuth";
  const other = isGuess
    ? " If Nango has another path (NANGO_SERVER_WEBSOCKETS_PATH), name the stack."
    : " Nango itself answers 400 at any path but NANGO_SERVER_WEBSOCKETS_PATH: deploy the stack.";
  return bad(`it does not open at ${path}: ${why}`, `${remedy}.${other}`);
}

async function closedWithin(websocket: WebSocket, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const end = new Promise<boolean>((resolve) => websocket.once("close", () => resolve(true)));
  try {
    return await Promise.race([end, patience]);
  } finally {
    clearTimeout(timer);
  }
}

import http from "node:http";
import https from "node:https";
import { isHttps, isLoopback, type Network } from "./site.ts";

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A host gave no answer; the message says why, in words that follow its name. */
export class NoAnswer extends Error {
  /** Node's code for it, as in `ECONNREFUSED`. */
  get code(): string {
    return this.cause instanceof Error ? codeOf(this.cause) : "";
  }
}

export const defaultMilliseconds = 5_000;
const mostBytes = 1_000_000;

/**
 * Asks for a page, without following redirects. A certificate that does not verify is no answer.
 * @throws NoAnswer
 */
export async function get(
  network: Network,
  url: URL,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { lookup, ca, milliseconds = defaultMilliseconds } = network;
  const signal = AbortSignal.timeout(milliseconds);
  const options = { headers, signal, agent: false, ...(lookup && { lookup }), ...(ca && { ca }) };
  let begun = false;
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = (isHttps(url) ? https : http).get(url, options, resolve);
      request.once("error", reject);
    });
    begun = true;
    return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
  } catch (error) {
    // Node calls an answer that is cut off by this end a broken connection, too.
    const reason =
      begun && signal.aborted
        ? `begins to answer, and does not end within ${milliseconds / 1000} s`
        : reasonOf(error, milliseconds);
    throw new NoAnswer(reason, { cause: error });
  }
}

/** As `get`, with what must not be overheard. @throws NoAnswer also where it could be. */
export async function getWithSecret(network: Network, url: URL, authorization: string): Promise<Reply> {
  if (!isHttps(url) && !isLoopback(url)) throw new NoAnswer("is plain HTTP, over which no secret is sent");
  return get(network, url, { authorization });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const reasons: Readonly<Record<string, string>> = {
  ABORT_ERR: "does not answer",
  ECONNREFUSED: "lets nobody connect: nothing listens there",
  ECONNRESET: "breaks the connection",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  ENOTFOUND: "is no name that resolves",
  EAI_AGAIN: "cannot be looked up: the resolver does not answer",
  EPROTO: "does not speak TLS there",
  ERR_SSL_WRONG_VERSION_NUMBER: "does not speak TLS there",
  ETIMEDOUT: "does not answer",
};

/** Why a connection failed, in words that follow the host's name. */
export function reasonOf(error: unknown, milliseconds: number): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (error.name === "TimeoutError" || code === "ABORT_ERR")
    return `does not answer within ${milliseconds / 1000} s`;
  if (code.startsWith("HPE_")) return `does not speak HTTP there (${code})`;
  return reasons[code] ?? `fails: ${(error.message || code).trim().replace(/\s+/g, " ")}`;
}

/** Of a host with several addresses Node gathers the errors of all. */
export function codeOf(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  return (first as NodeJS.ErrnoException).code ?? "";
}

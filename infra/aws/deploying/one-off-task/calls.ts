import type { Clock } from "./clock.ts";

const pausesInSeconds = [1, 2, 4, 8, 16, 30];

/**
 * Makes a call to AWS and repeats it, unchanged, after throttling, a server's fault or a broken connection: at most
 * seven times within about a minute, each bounded to 15 s. Clients must be made with `maxAttempts: 1`, so that
 * this is the only place that repeats.
 */
export async function call<T>(clock: Clock, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (const pause of pausesInSeconds) {
    try {
      return await request(AbortSignal.timeout(15_000));
    } catch (error) {
      if (!isPassing(error)) throw error;
      await clock.sleep(pause * 1000);
    }
  }
  return request(AbortSignal.timeout(15_000));
}

/** The SDK turns ECONNRESET, EPIPE and ETIMEDOUT into a TimeoutError, and the end of our patience into an AbortError. */
const brokenConnections = new Set([
  "AbortError",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "TimeoutError",
]);

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined)
    return status >= 500 || status === 429 || /throttl|rate exceeded/i.test(`${error}`);
  return brokenConnections.has(error.name) || (typeof code === "string" && brokenConnections.has(code));
}

/** An error in one line, with its name where that says something. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  return text.replace(/\s+/g, " ");
}

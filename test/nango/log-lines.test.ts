import { inspect } from "node:util";
import { expect, test } from "vitest";
import { callNotLookedUp, refreshFailed, serverError, serverListens } from "../../infra/nango/log-lines.ts";

/** An error as Nango prints it. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/utils/lib/logger.ts#L233-L258 */
function printed(message: string, meta: object): string[] {
  const shown = inspect(meta, {
    showHidden: false,
    showProxy: false,
    depth: 5,
    colors: true,
    compact: true,
    sorted: true,
    breakLength: Infinity,
  });
  return `12:34:56.789 error (ErrorManager) ${message} ${shown}`.split("\n");
}

/** As in https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/error.ts */
class NangoError extends Error {
  readonly type: string;
  readonly status: number;
  readonly payload: object;
  constructor(type: string, status: number, payload: object = {}) {
    super(`${type} happened`);
    this.type = type;
    this.status = status;
    this.payload = payload;
  }
}

/** Whether a filter pattern of CloudWatch finds a line: an expression in %, or phrases that all have to be there. */
function finds(pattern: string, line: string): boolean {
  const expression = /^%(.*)%$/.exec(pattern)?.[1];
  if (expression !== undefined) return new RegExp(expression).test(line);
  return [...pattern.matchAll(/"([^"]+)"/g)].every(([, phrase = ""]) => line.includes(phrase));
}

const found = (pattern: string, lines: readonly string[]) => lines.filter((line) => finds(pattern, line));

test("an error that is answered with 5xx is counted once", () => {
  const lines = printed("Response error", { err: new NangoError("generic_error_support", 500) });
  expect(lines.length).toBeGreaterThan(3);
  expect(found(serverError, lines)).toHaveLength(1);
  expect(
    found(serverError, printed("Response error", { err: new NangoError("bad_gateway", 502) })),
  ).toHaveLength(1);
});

test("an error of the caller is not counted", () => {
  const lines = printed("Response error", { err: new NangoError("missing_auth_header", 401, { at: 500 }) });
  expect(found(serverError, lines)).toEqual([]);
});

test("a call without the database is counted, in each way that Nango 0.71.4 printed it, and one without a right key is not", () => {
  const line = (event: string, message: string) =>
    `\u001b[35m01:42:23.610\u001b[39m \u001b[31merror\u001b[39m \u001b[2m(AccessMiddleware) \u001b[22m${event} {"name":"Error","message":"${message}"} `;
  const lines = [
    line("failed_get_env_by_secret_key", "Connection terminated unexpectedly"),
    line("failed_get_env_by_connect_session_or_secret", "connect ECONNREFUSED 127.0.0.1:5432"),
    line("failed_get_env_by_connect_session_or_secret", "Unsupported state or unable to authenticate data"),
  ];
  expect(found(callNotLookedUp, lines)).toEqual(lines);
  const refused = printed("Response error", { err: new NangoError("unknown_account", 401) });
  expect(found(callNotLookedUp, refused)).toEqual([]);
});

test("a start of a server is counted, and nothing else that it prints", () => {
  const lines = [
    "12:00:00.000 info (Server) Received SIGTERM...",
    "12:00:00.000 info (Server) ✅ Nango Server with version 0.71.4 is listening on port 3003. OAuth callback URL: https://nango.example.com/oauth/callback ",
    "12:00:00.000 info (Server) Role-based authorization: disabled ",
    "Launch Nango at http://localhost:3003",
    " INFO  Accepting connections at http://localhost:3009",
  ];
  expect(found(serverListens, lines)).toEqual([lines[1]]);
});

test("a token that could not be refreshed is counted, and no other operation", () => {
  const operation = (action: string) =>
    `12:00:00.000 info (logs) [debug] operation(${JSON.stringify({ message: "x", id: "1_a", operation: { type: "auth", action }, state: "running" })}) `;
  const lines = [
    operation("create_connection"),
    operation("connection_test"),
    operation("refresh_token"),
    "12:00:00.000 info (connectionRefresh) Refreshing connection { connectionId: 1, reason: 'expired_token' }",
  ];
  expect(found(refreshFailed, lines)).toEqual([lines[2]]);
});

// Letters, digits, _#=@/;,- and ^$?[]{}|\*+. are all that CloudWatch takes; it refuses others, and groups.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
test.each([serverError, callNotLookedUp, refreshFailed])(
  "%s is an expression that CloudWatch takes",
  (pattern) => {
    expect(pattern).toMatch(/^%[\w:#=@/;,^$?[\]{}|\\*+.-]+%$/);
    // Of repetitions it names {m,n} alone.
    expect(pattern).not.toMatch(/\{\d*\}/);
  },
);

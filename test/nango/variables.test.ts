import { describe, expect, test } from "vitest";
import { variableNames, variableProblem, variableType } from "../../infra/nango/variables.ts";

// One of each kind and those that surprised someone; the whole table was compared with Nango's schema by running it.
test.each([
  ["SERVER_PORT", "number"],
  ["NANGO_DB_POOL_MAX", "number"],
  ["AUTH_ALLOW_SIGNUP", "boolean"],
  ["RECORDS_DATABASE_SSL", "boolean"],
  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/utils/lib/environment/detection.ts#L28-L42
  ["FLAG_AUTH_ENABLED", "literal boolean"],
  ["FLAG_AUTH_ROLES_ENABLED", "literal boolean"],
  ["NANGO_MIGRATE_AT_START", "literal boolean"],
  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/env.ts#L4
  ["NANGO_LOGS_ENABLED", "literal boolean"],
  ["NANGO_DATABASE_URL", "url"],
  ["NANGO_DASHBOARD_API_URL", "url or /"],
  ["NANGO_OUTBOUND_URL_POLICY", "json"],
  ["NANGO_LOGS_PROVIDER", ["elasticsearch", "opensearch"]],
  ["NANGO_ADMIN_KEY", "string"],
  ["RUNNER_EGRESS_NANGO_PORTS", "string"],
  ["NANGO_FEATURE_FLAG_MFA", "string"],
  ["DD_TRACE_ENABLED", "string"],
  ["NODE_EXTRA_CA_CERTS", "string"],
  // https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/utils/lib/axios.ts#L48-L49
  ["http_proxy", "http url"],
  ["HTTPS_PROXY", "http url"],
  ["AWS_PROFILE", "string"],
  ["TELEMETRY", undefined],
  ["WORKER_PORT", undefined],
  ["constructor", undefined],
])("%s is read as %j", (name, type) => {
  expect(variableType(name)).toEqual(type);
});

test("the table has each name once", () => {
  expect(new Set(variableNames).size).toBe(variableNames.length);
  expect(variableNames.filter((name) => !/^([A-Z][A-Z0-9_]+|(https?|no)_proxy)$/.test(name))).toEqual([]);
  expect(variableNames.length).toBeGreaterThan(390);
});

describe("variableProblem", () => {
  test.each<[string, string[], string[], RegExp]>([
    ["SERVER_PORT", ["3003", "0", "-1", "1.5"], ["x", " ", "3003px"], /must be a number/],
    ["AUTH_ALLOW_SIGNUP", ["true", "NO", "1", "off", "y"], ["2", "truthy"], /must be true or false/],
    ["FLAG_AUTH_ENABLED", ["true", "false"], ["0", "no", "False"], /must be exactly true or false/],
    ["NANGO_SERVER_URL", ["https://nango.example.com"], ["nango.example.com", "/"], /must be a URL$/],
    ["NANGO_DASHBOARD_API_URL", ["https://x.example.com", "/"], ["/api", "x"], /must be a URL or \//],
    ["NANGO_OUTBOUND_URL_POLICY", ['{"blockPrivateIps":false}'], ["{blockPrivateIps}"], /must be JSON/],
    ["LOG_LEVEL", ["debug"], ["verbose", "DEBUG"], /must be one of info, debug, warn, error/],
    [
      "https_proxy",
      ["http://proxy.example.com:3128", "https://u:p@proxy.example.com"],
      ["proxy.example.com:3128", "socks5://proxy.example.com"],
      /must be a URL that begins with http:\/\/ or https:\/\//,
    ],
    ["NANGO_ADMIN_KEY", ["anything"], [""], /is empty; leave it out instead/],
    ["MY_OWN", ["anything"], [""], /is empty/],
  ])("%s", (name, good, bad, message) => {
    for (const value of good) expect(variableProblem(name, value), value).toBeUndefined();
    for (const value of bad) expect(variableProblem(name, value), value).toMatch(message);
  });
});

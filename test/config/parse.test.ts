import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";
import { parseConfiguration } from "../../infra/config/parse.ts";
import { ConfigurationError } from "../../infra/config/problem.ts";
import { defaultText } from "../../infra/config/settings/setting.ts";
import { settings, type SettingName } from "../../infra/config/settings.ts";
import { anyCharacter } from "../any-character.ts";
import { refusal } from "../refusal.ts";
import { leastTexts, parse, parseTexts, problems, problemsOf } from "./given.ts";

const names = Object.keys(settings) as SettingName[];
const secretNames = names.filter((name) => settings[name].secret);
const lists = names.filter((name) => settings[name].type === "array");

const anyText = fc.string({ unit: anyCharacter });
const url = fc
  .tuple(fc.constantFrom("http", "https", "postgres", "rediss"), fc.domain(), anyText)
  .map(([scheme, host, place]) => `${scheme}://${host}/${encodeURI(place)}`);

/** Texts that nearly mean something, and some that mean nothing. */
const junk = fc.oneof(
  fc.string(),
  anyText,
  fc.json(),
  url,
  fc.integer().map(String),
  fc.constantFrom(
    ...names.map((name) => settings[name].example),
    ..."none preset generated true false medium large external opensearch elasticache accounts dedicated 1".split(
      " ",
    ),
    "[]",
    "{}",
    "null",
    "NaN",
    "__proto__",
    "10.0.0.0/33",
    "constructor.x.search",
    "db.constructor.x",
    "\0",
  ),
);
const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<string>(...names) },
  fc.constantFrom("__proto__", "constructor", "toString", ""),
  fc.string(),
);

test("on junk of any kind, throws nothing but a ConfigurationError", () => {
  const given = fc.record({
    stack: fc.string(),
    region: fc.option(fc.oneof(fc.constantFrom("eu-central-1", "mx-central-1", "(", "[a-z]+"), fc.string()), {
      nil: undefined,
    }),
    values: fc.dictionary(key, junk, { maxKeys: 12 }).map((values) => ({ ...leastTexts, ...values })),
    secretKeys: fc.array(key).map((keys) => new Set(keys)),
  });
  fc.assert(
    fc.property(given, (input) => {
      problemsOf(() => parseConfiguration(input, (text) => text));
    }),
    { numRuns: 300 },
  );
});

test("never shows a secret, neither in problems nor in warnings nor in what is kept", () => {
  const token = "hunter2-hunter2";
  const shape = fc.constantFrom(
    token,
    `${token}:`,
    `https://${token}`,
    `https://u:${token}@h`,
    `rediss://:${token}@redis.example.com`,
    `postgres://u:${token}@db.example.com/d`,
    `postgres://u:${token}@10.0.0.1/d`,
    `postgres://${token}/d`,
    `postgres://u:${token}#@db.example.com/d`,
    `postgres://u:%zz${token}@db.example.com/d`,
    `smtp://${token}`,
    `{"LOG_LEVEL":"${token}"}`,
    `{"A":{"B":"${token}"}}`,
    `{"CI":"${token}"}`,
    `{"MY_KEY":"${token}"}`,
  );
  const secrets = fc.dictionary(fc.constantFrom<string>(...secretNames, "environment"), shape, {
    minKeys: 1,
  });
  const others = fc.dictionary(fc.constantFrom("logs", "redis", "dashboardAuth", "size"), junk, {
    maxKeys: 2,
  });
  fc.assert(
    fc.property(secrets, others, (secret, other) => {
      const surroundings = { secretKeys: new Set(Object.keys(secret)) };
      const { shown, kept } = (() => {
        try {
          const { config, warnings } = parse({ ...other, ...secret }, surroundings);
          const hidden = JSON.stringify(config, (name, value) => (name === "concealed" ? "***" : value));
          return { shown: warnings.join("\n"), kept: hidden };
        } catch (error) {
          return { shown: (error as Error).message, kept: "" };
        }
      })();
      expect(shown).not.toContain(token);
      expect(kept).not.toContain(token);
    }),
    { numRuns: 300 },
  );
});

test("shows all problems at once, under the name of the stack", () => {
  const message = refusal(() =>
    parse(
      { size: "huge", domain: "Nango.example.com/", vpcCidr: "10.0.0.0/28", replicas: "0", domian: "x" },
      { stack: "staging", region: "Frankfurt" },
    ),
  );
  expect(message).toMatch(/^The configuration of the stack "staging" has 6 problems:\n\n {2}- /);
  for (const part of ["size", "domain", "vpcCidr", "replicas", "domian"])
    expect(message).toContain(`nango:${part} `);
  expect(message).toContain('aws:region = "Frankfurt" names no region.');
  // One more problem would be "has 7 problems", one alone is "a problem".
  expect(refusal(() => parse({ size: "huge" }))).toMatch(
    /^The configuration of the stack "dev" has a problem:/,
  );
});

test.each(names)(
  "an illegal %s is named with its value, the legal ones and a command that mends it",
  (name) => {
    const value = settings[name].secret ? "(secret)" : '"\\t§"';
    const [problem, ...others] = problems({ [name]: "\t§" });
    expect(problem).toMatch(
      /^nango:\w+ = .+\.\nLegal: .+\. For example.*: npx pulumi config set -s dev .+$/s,
    );
    // A secret does not belong into a file in plain text.
    expect(problem?.includes(`For example in stacks/Pulumi.dev.yaml: \`nango:${name}: `)).toBe(
      !settings[name].secret,
    );
    expect(problem).toContain(`nango:${name} = ${value} `);
    expect(problem).toContain(`Legal: ${settings[name].legal}.`);
    expect(problem?.includes(" --secret ")).toBe(settings[name].secret);
    expect(others).toEqual([]);
  },
);

// The CLI refuses a text for a key that Pulumi.yaml declares as a list or map.
// https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/workspace/config.go#L120-L152
test("lists and maps are mended item by item", () => {
  for (const name of lists) expect(problems({ [name]: "7" })[0]).toContain(` --path 'nango:${name}[0]' `);
  expect(problems({ environment: "7" })[0]).toContain(" --path nango:environment.LOG_LEVEL debug");
});

test("a value that a shell or the CLI would misread is quoted", () => {
  expect(problems({ trustedCaPem: "x" })[0]).toContain('nango:trustedCaPem -- "$(cat ca.pem)"');
  const bundle = (rdsCertificates("eu-central-1") ?? "").repeat(10);
  expect(problems({ trustedCaPem: bundle })[0]).toContain(
    "give only the authorities that your servers' certificates come from",
  );
  expect(problems({ smtpUrl: "smtp://h", smtpFrom: "" })[0]).toContain("'Nango <nango@example.com>'");
});

describe("an unknown key", () => {
  test.each([
    ["domian", "domain"],
    ["databaseURL", "databaseUrl"],
    ["database-url", "databaseUrl"],
    ["openSearchInstanceType", "searchInstanceType"],
    ["replica", "replicas"],
    ["alowedCidrs", "allowedCidrs"],
  ])("%s is refused, and %s suggested", (unknown, nearest) => {
    expect(problems({ [unknown]: "hunter2" })).toEqual([
      `nango:${unknown} is not a setting. Did you mean nango:${nearest}? Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev nango:${unknown}`,
    ]);
  });

  test("that is the provider's is suggested there", () => {
    expect(problems({ region: "eu-west-1" })[0]).toMatch(
      /^nango:region is not a setting\. Did you mean aws:region\?/,
    );
  });

  test.each(["banana", "constructorr", "loadBalancerScheme"])(
    "%s is like none, and none is suggested",
    (unknown) => {
      expect(problems({ [unknown]: "x" })).toEqual([
        `nango:${unknown} is not a setting. Remove it from stacks/Pulumi.dev.yaml, or: npx pulumi config rm -s dev nango:${unknown}`,
      ]);
    },
  );

  test.each(["constructor", "toString", "hasOwnProperty"])(
    "%s is one, although every object has it",
    (unknown) => {
      expect(problems({ [unknown]: "x" })).toHaveLength(1);
    },
  );
});

describe("a combination with an unreadable part is not judged", () => {
  test.each<[string, Record<string, string>]>([
    [
      "a target that everything depends on",
      { target: "dokcer", availabilityZones: "1", databaseTls: "unverified" },
    ],
    ["a size of which CPU and memory would be one", { size: "larg", cpu: "4096" }],
    ["a size of which the storage would be one", { size: "larg", databaseMaxStorageGb: "20" }],
    ["a size that decides the replicas", { size: "larg", redis: "none", maxReplicas: "3" }],
    ["a size that decides the search nodes", { size: "larg", logs: "opensearch", searchVolumeGb: "300" }],
    ["a database that takes the replicas", { databaseInstanceClass: "large", maxReplicas: "20" }],
    ["a database that makes its TLS matter", { databaseUrl: "db", databaseTls: "unverified" }],
    [
      "connections that make a new class known",
      { databaseMaxConnections: "x", databaseInstanceClass: "db.m9g.large" },
    ],
    ["a domain that makes its certificate matter", { domain: "x", connectDomain: "connect.example.com" }],
    ["a VPC that makes its subnets matter", { vpcId: "x", publicSubnetIds: '["subnet-01234567"]' }],
    ["a VPC that makes its own range moot", { vpcId: "x", vpcCidr: "10.0.0.0/28" }],
    ["a logs store that makes its user matter", { logs: "elastic", logsUser: "nango" }],
    ["a Redis that makes its URL matter", { redis: "valkey", redisUrl: "rediss://redis.example.com" }],
    [
      "an authentication that makes a password matter",
      { dashboardAuth: "x", dashboardPassword: "long-enough-word" },
    ],
  ])("%s", (_, values) => {
    expect(problems(values)).toHaveLength(1);
  });
});

test("what is left out is what Pulumi.yaml gives as the default", () => {
  const defaults = Object.fromEntries(names.map((name) => [name, defaultText(settings[name])]));
  expect(parseTexts({ ...defaults, ...leastTexts })).toEqual(parseTexts(leastTexts));
});

test("the error carries its problems for machines too", () => {
  const error = (() => {
    try {
      return parse({ size: "huge" });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as ConfigurationError).problems).toMatchObject([{ keys: ["size"] }]);
});

test("where a secret has to be set the message says what that takes", () => {
  const thrown = (values: Record<string, string>) => refusal(() => parse(values, { stack: "mine" }));
  expect(thrown({ redis: "external" })).toMatch(
    /npx pulumi config set -s mine --secret nango:redisUrl .*\n\nSecrets are set once the stack is made: npm run preview -- mine makes it\.\n$/s,
  );
  expect(thrown({ size: "huge" })).not.toContain("Secrets are set");
});

test("a password in a key that is not secret is not repeated", () => {
  const [said] = problems({ logs: "external", logsUrl: "https://user:hunter2@logs.example.com" });
  expect(said).toContain("holds credentials");
  expect(said).not.toContain("hunter2");
});

test("an item of a list that is stored encrypted is not repeated", () => {
  const said = problems({ allowedCidrs: '["hunter2"]' }, { secretKeys: new Set(["allowedCidrs"]) });
  expect(said.join()).toContain("(secret)");
  expect(said.join()).not.toContain("hunter2");
});

test("a misspelt namespace is told, and another one is left alone", () => {
  const read = (...keys: string[]) =>
    problemsOf(() =>
      parseConfiguration(
        {
          stack: "dev",
          region: "eu-central-1",
          values: leastTexts,
          secretKeys: new Set(),
          others: Object.fromEntries(keys.map((key) => [key, "x"])),
        },
        (text) => text,
      ),
    );
  expect(read("nagno:domain")[0]).toContain("Did you mean nango:domain?");
  expect(read("NANGO:size")[0]).toContain("Did you mean nango:size?");
  expect(read("aws:region", "docker:host", "random:x", "pulumi:tags")).toEqual([]);
});

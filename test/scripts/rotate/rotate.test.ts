import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { rotate as table } from "../../../scripts/rotate/arguments.ts";
import { rotated } from "../../../scripts/rotate/command.ts";
import { deployed, directory, projectsOfTheirOwn } from "../deployed-project.ts";
import { resource } from "../pulumi/state.ts";

/** A Pulumi CLI that answers from files, and adds a line to the stack's file for each change of the configuration. */
const pulumi = `#!/bin/sh
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") cat "$FOLDER/state.json" ;;
  "stack output") cat "$FOLDER/outputs.json" ;;
  "config --show-secrets") cat "$FOLDER/config.json" ;;
  "config set"|"config rm") echo "# $*" >> "$FOLDER/stacks/Pulumi.dev.yaml" ;;
esac
`;

projectsOfTheirOwn({ pulumi }, ["/usr/bin", "/bin"]);

const stackFile = () => readFileSync(path.join(directory, "stacks/Pulumi.dev.yaml"), "utf8");
/** The changes of the configuration, without what each has in common. */
const changes = () =>
  [...stackFile().matchAll(/^# config (.*) --stack dev --non-interactive$/gm)].map(([, change]) => change);

/** Deploys a stack whose passwords have these generations. */
function stackWith(
  generations: Readonly<Record<string, number>>,
  config: Readonly<Record<string, unknown>> = {},
  outputs: Readonly<Record<string, unknown>> = {},
): void {
  const resources = Object.entries(generations).map(([name, generation]) =>
    resource("random:index/randomPassword:RandomPassword", name, {
      inputs: generation === 0 ? {} : { keepers: { generation: String(generation) } },
    }),
  );
  deployed(resources, { "aws:region": "eu-central-1", ...config });
  writeFileSync(path.join(directory, "outputs.json"), JSON.stringify(outputs));
}

interface Run {
  readonly code: number;
  readonly said: string;
  /** The flags of each deployment. */
  readonly ups: readonly (readonly string[])[];
}

/** Runs the command; each deployment does what a test says, and answers its exit code. */
async function run(
  args: readonly string[],
  deployments: readonly (() => number)[] = [],
  canAsk = true,
): Promise<Run> {
  const ups: (readonly string[])[] = [];
  let said = "";
  const code = await rotated(readCommandLine<(typeof table)["flags"]>(table, args, {}), {
    directory,
    canAsk,
    say: (text) => void (said += text),
    up: (stack, flags) => {
      ups.push([stack, ...flags]);
      return Promise.resolve(deployments[ups.length - 1]?.() ?? 99);
    },
    network: {},
  });
  return { code, said, ups };
}

describe("raises the number in the stack's file, and deploys", () => {
  test.each<[configured: unknown, made: number, next: string]>([
    [undefined, 0, "1"],
    [{ admin: 4, dashboard: 7 }, 4, "5"],
    // What was written for a review and not deployed yet.
    [{ admin: 5 }, 4, "5"],
  ])("from %j, of which %d is deployed, to %s", async (configured, made, next) => {
    stackWith({ "nango-admin-key": made }, configured === undefined ? {} : { "nango:rotate": configured });
    const { code, said, ups } = await run(["dev", "admin"], [() => 0]);
    expect(code).toBe(0);
    expect(said).toMatch(
      new RegExp(`\\(nango:rotate\\.admin: ${made} -> ${next}\\)\\.\n- Everyone is logged out`),
    );
    expect(said).toMatch(/\nMade anew: the key that signs .* of dev\. Commit \S+Pulumi\.dev\.yaml: /);
    expect(ups).toEqual([["dev"]]);
    expect(changes()).toEqual([`set --path nango:rotate.admin ${next}`]);
  });

  test("with --yes without a question, and without a terminal with --yes only", async () => {
    stackWith({ "nango-admin-key": 0 });
    await expect(run(["dev", "admin"], [], false)).rejects.toThrow(/this is none: add --yes, or --write/);
    await expect(run(["nope", "admin"], [], false)).rejects.toThrow("there is no stack 'nope'");
    expect(changes()).toEqual([]);
    expect((await run(["dev", "admin", "--yes"], [() => 0], false)).ups).toEqual([["dev", "--yes"]]);
  });

  test("with --write nothing is deployed", async () => {
    stackWith({ "nango-cache-token": 0 });
    const { said, ups, code } = await run(["dev", "redis", "--write"], [], false);
    expect([code, ups]).toEqual([0, []]);
    expect(changes()).toEqual(["set --path nango:rotate.redis 1", "set nango:acceptOldRedisToken true"]);
    expect(said).toContain("npx pulumi config rm -s dev nango:acceptOldRedisToken, and deploy again");
  });
});

describe("a deployment that does not end well", () => {
  test("leaves the file as it was where nothing was made, as after a no", async () => {
    stackWith({ "nango-admin-key": 0 });
    const before = stackFile();
    const { code, said } = await run(["dev", "admin"], [() => 255]);
    expect(code).toBe(255);
    expect(stackFile()).toBe(before);
    expect(said).toContain("Nothing is made anew, and ");
  });

  test("leaves a file alone that somebody else has changed meanwhile", async () => {
    stackWith({ "nango-admin-key": 0 });
    const file = path.join(directory, "stacks/Pulumi.dev.yaml");
    await run(["dev", "admin"], [() => (writeFileSync(file, "config:\n  other: 1\n"), 255)]);
    expect(stackFile()).toBe("config:\n  other: 1\n");
  });

  test("keeps the number of a value that was made, and says how to go on", async () => {
    stackWith({ "nango-database-password": 0 });
    const { code, said } = await run(
      ["dev", "database"],
      [() => (stackWith({ "nango-database-password": 1 }), 1)],
    );
    expect(code).toBe(1);
    expect(changes()).toEqual(["set --path nango:rotate.database 1"]);
    expect(said).toMatch(
      /go on with npm run up -- dev\. Until then what runs may have the old value, which may be refused/,
    );
  });
});

describe("the token of ElastiCache", () => {
  const accepting = { "nango:rotate": { redis: 1 }, "nango:acceptOldRedisToken": "true" };

  test("is changed in two deployments, between which both are accepted", async () => {
    stackWith({ "nango-cache-token": 0 });
    const seen: unknown[] = [];
    const look = () => (seen.push(changes()), 0);
    const { code, ups } = await run(["dev", "redis", "--yes"], [look, look]);
    expect([code, ups]).toEqual([
      0,
      [
        ["dev", "--yes"],
        ["dev", "--yes"],
      ],
    ]);
    const first = ["set --path nango:rotate.redis 1", "set nango:acceptOldRedisToken true"];
    expect(seen).toEqual([first, [...first, "rm nango:acceptOldRedisToken"]]);
  });

  test("is not made once more while the last one is under way, since tasks may have the first one still", async () => {
    stackWith({ "nango-cache-token": 1 }, accepting);
    const { said } = await run(["dev", "redis"], [() => 0, () => 0]);
    expect(said).toMatch(/^Goes on with the token of Valkey of dev/);
    expect(changes()[0]).toBe("set --path nango:rotate.redis 1");
  });

  test("stays accepted when the first deployment fails, and the way on is the same command", async () => {
    stackWith({ "nango-cache-token": 0 });
    const { code, said, ups } = await run(
      ["dev", "redis"],
      [() => (stackWith({ "nango-cache-token": 1 }), 1)],
    );
    expect([code, ups.length]).toEqual([1, 1]);
    expect(changes()).not.toContain("rm nango:acceptOldRedisToken");
    expect(said).toContain("go on with npm run rotate -- dev redis.");
  });
});

describe("what Nango itself can be asked", () => {
  /** A Nango that accepts these in the header `authorization`. */
  async function nango(accepts: readonly string[]): Promise<string> {
    const server = createServer(({ headers }, response) => {
      response.statusCode = accepts.includes(headers.authorization ?? "") ? 200 : 401;
      response.end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const basic = (password: string) => `Basic ${Buffer.from(`nango:${password}`).toString("base64")}`;

  test.each([
    ["new", 0, /^The old password of the dashboard is refused, and the new one is accepted\.$/m],
    [
      "old",
      1,
      /^The old password of the dashboard is answered with 200, the new one with 401; .*doctor -- dev$/m,
    ],
    [
      "old new",
      1,
      /^The old password of the dashboard is answered with 200, the new one with 200; .*doctor -- dev$/m,
    ],
  ])("is asked, and accepts the %s value", async (accepted, expected, line) => {
    const url = await nango(accepted.split(" ").map(basic));
    const outputs = (dashboardPassword: string) => ({ url, dashboardUser: "nango", dashboardPassword });
    stackWith({ "nango-dashboard-password": 0 }, {}, outputs("old"));
    const up = () => (stackWith({ "nango-dashboard-password": 1 }, {}, outputs("new")), 0);
    const { code, said } = await run(["dev", "dashboard"], [up]);
    expect(said).toMatch(line);
    expect(code).toBe(expected);
    expect(said).not.toContain("b2xk");
  });

  test("is not asked over plain HTTP, which is said", async () => {
    const outputs = (apiKeyProd: string) => ({ url: "http://nango.example.com", apiKeyProd });
    stackWith({ "nango-api-key-prod": 0 }, {}, outputs("old"));
    const up = () => (stackWith({ "nango-api-key-prod": 1 }, {}, outputs("new")), 0);
    const { code, said } = await run(["dev", "api-keys"], [up]);
    expect(said).toContain(
      "was not tried: http://nango.example.com is plain HTTP, over which no secret is sent",
    );
    expect(code).toBe(0);
  });
});

describe("is refused, with what to do instead, before anything is changed:", () => {
  test.each<[secret: string, config: Readonly<Record<string, string>>, message: RegExp]>([
    [
      "encryption-key",
      {},
      /cannot be changed: Nango cannot encrypt anew .*https:\/\/github.*docs\/rotate\.md/s,
    ],
    [
      "database",
      { databaseUrl: "postgresql://a:b@c/d" },
      /brought by nango:databaseUrl.*works beside the old one/,
    ],
    ["records", { recordsDatabaseUrl: "postgresql://a:b@c/d" }, /brought by nango:recordsDatabaseUrl/],
    ["records", {}, /no password of their own: it is the database's\. npm run rotate -- dev database/],
    [
      "dashboard",
      { dashboardPassword: "long enough" },
      /given it by nango:dashboardPassword.*--secret nango:dashboardPassword/,
    ],
    ["dashboard", { dashboardAuth: "accounts" }, /has no password: people have accounts/],
    ["api-keys", { dashboardAuth: "accounts" }, /make and revoke keys in the dashboard/],
    ["api-keys", { apiKeyProd: "1", apiKeyDev: "2" }, /given it by nango:apiKeyProd and nango:apiKeyDev/],
    ["redis", { redisUrl: "rediss://:t@r.example.com" }, /brought by nango:redisUrl/],
    ["redis", {}, /Stack "dev" has no Redis/],
    ["search", {}, /has no search domain/],
    ["search", { logs: "external" }, /nango:logsPassword/],
    ["search", { target: "docker", logs: "opensearch" }, /into its data once, when its volume is empty/],
    ["records", { target: "docker", recordsDatabase: "dedicated" }, /it is the database's/],
  ])("%s with %j", async (secret, config, message) => {
    const own = Object.entries(config).map(([key, value]) => [`nango:${key}`, value]);
    stackWith({ "nango-database-password": 0 }, Object.fromEntries(own));
    const before = stackFile();
    const ran = run(["dev", secret]);
    await expect(ran).rejects.toThrow(UserError);
    await expect(ran).rejects.toThrow(message);
    expect(stackFile()).toBe(before);
  });

  test("a secret that there is not, and --yes with --write", async () => {
    await expect(run(["dev", "databse"])).rejects.toThrow(
      '"databse" is none of database, records, dashboard',
    );
    await expect(run(["dev", "admin", "--yes", "--write"])).rejects.toThrow("--write deploys nothing");
    await expect(run(["dev"])).rejects.toThrow("<secret> is missing: one of database, records");
  });
});

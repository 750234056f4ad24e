import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UsageError } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { doctor as table } from "../../../scripts/doctor/arguments.ts";
import { examined } from "../../../scripts/doctor/command.ts";
import { Authority } from "../../certificates.ts";
import { resource, state } from "../pulumi/state.ts";
import { password, type Served, TestSite } from "./test-site.ts";

let nango: TestSite;
let directory: string;
/** What Connect UI's host serves in place of what it would. */
let connectUi: Served | undefined;

beforeAll(async () => {
  nango = await TestSite.start(await Authority.create("Test root"));
});
beforeEach(async () => {
  await nango.reset();
  connectUi = undefined;
  directory = mkdtempSync(path.join(tmpdir(), "doctor-"));
  write("Pulumi.yaml", "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n");
  write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n");
  write("bin/pulumi", cli);
  chmodSync(path.join(directory, "bin/pulumi"), 0o755);
  const { url, connectUrl } = nango.site();
  write(
    "outputs.json",
    JSON.stringify({
      url: url.origin,
      connectUrl: connectUrl?.origin,
      dashboardUser: "nango",
      dashboardPassword: password,
      apiKeyProd: nango.nango.apiKey,
    }),
  );
  write("state.json", exported("aws"));
  write("config.json", JSON.stringify({ "aws:region": { value: "eu-central-1", secret: false } }));
  vi.stubEnv("PATH", `${directory}/bin${path.delimiter}${process.env["PATH"]}`);
  vi.stubEnv("FOLDER", directory);
  vi.stubEnv("PULUMI_BACKEND_URL", "file:///nowhere");
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "a");
  // Neither AWS nor Nango's list of releases is asked for.
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("HOME", directory);
  vi.stubEnv("PULUMI_HOME", directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});
afterAll(() => nango.close());

/** A Pulumi CLI that answers from files. */
const cli = `#!/bin/sh
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") cat "$FOLDER/state.json" 2>/dev/null || { echo "error: no stack named 'dev' found" >&2; exit 255; } ;;
  "stack output") cat "$FOLDER/outputs.json" ;;
  "config --show-secrets") cat "$FOLDER/config.json" ;;
esac
`;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
}

/** What a stack with a server that has Nango's own path of websockets exports. */
function exported(target: "aws" | "docker"): string {
  const environment = { DEFAULT_RATE_LIMIT_PER_MIN: "3000", NANGO_SERVER_WEBSOCKETS_PATH: "/" };
  const { resources } = state([
    resource(`nango:${target}:Service`, "nango", {
      outputs: { containers: { server: { environment, secrets: [] } } },
    }),
  ]);
  const [root, ...others] = resources;
  return JSON.stringify({ deployment: { resources: [{ ...root, outputs: { url: "u" } }, ...others] } });
}

async function doctor(...args: string[]): Promise<{ exitCode: number; output: string }> {
  nango.override = ({ host, path: asked }) => {
    if (host.startsWith("connect.") && connectUi !== undefined) return connectUi;
    const { environment } = nango.site();
    const body = `window._env = ${JSON.stringify({ ...environment, gitHash: "" }, null, 2)};`;
    return asked === "/env.js" ? { status: 200, body } : undefined;
  };
  const line = readCommandLine<(typeof table)["flags"]>(table, args, {});
  return examined(line, { directory, screen: { color: false }, network: nango.site().network });
}

interface Shown {
  readonly healthy: boolean;
  readonly checks: readonly { id: string; verdict: string; says: string; about?: string }[];
}

test("a stack is looked at with its own secrets, which are not shown", async () => {
  const { exitCode, output } = await doctor("dev", "--json");
  const { healthy, checks } = JSON.parse(output) as Shown;
  expect(checks.filter(({ verdict }) => verdict === "bad")).toEqual([]);
  expect({ exitCode, healthy }).toEqual({ exitCode: 0, healthy: true });
  const verdict = (wanted: string) => checks.find(({ id }) => id === wanted)?.verdict;
  expect(["dashboard-login", "api-keys", "rate-limit", "connect-links"].map(verdict)).toEqual(
    Array(4).fill("good"),
  );
  expect(checks.find(({ id }) => id === "backups")).toMatchObject({ verdict: "skipped" });
  expect(nango.authorized.length).toBeGreaterThan(2);
  expect(output).not.toContain(nango.nango.apiKey);
  expect(output).not.toContain(password);
});

test("what is broken ends with 1, and stands in the table with its way out", async () => {
  nango.plainOverride = { status: 200 };
  const { exitCode, output } = await doctor("dev");
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^✘ Redirect to HTTPS {2,}nango.example.com:\d+: answers 200 over plain HTTP$/m);
  expect(output).toContain("docs/doctor.md#redirect-to-https");
});

test("another address than the stack's own gets no secret", async () => {
  const { url } = nango.site();
  const other = `https://other.example.com:${url.port}`;
  await nango.certify("other.example.com", "other.example.com", 90);
  const { output } = await doctor("dev", "--url", other, "--json");
  expect(nango.authorized.filter(({ authorization = "" }) => !authorization.startsWith("Bearer "))).toEqual(
    [],
  );
  expect(JSON.stringify(nango.authorized)).not.toContain(nango.nango.apiKey);
  const { checks } = JSON.parse(output) as Shown;
  expect(checks.find(({ id }) => id === "api-keys")?.says).toBe(
    `the secrets of dev are for ${url.origin} alone`,
  );
});

test("over plain HTTP no secret is sent, and that is broken in itself", async () => {
  const { plainPort } = nango.site().network;
  const outputs = { url: `http://nango.example.com:${plainPort}`, apiKeyProd: nango.nango.apiKey };
  write("outputs.json", JSON.stringify({ ...outputs, dashboardUser: "nango", dashboardPassword: password }));
  nango.plainOverride = { status: 200, body: '{"result":"ok"}' };
  const { checks } = JSON.parse((await doctor("dev", "--json")).output) as Shown;
  const outcome = (wanted: string) => checks.find(({ id }) => id === wanted);
  expect(outcome("certificate")).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(/^plain HTTP/),
  });
  expect(outcome("health")).toMatchObject({ verdict: "good" });
  expect(outcome("api-keys")).toMatchObject({
    verdict: "skipped",
    says: "secrets are not sent over plain HTTP",
  });
  // A key that was made up is no secret.
  expect(nango.authorized.map(({ path: asked }) => asked)).toEqual(["/integrations"]);
  expect(JSON.stringify(nango.authorized)).not.toContain(nango.nango.apiKey);
});

test("any Nango can be looked at by its address", async () => {
  const { url } = nango.site();
  const { exitCode, output } = await doctor("--url", url.origin, "--json");
  const { checks } = JSON.parse(output) as Shown;
  expect({ exitCode, bad: checks.filter(({ verdict }) => verdict === "bad") }).toEqual({
    exitCode: 0,
    bad: [],
  });
  expect(checks.find(({ id }) => id === "connect-links")).toMatchObject({ verdict: "good" });
  expect(checks.map(({ id }) => id)).not.toContain("backups");
});

test("links that nothing completes are broken on AWS, and yours to complete on a laptop", async () => {
  const served = { status: 200, headers: { "content-type": "text/html" } };
  const links = async () => {
    const { checks } = JSON.parse((await doctor("dev", "--json")).output) as Shown;
    return checks.find(({ id }) => id === "connect-links")?.verdict;
  };
  connectUi = served;
  expect(await links()).toBe("bad");
  write("state.json", exported("docker"));
  write("config.json", JSON.stringify({ "nango:target": { value: "docker", secret: false } }));
  expect(await links()).toBe("skipped");
});

test("a stack on a laptop has no AWS to look at", async () => {
  write("state.json", exported("docker"));
  write("config.json", JSON.stringify({ "nango:target": { value: "docker", secret: false } }));
  const { checks } = JSON.parse((await doctor("dev", "--json")).output) as Shown;
  expect(checks.map(({ id }) => id)).not.toContain("backups");
});

test.each<[string, readonly string[], RegExp]>([
  ["no stack and no address", [], /Neither a stack nor --url is there/],
  ["an address with a password", ["--url", "https://a:b@nango.example.com"], /takes no user and no password/],
  ["an address that is none", ["--url", "://"], /--url ":\/\/" is no URL/],
  ["an address whose host is none", ["--url", "http://[::1"], /--url "http:\/\/\[::1" is no URL/],
  ["an address of something else", ["--url", "ftp://nango.example.com"], /is no URL, as in https:/],
  ["a stack without a file", ["prod"], /there is no stack 'prod'/],
])("refuses %s", async (_, args, message) => {
  // What is wrong with the stack is no mistake of the command line.
  await expect(doctor(...args)).rejects.toThrow(args[0] === "prod" ? UserError : UsageError);
  await expect(doctor(...args)).rejects.toThrow(message);
});

test("says that a stack is not deployed, and looks at an address all the same", async () => {
  const { url } = nango.site();
  rmSync(path.join(directory, "state.json"));
  const reason =
    /The state backend \S+ has no stack "dev"\. Deploy it: npm run up -- dev\. If .* npx pulumi login <url>\./;
  await expect(doctor("dev")).rejects.toThrow(reason);
  nango.authorized.length = 0;
  const { output } = await doctor("dev", "--url", url.origin);
  const [heading, , unread] = output.split("\n");
  expect(heading).toBe(`Nango at ${url.origin}`);
  expect(unread).toMatch(new RegExp(`^Without the stack, since it cannot be read: ${reason.source}$`));
  expect(output).toMatch(/^✔ Certificate /m);
  for (const check of ["Dashboard opens", "Backups"])
    expect(output).toMatch(new RegExp(`^– ${check}.*stack dev cannot be read$`, "m"));
  expect(nango.authorized.filter(({ authorization = "" }) => authorization.startsWith("Basic "))).toEqual([]);
  await expect(doctor("nope", "--url", url.origin)).rejects.toThrow("there is no stack 'nope'");
});

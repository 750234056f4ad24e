// The command in a project of its own, against a server that speaks for all of AWS.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import type { rehearse as rehearseAlone } from "../../../rehearsal/rehearse.ts";
import { preflight as table } from "../../../scripts/preflight/arguments.ts";
import { preflighted } from "../../../scripts/preflight/command.ts";
import { deployed } from "../../aws/topologies.ts";
import { deployedAs } from "./deployed-state.ts";
import { network } from "./recorded-aws.ts";
import { identity, only, refused, type Speak, type SpeakingAws, startSpeakingAws } from "./speaking-aws.ts";

/** A Pulumi CLI that answers from files. */
const cli = `#!/bin/sh
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") /bin/cat "$FOLDER/state.json" 2>/dev/null || { echo "error: no stack named 'dev' found" >&2; exit 255; } ;;
  "config --show-secrets") /bin/cat "$FOLDER/config.json" 2>/dev/null || { echo "error: incorrect passphrase" >&2; exit 255; } ;;
esac
`;

let directory: string;
let server: SpeakingAws | undefined;

function write(file: string, content: string): void {
  const target = path.join(directory, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "preflight-"));
  const root = path.resolve(import.meta.dirname, "../../..");
  for (const file of ["Pulumi.yaml", "package.json", "stacks"])
    cpSync(path.join(root, file), path.join(directory, file), { recursive: true });
  symlinkSync(path.join(root, "infra"), path.join(directory, "infra"));
  write("bin/pulumi", cli);
  chmodSync(path.join(directory, "bin/pulumi"), 0o755);
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("PATH", `${directory}/bin`);
  vi.stubEnv("FOLDER", directory);
  vi.stubEnv("HOME", directory);
  vi.stubEnv("PULUMI_HOME", directory);
  vi.stubEnv("PULUMI_BACKEND_URL", "file:///nowhere");
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "a");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  // Nothing that a test forgets reaches AWS.
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true });
});

/** Lets AWS answer so; returns what it is asked. */
async function aws(speak: Speak): Promise<readonly string[]> {
  server = await startSpeakingAws(speak);
  vi.stubEnv("AWS_ENDPOINT_URL", server.url);
  return server.asked;
}

interface Shown {
  readonly ready: boolean;
  readonly checks: readonly {
    id: string;
    title: string;
    verdict: string;
    says: string;
    remedy?: string;
    guide: string;
  }[];
}

async function preflight(...args: string[]) {
  const rehearsing = (async () => deployed("dev")) as typeof rehearseAlone;
  const line = readCommandLine<(typeof table)["flags"]>(table, ["dev", ...args], {});
  return preflighted(line, { directory, screen: { color: false, columns: 110 }, rehearsing, network });
}

async function shown(): Promise<Shown> {
  return JSON.parse((await preflight("--json")).output) as Shown;
}

const of = ({ checks }: Shown, title: string) => checks.filter((check) => check.title === title);
test("a new stack of an account that forbids all looks is warned of, and not refused", async () => {
  const asked = await aws(
    only(
      identity("123456789012"),
      refused("AccessDenied", "User: x is not authorized to perform: some:Action on resource: *", 403),
    ),
  );
  const { output, exitCode } = await preflight("--json");
  const { ready, checks } = JSON.parse(output) as Shown;
  expect({ ready, exitCode }).toEqual({ ready: true, exitCode: 0 });
  expect(checks.filter(({ verdict }) => verdict === "bad")).toEqual([]);
  const denied = checks.filter(({ says }) =>
    says.startsWith("could not be asked: these credentials may not some:Action"),
  );
  expect(new Set(denied.map(({ title }) => title))).toEqual(
    new Set([
      "Permissions",
      "Region",
      "Zones",
      "Database class",
      "Quotas",
      "Free plan",
      "Hosted zone",
      "Delegation",
    ]),
  );
  expect(asked).toContain("GetAccountPlanState");
  expect(asked).toContain("SimulatePrincipalPolicy");
});

test("an AWS that throttles is asked again, and then let be", async () => {
  const asked = await aws(only(identity("123456789012"), refused("ThrottlingException", "Rate exceeded")));
  const found = await shown();
  expect(found.ready).toBe(true);
  expect(of(found, "Region")[0]).toMatchObject({
    verdict: "warning",
    says: expect.stringMatching(/AWS takes no more requests now/),
  });
  expect(asked.filter((operation) => operation === "DescribeRegions")).toHaveLength(3);
});

test("without credentials nothing is asked of AWS, and all that needs none is looked at", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  const asked = await aws(refused("Unexpected", "asked"));
  const found = await shown();
  expect(found.ready).toBe(false);
  expect(of(found, "Credentials")[0]).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(/Could not load credentials/),
  });
  expect(of(found, "AWS")[0]).toMatchObject({ verdict: "skipped", says: "see Credentials" });
  expect(of(found, "Image")[0]?.verdict).toBe("good");
  expect(of(found, "CAA records").map(({ verdict }) => verdict)).toEqual(["good", "good"]);
  expect(asked).toEqual([]);
});

test("wrong credentials are in the way, with the way out in the table", async () => {
  await aws(refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403));
  const { output, exitCode } = await preflight();
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^npm run up -- dev would fail\n/);
  expect(output).toMatch(/^✘ Credentials +AWS does not take them: The security token included/m);
  expect(output).toMatch(
    /→ log in again: .*\n(?:.*\n)*?.*get-caller-identity\s+--region eu-central-1 answers\s+then\n +docs\/preflight\.md#credentials$/m,
  );
});

test("no network is told, and no reason to wait for each call", async () => {
  const found = await shown();
  expect(of(found, "Credentials")[0]).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(/^AWS does not say who they are: .*ECONNREFUSED/),
  });
  expect(of(found, "AWS")).toHaveLength(1);
});

test("a stack that is deployed in another account is not asked about in this one", async () => {
  write("state.json", JSON.stringify({ deployment: await deployedAs("dev") }));
  write("config.json", JSON.stringify({ "aws:region": { value: "eu-central-1" } }));
  const asked = await aws(only(identity("210987654321"), refused("Unexpected", "asked")));
  const found = await shown();
  expect(of(found, "Account")[0]).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(
      /^the credentials are for the account 210987654321, and the stack is deployed in 123456789012$/,
    ),
  });
  expect(of(found, "AWS")[0]?.says).toBe("see Account");
  expect(asked).toEqual(["GetCallerIdentity"]);
});

test("the region of the configuration is asked, decrypted, and another one than the first is in the way", async () => {
  write("state.json", JSON.stringify({ deployment: await deployedAs("dev") }));
  write(
    "config.json",
    JSON.stringify({
      "aws:region": { value: "eu-west-1" },
      "aws:accessKey": { value: "AKIAOWN" },
      "aws:secretKey": { value: "s" },
    }),
  );
  const seen: string[] = [];
  await aws((_, { headers }) => {
    seen.push(headers.authorization ?? "");
    return identity("123456789012");
  });
  const found = await shown();
  expect(of(found, "Account")[0]).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(/aws:region is eu-west-1, and the stack is deployed in eu-central-1/),
  });
  expect(seen[0]).toMatch(/Credential=AKIAOWN\/\d+\/eu-west-1\/sts/);
});

test("secrets that cannot be read are in the way", async () => {
  write("state.json", JSON.stringify({ deployment: await deployedAs("dev") }));
  const found = await shown();
  expect(of(found, "Secrets")[0]).toMatchObject({
    verdict: "bad",
    says: "the secrets of the stack cannot be read: error: incorrect passphrase",
  });
});

test.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
  ["no backend is chosen", { PULUMI_BACKEND_URL: undefined }, /^No state backend is chosen$/],
  [
    "no passphrase is there",
    { PULUMI_CONFIG_PASSPHRASE: undefined },
    /^The secrets of stack "dev" are encrypted with a passphrase, and none is set$/,
  ],
])("the rest is looked at where %s", async (_, environment, says) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await aws(identity.bind(undefined, "123456789012"));
  const found = await shown();
  expect(of(found, "State backend")[0]).toMatchObject({ verdict: "bad", says: expect.stringMatching(says) });
  expect(of(found, "Credentials")[0]?.verdict).toBe("good");
});

test("a stack that was made in another backend is in the way", async () => {
  write(
    "stacks/Pulumi.dev.yaml",
    "encryptionsalt: v1:abc\nconfig:\n  aws:region: eu-central-1\n  nango:insecureHttp: true\n",
  );
  expect(of(await shown(), "State backend")[0]).toMatchObject({
    verdict: "bad",
    says: expect.stringMatching(
      /was made before, since its file holds a salt or key, but not in file:\/\/\/nowhere$/,
    ),
  });
});

test("settings of the provider that only a made stack can decrypt are waited for", async () => {
  write(
    "stacks/Pulumi.dev.yaml",
    "config:\n  aws:region: eu-central-1\n  aws:secretKey:\n    secure: abc\n  nango:insecureHttp: true\n",
  );
  expect(of(await shown(), "AWS")[0]?.says).toBe(
    "aws:secretKey can be read once the state backend has the stack",
  );
});

test("a stack without a file is refused", async () => {
  const line = readCommandLine<(typeof table)["flags"]>(table, ["prod"], {});
  await expect(
    preflighted(line, { directory, screen: { color: false, columns: 110 }, network }),
  ).rejects.toThrow(UserError);
});

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const script = path.resolve(import.meta.dirname, "../../scripts/pulumi.ts");
const require = createRequire(import.meta.url);
const tsx = pathToFileURL(require.resolve("tsx")).href;
const packagedVersion = (require("pulumi/package.json") as { version: string }).version;

/** So that no test downloads anything, wherever it runs. */
const offline = "data:text/javascript,globalThis.fetch=async()=>{throw new TypeError('fetch failed')}";

/** A Pulumi CLI that writes down how it is called and knows the stacks that have a file in `backend`. */
const fakeCli = `#!/bin/sh
echo "$@" >> "$FAKE_FOLDER/calls"
case "$1 $2" in
  "version ") echo "v\${FAKE_VERSION:-3.265.0}" ;;
  "stack select") [ -e "$FAKE_FOLDER/backend/$3" ] || { echo "error: \${FAKE_ERROR:-no stack named '$3' found}" >&2; exit 255; } ;;
  "stack init") touch "$FAKE_FOLDER/backend/$3" ;;
  "stack export") [ -z "$FAKE_ERROR" ] || { echo "error: $FAKE_ERROR" >&2; exit 255; }
    cat "$FAKE_FOLDER/state.json" 2>/dev/null || true ;;
  "up --stack"|"destroy --stack"|"preview --stack")
    trap 'echo cleaned up; exit 7' TERM
    echo "running with $PATH"
    for last; do :; done
    cp "$FAKE_FOLDER/events.json" "$last" 2>/dev/null
    for _ in $(seq \${FAKE_TICKS:-0}); do sleep 0.05; done
    exit \${FAKE_EXIT:-0} ;;
esac
`;

// Each test starts node, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pulumi-script-"));
  write(
    "Pulumi.yaml",
    'name: nango\nruntime: nodejs\nrequiredPulumiVersion: ">=3.238.0"\nstackConfigDir: stacks\n',
  );
  write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n");
  write("stacks/Pulumi.production.yaml", "config:\n  aws:region: eu-central-1\n");
  mkdirSync(path.join(folder, "backend"));
  mkdirSync(path.join(folder, "home"));
  executable("bin/pulumi");
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: string): string {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

function executable(file: string): void {
  chmodSync(write(file, fakeCli), 0o755);
}

const exported = "stack export --stack dev --non-interactive";

/** A resource as the state holds it. */
interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly protect?: boolean;
  readonly inputs?: object;
  readonly outputs?: object;
}

function resource(type: string, name: string, more: Partial<Resource> = {}): Resource {
  return { urn: `urn:pulumi:dev::nango::${type}::${name}`, type, custom: true, ...more };
}

const stackResource = (outputs: object) =>
  resource("pulumi:pulumi:Stack", "nango-dev", { custom: false, outputs });

function writeState(resources: readonly Resource[], pending: readonly object[] = []): void {
  write("state.json", JSON.stringify({ deployment: { resources, pending_operations: pending } }));
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The CLI's calls, one a line, without those for its version. */
  readonly calls: string[];
}

/** The variables of someone who has everything that a deployment of `dev` takes. */
function complete(): Record<string, string | undefined> {
  return {
    PATH: `${path.join(folder, "bin")}:/usr/bin:/bin`,
    HOME: path.join(folder, "home"),
    FAKE_FOLDER: folder,
    PULUMI_BACKEND_URL: "file://~/.nango-state",
    PULUMI_CONFIG_PASSPHRASE: "",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function run(
  args: readonly string[],
  changes: Record<string, string | undefined> = {},
  whenRunning: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, ["--import", tsx, "--import", offline, script, ...args], {
    cwd: folder,
    env: { ...complete(), ...changes },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    if (stdout === "") whenRunning((signal) => child.kill(signal));
    stdout += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const log = path.join(folder, "calls");
  const calls = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  const seen = calls.filter((call) => call !== "version");
  return { code, stdout, stderr, calls: seen.map((call) => call.replace(/ --event-log \S+$/, "")) };
}

describe("with everything there", () => {
  beforeEach(() => void write("backend/dev", ""));

  test.each([
    [
      ["preview", "dev"],
      ["stack select dev --non-interactive", "preview --stack dev"],
    ],
    [
      ["up", "dev", "--yes", "--refresh"],
      ["stack select dev --non-interactive", "up --stack dev --yes --refresh"],
    ],
    [
      ["destroy", "dev", "--skip-preview"],
      [exported, "destroy --stack dev --skip-preview"],
    ],
    [
      ["outputs", "dev", "--json"],
      [exported, "stack output --stack dev --json"],
    ],
  ])("%j calls the CLI with %j", async (args, calls) => {
    writeState([stackResource({ url: "https://nango.example.com" })]);
    const result = await run(args);
    expect(result).toMatchObject({ code: 0, stderr: "", calls });
  });

  test("the CLI's exit code is passed on, and its language hosts come first in the PATH", async () => {
    const result = await run(["up", "dev"], { FAKE_EXIT: "255" });
    expect(result.code).toBe(255);
    expect(result.stdout).toMatch(`running with ${path.join(folder, "bin")}:`);
  });

  test("Ctrl-C leaves the end to the CLI", async () => {
    const result = await run(["up", "dev"], { FAKE_TICKS: "6" }, (kill) => kill("SIGINT"));
    expect(result.code).toBe(0);
  });

  test("a request to terminate is passed on to the CLI, which ends in good order", async () => {
    const result = await run(["up", "dev"], { FAKE_TICKS: "600" }, (kill) => kill("SIGTERM"));
    expect(result).toMatchObject({ code: 7, stdout: expect.stringContaining("cleaned up") });
  });
});

describe("a stack", () => {
  test("that has no file is not known, and the nearest ones are named first", async () => {
    const result = await run(["up", "prod"]);
    expect(result).toMatchObject({ code: 1, calls: [] });
    expect(result.stderr).toMatch(/no stack 'prod'.*dev.*production|no stack 'prod'.*production.*dev/);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([[["up"]], [["up", "--yes"]], [["deploy", "dev"]], [[]]])(
    "and a command have to be named: %j",
    async (args) => {
      const result = await run(args);
      expect(result).toMatchObject({ code: 1, calls: [] });
      expect(result.stderr).toMatch(
        /^Usage: npm run .* -- <stack> .* with one of the stacks dev, production\.\n$/,
      );
    },
  );

  test("that is new to the backend is made there, once", async () => {
    const first = await run(["up", "dev"]);
    expect(first.stderr).toBe('Stack "dev" is new in the state backend file://~/.nango-state: making it.\n');
    expect(first.calls.slice(1)).toEqual(["stack init dev", "up --stack dev"]);
    const second = await run(["up", "dev"]);
    expect(second.stderr).toBe("");
  });

  test("is made with the secrets provider of its file, which the CLI would drop", async () => {
    write(
      "stacks/Pulumi.dev.yaml",
      "secretsprovider: awskms://alias/nango?region=eu-central-1\nconfig: {}\n",
    );
    const result = await run(["preview", "dev"]);
    expect(result.calls[1]).toBe(
      "stack init dev --secrets-provider awskms://alias/nango?region=eu-central-1",
    );
  });

  test.each(["encryptionsalt: v1:abc", "encryptedkey: abc\nsecretsprovider: awskms://alias/nango"])(
    "that was made in another backend is not made again (%s)",
    async (secrets) => {
      write("stacks/Pulumi.dev.yaml", `${secrets}\nconfig: {}\n`);
      const result = await run(["up", "dev"]);
      expect(result).toMatchObject({ code: 1, calls: ["stack select dev --non-interactive"] });
      expect(result.stderr).toMatch(
        /^Stack "dev" was made before.*npx pulumi login.*npx pulumi stack init dev.*\n$/,
      );
    },
  );

  test("is not made while the backend cannot be read", async () => {
    const result = await run(["up", "dev"], { FAKE_ERROR: "unable to open the bucket" });
    expect(result).toMatchObject({ code: 255, calls: ["stack select dev --non-interactive"] });
    expect(result.stderr).toBe("error: unable to open the bucket\n");
  });

  test("may be called by its full name", async () => {
    writeState([stackResource({ url: "https://nango.example.com" })]);
    const result = await run(["outputs", "acme/nango/dev"]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.calls.at(-1)).toBe("stack output --stack acme/nango/dev");
  });
});

test.each([
  ["preview", ["passphrase", "AWS credentials"]],
  ["up", ["passphrase", "AWS credentials"]],
  ["destroy", ["passphrase", "AWS credentials"]],
  ["outputs", ["passphrase"]],
])("all that %s lacks is told at once, a line each", async (command, lacks) => {
  const none = { PULUMI_CONFIG_PASSPHRASE: undefined, AWS_ACCESS_KEY_ID: undefined };
  const result = await run([command, "dev"], none);
  expect(result).toMatchObject({ code: 1, calls: [] });
  const lines = result.stderr.trimEnd().split("\n");
  expect(lines).toEqual(lacks.map((word) => expect.stringContaining(word)));
});

const protectedStack = [
  stackResource({}),
  resource("aws:rds/instance:Instance", "nango-database", { protect: true }),
];

test("a protected stack is not destroyed, whatever the flags: the CLI is not even started", async () => {
  writeState(protectedStack);
  const result = await run(["destroy", "dev", "--yes", "--skip-preview"]);
  expect(result).toMatchObject({ code: 1, calls: [exported] });
  expect(result.stderr).toMatch(
    /^Stack "dev" is protected: nothing was deleted\..*rds\.Instance nango-database/s,
  );
});

test("nothing is destroyed while the state cannot be read", async () => {
  const result = await run(["destroy", "dev", "--yes"], { FAKE_ERROR: "unable to open the bucket" });
  expect(result).toMatchObject({ code: 1, calls: [exported], stderr: "error: unable to open the bucket\n" });
});

test("a failure is explained by what the CLI logged and by the state that it left", async () => {
  write("backend/dev", "");
  writeState(protectedStack, [{ type: "updating", resource: protectedStack[1]! }]);
  const failing = { FAKE_EXIT: "255", FAKE_TICKS: "6" };
  const result = await run(["up", "dev"], failing, (kill) => kill("SIGINT"));
  expect(result.code).toBe(255);
  expect(result.stderr).toMatch(/The update was interrupted\..*updating rds\.Instance nango-database/s);
});

test("the outputs of a stack that has none are what is there", async () => {
  writeState(protectedStack);
  const result = await run(["outputs", "dev"]);
  expect(result).toMatchObject({ code: 1, stdout: "", calls: [exported] });
  expect(result.stderr).toContain("There is 1 resource:\n  1 rds.Instance\n");
});

describe("the Pulumi CLI", () => {
  beforeEach(() => writeState([stackResource({ url: "https://nango.example.com" })]));
  const packaged = `versions/${packagedVersion}/bin/pulumi`;

  test("of the npm package is used when none is installed", async () => {
    executable(`home/.pulumi/${packaged}`);
    const result = await run(["outputs", "dev"], { PATH: "/usr/bin:/bin" });
    expect(result).toMatchObject({ code: 0, stderr: "", calls: [exported, "stack output --stack dev"] });
  });

  test("of the npm package is used when the installed one is too old", async () => {
    executable("home/.pulumi/" + packaged);
    write(
      "home/.pulumi/" + packaged,
      fakeCli
        .replace("FAKE_VERSION", "NO_VERSION")
        .replace('case "$1 $2" in', 'case "$1 $2" in\n  "stack output") echo packaged ;;'),
    );
    const result = await run(["outputs", "dev"], { FAKE_VERSION: "3.99.0" });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("packaged") });
  });

  test("that cannot be downloaded is explained", async () => {
    const result = await run(["outputs", "dev"], { PATH: "/usr/bin:/bin" });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /The Pulumi CLI cannot be downloaded from get\.pulumi\.com \(.*fetch failed\): .*3\.238\.0/,
    );
  });

  test("that is too old everywhere is explained", async () => {
    executable("home/.pulumi/versions/3.99.0/bin/pulumi");
    const result = await run(["outputs", "dev"], { FAKE_VERSION: "3.99.0", PULUMI_VERSION: "3.99.0" });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /is version 3\.99\.0 of the Pulumi CLI, but the project needs 3\.238\.0 or newer: unset PULUMI_VERSION/,
    );
  });

  test("is not the npm package's command, which `npm run` puts first into the PATH", async () => {
    executable("node_modules/.bin/pulumi");
    write("node_modules/.bin/pulumi", "#!/bin/sh\nexit 9\n");
    const result = await run(["outputs", "dev"], {
      PATH: `${folder}/node_modules/.bin:${complete()["PATH"]}`,
    });
    expect(result.code).toBe(0);
  });
});

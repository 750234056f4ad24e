import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { runCommand } from "../../../project/run-command.ts";
import { commands } from "../../../scripts/commands.ts";
import { printed as printedBy } from "../../../scripts/env/command.ts";
import { rehearsedEnvironment } from "../../../scripts/env/rehearsed.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const script = path.join(root, "scripts/env.ts");
const runner = path.join(root, "project/run.mjs");

/** A Pulumi CLI that knows one stack. */
const fakeCli = `#!/bin/sh
echo "$@" >> "$FAKE_FOLDER/calls"
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "stack export") [ -e "$FAKE_FOLDER/state.json" ] || { echo half a secret; echo "error: \${FAKE_ERROR:-no stack named 'dev' found}" >&2; exit 255; }
    cat "$FAKE_FOLDER/state.json" ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "env-"));
  mkdirSync(path.join(folder, "bin"));
  writeFileSync(path.join(folder, "bin/pulumi"), fakeCli);
  chmodSync(path.join(folder, "bin/pulumi"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const pathWithFake = () => `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"]}`;

/** Runs the script as npm does, in a process of its own. */
function runAlone(...args: string[]): Promise<Printed> {
  const env = { ...process.env, FAKE_FOLDER: folder, PATH: pathWithFake() };
  return new Promise((resolve) => {
    execFile(process.execPath, [runner, script, ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** Runs the command in this process, in which the stack is rehearsed once. */
async function run(...args: string[]): Promise<Printed> {
  const printed = { stdout: "", stderr: "" };
  const keep = (stream: keyof typeof printed) => (text: unknown) => (printed[stream] += String(text)) !== "";
  vi.spyOn(process.stdout, "write").mockImplementation(keep("stdout"));
  vi.spyOn(process.stderr, "write").mockImplementation(keep("stderr"));
  vi.spyOn(console, "error").mockImplementation((text) => void keep("stderr")(`${text}\n`));
  vi.stubEnv("FAKE_FOLDER", folder);
  vi.stubEnv("PATH", pathWithFake());
  const { PULUMI_BACKEND_URL: backend = "file:///state" } = process.env;
  vi.stubEnv("PULUMI_BACKEND_URL", backend);
  vi.stubEnv("PULUMI_HOME", folder);
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "a");
  const { exitCode } = process;
  try {
    await runCommand(commands.env, args, async (line) => {
      process.stdout.write(await printedBy(line, rehearse));
      return 0;
    });
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = exitCode;
  }
}

const json = async (...args: string[]) => JSON.parse((await run(...args)).stdout) as Record<string, string>;

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const containers = (secrets: string[]) => ({
  containers: { server: { image: "i", command: [], environment: { LOG_LEVEL: "info" }, secrets } },
});
const adminKey = 'it\'s "secret" #1\n$HOME';

/** The state of a deployed stack, as far as it matters here. */
const onAws = [
  { urn: "u::service", type: "nango:aws:Service", outputs: containers(["NANGO_ADMIN_KEY"]) },
  { urn: "u::store", type: "nango:aws:StoredSecret" },
  {
    urn: "u::old",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    parent: "u::store",
    delete: true,
    outputs: { secretString: secret(JSON.stringify({ NANGO_ADMIN_KEY: "the old one" })) },
  },
  {
    urn: "u::other",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    parent: "u::cache",
    outputs: { secretString: secret(JSON.stringify({ NANGO_ADMIN_KEY: "of something else" })) },
  },
  {
    urn: "u::version",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    parent: "u::store",
    outputs: { secretString: secret(JSON.stringify({ NANGO_ADMIN_KEY: adminKey, NOT_OF_THE_SERVER: "x" })) },
  },
];
const onDocker = [
  { urn: "u::nango", type: "nango:docker:NangoContainers", outputs: containers(["NANGO_ADMIN_KEY"]) },
  {
    urn: "u::server",
    type: "docker:index/container:Container",
    parent: "u::nango",
    inputs: { name: "nango-local-server", envs: ["LOG_LEVEL=info", secret(`NANGO_ADMIN_KEY=${adminKey}=`)] },
  },
];

function deployed(resources: readonly object[]): void {
  const state = { version: 3, deployment: { resources } };
  writeFileSync(path.join(folder, "state.json"), JSON.stringify(state));
}

describe("a rehearsed stack", () => {
  test("gives the server its environment, with placeholders that say which secret they stand for", async () => {
    const { code, stdout, stderr } = await runAlone("dev");
    expect(code).toBe(0);
    expect(stdout).toContain("NANGO_SERVER_URL='https://nango-dev.example.com'\n");
    expect(stdout).toContain("NANGO_DATABASE_URL='placeholder-for-NANGO_DATABASE_URL'\n");
    expect(stderr).toMatch(/made up.*placeholders/s);
  });

  test("may be called by its full name in Pulumi Cloud", async () => {
    const { code, stdout } = await run("org/nango/dev");
    expect(code).toBe(0);
    expect(stdout).toContain("NANGO_SERVER_URL='https://nango-dev.example.com'\n");
  });

  test("gives the migration what the server has, and more", async () => {
    const environmentOf = async (service: string) => {
      const { plain, secret } = await rehearsedEnvironment(
        readProject(root),
        { stack: "dev", service },
        rehearse,
      );
      return { ...plain, ...secret };
    };
    const [server, migrate] = [await environmentOf("server"), await environmentOf("migrate")];
    expect(Object.keys(server)).toContain("NANGO_SERVER_URL");
    expect(migrate).toEqual({ ...server, MIGRATION_SECONDS: "1800" });
  });
});

describe("a deployed stack", () => {
  test.each([
    ["Secrets Manager", onAws, adminKey],
    ["the container", onDocker, `${adminKey}=`],
  ])("shows secrets from %s only when it is asked to", async (_, resources, expected) => {
    deployed(resources);
    expect(await json("dev", "--deployed", "--format", "json")).toEqual({
      LOG_LEVEL: "info",
      NANGO_ADMIN_KEY: "placeholder-for-NANGO_ADMIN_KEY",
    });
    expect(await json("dev", "--deployed", "--show-secrets", "--format", "json")).toEqual({
      LOG_LEVEL: "info",
      NANGO_ADMIN_KEY: expected,
    });
    const calls = readFileSync(path.join(folder, "calls"), "utf8");
    expect(calls).toContain("stack export --show-secrets --stack dev");
    expect(calls).not.toContain("select");
  });

  test("is not printed in part: a secret without a value is an error", async () => {
    deployed(onAws.filter(({ urn }) => urn !== "u::version"));
    const { code, stdout, stderr } = await run("dev", "--deployed", "--show-secrets");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("has no value of NANGO_ADMIN_KEY");
  });

  test("that the CLI cannot read is told in the CLI's words, without what it printed", async () => {
    vi.stubEnv("FAKE_ERROR", "incorrect passphrase");
    const { code, stderr } = await run("dev", "--deployed");
    expect(code).toBe(1);
    expect(stderr).toContain('The Pulumi CLI cannot export stack "dev".\nerror: incorrect passphrase');
    expect(stderr).not.toContain("half a secret");
    vi.stubEnv("FAKE_ERROR", undefined);
    expect((await run("dev", "--deployed")).stderr).toMatch(
      /^The state backend .*has no stack "dev"\. Deploy it:/m,
    );
  });

  test("is not asked for before it is known where its state is", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "");
    const { code, stderr } = await run("dev", "--deployed");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^No state backend is chosen\./)]);
  });

  test("that was destroyed has no containers", async () => {
    deployed([]);
    expect((await run("dev", "--deployed")).stderr).toContain("not deployed");
  });
});

test.each([
  [["prodution"], /no stack 'prodution'.* production/],
  [["dev", "--service", "serve"], /no container "serve"; it has connect-ui, migrate, server/],
])("what is wrong with %j is said in a sentence, and nothing is printed", async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [["dev", "--format", "yaml"], /^There is no format "yaml"\.\nUsage: .*dotenv\|json\|compose/s],
  [["dev", "--show-secrets"], /^A rehearsal has no secrets to show/],
])("%j is bad usage", async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toMatch(message);
});

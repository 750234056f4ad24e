// `npm run init` from its flags to a stack, with a Pulumi CLI that only writes down how it is called.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type { Conversation } from "../../../scripts/init/conversation.ts";
import { runInit } from "../../../scripts/init/run.ts";
import { rehearse } from "../../rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** Knows the stacks that have a file in `backend`, and salts the stack's file, as the real one does. */
const fakeCli = `#!/bin/sh
echo "$@" >> "$FAKE_FOLDER/calls"
case "$1 $2" in
  "version ") echo v3.265.0 ;;
  "login "*) [ -z "$FAKE_LOGIN_ERROR" ] || exit 255
    mkdir -p "$PULUMI_HOME"; echo "{\\"current\\": \\"$2\\"}" > "$PULUMI_HOME/credentials.json" ;;
  "stack ls") echo '[{"name": "taken"}]' ;;
  "stack select") [ -e "$FAKE_FOLDER/backend/$3" ] || { echo "error: no stack named '$3' found" >&2; exit 255; } ;;
  "stack init") [ -z "$FAKE_INIT_ERROR" ] || exit 255
    touch "$FAKE_FOLDER/backend/$3"; echo "encryptionsalt: v1:salt" >> "$FAKE_FOLDER/stacks/Pulumi.$3.yaml"
    echo "with \${PULUMI_CONFIG_PASSPHRASE_FILE:-the environment}" >> "$FAKE_FOLDER/calls" ;;
esac
`;

let folder: string;
let said: string;
/** Whether the stack itself is rehearsed. */
let rehearses: boolean;

beforeEach(() => {
  rehearses = false;
  folder = mkdtempSync(path.join(tmpdir(), "init-"));
  const project = readFileSync(path.join(root, "Pulumi.yaml"), "utf8");
  // The program itself is the real one, so that rehearsals share its process.
  writeFileSync(path.join(folder, "Pulumi.yaml"), project.replace(/^main: infra$/m, `main: ${root}/infra`));
  for (const name of ["stacks", "backend", "bin"]) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, "bin/pulumi"), fakeCli);
  chmodSync(path.join(folder, "bin/pulumi"), 0o755);
  const variables = {
    PATH: `${path.join(folder, "bin")}:/usr/bin:/bin`,
    FAKE_FOLDER: folder,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: undefined,
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    AWS_PROFILE: undefined,
    AWS_CONFIG_FILE: path.join(folder, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "no-credentials"),
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const flags = [
  "--target=aws",
  "--region=eu-central-1",
  "--hosted-zone=acme.org",
  "--domain=nango.acme.org",
  "--size=small",
  "--tags=Project=nango",
  "--backend=local",
  "--secrets-provider=passphrase",
];

/** Nobody at a terminal; what is said is kept. */
function byLines(): Conversation {
  const say = (text: string) => void (said += `${text}\n`);
  return {
    canAsk: false,
    manner: (takesPresets) => ({ takesPresets, ask: undefined, tell: say }),
    show: say,
    agrees: async () => true,
    end: say,
    fail: say,
  };
}

/** A rehearsal that other tests have, too. */
const another: typeof rehearse = () => rehearse({ stack: "local" });

async function init(...args: string[]) {
  said = "";
  const stage = { directory: folder, conversation: byLines() };
  const code = await runInit(args, { ...stage, rehearse: rehearses ? rehearse : another });
  return { code, said, calls: calls() };
}

function calls(): string[] {
  const log = path.join(folder, "calls");
  const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  return lines.filter((line) => line !== "version" && !line.startsWith("stack ls"));
}

const file = (stack: string) => path.join(folder, `stacks/Pulumi.${stack}.yaml`);
const write = (stack: string, text: string) => writeFileSync(file(stack), text);

describe("a new stack", () => {
  test("is written, made, rehearsed and ends with what to do next", async () => {
    rehearses = true;
    const { code, said, calls } = await init("staging", ...flags);
    expect(said).toMatch(
      /^Wrote stacks\/Pulumi\.staging\.yaml\.\n.*Rehearsed.*https:\/\/nango\.acme\.org.*npm run up -- staging/s,
    );
    expect(code).toBe(0);
    expect(calls).toEqual([
      "login file://~ --non-interactive",
      "stack select staging --non-interactive",
      "stack init staging --secrets-provider passphrase",
      "with the environment",
    ]);
    expect(parse(readFileSync(file("staging"), "utf8"))).toEqual({
      config: {
        "aws:region": "eu-central-1",
        "aws:defaultTags": { tags: { Project: "nango" } },
        "nango:size": "small",
        "nango:domain": "nango.acme.org",
        "nango:hostedZone": "acme.org",
      },
      encryptionsalt: "v1:salt",
    });
  });

  test("may be on a laptop, with the key of its file and the state where it is kept already", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://state");
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    const key = "awskms://alias/pulumi?region=eu-central-1";
    const { code, calls } = await init("laptop", "--target=docker", "--yes", `--secrets-provider=${key}`);
    expect(code).toBe(0);
    expect(calls).toContain(`stack init laptop --secrets-provider ${key}`);
    expect(calls.join()).not.toContain("login");
    expect(parse(readFileSync(file("laptop"), "utf8"))).toMatchObject({ secretsprovider: key });
  });

  test("gets a new passphrase only in a file that is asked for, which is shown to nobody", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    const passphrase = path.join(folder, "../", `${path.basename(folder)}-passphrase`);
    const laptop = ["laptop", "--target=docker", "--yes"];
    expect(await init(...laptop)).toMatchObject({
      code: 1,
      calls: [],
      said: expect.stringContaining("--passphrase-file"),
    });
    const { code, said, calls } = await init(...laptop, `--passphrase-file=${passphrase}`);
    const text = readFileSync(passphrase, "utf8");
    const { mode } = statSync(passphrase);
    rmSync(passphrase);
    expect(code).toBe(0);
    expect(calls).toContain(`with ${passphrase}`);
    expect(text).toMatch(/^[\w-]{43}$/);
    expect((mode & 0o777).toString(8)).toBe("600");
    expect(said).toContain(`export PULUMI_CONFIG_PASSPHRASE_FILE='${passphrase}'`);
    expect(said).not.toContain(text);
  });

  test("may have a file alone, whose stack is made when the backend is known", async () => {
    const { code, said, calls } = await init("staging", ...flags.slice(0, 6), "--backend=later", "--yes");
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(said).toContain("npm run init -- staging");
    const again = await init("staging", "--backend=local", "--yes");
    expect(again).toMatchObject({
      code: 0,
      said: expect.stringMatching(/is left as it is.*Stack "staging" is in/s),
    });
    expect(again.calls).toContain("stack init staging --secrets-provider passphrase");
  });

  test("is only shown in a dry run", async () => {
    const { code, said, calls } = await init("staging", ...flags, "--dry-run");
    expect({ code, calls, written: existsSync(file("staging")) }).toEqual({
      code: 0,
      calls: [],
      written: false,
    });
    expect(said).toMatch(
      /nango:domain: nango\.acme\.org\n.*npx pulumi login.*npx pulumi stack init staging/s,
    );
  });
});

describe("nothing is overwritten:", () => {
  test("a file with other values stops it, and names them", async () => {
    write("staging", "config:\n  aws:region: eu-west-1\n");
    const { code, said, calls } = await init("staging", ...flags);
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(said).toMatch(
      /never overwritten.*aws:region: eu-west-1, not eu-central-1\n.*nango:domain: \(not set\), not/s,
    );
    expect(readFileSync(file("staging"), "utf8")).toBe("config:\n  aws:region: eu-west-1\n");
  });

  test("a file that comes into being while the questions are answered stays as it is", async () => {
    said = "";
    const conversation: Conversation = {
      ...byLines(),
      agrees: async () => {
        write("staging", "config: {}\n");
        return true;
      },
    };
    expect(await runInit(["staging", ...flags], { directory: folder, conversation, rehearse: another })).toBe(
      1,
    );
    expect(said).toMatch(/Pulumi\.staging\.yaml cannot be written: EEXIST/);
    expect(readFileSync(file("staging"), "utf8")).toBe("config: {}\n");
    expect(calls()).toEqual([]);
  });

  test("an example that comes with the project stops it", async () => {
    const example = readFileSync(path.join(root, "stacks/Pulumi.dev.yaml"), "utf8");
    write("dev", example);
    const { code, said } = await init("dev", "--yes");
    expect(code).toBe(1);
    expect(said).toMatch(
      /stacks\/Pulumi\.dev\.yaml is there already, and is never overwritten\. .*a name for examples/,
    );
    expect(readFileSync(file("dev"), "utf8")).toBe(example);
  });

  test("a stack of that name in the backend that is logged in to stops it before anything is written", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///state");
    const { code, said } = await init("taken", "--target=docker", "--yes");
    expect({ code, written: existsSync(file("taken")) }).toEqual({ code: 1, written: false });
    expect(said).toContain('file:///state has a stack "taken" already');
  });

  test("a stack of that name in another backend stops it, and leaves no file", async () => {
    writeFileSync(path.join(folder, "backend/staging"), "");
    const { code, said, calls } = await init("staging", ...flags);
    expect(code).toBe(1);
    expect(said).toMatch(/The state backend file:\/\/~ has a stack "staging" already\..* another name/);
    expect(calls.join()).not.toContain("init");
    expect(existsSync(file("staging"))).toBe(false);
  });
});

describe("after a failure", () => {
  test.each([
    ["FAKE_LOGIN_ERROR", "could not log in to file://~"],
    ["FAKE_INIT_ERROR", 'could not make the stack "staging" in file://~'],
  ])("(%s) it says what is there and how to go on, and goes on", async (variable, what) => {
    vi.stubEnv(variable, "yes");
    const first = await init("staging", ...flags);
    expect(first.code).toBe(1);
    expect(first.said).toContain(what);
    expect(first.said).toContain("stacks/Pulumi.staging.yaml is written, and its stack is not made yet.");
    const command = "npm run init -- staging --backend 'local' --secrets-provider 'passphrase'";
    expect(first.said).toContain(`go on: ${command}`);
    vi.stubEnv(variable, undefined);
    const second = await init("staging", "--backend", "local", "--secrets-provider", "passphrase");
    expect(second.code).toBe(0);
    expect(second.calls).toContain("stack init staging --secrets-provider passphrase");
  });

  test("with the same flags it goes on, too", async () => {
    vi.stubEnv("FAKE_INIT_ERROR", "yes");
    expect(await init("staging", ...flags)).toMatchObject({ code: 1 });
    vi.stubEnv("FAKE_INIT_ERROR", undefined);
    expect(await init("staging", ...flags)).toMatchObject({ code: 0 });
  });

  test("with the stack made it only rehearses", async () => {
    await init("staging", ...flags);
    const { code, calls } = await init("staging", "--yes", "--backend=current");
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith("stack init"))).toHaveLength(1);
  });
});

test.each([
  [["--help"], 0],
  [["-h"], 0],
])("%j shows what there is", async (args, code) => {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const ended = await runInit(args);
  const text = out.mock.calls.join("");
  out.mockRestore();
  expect(ended).toBe(code);
  for (const flag of ["--target", "--hosted-zone", "--secrets-provider", "--yes", "--dry-run"])
    expect(text).toMatch(new RegExp(`^  (-., )?${flag} `, "m"));
});

test.each([
  [["staging", "--colour"], /^Unknown option '--colour'\.\nUsage: npm run init -- \[stack\]/],
  [["a", "b"], /^"b" is one argument too many\./],
  [["--region"], /^Option '--region <value>' argument missing\./],
])("%j is told to be wrong", async (args, message) => {
  const { code, said } = await init(...args);
  expect(code).toBe(64);
  expect(said).toMatch(message);
});

test("a flag that npm kept for itself is named", async () => {
  vi.stubEnv("npm_config_user_agent", "npm/10.8.2 node/v20.20.0");
  vi.stubEnv("npm_lifecycle_event", "init");
  vi.stubEnv("npm_config_region", "true");
  expect((await init("staging", "eu-central-1")).said).toMatch(
    /npm kept --region for itself.*npm run init -- staging --region eu-central-1/s,
  );
});

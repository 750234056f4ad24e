import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { encryptionKeyFingerprint } from "../../../infra/nango/encryption-key.ts";
import { readCommandLine, UsageError } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { key as table } from "../../../scripts/key/arguments.ts";
import { type Said, shownOrChecked } from "../../../scripts/key/command.ts";
import { resource, state } from "../pulumi/state.ts";

/** A Pulumi CLI that writes down how it is called, and shows secrets only where it is asked for them. */
const cli = `#!/bin/sh
echo "$@" >> "$FOLDER/calls"
case "$*" in
  version) echo v3.265.0 ;;
  "stack export"*--show-secrets*) cat "$FOLDER/secrets.json" ;;
  "stack export"*) cat "$FOLDER/state.json" 2>/dev/null || { echo "error: no stack named 'dev' found" >&2; exit 255; } ;;
esac
`;

const key = Buffer.alloc(32, 7).toString("base64");
const other = Buffer.alloc(32, 8).toString("base64");
let directory: string;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
}

const plain = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const outputs = { encryptionKeyFingerprint: encryptionKeyFingerprint(key) };

const store = resource("nango:aws:StoredSecret", "nango");
const version = {
  ...resource("aws:secretsmanager/secretVersion:SecretVersion", "nango"),
  parent: store.urn,
  outputs: { secretString: plain(JSON.stringify({ NANGO_ENCRYPTION_KEY: key })) },
};
const container = resource("docker:index/container:Container", "nango-migrate", {
  inputs: { name: "nango-dev-migrate", envs: ["LOG_LEVEL=info", plain(`NANGO_ENCRYPTION_KEY=${key}`)] },
});

function deployed(made: readonly object[]): void {
  const resources = [resource("pulumi:pulumi:Stack", "nango-dev", { custom: false, outputs })];
  write("state.json", JSON.stringify({ deployment: { resources } }));
  write("secrets.json", JSON.stringify({ version: 3, deployment: { resources: made } }));
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "key-"));
  write("Pulumi.yaml", "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n");
  write("stacks/Pulumi.dev.yaml", "encryptionsalt: v1:a\nconfig:\n  aws:region: eu-central-1\n");
  write("bin/pulumi", cli);
  chmodSync(path.join(directory, "bin/pulumi"), 0o755);
  vi.stubEnv("PATH", `${directory}/bin${path.delimiter}${process.env["PATH"]}`);
  vi.stubEnv("FOLDER", directory);
  vi.stubEnv("PULUMI_BACKEND_URL", "file:///nowhere");
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "a");
  deployed([store, version]);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const calls = () => readFileSync(path.join(directory, "calls"), "utf8");

/** Runs the command for somebody who answers so at a terminal, or for a program that has no answer. */
async function run(
  args: readonly string[],
  around: { readonly answer?: boolean; readonly kept?: string } = {},
) {
  const { answer, kept = "" } = around;
  const questions: string[] = [];
  const said: Said = await shownOrChecked(readCommandLine<(typeof table)["flags"]>(table, args, {}), {
    directory,
    canAsk: answer !== undefined,
    confirmed: async (question) => {
      questions.push(question);
      return answer === true;
    },
    keptKey: async () => kept,
  });
  return { ...said, questions };
}

describe("the key is shown", () => {
  test.each([
    ["Secrets Manager", () => [store, version]],
    ["a container, before the server is there", () => [container]],
  ])("from %s, alone on standard output", async (_, made) => {
    deployed(made());
    const { output, remarks, exitCode, questions } = await run(["dev", "--yes"]);
    expect({ output, exitCode, questions }).toEqual({ output: `${key}\n`, exitCode: 0, questions: [] });
    expect(remarks).toContain(outputs.encryptionKeyFingerprint);
    expect(remarks).not.toContain(key);
  });

  test("after a question, to whoever says yes", async () => {
    const { output, questions } = await run(["dev"], { answer: true });
    expect(output).toBe(`${key}\n`);
    expect(questions).toEqual([expect.stringContaining("encryption key of dev")]);
  });

  test("to nobody who says no, and is not even asked for", async () => {
    expect(await run(["dev"], { answer: false })).toMatchObject({ output: "", exitCode: 1 });
    expect(calls()).toBe("version\n");
  });

  test("to no pipe that does not say --yes", async () => {
    await expect(run(["dev"])).rejects.toThrow("npm run --silent key -- dev --yes");
    expect(calls()).toBe("version\n");
  });

  test("of no stack that has none", async () => {
    deployed([]);
    await expect(run(["dev", "--yes"])).rejects.toThrow(/no container an encryption key: it is not deployed/);
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    await expect(run(["dev", "--yes"])).rejects.toThrow("PULUMI_CONFIG_PASSPHRASE");
  });
});

describe("a kept key", () => {
  test.each(["", "\n", "\r\n"])("that is the stack's is told so, with %j behind it", async (end) => {
    // Nothing has to be decrypted for it.
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    const { output, exitCode } = await run(["dev", "--check"], { kept: key + end });
    expect(output).toBe(`This is the encryption key of dev: ${outputs.encryptionKeyFingerprint}.\n`);
    expect(exitCode).toBe(0);
    expect(calls()).not.toContain("--show-secrets");
    expect(calls()).not.toContain(key);
  });

  test("of another stack is told so, with both fingerprints", async () => {
    const { output, exitCode } = await run(["dev", "--check"], { kept: other });
    expect(exitCode).toBe(1);
    expect(output).toContain("This is not the encryption key of dev");
    expect(output).toContain(outputs.encryptionKeyFingerprint);
    expect(output).toContain(encryptionKeyFingerprint(other));
    expect(output).not.toContain(other);
  });

  test("is compared with what was generated before a deployment has ended well", async () => {
    const { resources } = state([resource("nango:index:GeneratedSecrets", "nango", { outputs })]);
    write("state.json", JSON.stringify({ deployment: { resources } }));
    expect((await run(["dev", "--check"], { kept: key })).exitCode).toBe(0);
  });

  test.each([
    ["", /No key came/],
    [` ${key}`, /white space/],
    [key.slice(4), /decodes to 29 bytes/],
    ["password!", /is not base64/],
  ])("%j is none", async (kept, message) => {
    const checked = run(["dev", "--check"], { kept });
    await expect(checked).rejects.toThrow(UserError);
    await expect(checked).rejects.toThrow(message);
    await expect(checked).rejects.not.toThrow(key.slice(4));
  });

  test("of a stack that is not deployed cannot be checked", async () => {
    rmSync(path.join(directory, "state.json"));
    await expect(run(["dev", "--check"], { kept: key })).rejects.toThrow(
      /^The state backend file:.* has no stack "dev"\. Deploy it: npm run up -- dev\. If it is deployed already/,
    );
  });
});

test("--check and --yes do not go together", async () => {
  await expect(run(["dev", "--check", "--yes"])).rejects.toThrow(UsageError);
});

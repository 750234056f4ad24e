import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { missing, unfilled } from "../../../scripts/pulumi/checks.ts";
import { pulumiHome, readSettings } from "../../../scripts/pulumi/settings.ts";

const projectFile = "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n";
const keys = (profile: string) => `[${profile}]\naws_access_key_id=a\naws_secret_access_key=b\n`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pulumi-checks-"));
  write("Pulumi.yaml", projectFile);
  write("stacks/Pulumi.dev.yaml", "config: {}\n");
  const mine = /^(AWS|PULUMI)_/;
  for (const name of Object.keys(process.env)) if (mine.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", path.join(folder, "home"));
  vi.stubEnv("PULUMI_HOME", path.join(folder, "home/.pulumi"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(file: string, content: string): string {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

const everything = {
  PULUMI_BACKEND_URL: "file:///state",
  PULUMI_CONFIG_PASSPHRASE: "",
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
};

/** What stack `dev` lacks when all that is set is `everything`, with changes. */
async function lacks(
  changes: Readonly<Record<string, string | undefined>>,
  run: { canAsk?: boolean; reachesCloud?: boolean } = {},
): Promise<string[]> {
  for (const [name, value] of Object.entries({ ...everything, ...changes })) vi.stubEnv(name, value);
  const settings = readSettings(readProject(folder), "dev", process.env);
  const { canAsk = false, reachesCloud = true } = run;
  return missing(settings, {
    project: "nango",
    stack: "dev",
    environment: process.env,
    canAsk,
    reachesCloud,
  });
}

test("a file of the passphrase that is not there is named, unless the passphrase itself is set", async () => {
  const nowhere = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" };
  expect(await lacks(nowhere)).toEqual([
    'PULUMI_CONFIG_PASSPHRASE_FILE = "/nowhere" is no file: give the one that holds the passphrase, by its whole path, or set PULUMI_CONFIG_PASSPHRASE.',
  ]);
  expect(await lacks({ ...nowhere, PULUMI_CONFIG_PASSPHRASE: "" })).toEqual([]);
  expect(await lacks({ ...nowhere, PULUMI_CONFIG_PASSPHRASE_FILE: write("passphrase", "x") })).toEqual([]);
});

test("nothing is missing when everything is there", async () => {
  expect(await lacks({})).toEqual([]);
});

describe("the names that the project came with", () => {
  const shipped =
    "config:\n  aws:region: eu-central-1\n  nango:domain: nango.example.com\n  nango:hostedZone: example.com\n";

  const left = () =>
    unfilled("nango", "acme/nango/dev", readSettings(readProject(folder), "dev", process.env));

  test("are named before they are deployed, with what to do", () => {
    write("stacks/Pulumi.dev.yaml", shipped);
    expect(left()).toBe(
      'nango:domain = "nango.example.com", nango:hostedZone = "example.com": a name for examples, which nobody can have. ' +
        "Set these and aws:region in the stack's file to yours, or begin a stack of your own: npm run init -- my-dev.",
    );
  });

  test("do not matter on a laptop, or once they are one's own", () => {
    write("stacks/Pulumi.dev.yaml", shipped.replaceAll("example.com", "acme.dev"));
    expect(left()).toBeUndefined();
    write("stacks/Pulumi.dev.yaml", `${shipped}  nango:target: docker\n`);
    expect(left()).toBeUndefined();
  });
});

describe("a state backend", () => {
  const none = { PULUMI_BACKEND_URL: undefined };

  test("that nobody chose is asked for, and the account-free one is named first", async () => {
    expect(await lacks(none)).toEqual([
      expect.stringMatching(/^No state backend is chosen\..*npx pulumi login file:\/\/~ .*s3:\/\//),
    ]);
  });

  const login = '{"current":"file:///state"}';
  test.each([
    ["a login", "home/.pulumi/credentials.json", login, {}],
    ["an encrypted login", "home/.pulumi/credentials.json", '{"$pulumiSecureStore":1}', {}],
    ["PULUMI_HOME", "other/credentials.json", login, { PULUMI_HOME: "other" }],
    ["PULUMI_CREDENTIALS_PATH", "other/credentials.json", login, { PULUMI_CREDENTIALS_PATH: "other" }],
    ["a token for Pulumi Cloud", "unrelated", "", { PULUMI_ACCESS_TOKEN: "pul-1" }],
    ["Pulumi.yaml", "Pulumi.yaml", `${projectFile}backend: { url: file:///state }\n`, {}],
  ])("may be chosen by %s", async (_, file, content, environment) => {
    write(file, content);
    const folders = Object.entries<string>(environment).map(([name, value]) =>
      value === "other" ? [name, path.join(folder, value)] : [name, value],
    );
    expect(await lacks({ ...none, ...Object.fromEntries(folders) })).toEqual([]);
  });

  test("is not looked for in logins that nobody can read", async () => {
    write("home/.pulumi/credentials.json", "{");
    await expect(lacks(none)).rejects.toThrow(
      /credentials\.json, in which Pulumi keeps logins: .*npx pulumi login/s,
    );
  });
});

test("the folder of the Pulumi CLI lies in the home of the account, whatever HOME is", () => {
  const ofAccount = path.join(userInfo().homedir, ".pulumi");
  expect(process.env["HOME"]).not.toBe(userInfo().homedir);
  expect(pulumiHome({ ...process.env, PULUMI_HOME: undefined })).toBe(ofAccount);
});

describe("a passphrase", () => {
  const none = { PULUMI_CONFIG_PASSPHRASE: undefined };
  const cloud = { PULUMI_BACKEND_URL: "https://api.pulumi.com" };

  test("that is not set is asked for", async () => {
    expect(await lacks(none)).toEqual([
      expect.stringMatching(
        /^The secrets of stack "dev" are encrypted with a passphrase.*PULUMI_CONFIG_PASSPHRASE/,
      ),
    ]);
  });

  test("is left to the CLI to ask for where there is someone to answer", async () => {
    expect(await lacks(none, { canAsk: true })).toEqual([]);
  });

  test.each([
    ["a file that holds it", "config: {}", { PULUMI_CONFIG_PASSPHRASE_FILE: import.meta.filename }],
    ["a key of AWS instead", "secretsprovider: awskms://alias/nango", {}],
    ["Pulumi Cloud instead", "config: {}", cloud],
  ])("is not asked for with %s", async (_, stackFile, environment) => {
    write("stacks/Pulumi.dev.yaml", stackFile);
    expect(await lacks({ ...none, ...environment })).toEqual([]);
  });

  test.each(["encryptionsalt: v1:abc", "secretsprovider: passphrase"])(
    "is asked for with Pulumi Cloud if the stack's file says so (%s)",
    async (stackFile) => {
      write("stacks/Pulumi.dev.yaml", stackFile);
      expect(await lacks({ ...none, ...cloud })).toEqual([expect.stringContaining("a passphrase")]);
    },
  );
});

describe("AWS credentials", () => {
  const none = { AWS_ACCESS_KEY_ID: undefined };

  test("that are missing are asked for", async () => {
    expect(await lacks(none)).toEqual([
      expect.stringMatching(/^AWS credentials are missing \(.*\): run aws configure/),
    ]);
  });

  test("are not asked for by commands that only read the state", async () => {
    expect(await lacks(none, { reachesCloud: false })).toEqual([]);
  });

  test.each([
    ["the target is docker", "config:\n  nango:target: docker\n", ""],
    ["the stack's profile is known", "config:\n  aws:profile: staging\n", keys("staging")],
    ["the stack's file has keys of its own", "config:\n  aws:accessKey:\n    secure: abc\n", ""],
    [
      "a role is assumed later",
      "config:\n  aws:assumeRoles:\n    - roleArn: arn:aws:iam::1:role/x\n",
      keys("default"),
    ],
  ])("are not asked for if %s", async (_, stackFile, credentials) => {
    write("stacks/Pulumi.dev.yaml", stackFile);
    // The SDK remembers a file that it has read.
    const AWS_SHARED_CREDENTIALS_FILE = write("credentials", credentials);
    expect(await lacks({ ...none, AWS_SHARED_CREDENTIALS_FILE })).toEqual([]);
  });

  test("of a profile that does not exist are asked for, even if there are others", async () => {
    write("stacks/Pulumi.dev.yaml", "config:\n  aws:profile: staging\n");
    expect(await lacks({})).toEqual([
      expect.stringMatching(/^AWS credentials are missing \(.*\): profile "staging" \(aws:profile\)/),
    ]);
  });

  test("of a profile of the environment that does not exist are asked for by its name", async () => {
    const AWS_SHARED_CREDENTIALS_FILE = write("credentials-default", keys("default"));
    const [line] = await lacks({ ...none, AWS_PROFILE: "ghost", AWS_SHARED_CREDENTIALS_FILE });
    expect(line).toMatch(/^AWS credentials are missing \(.*\): profile "ghost" \(AWS_PROFILE\)/);
    expect(line).not.toContain("name a profile with");
  });
});

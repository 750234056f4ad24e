// `npm run init` from its flags to a stack.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { rehearse } from "../../rehearse.ts";
import { flags, root, Stage } from "./stage.ts";

const stage = new Stage();

describe("a new stack", () => {
  test("is written, made, rehearsed and ends with what to do next", async () => {
    const { code, said, calls } = await stage.init(["staging", ...flags], {}, rehearse);
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
    expect(parse(readFileSync(stage.file("staging"), "utf8"))).toEqual({
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
    const { code, calls } = await stage.init([
      "laptop",
      "--target=docker",
      "--yes",
      `--secrets-provider=${key}`,
    ]);
    expect(code).toBe(0);
    expect(calls).toContain(`stack init laptop --secrets-provider ${key}`);
    expect(calls.join()).not.toContain("login");
    expect(parse(readFileSync(stage.file("laptop"), "utf8"))).toMatchObject({ secretsprovider: key });
  });

  test("gets a new passphrase only in a file that is asked for, which is shown to nobody", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    const passphrase = path.join(stage.folder, "../", `${path.basename(stage.folder)}-passphrase`);
    const laptop = ["laptop", "--target=docker", "--yes"];
    expect(await stage.init(laptop)).toMatchObject({
      code: 1,
      calls: [],
      said: expect.stringContaining("--passphrase-file"),
    });
    const { code, said, calls } = await stage.init([...laptop, `--passphrase-file=${passphrase}`]);
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

  test("is told how to give the passphrase, unless a file holds it", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", undefined);
    const told = async (...more: string[]) =>
      (await stage.init(["laptop", "--target=docker", "--yes", "--dry-run", ...more], { canAsk: true })).said;
    const advice = "export PULUMI_CONFIG_PASSPHRASE='<passphrase>'";
    expect(await told("--passphrase-file=none")).toContain(advice);
    expect(await told(`--passphrase-file=${path.join(stage.folder, "../passphrase")}`)).not.toContain(advice);
  });

  test("may have a file alone, whose stack is made when the backend is known", async () => {
    const { code, said, calls } = await stage.init([
      "staging",
      ...flags.slice(0, 6),
      "--backend=later",
      "--yes",
    ]);
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(said).toContain("npm run init -- staging");
    const again = await stage.init(["staging", "--backend=local", "--yes"]);
    expect(again).toMatchObject({
      code: 0,
      said: expect.stringMatching(/is left as it is.*Stack "staging" is in/s),
    });
    expect(again.calls).toContain("stack init staging --secrets-provider passphrase");
  });

  test("that is made is not asked what encrypts its secrets", async () => {
    const file = "config:\n  aws:region: eu-central-1\n  nango:insecureHttp: true\n";
    const goOn = async (text: string) => {
      writeFileSync(stage.file("staging"), text);
      return (await stage.init(["staging", "--backend=local"])).said;
    };
    expect(await goOn(file)).toMatch(/Missing:\n  --secrets-provider/);
    expect(await goOn(`${file}encryptionsalt: v1:a\n`)).toContain(
      "Once that is mended, go on: npm run init -- staging --backend 'local' --secrets-provider 'passphrase'",
    );
  });

  test("is only shown in a dry run", async () => {
    const { code, said, calls } = await stage.init(["staging", ...flags, "--dry-run"]);
    expect({ code, calls, written: existsSync(stage.file("staging")) }).toEqual({
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
    writeFileSync(stage.file("staging"), "config:\n  aws:region: eu-west-1\n");
    const { code, said, calls } = await stage.init(["staging", ...flags]);
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(said).toMatch(
      /never overwritten.*aws:region: eu-west-1, not eu-central-1\n.*nango:domain: \(not set\), not/s,
    );
    expect(readFileSync(stage.file("staging"), "utf8")).toBe("config:\n  aws:region: eu-west-1\n");
  });

  test("a file that comes into being while the questions are answered stays as it is", async () => {
    const { code, said, calls } = await stage.init(["staging", ...flags], {
      agrees: async () => {
        writeFileSync(stage.file("staging"), "config: {}\n");
        return true;
      },
    });
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(said).toMatch(/Pulumi\.staging\.yaml cannot be written: EEXIST/);
    expect(readFileSync(stage.file("staging"), "utf8")).toBe("config: {}\n");
  });

  test("an example that comes with the project stops it", async () => {
    const example = readFileSync(path.join(root, "stacks/Pulumi.dev.yaml"), "utf8");
    writeFileSync(stage.file("dev"), example);
    const { code, said } = await stage.init(["dev", "--yes"]);
    expect(code).toBe(1);
    expect(said).toMatch(
      /stacks\/Pulumi\.dev\.yaml is there already, and is never overwritten\. .*a name for examples.* npm run init -- my-dev\./,
    );
    expect(readFileSync(stage.file("dev"), "utf8")).toBe(example);
  });

  test("a stack of that name in the backend that is logged in to stops it before anything is written", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///state");
    const { code, said } = await stage.init(["taken", "--target=docker", "--yes"]);
    expect({ code, written: existsSync(stage.file("taken")) }).toEqual({ code: 1, written: false });
    expect(said).toContain('file:///state has a stack "taken" already');
  });

  test("a stack of that name in another backend stops it, and leaves no file", async () => {
    writeFileSync(path.join(stage.folder, "backend/staging"), "");
    const { code, said, calls } = await stage.init(["staging", ...flags]);
    expect(code).toBe(1);
    expect(said).toMatch(/The state backend file:\/\/~ has a stack "staging" already\..* another name/);
    expect(calls.join()).not.toContain("init");
    expect(existsSync(stage.file("staging"))).toBe(false);
  });
});

describe("after a failure", () => {
  test.each([
    ["FAKE_LOGIN_ERROR", "could not log in to file://~"],
    ["FAKE_INIT_ERROR", 'could not make the stack "staging" in file://~'],
  ])("(%s) it says what is there and how to go on, and goes on", async (variable, what) => {
    vi.stubEnv(variable, "yes");
    const first = await stage.init(["staging", ...flags]);
    expect(first.code).toBe(1);
    expect(first.said).toContain(what);
    expect(first.said).toContain("stacks/Pulumi.staging.yaml is written, and its stack is not made yet.");
    const command = "npm run init -- staging --backend 'local' --secrets-provider 'passphrase'";
    expect(first.said).toContain(`go on: ${command}`);
    vi.stubEnv(variable, undefined);
    const second = await stage.init(["staging", "--backend", "local", "--secrets-provider", "passphrase"]);
    expect(second.code).toBe(0);
    expect(second.calls).toContain("stack init staging --secrets-provider passphrase");
  });

  test("with the same flags it goes on, too", async () => {
    vi.stubEnv("FAKE_INIT_ERROR", "yes");
    expect(await stage.init(["staging", ...flags])).toMatchObject({ code: 1 });
    vi.stubEnv("FAKE_INIT_ERROR", undefined);
    expect(await stage.init(["staging", ...flags])).toMatchObject({ code: 0 });
  });

  test("with the stack made it only rehearses", async () => {
    await stage.init(["staging", ...flags]);
    const { code, calls } = await stage.init(["staging", "--yes", "--backend=current"]);
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith("stack init"))).toHaveLength(1);
  });
});

test("a short passphrase, such as that of a laptop, is warned of on AWS", async () => {
  const warning = "PULUMI_CONFIG_PASSPHRASE is set here, to 6 characters";
  expect((await stage.init(["staging", ...flags, "--dry-run"])).said).not.toContain(
    "PULUMI_CONFIG_PASSPHRASE",
  );
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "laptop");
  expect((await stage.init(["staging", ...flags, "--dry-run"])).said).toContain(warning);
  const key = ["--secrets-provider=awskms://alias/pulumi?region=eu-central-1", "--dry-run"];
  const withKey = [...flags.filter((flag) => !flag.startsWith("--secrets-provider")), ...key];
  expect((await stage.init(["staging", ...withKey])).said).not.toContain(warning);
  const laptop = ["laptop", "--target=docker", "--backend=local", "--yes", "--dry-run"];
  expect((await stage.init(laptop)).said).not.toContain(warning);
});

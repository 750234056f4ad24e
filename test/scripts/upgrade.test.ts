import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseImage } from "../../infra/nango/image.ts";
import { newestRelease, releases } from "../../infra/nango/releases.ts";
import { changeBetween, findRelease, pinnedTo, releaseOf } from "../../scripts/upgrade/change.ts";
import { withImage } from "../../scripts/upgrade/stack-file.ts";

const root = path.resolve(import.meta.dirname, "../..");
const script = path.join(root, "scripts/upgrade.ts");
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const pin = "nangohq/nango-server:hosted-0123456789abcdef0123456789abcdef01234567";
const release = (version: string) => findRelease(version, "dev");
const hosted = (version: string) => `nangohq/nango-server:hosted-${release(version).commit}`;

describe("the new pin", () => {
  const shippedFiles = readdirSync(path.join(root, "stacks"));

  test.each(shippedFiles)("is one line more in %s, and one line that changes the next time", (file) => {
    const text = readFileSync(path.join(root, "stacks", file), "utf8");
    const once = withImage(text, "first:image");
    const lines = once.split("\n");
    const added = lines.filter((line) => line.includes("first:image"));
    expect(added).toEqual(["  nango:image: first:image"]);
    expect(lines.filter((line) => line !== added[0]).join("\n")).toBe(text);
    expect(withImage(once, pin)).toBe(once.replace("first:image", pin));
  });

  const comment = fc.stringMatching(/^ *#[ a-z:'"]*$/);
  const entry = fc
    .tuple(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.constantFrom("1", "text", "'quoted # text'", "[a, b]", '"x: y"'),
    )
    .map(([name, value]) => `  other:${name}: ${value}`);
  const file = fc
    .record({
      before: fc.array(comment),
      entries: fc.uniqueArray(fc.oneof(entry, comment), {
        selector: (line) => line.split(": ")[0]!,
        minLength: 1,
      }),
      after: fc.constantFrom("", "encryptionsalt: v1:abc=\n"),
    })
    .map(({ before, entries, after }) => `${[...before, "config:", ...entries].join("\n")}\n${after}`)
    .filter((text) => (parse(text) as { config: unknown }).config !== null);

  test("leaves every other line of a file as it was, and every other value", () => {
    fc.assert(
      fc.property(file, (text) => {
        const changed = withImage(text, pin);
        expect(
          changed
            .split("\n")
            .filter((line) => !line.includes("nango:image"))
            .join("\n"),
        ).toBe(text);
        const { config, ...rest } = parse(changed) as { config: object };
        const before = parse(text) as { config: object };
        expect({ config: { ...config }, ...rest }).toEqual({
          ...before,
          config: { ...before.config, "nango:image": pin },
        });
      }),
    );
  });

  test.each([
    ["", "config:\n  nango:image: IMAGE\n"],
    ["# nothing yet\nconfig:\n", "# nothing yet\nconfig:\n  nango:image: IMAGE\n"],
    ["config: {}\n", "config:\n  nango:image: IMAGE\n"],
    ["config: { aws:region: eu }\n", "config:\n  aws:region: eu\n  nango:image: IMAGE\n"],
    [
      "config:\n    'nango:image': \"old\" # why\n    a:b: 1\n",
      "config:\n    'nango:image': IMAGE # why\n    a:b: 1\n",
    ],
    ["config:\n  nango:image: >-\n    old\n  a:b: 1\n", "config:\n  nango:image: IMAGE\n  a:b: 1\n"],
    ["config:\n  nango:image: |\n    old\n\nother: 1\n", "config:\n  nango:image: IMAGE\n\nother: 1\n"],
    ["config:\n  nango:image: >-\n    old", "config:\n  nango:image: IMAGE"],
    ["config:\n  image: old\n  a:b: 1\n", "config:\n  image: IMAGE\n  a:b: 1\n"],
    ["config:\n  nango:config:image: old\n", "config:\n  nango:config:image: IMAGE\n"],
    ["config:\n  other: &old x\n  image: *old\n", "config:\n  other: &old x\n  image: IMAGE\n"],
  ])("goes into %j", (text, expected) => {
    expect(withImage(text, pin)).toBe(expected.replace("IMAGE", pin));
  });

  test("stays in the repository where the stack has its image, and drops an old digest", () => {
    const image = parseImage(
      `ghcr.io/acme/nango:hosted-${release("1.6.0").commit}@sha256:${"ab".repeat(32)}`,
    );
    expect(pinnedTo(image, release("1.6.1"))).toBe(`ghcr.io/acme/nango:hosted-${release("1.6.1").commit}`);
  });
});

describe("the change", () => {
  test("counts releases and migrations between two, whichever is newer", () => {
    const there = changeBetween(release("1.6.0"), release("1.6.3"));
    const back = changeBetween(release("1.6.3"), release("1.6.0"));
    expect(there).toMatchObject({ direction: "forward", migrations: 3 });
    expect(there.steps.map(({ version }) => version)).toEqual(["1.6.1", "1.6.2", "1.6.3"]);
    expect(back).toMatchObject({ direction: "back", migrations: 3, steps: there.steps });
    expect(changeBetween(release("1.6.0"), release("1.6.0"))).toMatchObject({
      direction: "none",
      migrations: 0,
    });
  });

  test("is of unknown direction from a commit that is no release", () => {
    expect(releaseOf(parseImage(pin))).toBeUndefined();
    expect(changeBetween(undefined, newestRelease).direction).toBe("unknown");
  });

  test("tells the release of a tag, with or without a digest", () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    for (const one of releases) {
      const reference = `nangohq/nango-server:hosted-${one.commit}`;
      expect(releaseOf(parseImage(reference))).toBe(one);
      expect(releaseOf(parseImage(`${reference}@${digest}`))).toBe(one);
    }
    expect(releaseOf(parseImage(`nangohq/nango-server@${digest}`))).toBeUndefined();
  });
});

describe("npm run upgrade", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "upgrade-"));
    for (const name of ["Pulumi.yaml", "infra/index.ts"])
      cpSync(path.join(root, name), path.join(folder, name));
    cpSync(path.join(root, "stacks"), path.join(folder, "stacks"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stackFile = () => readFileSync(path.join(folder, "stacks/Pulumi.dev.yaml"), "utf8");

  function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ["--import", tsx, script, ...args],
        { cwd: folder },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  test("shows what the stack has and could have, and that it may not know all, and changes nothing", async () => {
    const before = stackFile();
    const { code, stdout } = await run("dev");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`has release ${newestRelease.version} .*\\(the default`, "s"));
    expect(stdout).toContain("Newer releases may exist");
    expect(stdout).toContain("pulumi config set -s dev nango:image nangohq/nango-server:hosted-<commit>");
    expect(stackFile()).toBe(before);
  });

  test("writes the pin of a newer release and says what it brings", async () => {
    writeFileSync(path.join(folder, "stacks/Pulumi.dev.yaml"), withImage(stackFile(), hosted("1.6.0")));
    const { code, stdout } = await run("dev", "1.6.3");
    expect(code).toBe(0);
    expect(stdout).toContain(`compare/${release("1.6.0").commit}...${release("1.6.3").commit}`);
    expect(stdout).toMatch(
      /3 releases, 3 database migrations\. They are never undone.*1\. a snapshot.*npm run up -- dev/s,
    );
    expect(parse(stackFile())).toMatchObject({ config: { "nango:image": hosted("1.6.3") } });
  });

  test("refuses an older release, with the reason, until it is told that this is meant", async () => {
    const before = stackFile();
    const refused = await run("dev", "1.6.0");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /6 releases back\. The database has 8 database migrations.*--allow-downgrade/s,
    );
    expect(stackFile()).toBe(before);
    const allowed = await run("dev", "1.6.0", "--allow-downgrade");
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain("1. restore the database");
    expect(parse(stackFile())).toMatchObject({ config: { "nango:image": hosted("1.6.0") } });
  });

  test.each(["image", "nango:config:image"])("knows the image that is named by the key %s", async (key) => {
    const file = path.join(folder, "stacks/Pulumi.dev.yaml");
    writeFileSync(file, `config:\n  ${key}: ${hosted("1.6.0")}\n`);
    expect((await run("dev")).stdout).toContain('Stack "dev" has release 1.6.0');
    expect((await run("dev", "1.6.3")).code).toBe(0);
    expect(stackFile()).toBe(`config:\n  ${key}: ${hosted("1.6.3")}\n`);
  });

  test("says that a repository of one's own needs the image first, and what becomes of a digest", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/nango-patched";
    const file = path.join(folder, "stacks/Pulumi.dev.yaml");
    writeFileSync(file, `config:\n  nango:image: ${repository}:${hosted("1.6.0").split(":")[1]}@${digest}\n`);
    const { stdout } = await run("dev", "1.6.3");
    const wanted = `${repository}:${hosted("1.6.3").split(":")[1]}`;
    expect(stdout).toContain(`The digest ${digest} named the old image and is dropped`);
    expect(stdout).toContain(`Nango pushes nothing to ${repository}: ${wanted} has to be there`);
    expect(stdout).toContain(`  1. push the image of release 1.6.3 to ${wanted}\n  2. a snapshot`);
  });

  test("says that a digest of Nango's own image is dropped", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const file = path.join(folder, "stacks/Pulumi.dev.yaml");
    writeFileSync(file, `config:\n  nango:image: ${hosted("1.6.0")}@${digest}\n`);
    const { stdout } = await run("dev", "1.6.3");
    expect(stdout).toMatch(
      new RegExp(`The digest ${digest} named the old image and is dropped.*nango:pinDigest`),
    );
    expect(stdout).not.toMatch(/push/);
  });

  test("does not promise a stack on Docker that Nango keeps running", async () => {
    const [onAws, onDocker] = [await run("dev", "1.6.6"), await run("local", "1.6.6")];
    expect(onAws.stdout).toMatch(/npm run up -- dev .*one by one/);
    expect(onDocker.stdout).toMatch(/npm run up -- local .*Nango is down meanwhile/);
    expect(onDocker.stdout).not.toContain("one by one");
  });

  test("takes a stack by its full name in Pulumi Cloud", async () => {
    expect((await run("org/nango/dev")).stdout).toContain('Stack "dev" has release');
  });

  test.each(["--help", "-h"])("prints its usage when it is asked with %s", async (option) => {
    const { code, stdout, stderr } = await run(option);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Usage: npm run upgrade -- <stack>/);
  });

  test("says what a file of another extension must be called", async () => {
    writeFileSync(path.join(folder, "stacks/Pulumi.yy.yml"), "config: {}\n");
    const { code, stderr } = await run("yy", "1.6.6");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^there is no stack 'yy'.*Pulumi\.yy\.yml must be called Pulumi\.yy\.yaml\)?\n$/);
  });

  test.each([
    [
      ["dev", "1.6.66"],
      /"1\.6\.66" is not known here\. The nearest is 1\.6\.6,.*npx pulumi config set -s dev nango:image/s,
    ],
    [["prodution", "1.6.6"], /no stack 'prodution'.* production/],
    [[], /^Usage: npm run upgrade -- <stack> \[version\]/],
    [["dev", "--force"], /^Unknown option '--force'\.\nUsage: /],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

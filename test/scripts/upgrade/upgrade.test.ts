import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { defaultRelease, releases } from "../../../infra/nango/releases.ts";
import { readCommandLine } from "../../../project/command.ts";
import { UserError } from "../../../project/user-error.ts";
import { commands } from "../../../scripts/commands.ts";
import { withImage } from "../../../scripts/upgrade/stack-file.ts";
import { upgrade } from "../../../scripts/upgrade/upgrade.ts";
import { manifestOf, serve } from "./manifest-server.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const release = (version: string) => releases.find((one) => one.version === version)!;
const hosted = (version: string) => `nangohq/nango-server:hosted-${release(version).commit}`;

const read = (args: readonly string[]) => readCommandLine(commands.upgrade, args, {});

describe("npm run upgrade", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "upgrade-"));
    for (const name of ["Pulumi.yaml", "infra/main.mjs"])
      cpSync(path.join(root, name), path.join(folder, name));
    cpSync(path.join(root, "stacks"), path.join(folder, "stacks"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stackFile = () => readFileSync(path.join(folder, "stacks/Pulumi.dev.yaml"), "utf8");

  /** What is printed, and the exit code, without a question to the network. */
  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    try {
      const stdout = await upgrade(read([...args, "--offline"]), { directory: folder });
      return { code: 0, stdout, stderr: "" };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { code: 1, stdout: "", stderr: error.message };
    }
  }

  test("shows what the stack has and could have, and that it may not know all, and changes nothing", async () => {
    const before = stackFile();
    const { code, stdout } = await run("dev");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`has release ${defaultRelease.version} .*\\(the default`, "s"));
    expect(stdout).toMatch(
      /^1\.6\.12 .* unknown\n(.*\n){4}1\.6\.7 .* at least 6\n1\.6\.6 .* 1 {2}<- this stack$/m,
    );
    expect(stdout).toContain(
      "6 releases are newer, with at least 6 database migrations. To choose one: npm run upgrade -- dev 1.6.12",
    );
    expect(stdout).toContain("of 2026-09-17. Newer releases may exist: https://");
    expect(stdout).toMatch(
      /by hand, in .*Pulumi\.dev\.yaml:\n {2}nango:image: nangohq\/nango-server:hosted-</,
    );
    expect(stackFile()).toBe(before);
  });

  test("offers a release that only Nango's manifest has, and pins it without a word about a table", async () => {
    const commit = "0123456789abcdef".repeat(3).slice(0, 40);
    const next = {
      ...release("1.6.12"),
      version: "1.7.0",
      application: "0.72.6",
      commit,
      date: "2026-10-20",
    };
    const manifest = await serve((_, response) => response.end(manifestOf([...releases, next])));
    const place = { directory: folder, manifest };
    const listed = await upgrade(read(["dev"]), place);
    expect(listed).toContain("1.7.0     0.72.6    2026-10-20     unknown\n1.6.12 ");
    expect(listed).toContain("7 releases are newer, with at least 6 database migrations.");
    expect(listed).toContain("\nThis is Nango's manifest, read just now.\n");
    const changed = await upgrade(read(["dev", "1.7.0"]), place);
    expect(changed).toMatch(/^Stack "dev"\n {2}from release 1\.6\.6 .*\n {2}to {3}release 1\.7\.0 /);
    expect(changed).not.toMatch(/table/);
    expect(changed).toContain(`  1. a snapshot of the database`);
    expect(parse(stackFile())).toMatchObject({
      config: { "nango:image": `nangohq/nango-server:hosted-${commit}` },
    });
    expect(await upgrade(read(["dev"]), place)).toContain(
      "That is the newest release. To pin it: npm run upgrade -- dev 1.7.0",
    );
  });

  test("says with a change, too, that the manifest could not be read", async () => {
    const manifest = await serve((_, response) => response.end("<html>"));
    const changed = await upgrade(read(["dev", "1.6.12"]), { directory: folder, manifest });
    expect(changed).toMatch(
      /^Nango's manifest could not be understood \(it is not JSON\): going by the table/,
    );
  });

  test("says of a release that is newer than the default that the project was not checked against it", async () => {
    expect((await run("dev", "1.6.7")).stdout).toMatch(
      /compare\/.*\n {2}This project was checked against 1\.6\.6: /,
    );
    expect((await run("dev", "1.6.6", "--allow-downgrade")).stdout).not.toMatch(/checked against/);
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

  test("says what a file of another extension must be called", async () => {
    writeFileSync(path.join(folder, "stacks/Pulumi.yy.yml"), "config: {}\n");
    const { code, stderr } = await run("yy", "1.6.6");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^there is no stack 'yy'.*Pulumi\.yy\.yml must be called Pulumi\.yy\.yaml\)?$/);
  });

  test.each([
    [
      ["dev", "1.6.66"],
      /"1\.6\.66" is not known here\. The nearest is 1\.6\.12\..*Pulumi\.dev\.yaml:\n {2}nango:image: nangohq/s,
    ],
    [["prodution", "1.6.6"], /no stack 'prodution'.* production/],
    [[], /^<stack> is missing: one of dev, .*\nUsage: npm run upgrade -- <stack> \[version\]/],
    [["dev", "--force"], /^Unknown option '--force'\.\nUsage: /],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test("is a command that ends with an error without a stack", async () => {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      const runner = path.join(root, "project/run.mjs");
      const script = path.join(root, "scripts/upgrade.ts");
      const args = [runner, script, "dev", "1.6.66", "--offline"];
      execFile(process.execPath, args, { cwd: folder }, (error, _, text) =>
        resolve({ code: error?.code, stderr: text }),
      );
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Release "1\.6\.66" is not known here/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

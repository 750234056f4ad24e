import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runCommandLine } from "../../rehearsal/command-line.ts";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { scenariosDirectory } from "./scenarios.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...given: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const shown = { out: "", err: "" };
  const streams = {
    out: { write: (text: string) => (shown.out += text) },
    err: { write: (text: string) => (shown.err += text) },
  };
  return { exitCode: await runCommandLine(given, streams, scenariosDirectory), ...shown };
}

test("a rehearsal is shown and written without its secrets", async () => {
  const file = join(folder, "rehearsal.json");
  const { exitCode, out, err } = await run("production", "--set", "scenario=secrets", "--json", file);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toContain("scenarios-production 2 resources in 1 component\n");
  expect(out).toContain("server container of service");
  expect(out).toContain("  command node server.js");
  expect(out).toContain(
    "  API_KEY=(secret)\n  PASSWORD=(secret)\n  PORT=3003\n  SECRET_ID=(known after deployment)\n",
  );
  expect(out).toContain("  given  (secret)\n  open  to all\n");
  expect(out).toContain("npm start -- production --update");
  expect(out).toContain("the password is (secret)");

  const text = readFileSync(file, "utf8");
  expect(out + text).not.toContain("placeholder-for-password");
  const written = JSON.parse(text) as Rehearsal;
  expect(written.outputs).toMatchObject({ given: "(secret)", generated: "(known after deployment)" });
  expect(written.resources.map(({ name }) => name)).toContain("values");
});

test("findings are listed with their resource, and end in exit code 1", async () => {
  const { exitCode, out } = await run("dev", "--set", "scenario=mistakes");
  expect(exitCode).toBe(1);
  expect(out).toContain(
    "- breakfast (ec2.Toaster): the rehearsal knows no resource type aws:ec2/toaster:Toaster:",
  );
  expect(out).not.toContain("npm run up");
});

test("a failing program shows its own message once, and ends in exit code 2", async () => {
  const { exitCode, out, err } = await run("--set", "scenario=failing", "--set", "way=throws a RunError");
  expect([exitCode, out, err]).toEqual([2, "", "the soup is cold\n"]);
});

test("a change of configuration is shown by what it does to the deployed stack, losses first", async () => {
  const { exitCode, out } = await run(
    "--set",
    "scenario=evolving",
    "--change",
    "retired=true",
    "--change",
    "instanceClass=db.t4g.small",
  );
  expect(exitCode).toBe(0);
  const [, changes] = out.split("Changes to the deployed stack\n");
  expect(
    changes!
      .split("\n")
      .slice(0, 3)
      .map((line) =>
        line
          .split(" ")
          .filter((word) => word !== "")
          .slice(1)
          .join(" "),
      ),
  ).toEqual([
    expect.stringMatching(/^delete .*(address|logs)/),
    expect.stringMatching(/^delete .*(address|logs)/),
    expect.stringMatching(/^update .*database \(instanceClass\)/),
  ]);
  expect(out).not.toContain("container of");
  expect((await run("--set", "scenario=evolving", "--change", "retired=false")).out).toContain(
    "Changes to the deployed stack\nnone",
  );
  expect((await run("--change", "nonsense")).err).toContain("--change takes key=value, not 'nonsense'");
});

test("an unknown stack is one line, and ends in exit code 2", async () => {
  const { exitCode, err } = await run("developement");
  expect(exitCode).toBe(2);
  expect(err).toBe(
    "there is no stack 'developement': the stacks are dev, production (stacks/Pulumi.<stack>.yaml)\n",
  );
});

test("missing configuration is one line, and ends in exit code 2", async () => {
  const { exitCode, err } = await run("dev");
  expect([exitCode, err]).toEqual([2, "Stack 'dev' is missing configuration value 'scenario'\n"]);
});

test.each([
  [["dev", "production"], "one stack at a time, not dev and production"],
  [["--apply"], "Unknown option '--apply'"],
  [["--json", "--update"], "Option '--json' argument is ambiguous"],
  [["--set", "size"], "--set takes key=value, not 'size'"],
])("%j is bad usage: one line", async (given, message) => {
  const { exitCode, err } = await run(...given);
  expect(exitCode).toBe(64);
  expect(err).toMatch(/^[^\n]+\n$/);
  expect(err.startsWith(`${message}. Usage: npm start -- `)).toBe(true);
});

test.each(["--help", "-h"])("%s prints the usage", async (option) => {
  const { exitCode, out, err } = await run(option);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toMatch(/^Usage: npm start -- .*\n$/);
});

test("a stack may be called by its full name in Pulumi Cloud", async () => {
  const { exitCode, out } = await run("org/scenarios/production", "--set", "scenario=secrets");
  expect(exitCode).toBe(0);
  expect(out).toContain("scenarios-production ");
});

test("a file that cannot be written is one line", async () => {
  const { exitCode, err } = await run(
    "--set",
    "scenario=duplicate",
    "--json",
    join(folder, "no", "where.json"),
  );
  expect(exitCode).toBe(2);
  expect(err).toMatch(/^cannot write [^\n]+\n$/);
});

test("npm start passes its arguments, and the exit code on", () => {
  const main = fileURLToPath(new URL("../../rehearsal/main.ts", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", main, "--apply"], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([64, expect.stringMatching(/^Unknown option '--apply'/)]);
});

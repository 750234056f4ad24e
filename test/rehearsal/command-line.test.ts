import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { helpOn } from "../../project/command.ts";
import { runCommandLine, start, type Surroundings } from "../../rehearsal/command-line.ts";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { takesColors } from "../../rehearsal/style.ts";
import { rehearse } from "../rehearse.ts";
import { scenariosDirectory } from "./scenarios.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const scenarios = { projectDirectory: scenariosDirectory, rehearse };

const run = (...given: string[]) => runIn(scenarios, ...given);

async function runIn(
  surroundings: Surroundings,
  ...given: string[]
): Promise<{ exitCode: number; out: string; err: string }> {
  const shown = { out: "", err: "" };
  const streams = {
    out: { write: (text: string) => (shown.out += text) },
    err: { write: (text: string) => (shown.err += text) },
  };
  return { exitCode: await runCommandLine(given, streams, surroundings), ...shown };
}

test("a rehearsal is shown and written without its secrets", async () => {
  const file = join(folder, "rehearsal.json");
  const { exitCode, out, err } = await run(
    "production",
    "--env",
    "--set",
    "scenario=secrets",
    "--json",
    file,
  );
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toMatch(/^Stack {5}production: eu-central-1\nCreates {3}2 resources\nWarnings {2}\d, below\n/);
  expect(out).toContain("\nscenarios-production\n");
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
  const urns = written.resources.map(({ urn }) => urn);
  expect(urns).toEqual(urns.toSorted());
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

test("a text that YAML reads as another one is a finding, beside what fails", async () => {
  const projectDirectory = join(folder, "project");
  const projectFile = readFileSync(join(scenariosDirectory, "Pulumi.yaml"), "utf8");
  mkdirSync(join(projectDirectory, "stacks"), { recursive: true });
  writeFileSync(
    join(projectDirectory, "Pulumi.yaml"),
    projectFile.replace("main: program", `main: ${join(scenariosDirectory, "program")}`),
  );
  writeFileSync(
    join(projectDirectory, "stacks/Pulumi.dev.yaml"),
    "config:\n  aws:region: eu-central-1\n  aws:defaultTags: {tags: {CostCenter: 01234}}\n",
  );
  const problem = "aws:defaultTags at tags.CostCenter: without quotes Pulumi reads 01234 as the number 668.";
  const { exitCode, out } = await runIn({ projectDirectory, rehearse }, "--set", "scenario=twice");
  expect(exitCode).toBe(1);
  expect(out.replaceAll(/\s+/g, " ")).toContain(`Findings - ${problem} Write it in quotes`);
  const failed = await runIn({ projectDirectory, rehearse }, "--set", "scenario=failing");
  expect(failed.exitCode).toBe(2);
  expect(failed.err).toContain(
    `\n  - ${problem}\n    Write it in quotes in stacks/Pulumi.dev.yaml: "01234".`,
  );
});

test("of a change that fails it is said on which side", async () => {
  const failing = ["--set", "scenario=failing", "--set", "way=throws a RunError", "--change", "retired=true"];
  expect((await run(...failing)).err).toBe("before the change: the soup is cold\n");
  const broken = [
    "--set",
    "scenario=evolving",
    "--change",
    "scenario=failing",
    "--change",
    "way=throws a RunError",
  ];
  expect(await run(...broken)).toMatchObject({ exitCode: 2, err: "after the change: the soup is cold\n" });
});

test("what somebody types drives no terminal", async () => {
  expect((await run("--against", "\u001b[2Jdev")).err).toContain(String.raw`--against "\u001b[2Jdev" names`);
});

test.each([
  ["", "a stack needs a name: the stacks are dev, production"],
  [
    "my stack",
    '"my stack" holds " "; letters, digits, hyphens, underscores and dots are legal: the stacks are',
  ],
  ["é".repeat(5000), `"${"é".repeat(59)}…" holds "é"; letters`],
  ["a".repeat(5000), "the name has 5000 characters; 100 is the most: the stacks are"],
])("no stack is called so: %#", async (name, message) => {
  const { exitCode, err } = await run(name);
  expect(exitCode).toBe(2);
  expect(err.startsWith(message)).toBe(true);
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
  const [, changes] = out.split(/^Changes to the deployed stack: .*\n/m);
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
    "Changes to the deployed stack: 0 replaced, 0 updated, 0 created, 0 deleted\nnone",
  );
  expect((await run("--change", "nonsense")).err).toContain("--change takes key=value, not 'nonsense'");
});

test("an unknown stack is one line, and ends in exit code 2", async () => {
  const { exitCode, err } = await run("developement");
  expect(exitCode).toBe(2);
  expect(err).toBe(
    "there is no stack 'developement': the stacks are dev, production (stacks/Pulumi.<stack>.yaml). To begin it: npm run init -- developement\n",
  );
});

test("what npm run bootstrap makes is rehearsed of the account that is its own, and begun by it", async () => {
  const { exitCode, err } = await run("--project", "../../../../bootstrap");
  expect([exitCode, err]).toEqual([
    2,
    expect.stringMatching(/^there is no stack 'ci': .* To begin it: npm run bootstrap -- ci\n$/),
  ]);
});

test("missing configuration is one line, and ends in exit code 2", async () => {
  const { exitCode, err } = await run("dev");
  expect([exitCode, err]).toEqual([2, "Stack 'dev' is missing configuration value 'scenario'\n"]);
});

test.each([
  [["dev", "production"], '"production" is one argument too many'],
  [["--apply"], "Unknown option '--apply'"],
  [["--json", "--update"], "Option '--json' lacks its value: another flag follows"],
  [["--set", "size"], "--set takes key=value, not 'size'"],
  [["--json", "-"], '--json takes the name of a file, which "-" is not'],
  [["--report", ""], '--report takes the name of a file, which "" is not'],
])("%j is bad usage: what is wrong, and what would be right", async (given, message) => {
  const { exitCode, out, err } = await run(...given);
  expect([exitCode, out]).toEqual([64, ""]);
  expect(err.split("\n")).toEqual([
    `${message}.`,
    expect.stringMatching(/^Usage: npm start -- \[stack\] \[--update\] .*\[--json file\]$/),
    "What each means: npm start -- --help",
    "",
  ]);
});

test.each(["--help", "-h"])("%s prints the help", async (option) => {
  const { exitCode, out, err } = await run("dev", option);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toBe(helpOn(start));
});

test("a terminal is told what it waits for, until it is there", async () => {
  const written: string[] = [];
  const err = { isTTY: true, write: (text: string) => written.push(text) };
  await runCommandLine(["nowhere"], { out: { write: () => {} }, err }, scenarios);
  expect(written.slice(0, 2)).toEqual(["Rehearsing nowhere …", "\r\u001B[K"]);
});

test.each([
  [{ isTTY: true }, { TERM: "xterm" }, true],
  [{ isTTY: true }, { TERM: "xterm", NO_COLOR: "1" }, false],
  [{ isTTY: true }, { TERM: "dumb" }, false],
  [{}, { TERM: "xterm" }, false],
  [{}, { FORCE_COLOR: "1" }, true],
  [{ isTTY: true }, { TERM: "xterm", FORCE_COLOR: "0" }, false],
])("a screen %j with %j has colours: %s", (screen, environment, colours) => {
  expect(takesColors({ ...screen, write: () => {} }, environment)).toBe(colours);
});

test("what npm kept for itself is named, with the line that was meant", async () => {
  const environment = {
    npm_config_user_agent: "npm/10.8.2 node/v20.20.0 linux x64 workspaces/false",
    npm_lifecycle_event: "start",
    npm_config_update_notifier: "true",
  };
  const shown: string[] = [];
  const streams = { out: { write: () => {} }, err: { write: (text: string) => shown.push(text) } };
  expect(await runCommandLine(["dev"], streams, { ...scenarios, environment })).toBe(64);
  expect(shown.join("")).toMatch(/^npm kept --update for itself: .*\n {2}npm start -- dev --update\n$/);
});

test("Markdown is printed instead where it is asked for", async () => {
  const { exitCode, out } = await run(
    "dev",
    "--set",
    "scenario=evolving",
    "--markdown",
    "--change",
    "retired=true",
  );
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^### Rehearsal of dev\n/);
  expect(out).toContain("| delete | cloudwatch.LogGroup logs |  |  |\n");
  expect(out).toMatch(
    /<details><summary>Resources<\/summary>\n\n```text\nscenarios-dev\n[^`]*```\n\n<\/details>\n$/,
  );
});

test("a stack may be called by its full name in Pulumi Cloud", async () => {
  const { exitCode, out } = await run("org/scenarios/production", "--set", "scenario=secrets");
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^Stack {5}production: /);
});

test("a file that cannot be written is one line", async () => {
  const { exitCode, err } = await run(
    "--set",
    "scenario=secrets",
    "production",
    "--json",
    join(folder, "no", "where.json"),
  );
  expect(exitCode).toBe(2);
  expect(err).toMatch(/^cannot write [^\n]+\n$/);
});

test("npm start passes its arguments, and the exit code on", () => {
  const [runner, main] = ["project/run.mjs", "rehearsal/main.ts"].map((file) =>
    fileURLToPath(new URL(`../../${file}`, import.meta.url)),
  );
  const { status, stderr } = spawnSync(process.execPath, [runner!, main!, "--apply"], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([64, expect.stringMatching(/^Unknown option '--apply'/)]);
});

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { differencesOf } from "../../../rehearsal/comparing/stack.ts";
import { rehearseAgainst } from "../../../rehearsal/comparing/against.ts";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { rehearsal as recorded, resource } from "../recorded.ts";
import { scenariosDirectory } from "../scenarios.ts";

let project: string;

function git(...args: string[]): void {
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com"];
  execFileSync("git", [...identity, ...args], { cwd: project, stdio: "ignore" });
}

// A project in a folder of its repository, with a stack, a file and a branch of one name.
beforeAll(() => {
  const top = mkdtempSync(path.join(tmpdir(), "named-"));
  project = path.join(top, "self-hosted");
  cpSync(scenariosDirectory, project, { recursive: true });
  symlinkSync(path.resolve(import.meta.dirname, "../../../node_modules"), path.join(project, "node_modules"));
  writeFileSync(path.join(top, ".gitignore"), "node_modules\n");
  writeFileSync(path.join(project, "package-lock.json"), "{}");
  execFileSync("git", ["init", "-q", top]);
  git("add", "-A");
  git("commit", "-qm", "the first version");
  git("branch", "dev");
  git("tag", "v1");
  const program = path.join(project, "program/evolving.ts");
  writeFileSync(program, readFileSync(program, "utf8").replace("retentionInDays: 7", "retentionInDays: 30"));
  writeFileSync(path.join(project, "package-lock.json"), "{ }");
  mkdirSync(path.join(project, "stacks"), { recursive: true });
  writeFileSync(path.join(project, "stacks/Pulumi.young.yaml"), "config:\n  aws:region: eu-central-1\n");
});
afterAll(() => rmSync(path.dirname(project), { recursive: true }));

/** What is rehearsed when a name is compared with, and where. */
async function rehearsedFor(other: string, stack = "production", set?: RehearseOptions["set"]) {
  const asked: RehearseOptions[] = [];
  const run = async (options: RehearseOptions): Promise<Rehearsal> => {
    asked.push(options);
    return recorded([], { stack: options.stack, mode: options.mode ?? "preview" });
  };
  const options = { stack, set: set ?? { scenario: "evolving" }, projectDirectory: project };
  const { comparison } = await rehearseAgainst({ run, options }, other);
  return { asked, ...comparison! };
}

test("a name is a stack's before it is git's, and what else it could be is said", async () => {
  const { before, remarks, isDeployment } = await rehearsedFor("dev");
  expect([before.title, isDeployment]).toEqual(["dev", false]);
  expect(remarks).toEqual(['"dev" is taken for the stack. What git calls so is dev^0.']);
  expect((await rehearsedFor("dev^0")).before.title).toMatch(/^dev\^0 \([0-9a-f]{7}\)$/);
  expect((await rehearsedFor("refs/heads/dev")).before.title).toMatch(/^refs\/heads\/dev \(/);
});

test("a stack beside itself is called by what each side is", async () => {
  const { before, after, remarks } = await rehearsedFor("dev", "dev");
  expect([before.title, after.title]).toEqual(["dev (its file)", "dev (with --set)"]);
  expect(remarks.join()).not.toContain("nothing can differ");
  const same = await rehearsedFor("dev", "dev", {});
  expect([same.before.title, same.after.title]).toEqual(["dev", "dev (again)"]);
  expect(same.remarks[0]).toBe(
    "Both sides are dev as its file says, so that nothing can differ: --set gives it another configuration.",
  );
});

test("a file is one before git is asked, and ./ makes a file of any name", async () => {
  const here = process.cwd();
  process.chdir(project);
  try {
    const state = JSON.stringify({ deployment: { resources: [] } });
    for (const name of ["dev", "v1"]) writeFileSync(path.join(project, name), state);
    expect((await rehearsedFor("v1")).before.title).toBe("as deployed");
    expect((await rehearsedFor("v1")).remarks).toContain(
      '"v1" is taken for the file. What git calls so is v1^0.',
    );
    expect((await rehearsedFor("./dev")).before.title).toBe("as deployed");
    expect((await rehearsedFor("dev")).remarks[0]).toContain("The file of that name is ./dev.");
  } finally {
    process.chdir(here);
    for (const name of ["dev", "v1"]) rmSync(path.join(project, name), { force: true });
  }
});

test("what names nothing is told with what there is, and flags of git are none of its names", async () => {
  await expect(rehearsedFor("nothing")).rejects.toThrow(
    "a stack (dev, production, young), a file that npx pulumi",
  );
  await expect(rehearsedFor("--all")).rejects.toThrow(/names nothing that there is: .* of this project$/);
  vi.stubEnv("GIT_DIR", "nowhere");
  await expect(rehearsedFor("v1")).rejects.toThrow(
    `of this project. git knows none of them here: it is not installed, or has no commit of ${project}`,
  );
  vi.unstubAllEnvs();
});

test("another version runs with the packages and stack files that it has, and says what it lacks", async () => {
  const { asked, remarks } = await rehearsedFor("v1", "young");
  expect(asked.map(({ mode = "preview", previous }) => [mode, previous !== undefined])).toEqual([
    ["update", false],
    ["preview", true],
  ]);
  expect(remarks).toEqual([
    expect.stringMatching(/^v1 has other packages in its package-lock\.json/),
    "v1 has no stacks/Pulumi.young.yaml: it was rehearsed with today's.",
  ]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("version-"))).toEqual([]);
});

test("Ctrl-C leaves no copy of another version behind", async () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const there: boolean[] = [];
  const run = async (options: RehearseOptions): Promise<Rehearsal> => {
    const isThere = () => existsSync(options.projectDirectory ?? "");
    there.push(isThere());
    for (const leave of process.listeners("SIGINT").slice(-1)) leave("SIGINT");
    there.push(isThere());
    return recorded([], { stack: options.stack, mode: options.mode ?? "preview" });
  };
  const listening = process.listenerCount("SIGINT");
  await rehearseAgainst({ run, options: { stack: "dev", projectDirectory: project } }, "v1");
  expect(there.slice(0, 2)).toEqual([true, false]);
  expect(kill).toHaveBeenCalledWith(process.pid, "SIGINT");
  expect(process.listenerCount("SIGINT")).toBe(listening);
  kill.mockRestore();
});

test("Ctrl-C that ends git ends the whole by the same signal", async () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const bin = mkdtempSync(path.join(tmpdir(), "bin-"));
  const git = `#!/bin/sh\n[ "$1" != read-tree ] || kill -INT $$\nexec ${execFileSync("which", ["git"]).toString()}`;
  writeFileSync(path.join(bin, "git"), git.replace(/\n$/, ' "$@"\n'), { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
  const listening = process.listenerCount("SIGINT");
  await expect(rehearsedFor("v1")).rejects.toThrow();
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true });
  expect(kill.mock.calls).toEqual([[process.pid, "SIGINT"]]);
  expect(process.listenerCount("SIGINT")).toBe(listening);
  kill.mockRestore();
});

test("an update of the project is compared by what it does to the stack", async () => {
  const set = { scenario: "evolving" };
  const other = path.join(project, "stacks/Pulumi.dev.yaml");
  const file = readFileSync(other, "utf8");
  // The version that is compared with has its own configuration.
  writeFileSync(other, `${file}  scenarios:scenario: evolving\n`);
  git("add", "-A");
  git("commit", "-qm", "the second version");
  const program = path.join(project, "program/evolving.ts");
  writeFileSync(program, readFileSync(program, "utf8").replace("retentionInDays: 30", "retentionInDays: 90"));
  const { comparison } = await rehearseAgainst(
    { run: rehearse, options: { stack: "dev", set, projectDirectory: project } },
    "HEAD",
  );
  expect(comparison?.changes.map(({ kind, name, keys }) => [kind, name, keys])).toEqual([
    ["update", "logs", ["retentionInDays"]],
  ]);
});

test("two stacks that are the same but for their names do not differ", async () => {
  const [one, two] = await Promise.all([
    rehearse({ stack: "dev", set: { size: "medium", domain: "nango.example.com" } }),
    rehearse({ stack: "production", set: { size: "medium", domain: "nango.example.com" } }),
  ]);
  const differing = differencesOf(one, two).map(({ kind, name, keys }) => `${kind} ${name} ${keys.join()}`);
  // What their files say: names, retention and gateways.
  expect(
    differing.filter(
      (line) =>
        !/connect|nat-1|private-1|retentionInDays|vpc|nango (domainName|subjectAlternativeNames)/.test(line),
    ),
  ).toEqual([]);
});

test("two stacks differ in what a deployment would leave as it is, too", () => {
  const running = (desiredCount: number) => {
    const own = { inputs: { desiredCount }, ignoreChanges: ["desiredCount"] };
    return recorded([resource("aws:ecs/service:Service", "nango", own)]);
  };
  expect(differencesOf(running(1), running(2)).map(({ name, keys }) => [name, keys])).toEqual([
    ["nango", ["desiredCount"]],
  ]);
});

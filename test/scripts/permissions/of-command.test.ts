import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

import type { Command } from "../../../project/command.ts";
import { printPermissions, runCommand } from "../../../project/run-command.ts";
import { start } from "../../../rehearsal/command-line.ts";
import { commands } from "../../../scripts/commands.ts";
import { init } from "../../../scripts/init/command-line.ts";
import { actionOf } from "./reference.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const all: readonly Command[] = [start, init, ...Object.values(commands)];
const calling = all.filter(({ permissions }) => permissions !== undefined);
/** What these take depends on the stack. */
const deploying = ["preview", "up", "destroy", "rotate", "ci:preview", "ci:drift"];
const state = ["s3:GetObject", "s3:ListBucket", "kms:Decrypt"];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = 0;
});

const actionsOf = async (name: keyof typeof commands, stack?: string) =>
  (await (commands[name] as Command).permissions?.(stack)) ?? [];

/** What a command writes where, with its exit code. */
async function ran(name: "rotate" | "logs", ...args: string[]) {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await runCommand(commands[name] as Command, args, () => expect.unreachable());
  const written = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join("");
  return { out: written(out), err: written(err), code: process.exitCode };
}

/** The files that a file loads, in the end. */
function loadedBy(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, kind, name = ""] of text.matchAll(/^(import|export) (?!type\b)[^;]*?from "(\.[^"]+)"/gm))
    if (kind !== undefined) loadedBy(path.resolve(path.dirname(file), name), found);
  for (const [, name = ""] of text.matchAll(/import\("(\.[^"]+\.ts)"\)/g))
    loadedBy(path.resolve(path.dirname(file), name), found);
  return found;
}

test("every command that calls AWS, or has Pulumi's CLI do it, lists its actions, and no other one does", () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const tables = new Set([
    path.join(root, "scripts/commands.ts"),
    path.join(root, "scripts/ci/arguments.ts"),
  ]);
  const calls = all.filter(({ script }) => {
    const entry = path.join(root, /\S+\.ts/.exec(scripts[script] ?? "")?.[0] ?? "");
    return [...loadedBy(entry, new Set(tables))].some(
      (file) =>
        file !== path.join(root, "scripts/commands.ts") && /\/(aws\/clients|pulumi\/cli)\.ts$/.test(file),
    );
  });
  const names = (list: readonly Command[]) =>
    list.map(({ script }) => script).filter((name) => !/^(ci|lint):/.test(name));
  expect(names(calling).toSorted()).toEqual(names(calls).toSorted());
  expect(calling.map(({ script }) => script).filter((name) => name.startsWith("ci:"))).toEqual([
    "ci:preview",
    "ci:drift",
    "ci:drill",
  ]);
});

test.each(
  calling.filter(({ script }) => !deploying.includes(script)).map((one) => [one.script, one] as const),
)("%s lists actions of AWS without a stack, each once and sorted", async (name, { permissions }) => {
  // The file of an account is written by the same command.
  const listed = (await permissions?.(name === "bootstrap" ? "new-account" : undefined)) ?? [];
  expect(listed).toEqual([...new Set(listed)].toSorted());
  for (const action of listed) expect(await actionOf(action), action).toBeDefined();
});

test.each(deploying)("%s asks for the stack that decides", async (name) => {
  await expect(actionsOf(name as "up")).rejects.toThrow("depends on the stack: name one");
});

test("a rotation takes what a deployment of its stack takes, and with it its state", async () => {
  vi.stubEnv("PULUMI_BACKEND_URL", "s3://acme-state");
  const { out, err, code } = await ran("rotate", "dev", "database", "--permissions");
  expect([err, code]).toEqual(["", 0]);
  const listed = out.trimEnd().split("\n");
  expect(listed).toEqual(
    expect.arrayContaining(["rds:ModifyDBInstance", "ecs:RunTask", "s3:PutObject", ...state.slice(0, 2)]),
  );
  expect(listed).toEqual([...new Set(listed)].toSorted());
}, 60_000);

describe("a named stack", () => {
  test("adds what reading its state takes, and no right to write it", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "s3://acme-state/nango?region=eu-central-1");
    const listed = await actionsOf("logs", "dev");
    expect(listed).toEqual(["logs:FilterLogEvents", "s3:GetObject", "s3:ListBucket"]);
    expect(await actionsOf("key", "dev")).toEqual(["s3:GetObject", "s3:ListBucket"]);
  });

  test("adds nothing where the state lies elsewhere", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "https://api.pulumi.com");
    expect(await actionsOf("shell", "dev")).toEqual(await actionsOf("shell"));
  });

  test("on Docker takes nothing else, and it is said", async () => {
    vi.stubEnv("PULUMI_BACKEND_URL", "file://.");
    const { out, err, code } = await ran("rotate", "local", "--permissions");
    expect([out, err, code]).toEqual(["", "It takes no permissions in AWS.\n", 0]);
    expect(await actionsOf("logs", "local")).toEqual([]);
  });

  test("that is none is refused", async () => {
    expect(await ran("logs", "nope", "--permissions")).toMatchObject({ out: "", code: 1 });
    await expect(printPermissions(commands.permissions, "nope")).rejects.toThrow("there is no stack 'nope'");
    await expect(printPermissions(commands.key, "nope")).rejects.toThrow("there is no stack 'nope'");
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import { type Command, type Flag, helpOn, readCommandLine, usageOf } from "../../project/command.ts";
import { start } from "../../rehearsal/command-line.ts";
import { commands } from "../../scripts/commands.ts";
import { init } from "../../scripts/init/command-line.ts";

const root = path.resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};
const all: readonly Command[] = [start, init, ...Object.values(commands)];

test("each table is that of a command of package.json, and is found by its name", () => {
  for (const { script } of all)
    expect(scripts[script]).toMatch(/^node project\/run\.mjs (scripts|rehearsal)\//);
  for (const [name, { script }] of Object.entries(commands)) expect(script).toBe(name);
});

describe.each(all.map((command) => [command.script, command] as const))("the help on %s", (_, command) => {
  const help = helpOn(command);
  const flat = help.replaceAll(/\s+/g, " ");

  test("names every argument, flag, default, example and exit code", () => {
    expect(help.startsWith(`${usageOf(command)}\n\n`)).toBe(true);
    for (const { name, does } of command.arguments) expect(flat).toContain(` ${name} ${does}`);
    for (const [name, { short, value = "value", ...flag }] of Object.entries(command.flags)) {
      const form = `${short === undefined ? "" : `-${short}, `}--${name}${flag.type === "string" ? ` ${value}` : ""}`;
      expect(flat).toContain(` ${form} ${flag.does}`);
      expect(flat).toContain(flag.default === undefined ? flag.without : `Default: ${flag.default}.`);
      expect([flag.without, flag.default]).not.toEqual(["", undefined]);
    }
    expect(command.examples).toHaveLength(2);
    for (const [line, does] of command.examples) expect(help).toContain(`  ${line}\n      ${does}`);
    for (const [code, meaning] of Object.entries({ ...command.exitCodes, 64: "The command line is wrong." }))
      expect(flat).toContain(` ${code} ${meaning}`);
  });

  test("has lines that fit", () => {
    const lines = help.split("\n").slice(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    // In a terminal that is as wide as most, a command that is to be copied may be longer.
    const narrow = helpOn(command, 80).split("\n").slice(1);
    const long = narrow.filter(
      (line) => line.length > 80 && !/^ {2}npm |npx pulumi|npm run|^Flags:/.test(line),
    );
    expect(long).toEqual([]);
  });

  test("gives examples that the command takes", () => {
    for (const [line] of command.examples) {
      const [call = "", rest = ""] = line.split(" -- ");
      expect(call.split(" ").at(-1)).toBe(command.script);
      const args = rest === "" ? [] : rest.split(" ");
      expect(readCommandLine(command, args, {}).help).toBe(false);
    }
  });
});

// The options of Pulumi's automation API are flags of its CLI.
const automation = readFileSync(path.join(root, "node_modules/@pulumi/pulumi/automation/stack.js"), "utf8");

test.each(["preview", "up", "destroy"] as const)("the flags of %s are flags of the Pulumi CLI", (name) => {
  // What that API has no use for. https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
  const known = new Set(["yes", "skip-preview"]);
  const flags: Readonly<Record<string, Flag>> = commands[name].flags;
  const passedOn = Object.keys(flags).filter((flag) => flags[flag]?.own !== true);
  const unknown = passedOn.filter((flag) => !known.has(flag) && !automation.includes(`--${flag}`));
  expect(unknown).toEqual([]);
});

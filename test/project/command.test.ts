import { parseArgs } from "node:util";
import { describe, expect, test } from "vitest";

import { type Command, helpOn, readCommandLine, UsageError, usageOf } from "../../project/command.ts";
import { start } from "../../rehearsal/command-line.ts";

const wash = {
  script: "wash",
  does: "Washes something.",
  arguments: [
    { name: "what", does: "What is washed." },
    { name: "with", does: "With what.", optional: true },
  ],
  flags: {
    hot: { type: "boolean", does: "With hot water.", without: "Default: cold." },
    times: { type: "string", short: "t", value: "number", default: "1", does: "How often.", without: "" },
    soap: { type: "string", multiple: true, value: "name", does: "A soap.", without: "Default: none." },
  },
  examples: [["npm run wash -- socks --hot", "washes socks"]],
  exitCodes: { 0: "It is clean." },
} as const satisfies Command;

const read = (...args: string[]) => readCommandLine<(typeof wash)["flags"]>(wash, args, {});

test("a command line is read by the table", () => {
  const line = read("socks", "--soap", "a", "--soap=b", "-t", "3");
  expect(line).toMatchObject({ help: false, positionals: ["socks"] });
  expect({ ...line.values }).toEqual({ soap: ["a", "b"], times: "3" });
  expect({ ...read("socks", "water").values }).toEqual({ times: "1" });
});

test("a -- before everything is left out, as pnpm passes it on", () => {
  expect(read("--", "socks", "--hot")).toMatchObject({ positionals: ["socks"], values: { hot: true } });
});

test.each([
  [["socks", "--cold"], "Unknown option '--cold'."],
  [[], "<what> is missing."],
  [["socks", "water", "salt"], '"salt" is one argument too many.'],
  [["socks", "--times"], "Option '-t, --times <value>' argument missing."],
])("%j is answered with what is wrong and what would be right", (args, message) => {
  const usage = "npm run wash -- <what> [with] [--hot] [--times number] [--soap name]...";
  expect(() => read(...args)).toThrow(
    new UsageError(`${message}\nUsage: ${usage}\nWhat each means: npm run wash -- --help`),
  );
});

test("help is given whatever else is wrong with the number of arguments", () => {
  expect(read("--help").help).toBe(true);
  expect(read("a", "b", "c", "-h").help).toBe(true);
});

test("a command that passes flags on takes the stack first, and leaves the rest alone", () => {
  const passing = { ...wash, passesOnTo: "npx pulumi wash" };
  const line = readCommandLine(passing, ["socks", "--hot", "-x", "1"], {});
  expect(line).toMatchObject({ positionals: ["socks"], passedOn: ["--hot", "-x", "1"] });
  expect(readCommandLine(passing, ["socks", "--message", "x", "-h"], {}).help).toBe(true);
  expect(() => readCommandLine(passing, ["--hot", "socks"], {})).toThrow(
    "The stack comes first, before --hot",
  );
  expect(usageOf(passing)).toBe("npm run wash -- <what> [with] [flags of npx pulumi wash]");
});

describe.each([[wash as Command], [start as Command]])("the help", (command) => {
  const help = helpOn(command);

  test("names every argument, flag, default, example and exit code in lines that fit", () => {
    expect(help.startsWith(`${usageOf(command)}\n\n`)).toBe(true);
    const flat = help.replaceAll(/\s+/g, " ");
    for (const { name, does } of command.arguments) expect(flat).toContain(` ${name} ${does}`);
    for (const [name, flag] of Object.entries(command.flags)) {
      expect(help).toMatch(new RegExp(`^ {2}(-\\w, )?--${name}( ${flag.value ?? ""})?  `, "m"));
      expect(flat).toContain(flag.does);
      expect(flat).toContain(flag.default === undefined ? flag.without : `Default: ${flag.default}.`);
    }
    for (const [line, does] of command.examples) expect(help).toContain(`  ${line}\n      ${does}`);
    for (const [code, meaning] of Object.entries(command.exitCodes))
      expect(flat).toContain(` ${code} ${meaning}`);
    const lines = help.split("\n").slice(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test("gives examples that the command takes", () => {
    for (const [line] of command.examples) {
      const words = line.split(" ");
      const args = words.slice(words.indexOf("--") + 1);
      expect(readCommandLine(command, args, {}).help).toBe(false);
    }
  });
});

test("node itself takes the table", () => {
  expect(() => parseArgs({ args: ["--hot"], options: wash.flags })).not.toThrow();
});

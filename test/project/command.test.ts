import { parseArgs } from "node:util";
import { expect, test } from "vitest";

import { wholeNumber } from "../../project/whole-number.ts";
import { type Command, readCommandLine, UsageError, usageOf } from "../../project/command.ts";

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
  [["socks", "--tims"], "Unknown option '--tims'. Did you mean --times?"],
  [["socks", "--hepl"], "Unknown option '--hepl'. Did you mean --help?"],
  [[], "<what> is missing."],
  [["socks", "water", "salt"], '"salt" is one argument too many.'],
  [["socks", "--times"], "Option '-t, --times <value>' argument missing."],
  [["socks", "--soap", "--hot"], "Option '--soap' lacks its value: another flag follows."],
])("%j is answered with what is wrong and what would be right", (args, message) => {
  const usage = "npm run wash -- <what> [with] [--hot] [--times number] [--soap name]...";
  expect(() => read(...args)).toThrow(
    new UsageError(`${message}\nUsage: ${usage}\nWhat each means: npm run wash -- --help`),
  );
});

test("the actions that a command takes are asked for without its arguments", () => {
  const calling = { ...wash, permissions: () => Promise.resolve(["s3:GetObject"]) };
  expect(usageOf(calling)).toMatch(/^npm run wash -- <what> .*\[--permissions\]$/);
  expect(readCommandLine(calling, ["--permissions"], {})).toMatchObject({
    permissions: true,
    positionals: [],
  });
  const passing = { ...calling, passesOnTo: "npx pulumi wash" };
  for (const line of [
    ["socks", "--permissions"],
    ["--permissions", "socks", "--hot"],
  ])
    expect(readCommandLine(passing, line, {})).toMatchObject({
      permissions: true,
      positionals: ["socks"],
      passedOn: [],
    });
  expect(() => read("--permissions")).toThrow("Unknown option '--permissions'");
  const npm = {
    npm_config_user_agent: "npm/11",
    npm_lifecycle_event: "wash",
    npm_config_permissions: "true",
  };
  expect(() => readCommandLine(calling, ["socks"], npm)).toThrow("npm run wash -- socks --permissions");
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
  const flags = { ...wash.flags, rinse: { type: "boolean", does: "", without: "", own: true } } as const;
  const own = readCommandLine({ ...passing, flags }, ["socks", "-x", "--rinse", "--hot"], {});
  expect(own).toMatchObject({ values: { rinse: true }, passedOn: ["-x", "--hot"] });
  expect(usageOf(passing)).toBe("npm run wash -- <what> [with] [flags of npx pulumi wash]");
});

test("node itself takes the table", () => {
  expect(() => parseArgs({ args: ["--hot"], options: wash.flags })).not.toThrow();
});

test("an argument too many may be the value of a flag that npm kept", () => {
  const environment = { npm_config_user_agent: "npm/11.0.0 node/v20.20.0", npm_lifecycle_event: "wash" };
  expect(() => readCommandLine(wash, ["socks", "water", "salt"], environment)).toThrow(
    "a flag that npm kept",
  );
});

test("a flag that npm kept is named with the line that was meant, and the way out where it was none", () => {
  const command = { ...wash, flags: { ...wash.flags, json: wash.flags.hot } } as const;
  const environment = { npm_config_user_agent: "npm/11.0.0 node/v20.20.0", npm_lifecycle_event: "wash" };
  const kept = (settings: Readonly<Record<string, string>>) => () =>
    readCommandLine(command, ["socks"], { ...environment, ...settings });
  expect(kept({ npm_config_hot: "true" })).toThrow(/^npm kept --hot .*\n {2}npm run wash -- socks --hot$/);
  expect(kept({ npm_config_json: "true" })).toThrow(
    /\n {2}npm run wash -- socks --json\nIf you gave none: unset npm_config_json, which /,
  );
});

test("an argument is refused with what it may be", () => {
  const among = () => ["socks", "shirts"];
  const command = { ...wash, arguments: [{ ...wash.arguments[0], among }] };
  expect(() => readCommandLine(command, [], {})).toThrow("<what> is missing: one of socks, shirts.");
});

test.each(["0", "-1", "1.5", "1e3", "abc", "", " 7", "08", "11", "9".repeat(400)])(
  "%j is no number from 1 to 10",
  (text) => {
    expect(() => wholeNumber(wash, "--times", text, 10)).toThrow(
      `--times takes a whole number from 1 to 10, not '${text}'`,
    );
    expect(wholeNumber(wash, "--times", "10", 10)).toBe(10);
  },
);

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { callOf, type Command, readCommandLine } from "../../project/command.ts";
import { readProject, stackNames } from "../../project/project.ts";
import { start } from "../../rehearsal/command-line.ts";
import { commands as commandTables } from "../../scripts/commands.ts";
import { init } from "../../scripts/init/command-line.ts";
import {
  awsCommand,
  beforeOptions,
  type NamedCommand,
  namedCommands,
  npmRun,
  onlyInVersion2,
  printedCommands,
} from "./commands.ts";
import { links, root } from "./pages.ts";

const commands = namedCommands();

const of = (...programs: string[]) =>
  commands.filter(({ words: [program = ""] }) => programs.includes(program));

const each = (chosen: readonly NamedCommand[], wrong: (command: NamedCommand) => string | undefined) => {
  expect(chosen.length).toBeGreaterThan(5);
  return chosen.flatMap((command) => {
    const what = wrong(command);
    return what === undefined ? [] : [`${command.file}: ${command.words.join(" ")}: ${what}`];
  });
};

/** The commands of the Pulumi CLI and the AWS CLI with their options; test/docs/record-options.ts writes the list. */
const known = new Map(
  readFileSync(path.join(import.meta.dirname, "known-options.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const words = line.split(" ");
      const names = beforeOptions(words);
      return [names.join(" "), new Set(words.slice(names.length))] as const;
    }),
);

const everywhere = known.get("pulumi") ?? new Set();

/** The longest known command that the words begin with. */
function knownCommand(words: readonly string[]): string | undefined {
  return words
    .map((_, index) => words.slice(0, words.length - index).join(" "))
    .find((command) => known.has(command));
}

const optionsOf = (words: readonly string[]) =>
  words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*/s, ""));

/** A command of the Pulumi CLI without what brings it. */
const pulumi = (words: readonly string[]) => (words[0] === "npx" ? words.slice(1) : words);

const ofPulumi = commands.filter(({ words }) => pulumi(words)[0] === "pulumi");

test("the Pulumi CLI knows every command and option that pages name", () => {
  expect(
    each(ofPulumi, ({ words }) => {
      const names = beforeOptions(pulumi(words));
      const command = knownCommand(names);
      // `pulumi config help` is one of `pulumi config`, of which a word that is no command would be an argument.
      if (command === undefined || (command === "pulumi" && names.length > 1)) return "no such command";
      const unknown = optionsOf(words).find(
        (option) => !known.get(command)?.has(option) && !everywhere.has(option),
      );
      return unknown === undefined ? undefined : `no option ${unknown}`;
    }),
  ).toEqual([]);
});

test("commands of the Pulumi CLI that are meant to be copied bring the CLI and name the stack", () => {
  expect(
    each(
      ofPulumi.filter(({ words, inSentence }) => !inSentence || words[0] === "npx"),
      ({ words }) => {
        if (words[0] !== "npx") return "npx brings the CLI";
        const command = knownCommand(beforeOptions(pulumi(words))) ?? "";
        const namesStack =
          words.some((word) => /^(?:-s|--stack)\b/.test(word)) ||
          /^pulumi stack (?:init|select)$/.test(command) ||
          words.includes("--generate-only");
        return known.get(command)?.has("-s") === true && !namesStack ? "which stack?" : undefined;
      },
    ),
  ).toEqual([]);
});

test("the AWS CLI knows every command and option that pages name", () => {
  expect(
    each(of("aws"), ({ words }) => {
      const command = awsCommand(words).join(" ");
      if (onlyInVersion2.includes(command)) return undefined;
      const options = known.get(command);
      if (options === undefined) return "not in known-options.txt: see its first lines";
      const unknown = optionsOf(words).find((option) => !options.has(option));
      return unknown === undefined ? undefined : `no option ${unknown}`;
    }),
  ).toEqual([]);
});

test("the AWS CLI knows what the program and our commands print for it", () => {
  // The operation is a variable, there are options of the Pulumi CLI as well, or of a command of version 2.
  const elsewhere = [
    "infra/aws/deploying/settled.ts",
    "scripts/pulumi/outputs.ts",
    "infra/aws/outputs.ts",
    "infra/aws/deploying/one-off-task/explanation.ts",
  ];
  const printed = printedCommands();
  expect(printed.length).toBeGreaterThan(10);
  expect(
    printed.flatMap(({ file, commands, options }) => {
      const allowed = new Set(commands.flatMap((command) => [...(known.get(command) ?? [])]));
      return [
        ...commands.filter((command) => !known.has(command) && !onlyInVersion2.includes(command)),
        ...options.filter((option) => !elsewhere.includes(file) && !allowed.has(option)),
      ].map((wrong) => `${file}: ${wrong}`);
    }),
  ).toEqual([]);
});

test("the page on the AWS CLI says which version has what is printed for it", () => {
  const printed = printedCommands().flatMap(({ commands }) => commands);
  const page = readFileSync(path.join(root, "docs/operate.md"), "utf8");
  const [, section = ""] = /^## The AWS CLI\n(.*?)^## /ms.exec(page) ?? [];
  const inVersion2 = onlyInVersion2.filter((command) => printed.includes(command));
  expect(inVersion2).toEqual(["aws logs tail"]);
  for (const command of inVersion2) expect(section).toContain(`version 1 has no \`${command}\``);
});

test("a page with lines for the AWS CLI says which account they go to", () => {
  const withLines = new Set(of("aws").flatMap(({ file, inSentence }) => (inSentence ? [] : [file])));
  expect(withLines.size).toBeGreaterThan(4);
  const saying = links.filter(({ to }) => /^(?:operate\.md)?#the-aws-cli$/.test(to)).map(({ file }) => file);
  expect([...withLines].filter((file) => !saying.includes(file))).toEqual([]);
});

/** Services that are the same in every region. */
const WITHOUT_REGION = ["iam", "route53", "sso"];

test("every command of the AWS CLI names its region", () => {
  expect(
    each(of("aws"), ({ words, inSentence }) => {
      const isNotion = inSentence && words.length === awsCommand(words).length;
      return isNotion || WITHOUT_REGION.includes(words[1] ?? "") || words.includes("--region")
        ? undefined
        : "where?";
    }),
  ).toEqual([]);
});

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

/** What npm has without a script. */
const OF_NPM = ["ci", "install", "view"];

test("npm knows every script that pages name, and hands over what is written for it", () => {
  expect(
    // The changelog also quotes lines that were wrong.
    each(
      of("npm").filter(({ file }) => file !== "CHANGELOG.md"),
      ({ words }) => {
        const { script } = npmRun(words);
        if (OF_NPM.includes(script)) return undefined;
        if (!Object.hasOwn(scripts, script)) return "no such script";
        const separator = words.includes("--") ? words.indexOf("--") : words.length;
        const own = words.slice(0, separator).filter((word) => word.startsWith("-"));
        const names = words.slice(0, separator).length - own.length;
        if (own.some((option) => !["--silent", "-s"].includes(option)))
          return `npm swallows ${own.join(" ")}: -- is missing`;
        return names > (words[1] === "run" || own.length > 0 ? 3 : 2) ? "-- is missing" : undefined;
      },
    ),
  ).toEqual([]);
});

test("what npm itself prints is not among what a program reads", () => {
  const forPrograms = of("npm").filter(
    ({ file, words }) => words.at(-1) === "--json" && file !== "CHANGELOG.md" && words[1] === "run",
  );
  expect(forPrograms.length).toBeGreaterThan(2);
  expect(forPrograms.filter(({ words }) => !words.includes("--silent") && !words.includes("-s"))).toEqual([]);
});

/** The tables from which commands of package.json read their arguments. */
const tables: readonly Command[] = [start, init, ...Object.values(commandTables)];

test("every line of a command of package.json is one that the command reads", () => {
  const lines = of("npm").flatMap(({ file, words, inSentence }) => {
    const { script, args } = npmRun(words);
    const table = tables.find((table) => table.script === script);
    // `npm run upgrade` in a sentence is the command and no line of it.
    return table === undefined || (inSentence && args.length === 0) || file === "CHANGELOG.md"
      ? []
      : [{ file, table, args }];
  });
  expect(lines.length).toBeGreaterThan(5);
  for (const { file, table, args } of lines) {
    const line = `${file}: ${callOf(table)} -- ${args.join(" ")}`;
    expect(() => readCommandLine(table, args, {}), line).not.toThrow();
    // Flags that are passed on are the Pulumi CLI's.
    const passedOn = known.get(table.passesOnTo?.replace("npx ", "") ?? "");
    const unknown =
      passedOn &&
      optionsOf(readCommandLine(table, args, {}).passedOn).filter(
        (option) => !passedOn.has(option) && !everywhere.has(option),
      );
    expect(unknown ?? [], line).toEqual([]);
  }
  expect(() => readCommandLine(start, ["dev", "--upate"], {})).toThrow(/--upate/);
});

const stacks = stackNames(readProject(root));
const bootstraps = stackNames(readProject(path.join(root, "bootstrap")));

test("every stack that a line names has a file, or is begun by a line", () => {
  const begun = of("npm").flatMap(({ words }) => {
    const { script, args } = npmRun(words);
    return script === "init" && args[0]?.startsWith("-") === false ? [args[0]] : [];
  });
  const ofStack = of("npm").flatMap(({ file, words, inSentence }) => {
    const { script, args } = npmRun(words);
    const table = tables.find((table) => table.script === script && script !== "init");
    const takesStack = table?.arguments[0]?.name === "stack";
    return takesStack && args[0] !== undefined && !args[0].startsWith("-")
      ? [{ file, words, inSentence, stack: args[0] }]
      : [];
  });
  expect(ofStack.length).toBeGreaterThan(20);
  const known = (words: readonly string[]) =>
    words.includes("--project") ? bootstraps : [...stacks, ...begun, "stack"];
  expect(ofStack.filter(({ stack, words }) => !known(words).includes(stack))).toEqual([]);
});

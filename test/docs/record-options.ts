// node --import tsx test/docs/record-options.ts
//
// Writes known-options.txt: the commands of the Pulumi CLI with their options, and those of the AWS CLI that the pages
// name and our own commands print. Asks both programs, which must be on the PATH, and reaches no network.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { awsCommand, namedCommands, onlyInVersion2, printedCommands } from "./commands.ts";

function ask(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", AWS_PAGER: "", PAGER: "cat", MANPAGER: "cat" },
    maxBuffer: 2 ** 26,
  });
}

/** A manual page prints a letter over itself to make it bold. */
function plain(page: string): string {
  return page
    .split("\b")
    .map((part, index, all) => (index < all.length - 1 ? part.slice(0, -1) : part))
    .join("");
}

/** The options that a help page lists, short ones included. */
function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ {2,}(-\w)?(?:, )? *(--[\w-]+)/gm)].flatMap(([, short, long = ""]) =>
    short === undefined ? [long] : [short, long],
  );
}

/** A command with all below it, as lines of its words and options. */
function pulumi(words: readonly string[], known: ReadonlySet<string>): string[] {
  const help = ask("pulumi", [...words, "--help"]);
  const options = optionsIn(help).filter((option) => !known.has(option));
  const [, aliases = ""] = /^Aliases:\n +(.*)$/m.exec(help) ?? [];
  const names = aliases === "" ? [words.at(-1)] : aliases.split(", ").map((name) => name.split(" ").at(-1));
  const own = [...new Set(names)].map((name) =>
    ["pulumi", ...words.slice(0, -1), ...(name === undefined ? [] : [name]), ...new Set(options)].join(" "),
  );
  const below = [...help.matchAll(/^(?:\w+ )+?Commands:\n((?: {2}\S.*\n)+)/gm)].flatMap(([, list = ""]) =>
    [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name = ""]) => name),
  );
  const all = words.length === 0 ? new Set(options) : known;
  return [
    ...own,
    ...below.filter((name) => name !== "help").flatMap((name) => pulumi([...words, name], all)),
  ];
}

function aws(words: readonly string[]): string {
  const synopsis = /^SYNOPSIS$(.*?)^OPTIONS$/ms.exec(plain(ask("aws", [...words, "help"])))?.[1] ?? "";
  const options = [...synopsis.matchAll(/--[\w-]+/g)].map(([option]) => option);
  return ["aws", ...words, ...new Set(options)].join(" ");
}

const awsCommands = new Set([
  ...namedCommands()
    .filter(({ words }) => words[0] === "aws")
    .map(({ words }) => awsCommand(words).join(" ")),
  ...printedCommands().flatMap(({ commands }) => commands),
]);

for (const command of onlyInVersion2) awsCommands.delete(command);

const lines = [
  `# Pulumi CLI ${ask("pulumi", ["version"]).trim()}, and ${ask("aws", ["--version"]).split(" ")[0]}.`,
  "# Written by `node --import tsx test/docs/record-options.ts`, which asks both.",
  ...pulumi([], new Set()),
  ...[...awsCommands].toSorted().map((command) => aws(command.split(" ").slice(1))),
];
writeFileSync(path.join(import.meta.dirname, "known-options.txt"), `${lines.join("\n")}\n`);

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { blocks, type Code, codeInSentences, root } from "./pages.ts";
import { commandsOf } from "./shell.ts";

/** A command that a page gives its reader. */
export interface NamedCommand {
  readonly file: string;
  /** The program and what it is given, as the shell hands it over. */
  readonly words: readonly string[];
  /** Whether it stands in a sentence, where it may be a notion rather than a line to copy. */
  readonly inSentence: boolean;
}

const PROGRAMS = /^(?:npm|npx|pulumi|aws|docker|node|git)\s/;

/** All commands of blocks for shells, and those within sentences. */
export function namedCommands(): NamedCommand[] {
  return [
    ...blocks.filter(({ language }) => language === "sh" || language === "bash").flatMap(commandsIn(false)),
    ...codeInSentences.filter(({ text }) => PROGRAMS.test(text)).flatMap(commandsIn(true)),
  ];
}

function commandsIn(inSentence: boolean) {
  return ({ file, text }: Code): NamedCommand[] =>
    // `<stack>` stands for what the reader puts there.
    commandsOf(text.replaceAll(/<([\w ]+)>/g, "$1")).map(({ words }) => ({ file, words, inSentence }));
}

/** A file of the program or of a command that prints lines for the AWS CLI, and what it puts into them. */
export interface PrintedCommands {
  readonly file: string;
  /** Services with an operation each, as in `aws rds describe-db-instances`. */
  readonly commands: readonly string[];
  readonly options: readonly string[];
}

/** What the callers of infra/config/aws-command.ts write as lists of words. */
export function printedCommands(): PrintedCommands[] {
  return ["infra", "scripts", "bootstrap"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => path.posix.join(folder, name.replaceAll("\\", "/")))
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const text = readFileSync(path.join(root, file), "utf8");
        if (!/import \{[^}]*\bawsCommand\b[^}]*\}/.test(text)) return [];
        const pairs = [...text.matchAll(/[[(]\s*"([a-z][a-z0-9-]*)",\s*"([a-z0-9]+(?:-[a-z0-9]+)+|tail)"/g)];
        return {
          file,
          commands: pairs.map(([, service, operation]) => `aws ${service} ${operation}`),
          options: [...text.matchAll(/"(--[a-z-]+)"/g)].map(([, option = ""]) => option),
        };
      }),
  );
}

/** The words of a program up to its first option. */
export function beforeOptions(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => word.startsWith("-"));
  return first === -1 ? words : words.slice(0, first);
}

/** The program, service and command of a line of the AWS CLI; `wait` has one below it. */
export function awsCommand(words: readonly string[]): readonly string[] {
  const names = beforeOptions(words);
  return names.slice(0, names[2] === "wait" ? 4 : 3);
}

/** Commands of the AWS CLI that its first version, which the list of options is of, does not have. */
export const onlyInVersion2: readonly string[] = ["aws logs tail", "aws sso login"];

/** The script of package.json that a line of npm runs, and what it hands over. */
export function npmRun(words: readonly string[]): {
  readonly script: string;
  readonly args: readonly string[];
} {
  const separator = words.includes("--") ? words.indexOf("--") : words.length;
  const names = words.slice(1, separator).filter((word) => !word.startsWith("-"));
  return { script: (names[0] === "run" ? names[1] : names[0]) ?? "", args: words.slice(separator + 1) };
}

import type { Command, CommandLine, Flag } from "../../project/command.ts";
import type { Given } from "./answers.ts";
import { allQuestions } from "./questions/index.ts";
import type { Question } from "./questions/question.ts";

/** What a command line asks for. */
export interface Wish {
  readonly given: Given;
  readonly takesPresets: boolean;
  readonly isDryRun: boolean;
}

const flagOf = ({ flag, about, legal, value = flag }: Question): [string, Flag] => [
  flag,
  {
    type: "string",
    value,
    does: `${about}: ${legal}.`,
    without: "Default: asked for.",
  },
];

/** The questions that are answered by a flag; the stack is an argument. */
const flagged = allQuestions.filter(({ name }) => name !== "stack");

const flags: Readonly<Record<string, Flag>> = {
  ...Object.fromEntries(flagged.map(flagOf)),
  yes: {
    type: "boolean",
    short: "y",
    does: "Takes what goes without saying: the size small, the one hosted zone of the account, and so on.",
    without: "Without it everything is asked.",
  },
  "dry-run": {
    type: "boolean",
    does: "Shows the file and the commands, and neither writes nor runs them.",
    without: "Without it they are written and run.",
  },
};

/** What `npm run init` takes. */
export const init: Command = {
  script: "init",
  does:
    "Begins a stack of your own: writes stacks/Pulumi.<stack>.yaml, makes the stack in a state backend with what encrypts " +
    "its secrets, and rehearses it. Asks for what no flag says. Nothing is overwritten: with a stack that has a file it " +
    "goes on from there.",
  arguments: [{ name: "stack", optional: true, does: "Its name, say staging or prod. Default: asked for." }],
  flags,
  permissions: async () => (await import("./hosted-zones.ts")).permissions,
  examples: [
    ["npm run init -- laptop --target docker --yes", "Nango on this machine"],
    [
      "npm run init -- staging --region eu-central-1 --domain nango.acme.org --yes",
      "Nango on AWS, in the account's hosted zone that holds the domain",
    ],
  ],
  exitCodes: {
    0: "The stack is made and rehearsed.",
    1: "An answer is wrong or missing, or something failed: the message says what is there and how to go on.",
    130: "You left. Nothing was written.",
  },
};

/** What a command line says. */
export function wishIn({
  values,
  positionals,
}: Pick<CommandLine<typeof flags>, "values" | "positionals">): Wish {
  const [stack] = positionals;
  const given = flagged.flatMap(({ name, flag }) => {
    const value: unknown = values[flag];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return {
    given: { ...Object.fromEntries(given), ...(stack !== undefined && { stack }) },
    takesPresets: isOn(values["yes"]),
    isDryRun: isOn(values["dry-run"]),
  };
}

const isOn = (value: unknown): boolean => value === true;

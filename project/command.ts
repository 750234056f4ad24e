// A command of package.json: one table says what it takes, from which its arguments are read and its help is made.

import { parseArgs, type ParseArgsConfig } from "node:util";

import { didYouMean } from "../infra/config/nearest.ts";
import { isRunByNpm, swallowedFlags } from "./swallowed.ts";
import { hanging, wrapped } from "./text.ts";
import { UserError } from "./user-error.ts";

/** A flag, as `parseArgs` takes it and as the help tells of it. */
export interface Flag {
  readonly type: "boolean" | "string";
  /** One letter. */
  readonly short?: string;
  readonly multiple?: boolean;
  /** What a flag with a value has where it is not given. */
  readonly default?: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  /** What it does, in a sentence or two. */
  readonly does: string;
  /** What is done without it, where it has no default. */
  readonly without: string;
  /** Of a command that passes flags on: whether this one is its own. @default false */
  readonly own?: true;
  /** Settings of npm as which it takes the flag where it was not kept from it: other names that begin alike, or have its letter. */
  readonly takenAs?: readonly string[];
}

/** What stands on the command line without a dash. */
export interface Argument {
  readonly name: string;
  readonly does: string;
  /** Whether it may be left out. @default false */
  readonly optional?: boolean;
  /** What it may be. @default anything */
  readonly among?: () => readonly string[];
}

export interface Command<Flags extends Readonly<Record<string, Flag>> = Readonly<Record<string, Flag>>> {
  /** Its name in package.json. */
  readonly script: string;
  /** What it does, in a few sentences. */
  readonly does: string;
  readonly arguments: readonly Argument[];
  readonly flags: Flags;
  /**
   * Of a command that calls AWS: the IAM actions that it takes, which `--permissions` prints. Each once, sorted.
   * @param first The first argument, which is the stack; undefined where none is named.
   */
  readonly permissions?: (first: string | undefined) => Promise<readonly string[]>;
  /** Another command that takes every flag behind the stack; `flags` are those of it that are used most. */
  readonly passesOnTo?: string;
  /** Command lines, and what each does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** What its exit codes mean. */
  readonly exitCodes: Readonly<Record<number, string>>;
}

/** The exit code for a command line that is wrong, as in BSD's sysexits.h. */
export const EXIT_USAGE = 64;

/** The command line is wrong; the message says how, and what would be right. */
export class UsageError extends UserError {}

type Value<F extends Flag> = F extends { readonly type: "boolean" }
  ? boolean
  : F extends { readonly multiple: true }
    ? readonly string[]
    : string;

/** The flags' values by their names; undefined for one that is not given and has no default. */
type Values<Flags> = {
  readonly [Name in keyof Flags]: Flags[Name] extends Flag
    ? Value<Flags[Name]> | (Flags[Name] extends { readonly default: string } ? never : undefined)
    : never;
};

/** What a command line says. */
export interface CommandLine<Flags extends Readonly<Record<string, Flag>>> {
  /** Whether the help is asked for; nothing else counts then. */
  readonly help: boolean;
  /** Whether the IAM actions are asked for: arguments may be missing then, and nothing is done. */
  readonly permissions: boolean;
  readonly values: Values<Flags>;
  readonly positionals: readonly string[];
  /** Of a command that passes flags on: these. */
  readonly passedOn: readonly string[];
}

/** How a command is called: `npm start`, `npm run up`. */
export function callOf({ script }: Pick<Command, "script">): string {
  return script === "start" || script === "test" ? `npm ${script}` : `npm run ${script}`;
}

/** The one flag of all commands that call AWS. */
const permissionsFlag = {
  type: "boolean",
  does: "Prints the IAM actions that it takes, a line each, and does nothing else.",
  without: "Without it none are printed.",
  own: true,
} as const satisfies Flag;

/** All flags of a command, but for `--help`. */
function flagsOf({ flags, permissions }: Command): Readonly<Record<string, Flag>> {
  return permissions === undefined ? flags : { ...flags, permissions: permissionsFlag };
}

function flagUsage([name, { type, value = "value", multiple = false }]: [string, Flag]): string {
  return `[--${name}${type === "string" ? ` ${value}` : ""}]${multiple ? "..." : ""}`;
}

/** The form of a command line, on one line. */
export function usageOf(command: Command): string {
  const names = command.arguments.map(({ name, optional = false }) => (optional ? `[${name}]` : `<${name}>`));
  const flags =
    command.passesOnTo === undefined
      ? Object.entries(flagsOf(command)).map(flagUsage)
      : [`[flags of ${command.passesOnTo}]`];
  const rest = [...names, ...flags];
  return rest.length === 0 ? callOf(command) : `${callOf(command)} -- ${rest.join(" ")}`;
}

/**
 * Reads a command line. A `--` before it is left out, since pnpm passes it on.
 * @throws UsageError, also for a flag that npm kept for itself.
 */
export function readCommandLine<Flags extends Readonly<Record<string, Flag>>>(
  command: Command<Flags>,
  given: readonly string[],
  environment: NodeJS.ProcessEnv,
): CommandLine<Flags> {
  const args = given[0] === "--" ? given.slice(1) : [...given];
  const swallowed = swallowedFlags({ ...command, flags: flagsOf(command) }, args, environment);
  if (swallowed !== undefined)
    throw new UsageError(
      `npm kept ${swallowed.names.join(" and ")} for itself: flags reach this command behind -- only. Say instead:\n` +
        `  ${[callOf(command), "--", ...swallowed.meant].join(" ")}${unsetText(swallowed.settings)}`,
    );
  const line = command.passesOnTo === undefined ? parsed(command, args) : passingOn(command, args);
  const { positionals } = line;
  if (line.help) return line;
  const extra = positionals[command.arguments.length];
  const lacking = command.arguments[positionals.length];
  if (extra !== undefined)
    throw wrong(
      command,
      `"${extra}" is one argument too many${isRunByNpm(command, environment) ? npmKeepsFlags : ""}`,
    );
  if (lacking !== undefined && lacking.optional !== true && !line.permissions)
    throw wrong(command, `<${lacking.name}> is missing${amongText(lacking)}`);
  return line;
}

/** The way out where it was no flag of this command. */
function unsetText(settings: readonly string[]): string {
  return settings.length === 0
    ? ""
    : `\nIf you gave none: unset ${settings.join(" and ")}, which npx or another npm around this one has set.`;
}

/** The value of a flag of which there is no other trace. */
const npmKeepsFlags = ", or belongs to a flag that npm kept: flags stand behind --";

function amongText({ among }: Argument): string {
  const all = among?.() ?? [];
  return all.length === 0 ? "" : `: one of ${all.join(", ")}`;
}

/** A `UsageError` with the form of the command line, and a question behind what is wrong. */
export function wrong(command: Command, what: string, question = ""): UsageError {
  return new UsageError(
    `${what}.${question}\nUsage: ${usageOf(command)}\nWhat each means: ${callOf(command)} -- --help`,
  );
}

function parsed<Flags extends Readonly<Record<string, Flag>>>(
  command: Command<Flags>,
  args: string[],
): CommandLine<Flags> {
  const options = { ...flagsOf(command), help: { type: "boolean", short: "h" } } as const;
  try {
    const config: ParseArgsConfig = { args, allowPositionals: true, options };
    const { values, positionals } = parseArgs(config);
    return {
      help: values["help"] === true,
      permissions: values["permissions"] === true,
      values: values as Values<Flags>,
      positionals,
      passedOn: [],
    };
  } catch (error) {
    // The message goes on with advice on arguments that begin with a dash.
    const message = error instanceof Error ? error.message.replace(/\.\s.*$/s, "") : String(error);
    throw wrong(
      command,
      message.replace(/ argument is ambiguous$/, " lacks its value: another flag follows"),
      nearestFlag(message, Object.keys(options)),
    );
  }
}

/** The flag that was probably meant, as a question with a space before it. */
function nearestFlag(message: string, names: readonly string[]): string {
  const [, unknown] = /^Unknown option '--(.+)'$/.exec(message) ?? [];
  return unknown === undefined ? "" : didYouMean(unknown, names, (name) => `--${name}`);
}

/** The stack comes first, since only the other command knows which of its flags have values. */
function passingOn<Flags extends Readonly<Record<string, Flag>>>(
  command: Command<Flags>,
  args: readonly string[],
): CommandLine<Flags> {
  const help = args.some((word) => word === "--help" || word === "-h");
  if (command.permissions !== undefined && args.includes("--permissions")) {
    const [stack] = args.filter((word) => !word.startsWith("-"));
    const positionals = stack === undefined ? [] : [stack];
    return { help, permissions: true, values: {} as Values<Flags>, positionals, passedOn: [] };
  }
  const [first, ...passedOn] = args;
  if (!help && first?.startsWith("-") === true)
    throw wrong(command, `The stack comes first, before ${first}`);
  const positionals = first === undefined || help ? [] : [first];
  const own = passedOn.filter((word) => command.flags[word.replace(/^--/, "")]?.own === true);
  const values = Object.fromEntries(own.map((word) => [word.replace(/^--/, ""), true])) as Values<Flags>;
  return {
    help,
    permissions: false,
    values,
    positionals,
    passedOn: passedOn.filter((word) => !own.includes(word)),
  };
}

/** Columns of a help at most, since longer lines are hard to read, and at least, whatever a terminal says of itself. */
const HELP_WIDTH = 100;
const LEAST_HELP_WIDTH = 40;

/**
 * What a command does, and how it is called.
 * @param columns Those of the terminal. @default as many as a help has at most
 */
export function helpOn(command: Command, columns: number = HELP_WIDTH): string {
  const width = Math.max(LEAST_HELP_WIDTH, Math.min(columns, HELP_WIDTH));
  const { does, examples, exitCodes, passesOnTo } = command;
  const flags = Object.entries(flagsOf(command)).map(([name, flag]) => flagRow(name, flag));
  const rows = {
    arguments: command.arguments.map(
      ({ name, does: what, among }) =>
        [name, among === undefined ? what : `${what} There are ${among().join(", ")}.`] as const,
    ),
    flags: [...flags, ["-h, --help", "Shows this."] as const],
  };
  const sections = [
    [usageOf(command), "", ...wrapped(does, width)],
    ...(rows.arguments.length === 0 ? [] : [["Arguments", ...table(rows.arguments, width)]]),
    [
      passesOnTo === undefined ? "Flags" : `Flags: all of ${passesOnTo} (${passesOnTo} --help). Used most:`,
      ...table(rows.flags, width),
    ],
    ["Examples", ...examples.flatMap(([line, what]) => [`  ${line}`, ...hanging("      ", what, width)])],
    [
      "Exit codes",
      ...table(Object.entries({ ...exitCodes, [EXIT_USAGE]: "The command line is wrong." }), width),
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function flagRow(name: string, flag: Flag): readonly [string, string] {
  const { type, short, value = "value", multiple = false, does, without } = flag;
  const form = `${short === undefined ? "" : `-${short}, `}--${name}${type === "string" ? ` ${value}` : ""}`;
  const standard = flag.default === undefined ? without : `Default: ${flag.default}.`;
  return [form, `${does}${multiple ? " Can be given several times." : ""} ${standard}`];
}

function table(rows: readonly (readonly [string, string])[], width: number): string[] {
  const column = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, text]) => hanging(`  ${name.padEnd(column)}`, text, width));
}

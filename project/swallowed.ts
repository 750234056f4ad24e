// npm takes every flag for its own that does not stand behind `--`, says little or nothing, and hands it on in the
// environment instead: `npm start dev --update`.
// https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Of a flag, what decides how npm takes it; `Flag` has more. */
interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly value?: string;
  readonly takenAs?: readonly string[];
}

/** Of a command, what decides which command line was meant; `Command` has more. */
interface Command {
  readonly script: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly arguments: readonly unknown[];
}

/** A flag that npm kept, with the values that it took for the flag's; `true` where it left the value standing. */
interface Kept {
  readonly name: string;
  readonly flag: Flag;
  /** The setting of npm as which it took the flag. */
  readonly key: string;
  readonly values: readonly string[];
}

/** What npm kept for itself. */
export interface Swallowed {
  /** The flags, with their dashes. */
  readonly names: readonly string[];
  /** The arguments that were meant. */
  readonly meant: readonly string[];
  /** Of settings that npm has itself: the variables, which `npx` or another npm around this one may have set, too. */
  readonly settings: readonly string[];
}

/** What npm has settings for itself. https://docs.npmjs.com/cli/v11/using-npm/config */
const OWN_SETTINGS: ReadonlySet<string> = new Set([
  "all",
  "diff",
  "force",
  "json",
  "message",
  "offline",
  "yes",
]);

/**
 * The flags that npm kept for itself, and the arguments that were meant; undefined where it kept none. Other package
 * managers hand all of them on.
 */
export function swallowedFlags(
  { script, flags, arguments: expected }: Command,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Swallowed | undefined {
  if (!isRunByNpm({ script }, environment)) return undefined;
  const kept = Object.entries(flags).flatMap(([name, flag]) => {
    const key = isGiven(name, flag, args) ? undefined : keptAs(name, flag, environment);
    if (key === undefined) return [];
    return [{ name, flag, key, values: (environment[`npm_config_${key}`] ?? "").split("\n\n") }];
  });
  if (kept.length === 0) return undefined;
  return {
    names: kept.map(({ name }) => `--${name}`),
    meant: meant(args, expected.length, kept),
    settings: kept.flatMap(({ key }) => (OWN_SETTINGS.has(key) ? [`npm_config_${key}`] : [])),
  };
}

/** Whether npm runs a command, and not another package manager, or another command that starts this one. */
export function isRunByNpm({ script }: Pick<Command, "script">, environment: NodeJS.ProcessEnv): boolean {
  const { npm_config_user_agent: agent = "", npm_lifecycle_event: event } = environment;
  return agent.startsWith("npm/") && event === script;
}

function isGiven(name: string, { short }: Flag, args: readonly string[]): boolean {
  return args.some(
    (word) =>
      word === `--${name}` || word.startsWith(`--${name}=`) || (short !== undefined && word === `-${short}`),
  );
}

/** The setting as which npm took a flag; undefined where it was not given, or where npm's own configuration says the same. */
function keptAs(name: string, flag: Flag, environment: NodeJS.ProcessEnv): string | undefined {
  const keys = [name.replaceAll("-", "_"), ...(flag.takenAs ?? [])];
  return keys.find(
    (key) => (environment[`npm_config_${key}`] ?? "") !== "" && !isConfigured(key, environment),
  );
}

/** Whether a setting of npm comes from where people write it: the environment in capitals, or one of its files. */
function isConfigured(key: string, environment: NodeJS.ProcessEnv): boolean {
  const name = `npm_config_${key}`;
  if (Object.keys(environment).some((other) => other !== name && other.toLowerCase() === name)) return true;
  const {
    npm_config_userconfig: user,
    npm_config_globalconfig: global,
    npm_config_local_prefix: local,
  } = environment;
  const files = [user, global, local === undefined ? undefined : path.join(local, ".npmrc")];
  // A file says `yes=true`, or `yes` alone.
  const line = new RegExp(`^\\s*${key.replaceAll("_", "-")}\\s*(=\\s*"?true"?\\s*)?$`, "m");
  return files.some(
    (file) => file !== undefined && existsSync(file) && line.test(readFileSync(file, "utf8")),
  );
}

/** The command line that was meant: npm leaves the value of a flag that it does not know standing where it was. */
function meant(args: readonly string[], expected: number, kept: readonly Kept[]): string[] {
  const words = [...args];
  const take = ({ value = "value" }: Flag): string => {
    const looked = value.includes("=") ? words.findIndex((word) => /^[^-].*=/.test(word)) : expected;
    const [taken] = looked < 0 || looked >= words.length ? [] : words.splice(looked, 1);
    return taken === undefined ? `<${value}>` : quoted(taken);
  };
  const flags = kept.flatMap(({ name, flag, values }) =>
    flag.type === "boolean"
      ? [`--${name}`]
      : values.flatMap((value) => [`--${name}`, value === "true" ? take(flag) : quoted(value)]),
  );
  return [...words.map(quoted), ...flags];
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

// npm takes every flag for its own that does not stand behind `--`, says little or nothing, and hands it on in the
// environment instead: `npm start dev --update`.
// https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Command, Flag } from "./command.ts";

/** A flag that npm kept, with the values that it took for the flag's; `true` where it left the value standing. */
interface Kept {
  readonly name: string;
  readonly flag: Flag;
  readonly values: readonly string[];
}

/**
 * The flags that npm kept for itself, and the arguments that were meant; undefined where it kept none. Other package
 * managers hand all of them on.
 */
export function swallowedFlags(
  { script, flags, arguments: expected }: Pick<Command, "script" | "flags" | "arguments">,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): { readonly names: readonly string[]; readonly meant: readonly string[] } | undefined {
  const { npm_config_user_agent: agent = "", npm_lifecycle_event: event } = environment;
  if (!agent.startsWith("npm/") || event !== script) return undefined;
  const kept = Object.entries(flags).flatMap(([name, flag]) => {
    const values = isGiven(name, flag, args) ? undefined : keptValues(name, flag, environment);
    return values === undefined ? [] : [{ name, flag, values }];
  });
  if (kept.length === 0) return undefined;
  return { names: kept.map(({ name }) => `--${name}`), meant: meant(args, expected.length, kept) };
}

function isGiven(name: string, { short }: Flag, args: readonly string[]): boolean {
  return args.some(
    (word) =>
      word === `--${name}` || word.startsWith(`--${name}=`) || (short !== undefined && word === `-${short}`),
  );
}

/** The values that a flag had for npm; undefined where it was not given, or where npm's own configuration says the same. */
function keptValues(name: string, flag: Flag, environment: NodeJS.ProcessEnv): string[] | undefined {
  const keys = [name.replaceAll("-", "_"), ...(flag.takenAs ?? [])];
  const key = keys.find(
    (key) => (environment[`npm_config_${key}`] ?? "") !== "" && !isConfigured(key, environment),
  );
  return key === undefined ? undefined : (environment[`npm_config_${key}`] ?? "").split("\n\n");
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

import type { Choices } from "./choices.ts";
import type { GivenConfiguration } from "./values.ts";
import { didYouMean } from "./nearest.ts";
import { settings, type SettingName } from "./settings.ts";
import { shown } from "./shown.ts";

/** Something wrong with the configuration: what it is about, and a sentence or two that say what and how to mend it. */
export interface Problem {
  readonly keys: readonly SettingName[];
  readonly message: string;
}

/** Judges settings that are each legal by what they mean together. */
export type Check = (choices: Choices, given: GivenConfiguration) => Problem[];

/** A problem, when the condition holds. */
export function when(condition: boolean, keys: readonly SettingName[], message: string): Problem[] {
  return condition ? [{ keys, message }] : [];
}

/**
 * Completes the commands in a message, so that they can be copied: with the CLI that the project brings, and for this
 * stack, whichever is selected.
 */
export function ready(message: string, stack: string): string {
  return message.replace(/(?<!npx )\bpulumi config (set|rm) /g, `npx pulumi config $1 -s ${stack} `);
}

/** All that is wrong with a stack's configuration, in one message. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    const lines = problems.map(({ message }) => `  - ${ready(message, stack).replaceAll("\n", "\n    ")}`);
    super(`The configuration of the stack "${stack}" has ${count}:\n\n${lines.join("\n")}\n`);
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** A value that is not legal by itself. What is secret, or stored encrypted, is never repeated. */
export function illegalValue(name: SettingName, value: string, what: string, encrypted: boolean): Problem {
  const setting = settings[name];
  const repeated = setting.secret || encrypted ? "(secret)" : shown(value);
  return {
    keys: [name],
    message: `nango:${name} = ${repeated} ${what}.\nLegal: ${setting.legal}. For example: ${setCommand(name)}`,
  };
}

/** How to set a key to its example. The CLI takes lists and maps one item at a time only. */
function setCommand(name: SettingName): string {
  const { type, example, secret } = settings[name];
  if (type === "array" || type === "object") {
    const [[item, value] = ["", ""]] = Object.entries(JSON.parse(example) as object);
    const path = type === "array" ? `'nango:${name}[${item}]'` : `nango:${name}.${item}`;
    return `pulumi config set --path ${path} ${quoted(String(value))}`;
  }
  return `pulumi config set ${secret ? "--secret " : ""}nango:${name} ${quoted(example)}`;
}

/** What settings were called before, and are called now. */
const renamed: ReadonlyMap<string, SettingName> = new Map([["databaseCaPem", "trustedCaPem"]]);

/** A key that no setting has. */
export function unknownKey(name: string): Problem {
  const now = renamed.get(name);
  const hint =
    now === undefined
      ? didYouMean(name, Object.keys(settings), (near) => `nango:${near}`)
      : ` It is called nango:${now} now.`;
  return {
    keys: [],
    message: `nango:${name} is not a setting.${hint} Remove it with: pulumi config rm nango:${name}`,
  };
}

function quoted(example: string): string {
  return /^[\w.:/@%+=,-]+$/.test(example) || /^(-- )?["$]/.test(example) ? example : `'${example}'`;
}

import type { Choices } from "./choices.ts";
import type { GivenConfiguration } from "./values.ts";
import { settings, type SettingName } from "./settings.ts";
import { wordMeant } from "./nearest.ts";
import { entry, exampleEntry, toSet } from "./remedy.ts";
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

/** What commands with `--secret` take, as a paragraph of its own. */
export const secretsRemark = (stack: string) =>
  `\nSecrets are set once the stack is made: npm run preview -- ${stack} makes it.\n`;

/** All that is wrong with a stack's configuration, in one message. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    const lines = problems.map(({ message }) => `  - ${message.replaceAll("\n", "\n    ")}`);
    const needsStack = problems.some(({ message }) => message.includes(" --secret "));
    const remark = needsStack ? secretsRemark(stack) : "";
    super(`The configuration of the stack "${stack}" has ${count}:\n\n${lines.join("\n")}\n${remark}`);
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** A value that is not legal by itself. What is secret, or stored encrypted, is never repeated. */
export function illegalValue(
  name: SettingName,
  { stack, values, secretKeys }: GivenConfiguration,
  what: string,
): Problem {
  const setting = settings[name];
  const isSecret = setting.secret || secretKeys.has(name);
  const given = values[name] ?? "";
  const meant = isSecret ? undefined : wordMeant(given, setting.words);
  const subject = `nango:${name} = ${isSecret ? "(secret)" : shown(given)} ${what}`;
  const remedy =
    meant === undefined
      ? toSet("For example", stack, exampleEntry(name))
      : toSet("If so", stack, entry(name, meant));
  return {
    keys: [name],
    message: `${subject}.${meant === undefined ? "" : ` Did you mean ${meant}?`}\nLegal: ${setting.legal}. ${remedy}`,
  };
}

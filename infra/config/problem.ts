import type { Choices } from "./choices.ts";
import type { GivenConfiguration } from "./values.ts";
import { settings, type SettingName } from "./settings.ts";
import { exampleEntry, toSet } from "./remedy.ts";
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
  const repeated = setting.secret || secretKeys.has(name) ? "(secret)" : shown(values[name] ?? "");
  return {
    keys: [name],
    message: `nango:${name} = ${repeated} ${what}.\nLegal: ${setting.legal}. ${toSet("For example", stack, exampleEntry(name))}`,
  };
}

import { choose } from "./choices.ts";
import { crossChecks } from "./checks/index.ts";
import { illegalValue, type Problem, ConfigurationError } from "./problem.ts";
import { unknownKey } from "./unknown-key.ts";
import { providerProblems } from "./provider-settings.ts";
import { resolve } from "./resolve.ts";
import { defaultText } from "./settings/setting.ts";
import { settings, type SettingName } from "./settings.ts";
import type { StackConfig } from "./stack-config.ts";
import type { GivenConfiguration, SettingValues } from "./values.ts";
import { warnings } from "./warnings.ts";

export interface ParsedConfiguration<Secret> {
  readonly config: StackConfig<Secret>;
  /** Choices that are legal but risky. */
  readonly warnings: readonly string[];
}

/**
 * Reads a stack's configuration.
 * @param conceal Turns a text that must not be seen into what the program keeps of it.
 * @throws ConfigurationError with every problem at once.
 */
export function parseConfiguration<Secret>(
  given: GivenConfiguration,
  conceal: (text: string) => Secret,
): ParsedConfiguration<Secret> {
  const problems: Problem[] = Object.keys(given.values)
    .filter((name) => !Object.hasOwn(settings, name))
    .map((name) => unknownKey(name, given.stack));
  problems.push(...providerProblems(given.others ?? {}, given.stack));
  const values = readSettings(given, problems);
  const choices = choose(values, given);
  const suspect = new Set(problems.flatMap((problem) => problem.keys));
  // A combination is judged only where each of its parts was readable.
  const combined = suspect.has("target")
    ? []
    : crossChecks(choices, given).filter((problem) => !problem.keys.some((key) => suspect.has(key)));
  problems.push(...combined);
  if (problems.length > 0) throw new ConfigurationError(given.stack, problems);
  return { config: resolve(choices, given, conceal), warnings: warnings(choices, given) };
}

function readSettings(given: GivenConfiguration, problems: Problem[]): SettingValues {
  const entries = Object.entries(settings).map(([key, setting]) => {
    const name = key as SettingName;
    const text = given.values[name];
    if (text !== undefined) {
      const result = setting.schema.safeParse(text);
      if (result.success) return [name, result.data] as const;
      const what = result.error.issues[0]?.message ?? "cannot be read";
      problems.push(illegalValue(name, given, what));
    }
    return [name, setting.schema.parse(defaultText(setting))] as const;
  });
  return Object.fromEntries(entries) as SettingValues;
}

// What is wrong with a stack's file that the program cannot tell: a text that YAML takes for a number or a truth value, where it
// stands without quotes, and reaches the program as another one; and a key that stands there under two names.

import { stackFile } from "../infra/config/remedy.ts";
import { settings, type SettingName } from "../infra/config/settings.ts";
import { holdsSecret } from "../infra/nango/environment.ts";
import { type Project, readStackConfiguration, rereadTexts } from "../project/project.ts";
import { UserError } from "../project/user-error.ts";
import { pathText } from "../project/values.ts";
import type { Reread } from "../project/yaml.ts";
import { type Overrides, qualifiedKey } from "./configuration.ts";

/** Nothing in place of the file's values. */
const nothing: Overrides = { set: {}, secrets: {} };

/**
 * Each problem, with the way out.
 * @param overrides What is given in place of the file's values. @default nothing
 */
export function stackFileProblems(project: Project, stack: string, overrides = nothing): string[] {
  const given = Object.keys({ ...overrides.set, ...overrides.secrets }).map((key) =>
    qualifiedKey(project, key),
  );
  const isGiven = (key: string) => given.includes(key);
  return [...twice(project, stack, isGiven), ...reread(project, stack, isGiven)];
}

/** @throws UserError before anything is deployed of them. */
export function refuseStackFile(project: Project, stack: string): void {
  const problems = stackFileProblems(project, stack);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

/** Of two names of one key, `size` and `nango:size`, Pulumi takes the value of either, another one from run to run. */
function twice(project: Project, stack: string, isGiven: (key: string) => boolean): string[] {
  const written = Object.keys(readStackConfiguration(project, stack));
  const keys = new Set(written.map((key) => qualifiedKey(project, key)));
  return [...keys].flatMap((key) => {
    const names = written.filter((name) => qualifiedKey(project, name) === key);
    if (names.length < 2 || isGiven(key)) return [];
    return [
      `${key} stands in ${stackFile(stack)} ${names.length} times, as ${names.join(" and ")}: Pulumi takes now the one and now the other.\nRemove all but one of these lines.`,
    ];
  });
}

function reread(project: Project, stack: string, isGiven: (key: string) => boolean): string[] {
  return rereadTexts(project, stack)
    .map(({ path: [key, ...steps], ...text }): Reread => ({
      path: [qualifiedKey(project, String(key)), ...steps],
      ...text,
    }))
    .filter(
      ({ path: [key = "", ...steps], read }) =>
        [project.name, "aws", "docker"].includes(String(key).replace(/:.*$/s, "")) &&
        !isGiven(String(key)) &&
        !isGiven(`${key}.${steps.join(".")}`) &&
        // A switch is one in capitals, too.
        (steps.length > 0 || !/^(true|false)$/.test(read)),
    )
    .map((text) => problem(text, stack));
}

function problem({ path: [key = "", ...steps], written, read }: Reread, stack: string): string {
  const setting = settingOf(String(key));
  const where = `${key}${steps.length === 0 ? "" : ` at ${pathText(steps)}`}`;
  const kind = /^(true|false)$/.test(read) ? "truth value" : "number";
  const file = stackFile(stack);
  if (!isOpen(String(key), steps, written))
    return `${where}: without quotes Pulumi takes it for a ${kind}, and hands over another text.\nWrite it in quotes in ${file}.`;
  const isText =
    steps.length > 0 || setting === undefined || typeof setting.schema.safeParse(written).data === "string";
  const remedy = isText
    ? `Write it in quotes in ${file}: "${written}". If ${read} is meant, write that.`
    : `Write the number that is meant in ${file} in digits alone.`;
  return `${where}: without quotes Pulumi reads ${written} as the ${kind} ${read}.\n${remedy}`;
}

function settingOf(key: string): (typeof settings)[SettingName] | undefined {
  const name = key.replace(/^nango:/, "");
  return name !== key && Object.hasOwn(settings, name) ? settings[name as SettingName] : undefined;
}

/** Whether a message may repeat the value: any other one of a provider may be a credential. */
function isOpen(key: string, steps: readonly (string | number)[], written: string): boolean {
  const isSecret = settingOf(key)?.secret ?? key !== "aws:defaultTags";
  return !isSecret && !holdsSecret(String(steps[0] ?? ""), written);
}

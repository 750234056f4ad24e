// What a program gets another text of than stands in the stack's file, since YAML takes it for a number or a truth value
// where it stands without quotes. The program itself cannot tell.

import { stackFile } from "../infra/config/remedy.ts";
import { settings, type SettingName } from "../infra/config/settings.ts";
import { holdsSecret } from "../infra/nango/environment.ts";
import { type Project, rereadTexts } from "../project/project.ts";
import { UserError } from "../project/user-error.ts";
import { pathText } from "../project/values.ts";
import type { Reread } from "../project/yaml.ts";
import { type Overrides, qualifiedKey } from "./configuration.ts";

/**
 * What is wrong with them, each with the way out.
 * @param overrides What is given in place of the file's values. @default nothing
 */
export function rereadProblems(
  project: Project,
  stack: string,
  { set, secrets }: Overrides = { set: {}, secrets: {} },
): string[] {
  const overridden = new Set(
    [...Object.keys(set), ...Object.keys(secrets)].map((key) => qualifiedKey(project, key)),
  );
  return rereadTexts(project, stack)
    .map(({ path: [key, ...steps], ...text }): Reread => ({
      path: [qualifiedKey(project, String(key)), ...steps],
      ...text,
    }))
    .filter(
      ({ path: [key = "", ...steps], read }) =>
        [project.name, "aws", "docker"].includes(String(key).replace(/:.*$/s, "")) &&
        !overridden.has(String(key)) &&
        !overridden.has(`${key}.${steps.join(".")}`) &&
        // A switch is one in capitals, too.
        (steps.length > 0 || !/^(true|false)$/.test(read)),
    )
    .map((text) => problem(text, stack));
}

/** @throws UserError before anything is deployed of them. */
export function refuseReread(project: Project, stack: string): void {
  const problems = rereadProblems(project, stack);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
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

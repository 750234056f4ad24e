// Keys that come by flags, --set and --change, and not by a stack's file.

import { secretsRemark } from "../infra/config/problem.ts";
import { stackFile } from "../infra/config/remedy.ts";
import { settings, type SettingName } from "../infra/config/settings.ts";
import type { Overrides } from "./configuration.ts";

/** Values by key, of which those of secret settings are marked so: nothing of them is stored anywhere. */
export function overridesOf(given: Readonly<Record<string, string>>): Overrides {
  const isSecret = ([key]: readonly [string, string]) => {
    const name = bare(key);
    return Object.hasOwn(settings, name) && settings[name as SettingName].secret;
  };
  const all = Object.entries(given);
  return {
    set: Object.fromEntries(all.filter((one) => !isSecret(one))),
    secrets: Object.fromEntries(all.filter(isSecret)),
  };
}

/** A key of the project's, without its namespace. */
const bare = (key: string) => key.replace(":config:", ":").replace(/^nango:/, "");

/** A word in quotes or without, as `toSet` writes a value. */
const WORD = String.raw`'[^']*'|"[^"]*"|\$\([^)]*\)|[\w.:/@%+=,-]+`;

/**
 * A message in which advice on keys that came by flags says how to give or omit them by these.
 * @param set What `--set` gave, by key, with a namespace or without.
 * @param changed What `--change` gave.
 */
export function adviceByFlags(
  message: string,
  stack: string,
  set: object = {},
  changed: object = {},
): string {
  const known = new Map([
    ...Object.keys(set).map((key) => [settingOf(key), "--set"] as const),
    ...Object.keys(changed).map((key) => [settingOf(key), "--change"] as const),
  ]);
  if (known.size === 0) return message;
  const file = escaped(stackFile(stack));
  const name = escaped(stack);
  const command = `npx pulumi config set -s ${name}(?: --secret)?(?: --path)? (?:'[^']*'|[^\\s']+)(?: (?:-- )?(?:${WORD}))?`;
  const advice = new RegExp(
    `(?: in ${file}: \`[^\`]*\`(?: and \`[^\`]*\`)*, or)?: (${command}(?: && ${command})*)`,
    "g",
  );
  const removal = new RegExp(`from ${file}, or: npx pulumi config rm -s ${name} (?:--path )?(\\S+)`, "g");
  const advised = message
    .replace(advice, (whole: string, commands: string) => {
      const words = commands.split(" && ").map((one) => assignmentIn(one));
      const flag = words.map(({ key }) => known.get(settingOf(key))).find((one) => one !== undefined);
      return flag === undefined ? whole : `: ${words.map(({ word }) => `${flag} ${word}`).join(" ")}`;
    })
    .replace(removal, (whole: string, key: string) => {
      const flag = known.get(settingOf(key));
      return flag === undefined ? whole : `from ${flag}`;
    });
  return advised.includes(" --secret ") ? advised : advised.replace(secretsRemark(stack).trimEnd(), "");
}

/** The key that a command of Pulumi's sets, and the same as a word of this command line. */
function assignmentIn(command: string): { readonly key: string; readonly word: string } {
  const [, target = "", value = "'...'"] =
    /config set -s \S+(?: --secret)?(?: --path)? ('[^']*'|\S+)(?: (?:-- )?(.*))?$/s.exec(command) ?? [];
  const key = target.replaceAll("'", "");
  const unquoted = value.replace(/^'(.*)'$/s, "$1");
  if (key.endsWith("[0]")) return { key, word: `'${key.slice(0, -3)}=${JSON.stringify([unquoted])}'` };
  if (value.startsWith("$")) return { key, word: `${key}="${value}"` };
  return { key, word: value.startsWith("'") ? `'${key}=${unquoted}'` : `${key}=${value}` };
}

/** The key without what follows it in a path: `nango:rotate` of `rotate.database`. */
function settingOf(key: string): string {
  const whole = key.includes(":") ? key.replace(":config:", ":") : `nango:${key}`;
  return whole.replace(/[.[].*$/s, "");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

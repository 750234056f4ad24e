import { stringify } from "yaml";
import { settings, type SettingName } from "./settings.ts";

/** A key of a stack's configuration, and what it is to be. */
export interface Entry {
  /** With its namespace: `nango:size`. */
  readonly key: string;
  /** The text that the command takes; without one the command asks for it. */
  readonly value?: string;
  /** Where the value goes in a list or a map: the first item, or the one of that name. */
  readonly in?: "list" | { readonly item: string };
  /** It is stored encrypted, which the command alone can do. @default false */
  readonly secret?: boolean;
  /** Numbers, `true` and `false` stand for themselves in YAML. @default false */
  readonly bare?: boolean;
}

/** A setting, and what it is to be. */
export function entry(name: SettingName, value: string): Entry {
  const { type, secret } = settings[name];
  return {
    key: `nango:${name}`,
    value,
    secret,
    // Pulumi takes a number where it wants a text.
    bare: type === "integer" || type === "boolean" || /^\d+$/.test(value),
    ...(type === "array" ? ({ in: "list" } as const) : {}),
  };
}

/** A setting and the example of its reference. */
export function exampleEntry(name: SettingName): Entry {
  const { type, example } = settings[name];
  if (type !== "array" && type !== "object") return entry(name, example);
  const [[item, value] = ["", ""]] = Object.entries(JSON.parse(example) as object);
  return type === "array" ? entry(name, String(value)) : { ...entry(name, String(value)), in: { item } };
}

/** The file of a stack, from the project's folder. */
export function stackFile(stack: string): string {
  return `stacks/Pulumi.${stack}.yaml`;
}

/**
 * How to set something: in the stack's file, which is there before the stack is made, and by a command.
 * @param purpose What it is for, as the sentence begins: `For example`, `Raise the ceiling`.
 */
export function toSet(purpose: string, stack: string, ...entries: readonly Entry[]): string {
  const command = entries.map((one) => setCommand(stack, one)).join(" && ");
  if (entries.some(({ secret }) => secret === true)) return `${purpose}: ${command}`;
  const lines = entries.map((one) => `\`${inYaml(one)}\``).join(" and ");
  return `${purpose} in ${stackFile(stack)}: ${lines}, or: ${command}`;
}

/** How to remove a key, or one item of a map: `Remove it ${toRemove(...)}`. */
export function toRemove(stack: string, key: string, item?: string): string {
  const path = item === undefined ? key : `--path ${key}.${item}`;
  return `from ${stackFile(stack)}, or: npx pulumi config rm -s ${stack} ${path}`;
}

/** The command that sets it. The CLI takes lists and maps one item at a time only. */
function setCommand(stack: string, { key, value, in: place, secret }: Entry): string {
  const flags = `${secret === true ? " --secret" : ""}${place === undefined ? "" : " --path"}`;
  const target = place === undefined ? key : place === "list" ? `'${key}[0]'` : `${key}.${place.item}`;
  return `npx pulumi config set -s ${stack}${flags} ${target}${value === undefined ? "" : ` ${quoted(value)}`}`;
}

/** The line of the stack's file. */
function inYaml({ key, value = "", in: place, bare }: Entry): string {
  // The content of a file follows, indented.
  if (value.startsWith("-- ")) return `${key}: |`;
  // Pulumi reads dates, `on` and the like as YAML 1.1 has them: where they are texts, they take quotes.
  const text = bare === true ? value : stringify(value, { lineWidth: 0, version: "1.1" }).trimEnd();
  if (place === undefined) return `${key}: ${text}`;
  return place === "list" ? `${key}: [${text}]` : `${key}: {${place.item}: ${text}}`;
}

function quoted(value: string): string {
  return /^[\w.:/@%+=,-]+$/.test(value) || /^(-- )?["$]/.test(value) ? value : `'${value}'`;
}

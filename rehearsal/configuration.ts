// A stack's configuration as the program receives it: the stack's file over the defaults of Pulumi.yaml, merged and
// checked by the rules of the Pulumi CLI.
// https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/workspace/config.go

import { isRegion } from "../infra/config/rules/aws-region.ts";
import { placeholderFor, type Place, type Surroundings } from "./placeholders.ts";
import { UserError } from "../project/user-error.ts";
import type { Project } from "../project/project.ts";
import { isRecord } from "../project/values.ts";
import { textOf } from "../project/yaml.ts";

/** Configuration ready for a program: text by `namespace:key`. */
export interface Configuration {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** Values from the command line or a test; a key without a namespace belongs to the project. */
export interface Overrides {
  readonly set: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

interface Declaration {
  readonly type?: unknown;
  readonly items?: unknown;
  readonly fallback?: unknown;
  readonly secret: boolean;
}

function isSecure(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

function holdsSecure(value: unknown): boolean {
  return (
    isSecure(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecure))
  );
}

function withPlaceholders(value: unknown, place: Place, around: Surroundings): unknown {
  if (isSecure(value)) return placeholderFor(place, around);
  if (Array.isArray(value))
    return value.map((item, index) => withPlaceholders(item, [...place, index], around));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withPlaceholders(item, [...place, name], around)]),
  );
}

/** Where nobody says otherwise. */
export const DEFAULT_REGION = "us-east-1";

/** The region of a stack. One that is encrypted is that of its ARNs, most likely. */
function regionOf(given: ReadonlyMap<string, unknown>): string {
  const region = given.get("aws:region");
  if (typeof region === "string") return region;
  const arns = JSON.stringify([...given.values()]).matchAll(/"arn:[^:"]*:[^:"]*:([^:"]+):/g);
  return [...arns].map(([, name = ""]) => name).find(isRegion) ?? DEFAULT_REGION;
}

/** The name of a hosted zone; one given by its ID names none. */
function zoneName(given: unknown): string | undefined {
  return typeof given === "string" && given.includes(".") ? given.replace(/\.$/, "") : undefined;
}

function readDeclaration(declared: unknown): Declaration {
  if (!isRecord(declared)) return { fallback: declared, secret: false };
  const { type, items, secret } = declared;
  return { type, items, fallback: declared["default"] ?? declared["value"], secret: secret === true };
}

/** Whether a value is legal for a declared type; numbers and booleans may come as text. */
function isOfType(value: unknown, type: unknown, items: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value) || (typeof value === "string" && /^[+-]?\d+$/.test(value));
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isRecord(value);
    case "array":
      return (
        Array.isArray(value) &&
        isRecord(items) &&
        value.every((item) => isOfType(item, items["type"], items["items"]))
      );
    case "string":
      return typeof value === "string";
    default:
      return true;
  }
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/workspace/project.go */
function fullTypeName(type: unknown, items: unknown): string {
  return type === "array" && isRecord(items)
    ? `array<${fullTypeName(items["type"], items["items"])}>`
    : String(type);
}

/** A scalar reaches the check as text, a list or an object as itself. */
function checkable(value: unknown, type: unknown): unknown {
  if (typeof value === "object" && value !== null) return value;
  const text = textOf(value);
  if (type !== "array" && type !== "object") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The most bytes of one environment variable, its name included: MAX_ARG_STRLEN of Linux. */
const MOST_BYTES = 128 * 1024;

/** A configuration as Pulumi hands it to a program: in one environment variable. */
export function environmentText(values: Configuration["values"]): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace(":", ":config:"), value])),
  );
}

/**
 * What is wrong with a configuration that does not fit into the environment variable of its program, or undefined. The
 * Pulumi CLI would only say that the argument list is too long.
 */
function oversize(values: Configuration["values"]): string | undefined {
  if (Buffer.byteLength(`PULUMI_CONFIG=${environmentText(values)}\0`) <= MOST_BYTES) return undefined;
  const [[key, longest] = ["", ""]] = Object.entries(values).sort(([, a], [, b]) => b.length - a.length);
  const remedy = longest.includes("-----BEGIN CERTIFICATE-----")
    ? "give only the authorities that your servers' certificates come from"
    : "shorten it";
  return (
    `${key} has ${longest.length} characters, but all configuration of a stack together must fit into an environment ` +
    `variable of ${MOST_BYTES} bytes: ${remedy}`
  );
}

/**
 * A key with its namespace, however it is written.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/resource/config/key.go#L45
 */
export function qualifiedKey({ name }: Project, key: string): string {
  return key.includes(":") ? key.replace(":config:", ":") : `${name}:${key}`;
}

/** The key of a map and the name of an item in it, as in `nango:rotate.database`; the text itself where it is a key. */
function itemIn(text: string, { name, declarations }: Project): readonly [key: string, item?: string] {
  const key = text.slice(0, Math.max(0, text.indexOf(".")));
  const bare = key.startsWith(`${name}:`) ? key.slice(name.length + 1) : key;
  return Object.hasOwn(declarations, bare) ? [bare, text.slice(key.length + 1)] : [text];
}

/** A map, which may come as text, with another item. */
function withItem(given: unknown, item: string, value: string): unknown {
  const map = checkable(given, "object");
  return { ...(isRecord(map) ? map : {}), [item]: value };
}

/**
 * The configuration that the program of a stack receives. Throws one `UserError` with everything that the Pulumi CLI
 * would refuse: missing values, wrong types, secrets in plain text. It says so in the CLI's words, and no value, since
 * any may be a secret.
 */
export function configurationOf(
  project: Project,
  stack: string,
  stackValues: Readonly<Record<string, unknown>>,
  overrides: Overrides,
): Configuration {
  const qualified = (key: string) => qualifiedKey(project, key);
  const given = new Map<string, unknown>();
  const fromCommandLine = new Set<string>();
  for (const [key, value] of Object.entries(stackValues)) given.set(qualified(key), value);
  for (const [text, value] of [...Object.entries(overrides.set), ...Object.entries(overrides.secrets)]) {
    const [key, item] = itemIn(text, project);
    given.set(qualified(key), item === undefined ? value : withItem(given.get(qualified(key)), item, value));
    fromCommandLine.add(qualified(key));
  }
  const secretKeys = new Set(Object.keys(overrides.secrets).map(qualified));
  for (const [key, value] of given) if (holdsSecure(value)) secretKeys.add(key);

  const problems = [...given.keys()]
    .filter((key) => key.split(":").length > 2)
    .map(
      (key) =>
        `could not parse ${key} as a configuration key (configuration keys should be of the form \`<namespace>:<name>\`)`,
    );
  for (const [bareKey, declared] of Object.entries(project.declarations)) {
    const key = qualified(bareKey);
    const { type, items, fallback, secret } = readDeclaration(declared);
    if (!given.has(key) && (fallback ?? undefined) !== undefined) given.set(key, fallback);
    const value = given.get(key);
    const subject = `Stack '${stack}' with configuration key '${bareKey}'`;
    if (!given.has(key)) {
      if (key.startsWith(`${project.name}:`))
        problems.push(`Stack '${stack}' is missing configuration value '${bareKey}'`);
      continue;
    }
    if (secret && fromCommandLine.has(key)) secretKeys.add(key);
    if (secret && !secretKeys.has(key))
      problems.push(`${subject} must be encrypted as it's secret: pulumi config set --secret ${bareKey}`);
    if (!secretKeys.has(key) && !isOfType(checkable(value, type), type, items))
      problems.push(`${subject} must be of type '${fullTypeName(type, items)}'`);
  }
  if (problems.length > 0) throw new UserError(problems.join("\n"));

  const around = { zone: zoneName(given.get(qualified("hostedZone"))), region: regionOf(given) };
  const values = Object.fromEntries(
    [...given].map(([key, value]) => {
      const own = key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
      return [key, textOf(withPlaceholders(value, [own], around))];
    }),
  );
  const tooLong = oversize(values);
  if (tooLong !== undefined) throw new UserError(tooLong);
  return { values, secretKeys: [...secretKeys] };
}

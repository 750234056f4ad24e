// `secure:` values of a stack's file can only be decrypted with the stack's own passphrase or key. In a rehearsal a
// placeholder stands in, which is legal where the program checks it.

import { exampleOf } from "../infra/config/provider-settings.ts";
import { partitionOf, regions } from "../infra/config/rules/aws-region.ts";
import { settings } from "../infra/config/settings.ts";
import { isRecord } from "../project/values.ts";
import { textOf } from "../project/yaml.ts";
import { variableProblem, variableType } from "../infra/nango/variables.ts";

/** Where a value stands in the configuration: a key without its namespace, and the steps into a list or a map. */
export type Place = readonly [key: string, ...steps: Steps];
type Steps = readonly (string | number)[];

interface Described {
  readonly type: string;
  readonly default: unknown;
  readonly example: string;
  readonly placeholder?: string;
  readonly schema: { safeParse: (text: string) => { readonly success: boolean } };
}

/** Defaults for "not given": what is encrypted was given. What the size decides goes with everything else, and is taken. */
function isNotGiven(standard: unknown): boolean {
  return (
    standard === "none" || standard === "generated" || (Array.isArray(standard) && standard.length === 0)
  );
}

/** A legal text for a setting: what it says itself, its default where that is a value, or its example. */
function legalText(setting: Described): string | undefined {
  const { placeholder, default: standard, example, schema } = setting;
  const candidates = [placeholder, ...(isNotGiven(standard) ? [example, standard] : [standard, example])];
  return candidates
    .filter((candidate) => candidate !== undefined)
    .map(textOf)
    .find((text) => schema.safeParse(text).success);
}

function settingOf(key: string): Described | undefined {
  return Object.hasOwn(settings, key) ? settings[key as keyof typeof settings] : undefined;
}

/** An item of a list: one of its example's, another one for each index as far as there are. */
function legalItem({ example }: Described, index: number): string | undefined {
  const items = JSON.parse(example) as unknown;
  return Array.isArray(items) ? textOf(items[index % items.length]) : undefined;
}

/** A value that Nango takes for one of its variables. */
function legalValue(variable: string, text: string): string {
  const type = variableType(variable);
  const candidates = [
    text,
    ...(Array.isArray(type) ? type : ["1", "true", "https://placeholder.example.com", "{}"]),
  ];
  return candidates.find((candidate) => variableProblem(variable, candidate) === undefined) ?? text;
}

/** What stands in for a setting of the AWS provider. */
function ofProvider(name: string, steps: Steps, region: string): string | undefined {
  if (name === "region") return region;
  const example = steps.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step) % inner.length] as unknown;
    return isRecord(inner) ? inner[step] : undefined;
  }, exampleOf(name));
  return example === undefined ? undefined : textOf(example);
}

/** Where backups may be copied to: another region of the partition. */
function otherRegion(region: string): string | undefined {
  return regions.find((other) => other !== region && partitionOf(other).name === partitionOf(region).name);
}

/** What of a stack stands in the clear. */
export interface Surroundings {
  /** The stack's own hosted zone, in which the names of examples come to lie. @default that of the examples */
  readonly zone?: string | undefined;
  /** Where the ARNs of examples come to lie. @default that of the examples */
  readonly region?: string;
}

/** What stands in for the encrypted value at a place. */
export function placeholderFor(
  [key, ...steps]: Place,
  { zone = "example.com", region = "eu-central-1" }: Surroundings = {},
): string {
  if (key.startsWith("aws:"))
    return ofProvider(key.slice("aws:".length), steps, region) ?? `placeholder-for-${key}`;
  if (key === "backupCopyRegion") return otherRegion(region) ?? region;
  const setting = settingOf(key);
  const last = steps.at(-1);
  const text = `placeholder-for-${last ?? key}`;
  const legal =
    setting === undefined
      ? undefined
      : last === undefined
        ? legalText(setting)
        : typeof last === "number"
          ? legalItem(setting, last)
          : legalValue(last, text);
  return (
    legal
      ?.replaceAll("example.com", zone)
      .replaceAll("eu-central-1", region)
      .replaceAll("arn:aws:", `arn:${partitionOf(region).name}:`) ?? text
  );
}

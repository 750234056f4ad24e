// Checks of what a program hands to the engine.

import type { AnyResource } from "./catalogue/entry.ts";
import type { Finding, RecordedResource } from "./record.ts";
import { strings, UNKNOWN, type Properties } from "../project/values.ts";

/** What JavaScript makes of an Output or an object that is put into a text. */
const LOST_VALUE = /Calling \[to(?:String|JSON)\] on an \[Output|\[object Object\]/;

export function textFindings(value: unknown): Finding[] {
  return strings(value)
    .filter(([, text]) => LOST_VALUE.test(text))
    .map(([property]) => ({
      property,
      message: "an Output or an object was put into a text: use pulumi.interpolate or .apply",
    }));
}

/** An update has no unknown values: where one shows up, the catalogue lacks the output that it comes from. */
export function unknownFindings(
  values: Properties,
  sources: Readonly<Record<string, readonly string[]>> = {},
): Finding[] {
  return strings(values)
    .filter(([, text]) => text === UNKNOWN)
    .map(([property]) => {
      const from = sources[/^[^.[]+/.exec(property)?.[0] ?? ""] ?? [];
      const which = from.length > 0 ? ` of ${from.join(" or ")}` : "";
      return {
        property,
        message: `not known in an update: the rehearsal's catalogue lacks an output${which}`,
      };
    });
}

/** Pulumi refuses a logical name that leaves no room for what it appends to make a physical name. */
export function autoNameFindings(
  { name, inputs }: Pick<RecordedResource, "name" | "inputs">,
  { autoName }: AnyResource,
): Finding[] {
  if (!autoName) return [];
  const { property, maximum = 255 } = autoName;
  if (property in inputs || `${property}Prefix` in inputs) return [];
  if (name.length + 8 <= maximum) return [];
  return [{ property, message: `'${name}' and eight more characters exceed the ${maximum} that AWS allows` }];
}

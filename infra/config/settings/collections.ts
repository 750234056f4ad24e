import { z } from "zod";
import { nearest } from "../nearest.ts";
import { dateProblem } from "../rules/no-text.ts";
import { json } from "./json.ts";
import { problem, type Rules, type Setting, wholeNumber } from "./setting.ts";

/** A list of texts that a rule of its own accepts one by one. */
export function list(
  options: Rules & {
    default: readonly string[];
    legal: string;
    check: (item: string) => string | undefined;
  },
): Setting<readonly string[]> {
  const { check, ...rest } = options;
  const items = z.array(z.string(problem("holds an item that is not a text")), problem("is not a list"));
  const schema = json("is not a list")
    .pipe(items)
    .superRefine((values, context) => {
      for (const [index, item] of values.entries()) {
        const message = check(item);
        // Without the item itself: the list may be stored encrypted.
        if (message !== undefined)
          context.addIssue({
            code: "custom",
            message: `has an item (the ${index + 1}. of ${values.length}) that ${message}`,
          });
      }
    }) as z.ZodType<readonly string[], string>;
  return { ...rest, words: [], type: "array", secret: false, schema };
}

/** A map from names to texts. */
export function map(options: Rules & { legal: string }): Setting<Readonly<Record<string, string>>> {
  const scalar = z
    .union([z.string(), z.number(), z.boolean()], problem("holds a value that is not a text"))
    .transform(String)
    .superRefine((value, context) => {
      const message = dateProblem(value);
      if (message !== undefined)
        context.addIssue({ code: "custom", message: `holds a value that ${message}` });
    });
  const schema = json("is not a map from names to texts").pipe(
    z.record(z.string(), scalar, problem("is not a map from names to texts")),
  ) as z.ZodType<Readonly<Record<string, string>>, string>;
  return { ...options, words: [], type: "object", default: {}, secret: false, schema };
}

function meant(written: string, names: readonly string[]): string {
  const near = nearest(written, names);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

/** A map from names to numbers that only ever have to differ from what they were; a name that is left out has 0. */
export function counters<const Name extends string>(
  options: Rules & { names: readonly Name[] },
): Setting<Readonly<Record<Name, number>>> {
  const { names, ...rest } = options;
  const least = 0;
  const most = 999_999;
  const isCounter = (value: unknown) =>
    wholeNumber(least, most).safeParse(typeof value === "number" ? String(value) : value).success;
  const schema = json("is not a map from names to numbers")
    .pipe(z.record(z.string(), z.unknown(), problem("is not a map from names to numbers")))
    .transform((given, context): Readonly<Record<Name, number>> => {
      for (const [name, value] of Object.entries(given)) {
        const message = !(names as readonly string[]).includes(name)
          ? `holds ${JSON.stringify(name)}, which is none of the names${meant(name, names)}`
          : isCounter(value)
            ? undefined
            : `holds a value of ${name} that is not a whole number from ${least} to ${most}`;
        if (message !== undefined) context.addIssue({ code: "custom", message });
      }
      return Object.fromEntries(names.map((name) => [name, Number(given[name] ?? 0)])) as Record<
        Name,
        number
      >;
    }) as z.ZodType<Readonly<Record<Name, number>>, string>;
  const legal = `a map from ${names.join(", ")} to whole numbers`;
  return { ...rest, words: [], type: "object", default: {}, legal, secret: false, schema };
}

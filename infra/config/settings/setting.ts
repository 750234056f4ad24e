import { z } from "zod";
import { noTextProblem } from "../rules/no-text.ts";
import type { Change } from "./change.ts";
import type { Condition } from "./condition.ts";

/** Where Nango runs. */
export type Target = "aws" | "docker";

/** The rules that every setting stands under, whatever its type. */
export interface Rules {
  /** One or two sentences: what it decides, in which unit. */
  readonly description: string;
  /** A value to show in messages and in the reference. */
  readonly example: string;
  /** A legal value, where neither the example nor the default is one: it stands in for one that is encrypted. */
  readonly placeholder?: string;
  /** The one target that it says something about. @default both */
  readonly target?: Target;
  /** What else has to be chosen for it to have an effect. @default nothing */
  readonly needs?: Condition;
  /** What changing it does to a stack that is deployed. */
  readonly change: Change;
  /** What ought to be known before changing it, in a sentence. */
  readonly changeNote?: string;
}

/**
 * One key of the stack's configuration.
 *
 * Pulumi demands a value for every key that `Pulumi.yaml` declares without a default
 * (https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/workspace/config.go#L300-L317),
 * and an empty text must stay an error, since it is what an unset variable in a pipeline leaves behind. So a word stands
 * for "not given": `none` (there is none), `preset` (`nango:size` decides) or `generated` (a random value is kept).
 */
export interface Setting<T> extends Rules {
  /** What kind of value it is, in the words of Pulumi. */
  readonly type: "string" | "integer" | "boolean" | "array" | "object";
  /** The default as `Pulumi.yaml` declares it. */
  readonly default: string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
  /** The legal values, in words. */
  readonly legal: string;
  /** Those of them that are words of this project's or AWS's: what a misspelt value may have been meant for. */
  readonly words: readonly string[];
  /** Whether the value must be stored encrypted and never be printed. */
  readonly secret: boolean;
  /** Reads the text that Pulumi hands over. */
  readonly schema: z.ZodType<T, string>;
}

/** What zod says of a value. */
export const problem = (message: string) => ({ error: message });

/** A text that a rule of its own accepts; the rule returns what is wrong, or undefined. */
export function text(
  options: Rules & {
    default: string;
    legal: string;
    check?: (value: string) => string | undefined;
  },
): Setting<string> {
  const { check, ...rest } = options;
  return { ...rest, words: [], type: "string", secret: false, schema: checked(check) };
}

/** A text that is taken apart; what the reader throws says what is wrong with it. */
export function parsed<T>(
  options: Rules & { default: string; legal: string; read: (value: string) => T },
): Setting<T> {
  const { read, ...rest } = options;
  const schema = z.string().transform((value, context): T => {
    try {
      if (value.trim() === "") throw new Error("is empty");
      return read(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });
  return { ...rest, words: [rest.default], type: "string", secret: false, schema };
}

/** A text that may be absent; `missing` is the word for that. */
export function optionalText(
  options: Rules & {
    missing?: "none" | "preset" | "generated";
    legal: string;
    secret?: boolean;
    /** Values of AWS's that are known: for suggestions, not for refusals. @default none */
    known?: readonly string[];
    check?: (value: string) => string | undefined;
  },
): Setting<string | undefined> {
  const { missing = "none", known = [], check, secret = false, ...rest } = options;
  const schema = orMissing(missing, checked(check));
  return { ...rest, words: [missing, ...known], type: "string", default: missing, secret, schema };
}

function checked(check: ((value: string) => string | undefined) | undefined): z.ZodType<string, string> {
  return z.string().superRefine((value, context) => {
    const message = value.trim() === "" ? "is empty" : (noTextProblem(value) ?? check?.(value));
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

/** What a word means, or else what a schema reads. */
function orWord<T, Meaning>(
  word: string,
  meaning: Meaning,
  schema: z.ZodType<T, string>,
): z.ZodType<T | Meaning, string> {
  return z.string().transform((value, context): T | Meaning => {
    if (value === word) return meaning;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.addIssue({ code: "custom", message: issue.message });
    return z.NEVER;
  });
}

/** What the word for "not given" stands for, or else what a schema reads. */
function orMissing<T>(word: string, schema: z.ZodType<T, string>): z.ZodType<T | undefined, string> {
  const given = z
    .string()
    .refine((value) => !isLike(value, word), problem(`is no value; not given is written ${word}`))
    .pipe(schema);
  return orWord(word, undefined, given);
}

/**
 * Whether a text differs from the word for "not given" in capitals or white space only, or is what programs print for
 * nothing. It may be legal, such as a user of that name, but nobody means one.
 */
function isLike(value: string, word: string): boolean {
  const plain = value.trim().toLowerCase();
  return plain === word || (word !== "preset" && ["none", "null", "undefined"].includes(plain));
}

function oneOf<const T extends string>(values: readonly T[]): z.ZodType<T, string> {
  const schema = z.string().pipe(z.enum(values, problem("is none of the legal values")));
  return schema;
}

/** One of a few words. */
export function choice<const T extends string>(
  options: Rules & { values: readonly T[]; default: NoInfer<T> },
): Setting<T> {
  const { values, ...rest } = options;
  const legal = values.join(", ");
  return { ...rest, words: values, type: "string", legal, secret: false, schema: oneOf(values) };
}

/** One of a few words, or the word for "not given". */
export function optionalChoice<const T extends string>(
  options: Rules & { values: readonly T[]; missing: "none" | "preset" },
): Setting<T | undefined> {
  const { values, missing, ...rest } = options;
  const all = [missing, ...values];
  const schema = orMissing(missing, oneOf(values));
  return {
    ...rest,
    words: all,
    type: "string",
    default: missing,
    legal: all.join(", "),
    secret: false,
    schema,
  };
}

/** A whole number within bounds. */
export const wholeNumber = (least: number, most: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^-?\d{1,9}$/, problem("is not a whole number"))
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, problem(`is less than ${least}`))
        .max(most, problem(`is more than ${most}`)),
    );

/** A whole number with a default of its own. */
export function integer(options: Rules & { least: number; most: number; default: number }): Setting<number> {
  const { least, most, ...rest } = options;
  const legal = `a whole number from ${least} to ${most}`;
  return { ...rest, words: [], type: "integer", legal, secret: false, schema: wholeNumber(least, most) };
}

const among = (values: readonly number[]): z.ZodType<number, string> =>
  z
    .string()
    .refine((text) => values.map(String).includes(text), problem("is none of the legal values"))
    .transform(Number);

/** One of a few whole numbers. */
export function integerAmong(
  options: Rules & { values: readonly number[]; default: number },
): Setting<number> {
  const { values, ...rest } = options;
  const legal = values.join(", ");
  return { ...rest, words: [], type: "integer", legal, secret: false, schema: among(values) };
}

/** One of a few whole numbers that the size decides unless it is given. */
export function presetAmong(options: Rules & { values: readonly number[] }): Setting<number | undefined> {
  const { values, ...rest } = options;
  const legal = ["preset", ...values].join(", ");
  const schema = orMissing("preset", among(values));
  return { ...rest, words: ["preset"], type: "string", default: "preset", legal, secret: false, schema };
}

/** A whole number that the size decides unless it is given. */
export function presetInteger(
  options: Rules & { least: number; most: number; missing?: "none" | "preset" },
): Setting<number | undefined> {
  const { least, most, missing = "preset", ...rest } = options;
  const legal = `${missing}, or a whole number from ${least} to ${most}`;
  const schema = orMissing(missing, wholeNumber(least, most));
  return { ...rest, words: [missing], type: "string", default: missing, legal, secret: false, schema };
}

/** A whole number that the size decides unless it is given, or the word for "no limit". */
export function presetLimit(
  options: Rules & { least: number; most: number },
): Setting<number | "off" | undefined> {
  const { least, most, ...rest } = options;
  const legal = `preset, off, or a whole number from ${least} to ${most}`;
  const schema = orMissing("preset", orWord("off", "off" as const, wholeNumber(least, most)));
  return {
    ...rest,
    words: ["preset", "off"],
    type: "string",
    default: "preset",
    legal,
    secret: false,
    schema,
  };
}

const trueOrFalse: z.ZodType<boolean, string> = z
  .string()
  .pipe(z.enum(["true", "false"], problem("is neither true nor false")))
  .transform((value) => value === "true");

/** A switch. */
export function flag(options: Rules & { default: boolean }): Setting<boolean> {
  const words = ["true", "false"];
  return { ...options, words, type: "boolean", legal: words.join(", "), secret: false, schema: trueOrFalse };
}

/** A switch that the size decides unless it is given. */
export function presetFlag(options: Rules): Setting<boolean | undefined> {
  const schema = orMissing("preset", trueOrFalse);
  const words = ["preset", "true", "false"];
  return {
    ...options,
    words,
    type: "string",
    default: "preset",
    legal: words.join(", "),
    secret: false,
    schema,
  };
}

/** A setting's default as Pulumi hands it over. */
export function defaultText({ default: defaultValue }: Pick<Setting<unknown>, "default">): string {
  return typeof defaultValue === "object" ? JSON.stringify(defaultValue) : String(defaultValue);
}

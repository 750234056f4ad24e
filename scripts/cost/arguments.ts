import { type Command, type Flag, wrong } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import {
  type AssumptionName,
  type Assumptions,
  assumptionTexts,
  hoursOfMonth,
  idleMonth,
  optionOf,
  usualMonth,
  valueText,
} from "../../rehearsal/cost/assumptions.ts";

const assumptionNames = Object.keys(usualMonth) as AssumptionName[];

/** A flag for each assumption. */
const assumptionFlags: Readonly<Record<string, Flag>> = Object.fromEntries(
  assumptionNames.map((name): [string, Flag] => [
    optionOf(name),
    {
      type: "string",
      value: "number",
      does: `Assumes so many ${assumptionTexts[name]}.`,
      without: `Default: ${valueText(name, usualMonth)}${idleMonth[name] === usualMonth[name] ? "" : ", or 0 where no task runs"}.`,
    },
  ]),
);

/** What `npm run cost` takes. */
export const cost: Command = {
  script: "cost",
  does:
    "Shows what a stack costs a month, line by line: rehearses it, and multiplies what it finds by AWS's list prices. " +
    "Needs no account, no login and no network.",
  arguments: [stackArgument],
  flags: {
    set: {
      type: "string",
      multiple: true,
      value: "key=value",
      does: "Counts another configuration than that of the file: nango:size=medium, aws:region=eu-west-1.",
      without: "Default: the file as it is.",
    },
    json: {
      type: "boolean",
      does: "Prints JSON, with every line and the resources that it is of.",
      without: "Default: text.",
    },
    markdown: {
      type: "boolean",
      does: "Prints Markdown, for a comment on a pull request.",
      without: "Default: text.",
    },
    ...assumptionFlags,
  },
  examples: [
    ["npm run cost -- dev --set nango:size=medium", "what dev would cost in another size"],
    ["npm run cost -- production --gb-out 200 --lcu 2", "what production costs in a month of more traffic"],
  ],
  exitCodes: { 0: "The bill is shown.", 1: "The configuration is wrong, or there is no such stack." },
};

/** The most of an assumption, where it has one: a month has so many hours. */
const most: Partial<Record<AssumptionName, number>> = { hours: hoursOfMonth };

/**
 * The assumptions that a command line changes.
 * @param values the values of the flags by name: true, a text, or several
 * @throws UsageError for what is no number that can be meant
 */
export function assumptionsIn(values: Readonly<Record<string, unknown>>): Partial<Assumptions> {
  const given = assumptionNames.flatMap((name): [AssumptionName, number][] => {
    const text = values[optionOf(name)];
    if (typeof text !== "string") return [];
    const number = text.trim() === "" ? Number.NaN : Number(text);
    const ceiling = most[name] ?? Number.MAX_SAFE_INTEGER;
    if (!(number >= 0 && number <= ceiling))
      throw wrong(
        cost,
        `--${optionOf(name)} takes a number${name in most ? ` from 0 to ${ceiling}` : " that is not negative"}, not '${text}'`,
      );
    return [[name, number]];
  });
  return Object.fromEntries(given);
}

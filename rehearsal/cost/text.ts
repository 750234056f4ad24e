// A cost, for people.

import { pricedRegions } from "../../project/prices/prices.ts";
import { oneLine } from "../../project/text.ts";
import { escaped } from "../markdown-text.ts";
import { assumptionTexts, type AssumptionName, optionOf, valueText } from "./assumptions.ts";
import type { Cost, CostLine } from "./cost.ts";

/** `$1,234.50`, or whole dollars. */
export function dollars(amount: number, digits = 2): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `$${amount.toLocaleString("en-US", options)}`;
}

/** The sum, in a few words: `about $62 a month`. */
export function sumOf(cost: Cost): string {
  const { complete, region } = cost;
  const sum = cost.fixed + cost.byUse;
  if (!hasPrices(cost)) return `an unknown sum: the prices of ${region} are not known here`;
  if (!complete && sum === 0) return "an unknown sum";
  return `${complete ? "about" : "at least"} ${dollars(sum, 0)} a month`;
}

const unknownLines = ({ lines }: Pick<Cost, "lines">) => lines.filter(({ monthly }) => monthly === undefined);

const hasPrices = ({ region }: Cost) => pricedRegions.includes(region);

/** One line for a summary, with the way to more of it. */
export function costSummary(cost: Cost): string {
  const [first, ...more] = cost.fixed + cost.byUse > 0 ? unknownLines(cost) : [];
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  const without = first === undefined ? "" : ` (not known: ${first.part}, ${oneLine(first.what)}${others})`;
  return `${sumOf(cost)}${without}; npm run cost shows it line by line`;
}

/** A quantity with as many digits as it takes: `730`, `0.99`. */
function figure(quantity: number): string {
  return quantity.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** `730 hours`, `1 month` */
export function quantityText(quantity: number, unit: string): string {
  return `${figure(quantity)} ${quantity === 1 ? unit.replace(/(hour|month)s$/, "$1") : unit}`;
}

type Row = readonly [part: string, what: string, quantity: string, price: string, monthly: string];

function rowOf({ part, what, quantity, unit, price, monthly }: CostLine): Row {
  return [
    part,
    oneLine(what),
    quantity === undefined ? "" : quantityText(quantity, unit),
    price === undefined ? "" : `$${price}`,
    monthly === undefined ? "unknown" : dollars(monthly),
  ];
}

function blockRows(cost: Cost, used: boolean): Row[] {
  const lines = cost.lines.filter(({ assumed }) => (assumed !== undefined) === used);
  const [title, amount] = used ? ["by use, as assumed", cost.byUse] : ["fixed", cost.fixed];
  return [...lines.map(rowOf), sumRow(title, amount, { ...cost, lines })];
}

function sumRow(title: string, amount: number, { lines, stopped }: Pick<Cost, "lines" | "stopped">): Row {
  const isLeast = stopped === true || lines.some(({ monthly }) => monthly === undefined);
  const known = `${isLeast ? "at least " : ""}${dollars(amount)}`;
  return [title, "", "", "", isLeast && amount === 0 ? "unknown" : known];
}

/** The lines with their sums. */
function costRows(cost: Cost): Row[] {
  const sum = sumRow("sum", cost.fixed + cost.byUse, cost);
  return [...blockRows(cost, false), ...blockRows(cost, true), sum];
}

const heading: Row = ["", "", "quantity", "price", "a month"];

function table(cost: Cost): string[] {
  const rows = [heading, ...costRows(cost)];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** The assumptions that the sums rest on. */
export function usedAssumptions({ lines, assumptions }: Cost): AssumptionName[] {
  const used = new Set(lines.flatMap(({ assumed }) => assumed ?? []));
  return (Object.keys(assumptions) as AssumptionName[]).filter(
    (name) =>
      used.has(name) ||
      name === "hours" ||
      (name === "tasks" && (assumptions.tasks !== undefined || lines.some(({ part }) => part === "tasks"))),
  );
}

function assumptionLines(cost: Cost): string[] {
  const rows = usedAssumptions(cost).map((name) => {
    const value = cost.assumptions[name];
    const without = value === undefined ? `: ${valueText(name, cost.assumptions)}` : "";
    return [`--${optionOf(name)} ${value ?? "<number>"}`, `${assumptionTexts[name]}${without}`] as const;
  });
  const width = Math.max(...rows.map(([option]) => option.length));
  return rows.map(([option, what]) => `  ${option.padEnd(width)}  ${what}`);
}

/** What the reader has to know of the sums. */
export function remarks(cost: Cost): string[] {
  const { lines, scaling, assumptions, region } = cost;
  if (!hasPrices(cost))
    return [
      `Prices are known here of ${pricedRegions.join(", ")}. To compare: npm run cost -- ${cost.stack} --set aws:region=us-east-1`,
    ];
  const unknown = unknownLines(cost);
  const days = lines.flatMap(({ asOf = "" }) => (/^\d/.test(asOf) ? asOf : [])).sort();
  const varying = lines.filter(({ varies }) => varies === true).flatMap(({ asOf }) => asOf ?? []);
  return [
    ...(cost.stopped === true ? ["The program was stopped before it had declared everything."] : []),
    ...unknown.map(({ part, what, why }) => `Not known: ${part}, ${oneLine(what)}: ${why}.`),
    ...(cost.idle === true ? ["No task runs, so that neither traffic nor logs are assumed."] : []),
    ...(scaling === undefined || assumptions.tasks !== undefined
      ? []
      : [
          `Counted with the fewest tasks, ${scaling.from}. Each more, up to ${scaling.to}, costs ${dollars(scaling.taskMonthly)}.`,
        ]),
    ...capacityRemarks(cost),
    ...(varying.length === 0 ? [] : [`AWS changes Spot prices with supply: these are of ${varying[0]}.`]),
    ...(days.length === 0
      ? []
      : [
          `List prices of AWS in ${region}, of ${days[0]} to ${days.at(-1)}, without tax, free tier and discounts.`,
        ]),
  ];
}

/** API calls, with commas. */
export const callsText = (calls: number): string => calls.toLocaleString("en-US");

/** What the tasks carry, and what a million calls cost, used to the full and less. */
function capacityRemarks({ capacities }: Cost): string[] {
  const [counted, most] = capacities;
  if (counted === undefined) return [];
  const { tasks, callsPerMinute, perMillion } = counted;
  const ceiling = most === undefined ? "" : `; ${most.tasks} tasks ${callsText(most.callsPerMinute)}`;
  const carries = `${tasks} task${tasks === 1 ? " carries" : "s carry"} ${callsText(callsPerMinute)} API calls a minute${ceiling}.`;
  if (perMillion === undefined) return [carries];
  const [full, tenth] = [dollars(perMillion), dollars(perMillion * 10)];
  return [
    carries,
    `A million calls cost ${full} of the fixed part where that is used to the full, ${tenth} at a tenth.`,
  ];
}

/** The whole bill. */
export function costText(cost: Cost): string {
  if (cost.lines.length === 0) return `Stack "${cost.stack}": nothing is paid to AWS.`;
  const title = `Stack "${cost.stack}" in ${cost.region}: ${sumOf(cost)}`;
  return [
    title,
    table(cost).join("\n"),
    ["Assumed, and to be changed by flags:", ...assumptionLines(cost)].join("\n"),
    remarks(cost).join("\n"),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** The lines with their sums, as a table of Markdown. */
export function markdownTable(cost: Cost): string {
  const cell = (text: string, isSum: boolean) => (isSum && text !== "" ? `**${text}**` : escaped(text));
  // Sums have no quantity.
  const rows = costRows(cost).map((row) => row.map((text) => cell(text, row[1] === "")));
  return [heading, ["---", "---", "---:", "---:", "---:"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** For a pull request. */
export function costMarkdown(cost: Cost): string {
  const assumed = usedAssumptions(cost).map(
    (name) => `${assumptionTexts[name]}: ${valueText(name, cost.assumptions)}`,
  );
  if (cost.lines.length === 0) return costText(cost);
  return [
    `**${cost.stack} in ${cost.region}: ${sumOf(cost)}**`,
    markdownTable(cost),
    `Assumed: ${assumed.join("; ")}.`,
    ...remarks(cost).map(escaped),
  ].join("\n\n");
}

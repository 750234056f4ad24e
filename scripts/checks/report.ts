import { styleText } from "node:util";
import { hanging, harmless } from "../../project/text.ts";
import type { Result, Verdict } from "./check.ts";

const marks: Readonly<Record<Verdict, string>> = { good: "✔", warning: "⚠", bad: "✘", skipped: "–" };
const colors = { good: "green", warning: "yellow", bad: "red", skipped: "dim" } as const;

/** What a command tells of what it found. */
export interface Telling {
  /** The page that has a section for each check, as in `docs/doctor.md`. */
  readonly page: string;
  /** The word for what a cross stands for, as in `broken`. */
  readonly bad: string;
}

/** Where it is told. */
export interface Screen {
  readonly color: boolean;
  readonly columns: number;
}

/** The section of the guide that a check has. */
export function guideTo(page: string, { title }: Pick<Result, "title">): string {
  return `${page}#${title.toLowerCase().replaceAll(" ", "-")}`;
}

/** What was found, for people: a line for each outcome, and its way out below. */
export function table(
  { page, bad }: Telling,
  heading: string,
  results: readonly Result[],
  screen: Screen,
): string {
  return `${[heading, "", ...rows(page, results, screen), "", summary(results, bad)].join("\n")}\n`;
}

/** A line for each outcome, and its way out below. */
export function rows(page: string, results: readonly Result[], { color, columns }: Screen): string[] {
  const column = Math.max(...results.map(({ title }) => title.length)) + 4;
  const below = " ".repeat(column);
  return results.flatMap((result) => {
    const { verdict, title, says, remedy, about } = result;
    const mark = color
      ? styleText(colors[verdict], marks[verdict], { validateStream: false })
      : marks[verdict];
    const subject = harmless(about === undefined ? says : `${about}: ${says}`);
    const [first = "", ...others] = hanging(`${marks[verdict]} ${title}`.padEnd(column), subject, columns);
    const wayOut =
      remedy === undefined
        ? []
        : [...hanging(`${below}→ `, harmless(remedy), columns), `${below}  ${guideTo(page, result)}`];
    return [`${mark}${first.slice(1)}`, ...others, ...wayOut];
  });
}

/** How many there are of each verdict, in a sentence. */
function summary(results: readonly Result[], bad: string): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const parts = [
    `${count("good")} in order`,
    `${count("warning")} to look at`,
    `${count("bad")} ${bad}`,
    `${count("skipped")} not looked at`,
  ];
  return `${parts.join(", ")}.`;
}

/** What was found, for programs. */
export function checksForPrograms(page: string, results: readonly Result[]): readonly object[] {
  return results.map((result) => {
    const { id, title, verdict, about, says, remedy } = result;
    return { id, title, verdict, about, says, remedy, guide: guideTo(page, result) };
  });
}

/** Whether nothing is broken. */
export function isHealthy(results: readonly Result[]): boolean {
  return results.every(({ verdict }) => verdict !== "bad");
}

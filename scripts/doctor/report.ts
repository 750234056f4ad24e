import { styleText } from "node:util";
import { hanging } from "../../project/text.ts";
import type { Result, Verdict } from "./check.ts";

const marks: Readonly<Record<Verdict, string>> = { good: "✔", warning: "⚠", bad: "✘", skipped: "–" };
const colors = { good: "green", warning: "yellow", bad: "red", skipped: "dim" } as const;

/** The section of the guide that a check has. */
export function guideTo({ title }: Pick<Result, "title">): string {
  return `docs/doctor.md#${title.toLowerCase().replaceAll(" ", "-")}`;
}

/** What was found, for people: a line for each outcome, and its way out below. */
export function table(
  heading: string,
  results: readonly Result[],
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const column = Math.max(...results.map(({ title }) => title.length)) + 4;
  const below = " ".repeat(column);
  const lines = results.flatMap((result) => {
    const { verdict, title, says, remedy, about } = result;
    const mark = color
      ? styleText(colors[verdict], marks[verdict], { validateStream: false })
      : marks[verdict];
    const subject = about === undefined ? says : `${about}: ${says}`;
    const [first = "", ...others] = hanging(`${marks[verdict]} ${title}`.padEnd(column), subject, columns);
    const wayOut =
      remedy === undefined ? [] : [...hanging(`${below}→ `, remedy, columns), `${below}  ${guideTo(result)}`];
    return [`${mark}${first.slice(1)}`, ...others, ...wayOut];
  });
  return `${[heading, "", ...lines, "", summary(results)].join("\n")}\n`;
}

function summary(results: readonly Result[]): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const parts = [
    `${count("good")} in order`,
    `${count("warning")} to look at`,
    `${count("bad")} broken`,
    `${count("skipped")} not looked at`,
  ];
  return `${parts.join(", ")}.`;
}

/** What was found, for programs. */
export function json(url: string, results: readonly Result[]): string {
  const checks = results.map((result) => {
    const { id, title, verdict, about, says, remedy } = result;
    return { id, title, verdict, about, says, remedy, guide: guideTo(result) };
  });
  return `${JSON.stringify({ url, healthy: isHealthy(results), checks }, null, 2)}\n`;
}

/** Whether nothing is broken. */
export function isHealthy(results: readonly Result[]): boolean {
  return results.every(({ verdict }) => verdict !== "bad");
}

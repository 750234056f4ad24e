// A rehearsal for a comment on a pull request, in the Markdown of GitHub.

import type { Architecture } from "./architecture/architecture.ts";
import { mermaid } from "./architecture/mermaid.ts";
import { changeCounts, listedChanges } from "./change-list.ts";
import {
  type Comparison,
  costDifferences,
  costLineDifferences,
  environmentDifferences,
  scheduleOf,
  signed,
} from "./comparison.ts";
import { changesTitle, meanings, policyLines } from "./comparison-text.ts";
import { shownContainers } from "./containers.ts";
import { dollars } from "./cost/text.ts";
import { ganttMermaid } from "./gantt.ts";
import { postureLines } from "./posture/differences.ts";
import type { Rehearsal } from "./record.ts";
import { escaped } from "./markdown-text.ts";
import { findingText, notesOf, policyTexts } from "./report.ts";
import { styleOf } from "./style.ts";
import { disclaimer, summaryOf, warningsOf } from "./summary.ts";
import { tree } from "./tree.ts";

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(titles), row(titles.map(() => "---")), ...rows.map((cells) => row(cells.map(escaped)))];
}

export function list(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`**${title}**`, "", ...texts.map((text) => `- ${escaped(text)}`)];
}

/** Lines as they are. The fence is longer than any in them. */
function fenced(lines: readonly string[], language: string): string[] {
  const longest = Math.max(2, ...Array.from(lines.join("\n").matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** The same, folded. */
export function folded(title: string, lines: readonly string[], language = "text"): string[] {
  if (lines.length === 0) return [];
  return [`<details><summary>${escaped(title)}</summary>`, "", ...fenced(lines, language), "", "</details>"];
}

function foldedTable(
  title: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  return [`<details><summary>${escaped(title)}</summary>`, "", ...table(titles, rows), "", "</details>"];
}

function environments({ resources }: Rehearsal): string[] {
  return shownContainers(resources).flatMap(({ name, component, image, command, environment }) => [
    `${name} of ${component}`,
    ...[`image ${image}`, `command ${command.join(" ")}`, ...environment].map(
      (line) => `  ${line.replaceAll("\n", "\\n")}`,
    ),
  ]);
}

/** What differs: resources, posture, environments, costs and time. */
function differences(rehearsal: Rehearsal, comparison: Comparison): string[][] {
  const { before, after, keys, remarks } = comparison;
  const changes = listedChanges(comparison).map(({ label, resource, why, fate }) => [
    label,
    resource,
    why.join(", "),
    fate,
  ]);
  const environments = environmentDifferences(comparison).map(
    ({ of, what, before: was = "", after: is = "" }) => [of, what, was, is],
  );
  const amount = (value: number | undefined) => (value === undefined ? "unknown" : dollars(value));
  const costs = costDifferences(comparison).map(({ part, before: was, after: is }) => [
    part,
    amount(was),
    amount(is),
    signed(was, is),
  ]);
  const lines = costLineDifferences(comparison).map(({ part, what, before: was, after: is }) => [
    `${part}: ${what}`,
    was === undefined ? "" : amount(was.monthly),
    is === undefined ? "" : amount(is.monthly),
  ]);
  // GitHub colours lines of a difference by their sign.
  const posture = postureLines(before.rehearsal, after.rehearsal).map(
    ({ sign, text }) => `${sign === "~" ? "!" : sign} ${text.replaceAll("\n", "\\n")}`,
  );
  const sides = [escaped(before.title), escaped(after.title)];
  const schedule = scheduleOf(comparison);
  return [
    list("What the change does", meanings(rehearsal, keys)),
    [`**${escaped(changesTitle(comparison))}: ${escaped(changeCounts(comparison))}**`],
    changes.length === 0 ? [] : table(["", "resource", "because of", ""], changes),
    list("Policies that differ", policyLines(comparison)),
    posture.length === 0 ? [] : ["**Posture**", "", ...fenced(posture, "diff")],
    environments.length === 0
      ? []
      : ["**Environments**", "", ...table(["container", "variable", ...sides], environments)],
    costs.length === 0 ? [] : ["**Costs a month**", "", ...table(["", ...sides, "difference"], costs)],
    costs.length === 0 ? [] : foldedTable("Costs line by line", ["", ...sides], lines),
    schedule === undefined || schedule.minutes === 0
      ? []
      : folded(`Time: about ${schedule.minutes} minutes`, ganttMermaid(schedule), "mermaid"),
    list("How it was compared", remarks),
  ];
}

const WIDTH = 120;

export interface MarkdownOptions {
  /** Shows what containers run, and their environments. @default false */
  readonly env?: boolean | undefined;
  /** With what the stack is compared. @default nothing */
  readonly comparison?: Comparison | undefined;
  /** Is drawn, in Mermaid. @default no picture */
  readonly architecture?: Architecture | undefined;
}

/** What `report` shows, as Markdown. */
export function markdown(
  rehearsal: Rehearsal,
  { env = false, comparison, architecture }: MarkdownOptions = {},
): string {
  const style = styleOf({ color: false, width: WIDTH });
  const facts = summaryOf(rehearsal, comparison);
  const sections = [
    [`### Rehearsal of ${escaped(rehearsal.stack)}`],
    table(
      ["", ""],
      facts.map(({ title, text }) => [title, text]),
    ),
    [`<sub>${escaped(disclaimer)}</sub>`],
    list("Findings", rehearsal.findings.map(findingText)),
    list("Policies", policyTexts(rehearsal)),
    list("Warnings", warningsOf(rehearsal)),
    list("Notes", notesOf(rehearsal)),
    ...(comparison === undefined ? [] : differences(rehearsal, comparison)),
    architecture === undefined || architecture.talks.length === 0
      ? []
      : folded("Architecture", mermaid(architecture), "mermaid"),
    folded("Resources", tree(rehearsal.resources, style)),
    env ? folded("Containers", environments(rehearsal)) : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

// Reports in the Markdown of GitHub. Every text in them is shown as it is: none mentions anybody
// or is a picture, and a link shows where it leads.

import { folded, list, table } from "../../rehearsal/markdown.ts";
import { escaped } from "../../rehearsal/markdown-text.ts";
import type { Report } from "./report.ts";

/** A comment holds 65,536 characters, and has a few lines beside the reports. */
const LONGEST = 60_000;

const ORDER = ["delete", "replace", "update", "create"];

function counts({ changes }: Report): string {
  const of = (kind: string) => changes.filter((change) => change.kind === kind).length;
  return `${of("replace")} replaced, ${of("update")} updated, ${of("create")} created, ${of("delete")} deleted`;
}

const titles = { rehearsal: "Rehearsal", preview: "Preview by Pulumi and AWS" } as const;

/** A report; without its lines where they would be too long. */
export function reportText(report: Report, { withLines = true } = {}): string {
  const { of, stack, facts, findings, warnings, meanings, environment, changes, lines } = report;
  const rows = changes
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map(({ kind, resource, why, fate }) => [kind, resource, why.join(", "), fate]);
  const sections = [
    [`### ${escaped(stack)}: ${titles[of]}`],
    facts.length === 0
      ? []
      : table(
          ["", ""],
          facts.map(({ title, text }) => [title, text]),
        ),
    list("It would be refused", findings),
    list("What it does", meanings),
    of === "preview" || rows.length > 0 ? [`**Changes: ${counts(report)}**`] : [],
    rows.length === 0 ? [] : table(["", "resource", "because of", ""], rows),
    list("Environment", environment),
    list("Warnings", warnings),
    withLines ? folded("Details", lines) : [],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n");
}

/** Several reports, as much of them as fits. */
export function reportsText(all: readonly Report[], longest = LONGEST): string {
  const whole = all.map((one) => reportText(one)).join("\n\n");
  if (whole.length <= longest) return whole;
  const short = all.map((one) => reportText(one, { withLines: false })).join("\n\n");
  const remark = "\n\n_The rest is on the summary page of the run._";
  return `${short.length <= longest ? short : cutAtLine(short, longest)}${remark}`;
}

/** At the end of a line, so that no table or entity is broken. */
function cutAtLine(text: string, longest: number): string {
  return text.slice(0, text.lastIndexOf("\n", longest));
}

// What differs between two rehearsals, as text: for a terminal, and in parts for Markdown and the page.

import { effects } from "../infra/config/settings/change.ts";
import { settings } from "../infra/config/settings.ts";
import { changeCounts, listedChanges, type ListedChange } from "./change-list.ts";
import {
  type Comparison,
  costDifferences,
  type Difference,
  environmentDifferences,
  scheduleOf,
  signed,
} from "./comparison.ts";
import { dollars } from "./cost/text.ts";
import { ganttText } from "./gantt.ts";
import { policyDifferences, policyDifferenceText, postureLines } from "./posture/differences.ts";
import type { ChangeKind, Consequence, Rehearsal } from "./record.ts";
import type { Style } from "./style.ts";
import { contrasted, cut, hanging, oneLine } from "../project/text.ts";

/** A title, and what stands below it. */
export type Block = readonly [title: string, lines: readonly string[]];

const SIGNS: Readonly<Record<ChangeKind, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: " ",
};

function consequenceText({ effect, of, links }: Consequence): string {
  const [shown, more] = [of.slice(0, 3), of.length - 3];
  const which = shown.length > 0 ? ` (${shown.join("; ")}${more > 0 ? `; ${more} more` : ""})` : "";
  return [`${effect}${which}: ${effects[effect]}.`, ...links].join(" ");
}

/** What ought to be known before a key is changed. */
function notesOn(key: string): string[] {
  const name = key.replace(/^nango:/, "").replace(/\..*$/, "");
  const setting = Object.hasOwn(settings, name) ? settings[name as keyof typeof settings] : undefined;
  return setting?.changeNote === undefined ? [] : [`nango:${name}: ${setting.changeNote}`];
}

/** What the change of some keys does, in the words of the reference. */
export function meanings({ consequences, changes: made }: Rehearsal, keys: readonly string[]): string[] {
  return [...consequences.map(consequenceText), ...(made.length === 0 ? [] : keys.flatMap(notesOn))];
}

function changes(comparison: Comparison, style: Style): string[] {
  if (comparison.changes.length === 0) return ["none"];
  const { red, yellow, green } = style;
  const paints = { delete: red, replace: red, update: yellow, create: green, same: style.dim };
  const listed = listedChanges(comparison);
  const column = Math.max(...listed.map(({ label }) => label.length + 1), 8);
  return listed.flatMap((change) => {
    const sign = SIGNS[change.kind === "replace" && !comparison.isDeployment ? "update" : change.kind];
    const title = `${sign} ${change.label.padEnd(column)}`;
    return hanging(title, changeText(change), style.width).map(paints[change.kind]);
  });
}

function changeText({ resource, why, fate }: ListedChange): string {
  return `${resource}${why.length > 0 ? ` (${why.join(", ")})` : ""}${fate === "" ? "" : `  ${fate}`}`;
}

/** What stands above the resources that differ. */
export function changesTitle({ isDeployment, before, after }: Comparison): string {
  return isDeployment ? "Changes to the deployed stack" : `${before.title} and ${after.title}`;
}

export function bullets(texts: readonly string[], style: Style): string[] {
  return texts.flatMap((text) => hanging("- ", text, style.width));
}

/** The policies that are not kept alike. */
export function policyLines({ before, after }: Comparison): string[] {
  return policyDifferences(before.rehearsal.policies, after.rehearsal.policies).map(policyDifferenceText);
}

/** On a line, or on three where that is too short for both values. */
function differenceLines({ of, what, before, after }: Difference, style: Style): string[] {
  const [was, is] = [before ?? "nothing", after ?? "nothing"];
  const line = oneLine(`- ${of}: ${what} ${was} → ${is}`);
  if (line.length <= style.width) return [line];
  const [one, other] = contrasted([was, is], style.width - 4);
  return [cut(`- ${of}: ${what}`, style.width), `  - ${one}`, `  + ${other}`];
}

/** Everything that differs. */
export function comparisonBlocks(rehearsal: Rehearsal, comparison: Comparison, style: Style): Block[] {
  const amount = (value: number | undefined) => (value === undefined ? "unknown" : dollars(value));
  const costs = costDifferences(comparison).map(
    ({ part, before, after }) => `${part}: ${amount(before)} → ${amount(after)} (${signed(before, after)})`,
  );
  const schedule = scheduleOf(comparison);
  return [
    ["What the change does", bullets(meanings(rehearsal, comparison.keys), style)],
    [`${changesTitle(comparison)}: ${changeCounts(comparison)}`, changes(comparison, style)],
    ["Policies that differ", bullets(policyLines(comparison), style)],
    [
      "Posture",
      postureLines(comparison.before.rehearsal, comparison.after.rehearsal).flatMap(({ sign, text }) =>
        hanging(`${sign} `, text, style.width),
      ),
    ],
    ["Environments", environmentDifferences(comparison).flatMap((one) => differenceLines(one, style))],
    ["Costs a month", bullets(costs, style)],
    ["Time of the change, in minutes", schedule === undefined ? [] : ganttText(schedule, style)],
    ["How it was compared", bullets(comparison.remarks, style)],
  ];
}

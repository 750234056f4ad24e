// Two rehearsals side by side: what differs for those who read, beside the resources.

import { shownContainers } from "./containers.ts";
import { costOf, type CostLine } from "./cost/cost.ts";
import { parts, type Part } from "./cost/rule.ts";
import { dollars, sumOf } from "./cost/text.ts";
import { deploymentOf, firstDeployment, type Schedule } from "./duration.ts";
import type { Change, Rehearsal } from "./record.ts";

/** One of two rehearsals, without secrets. */
interface Side {
  /** What it is, in a few words: `as deployed`, `production`. */
  readonly title: string;
  readonly rehearsal: Rehearsal;
}

export interface Comparison {
  readonly before: Side;
  readonly after: Side;
  /** Whether a deployment makes the one of the other; else two stacks stand beside each other. */
  readonly isDeployment: boolean;
  /** The resources that differ. */
  readonly changes: readonly Change[];
  /** The keys of the configuration that the change is one of; empty where it is of something else. */
  readonly keys: readonly string[];
  /** What ought to be known of how it was compared, in a sentence each. */
  readonly remarks: readonly string[];
}

/** What differs, in words; undefined on the side that has nothing of it. */
export interface Difference {
  /** Where: a container, a heading of the bill. */
  readonly of: string;
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What containers run and are given, by what it is. */
function environmentOf({ rehearsal }: Side): Map<string, readonly [of: string, what: string, value: string]> {
  const rows = shownContainers(rehearsal.resources).flatMap(
    ({ component, name, image, command, environment }) => {
      const of = `${name} of ${component}`;
      const variables = environment.map(
        (line) => [line.replace(/=.*$/s, ""), line.replace(/^[^=]*=/, "")] as const,
      );
      const all = [["image", image] as const, ["command", command.join(" ")] as const, ...variables];
      return all.map(([what, value]) => [`${of}\n${what}`, [of, what, value]] as const);
    },
  );
  return new Map(rows);
}

/** The variables, images and commands that differ. */
export function environmentDifferences({ before, after }: Comparison): Difference[] {
  const [old, young] = [environmentOf(before), environmentOf(after)];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), young.get(key)];
    const [of, what] = is ?? was ?? ["", ""];
    return was?.[2] === is?.[2] ? [] : [{ of, what, before: was?.[2], after: is?.[2] }];
  });
}

/** A sum under one heading of the bill on both sides; undefined where something in it has no known price. */
export interface CostDifference {
  readonly part: Part;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** To the cent. */
function isSameAmount(was: number | undefined, is: number | undefined): boolean {
  return was === undefined || is === undefined ? was === is : Math.abs(was - is) < 0.005;
}

/** The headings of the bill whose sums differ by a cent or more, or are not known. */
export function costDifferences({ before, after }: Comparison): CostDifference[] {
  const [old, young] = [before, after].map(({ rehearsal }) => costOf(rehearsal).lines);
  const sum = (part: Part, lines: typeof old) =>
    (lines ?? [])
      .filter((line) => line.part === part)
      .reduce<number | undefined>(
        (total, { monthly }) => (total === undefined || monthly === undefined ? undefined : total + monthly),
        0,
      );
  return parts
    .map((part) => ({ part, before: sum(part, old), after: sum(part, young) }))
    .filter(({ before: was, after: is }) => was === undefined || !isSameAmount(was, is));
}

/** A line of the bill on both sides; undefined on the side that has none. */
export interface CostLineDifference {
  readonly part: Part;
  readonly what: string;
  readonly before: CostLine | undefined;
  readonly after: CostLine | undefined;
}

/** The lines of the bill that only one side has, or whose sums differ by a cent or more. */
export function costLineDifferences({ before, after }: Comparison): CostLineDifference[] {
  const keyOf = ({ part, what }: CostLine) => `${part}\n${what}`;
  const [old, young] = [before, after].map(
    ({ rehearsal }) => new Map(costOf(rehearsal).lines.map((line) => [keyOf(line), line])),
  );
  const keys = [...new Set([...(young?.keys() ?? []), ...(old?.keys() ?? [])])];
  const all = keys.flatMap((key): CostLineDifference[] => {
    const [was, is] = [old?.get(key), young?.get(key)];
    const line = is ?? was;
    const isSame = is !== undefined && was !== undefined && isSameAmount(was.monthly, is.monthly);
    return line === undefined || isSame ? [] : [{ part: line.part, what: line.what, before: was, after: is }];
  });
  return all.toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part));
}

/** Before and after in a few words. */
export interface Shift {
  readonly before: string;
  readonly after: string;
}

/** The monthly sums; undefined where neither side costs anything. */
export function costShift({ before, after }: Comparison): Shift | undefined {
  const costs = [before, after].map(({ rehearsal }) => costOf(rehearsal));
  const [was = "", is = ""] = costs.map((cost) => (cost.lines.length === 0 ? "nothing" : sumOf(cost)));
  return costs.every(({ lines }) => lines.length === 0) ? undefined : { before: was, after: is };
}

/** Both sides in a line. */
export function shiftText({ before, after }: Shift, sides: Pick<Comparison, "before" | "after">): string {
  if (before === after) return `${after}, on both sides`;
  return `${sides.before.title}: ${before}; ${sides.after.title}: ${after}`;
}

/** The time that a first deployment takes; undefined where nothing is known to take long. */
export function timeShift({ before, after }: Comparison): Shift | undefined {
  const minutes = [before, after].map(({ rehearsal }) => firstDeployment(rehearsal.resources).minutes);
  const [was = "", is = ""] = minutes.map((sum) => `about ${sum} minute${sum === 1 ? "" : "s"}`);
  return minutes.every((sum) => sum === 0) ? undefined : { before: was, after: is };
}

/** When what changes is done; undefined where no deployment makes the one of the other. */
export function scheduleOf({ isDeployment, before, after, changes }: Comparison): Schedule | undefined {
  const resources = { before: before.rehearsal.resources, after: after.rehearsal.resources };
  return isDeployment ? deploymentOf({ ...resources, changes }) : undefined;
}

/** A difference of two amounts with its sign, in dollars; of one that is not known, a word. */
export function signed(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return "unknown";
  return `${after < before ? "-" : "+"}${dollars(Math.abs(after - before))}`;
}

// A rehearsal in a few lines: what one wants to know before one reads on.

import { changeCounts } from "./change-list.ts";
import { type Comparison, costShift, scheduleOf, type Shift, shiftText, timeShift } from "./comparison.ts";
import { costOf } from "./cost/cost.ts";
import { costSummary } from "./cost/text.ts";
import { decidingSpans, firstDeployment, type Schedule } from "./duration.ts";
import type { Rehearsal } from "./record.ts";
import type { Judgement } from "../policy/judgement.ts";
import { titleOf } from "../project/urns.ts";
import { masked } from "../project/values.ts";

/** A line of the summary. */
export interface Fact {
  readonly title: string;
  readonly text: string;
  /** Whether it asks for attention. */
  readonly alarms?: boolean;
}

/** What the program said, each line once. */
export function warningsOf({ messages }: Pick<Rehearsal, "messages">): string[] {
  const warned = messages.filter(({ severity }) => severity !== "info").map(({ text }) => text);
  return [...new Set(warned)];
}

/** Whether something speaks against a deployment: a finding, or a policy that must be kept. */
export function isStopped({ findings, policies }: Pick<Rehearsal, "findings" | "policies">): boolean {
  return findings.length > 0 || policies.violations.some(({ level }) => level === "mandatory");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function stackText({ stack, where: { target, region, size } }: Rehearsal): string {
  const where = [
    ...(target === "docker" ? ["on a Docker engine"] : []),
    ...(region === undefined ? [] : [region]),
    ...(size === undefined ? [] : [`size ${size}`]),
  ];
  return where.length === 0 ? stack : `${stack}: ${where.join(", ")}`;
}

/** How much is made, how long that takes, and what decides it. */
function creationText({ resources }: Rehearsal): string {
  const made = resources.filter(({ custom }) => custom).length;
  return `${counted(made, "resource")}${timeText(" in", firstDeployment(resources))}`;
}

/** The time that something takes, and what decides it; nothing for seconds. */
function timeText(start: string, schedule: Schedule): string {
  const steps = decidingSpans(schedule).map(
    ({ type, name, start: from, end }) => `${titleOf({ type, name })} ${end - from}`,
  );
  return schedule.minutes === 0 ? "" : `${start} about ${schedule.minutes} minutes: ${steps.join(", then ")}`;
}

/** What differs, in three lines. */
function differenceFacts(comparison: Comparison): Fact[] {
  const [cost, time] = [costShift(comparison), timeShift(comparison)];
  const { isDeployment } = comparison;
  const schedule = scheduleOf(comparison);
  const duration = schedule === undefined ? "" : timeText(", in", schedule);
  return [
    { title: isDeployment ? "Changes" : "Differences", text: `${changeCounts(comparison)}${duration}` },
    ...(cost === undefined ? [] : [{ title: "Costs", text: shiftText(cost, comparison) }]),
    ...(time === undefined ? [] : [{ title: "First deployment", text: shiftText(time, comparison) }]),
  ];
}

/** How many policies are kept, and what is not; nothing of a project that has none, and of what was not judged. */
function policyText({ kept, unknown, violations, accepted }: Judgement): string | undefined {
  if (kept.length + violations.length + accepted.length === 0) return undefined;
  const [broken, excepted] = [violations, accepted].map(
    (list) => new Set(list.map(({ policy }) => policy)).size,
  ) as [number, number];
  return [
    `${kept.length} kept${unknown.length > 0 ? ` (${unknown.length} as far as is known before a deployment)` : ""}`,
    ...(excepted > 0 ? [`${excepted} given up`] : []),
    ...(broken > 0 ? [`${broken} broken`] : []),
  ].join(", ");
}

function policyFacts({ policies }: Rehearsal, comparison: Comparison | undefined): Fact[] {
  const text = policyText(policies);
  if (text === undefined) return [];
  const { violations, accepted } = policies;
  const below = violations.length + accepted.length > 0 ? ", below" : "";
  const shift = comparison === undefined ? undefined : policyShift(comparison);
  const shown = comparison === undefined || shift === undefined ? text : shiftText(shift, comparison);
  return [{ title: "Policies", text: `${shown}${below}`, alarms: violations.length > 0 }];
}

/** What is known of both sides; undefined where one was not judged. */
function policyShift({ before, after }: Comparison): Shift | undefined {
  const [was, is] = [before, after].map(({ rehearsal }) =>
    policyText({ ...rehearsal.policies, unknown: [] }),
  );
  return was === undefined || is === undefined ? undefined : { before: was, after: is };
}

/**
 * The facts, the most important first.
 * @param comparison With what the rehearsal is compared. Default: with nothing, and it is told what is created.
 */
export function summaryOf(rehearsal: Rehearsal, comparison?: Comparison): Fact[] {
  const { findings } = rehearsal;
  const { url, callbackUrl } = masked(rehearsal.outputs, rehearsal.secretOutputs);
  const warnings = warningsOf(rehearsal).length;
  const cost = costOf(rehearsal);
  return [
    { title: "Stack", text: stackText(rehearsal) },
    ...(typeof url === "string" ? [{ title: "URL", text: url }] : []),
    ...(typeof callbackUrl === "string" ? [{ title: "Callback URL", text: callbackUrl }] : []),
    ...(comparison === undefined
      ? [
          { title: "Creates", text: creationText(rehearsal) },
          ...(cost.lines.length > 0 ? [{ title: "Costs", text: costSummary(cost) }] : []),
        ]
      : differenceFacts(comparison)),
    ...policyFacts(rehearsal, comparison),
    { title: "Warnings", text: warnings === 0 ? "none" : `${warnings}, below`, alarms: warnings > 0 },
    ...(findings.length > 0
      ? [{ title: "Refused", text: `${counted(findings.length, "finding")}, below`, alarms: true }]
      : []),
  ];
}

/** What a rehearsal is, and what it does not show. */
export const disclaimer =
  "A rehearsal: the program ran against a pretended engine. Nothing was deployed, and no cloud was asked.";

// A rehearsal in a few lines: what one wants to know before one reads on.

import { changeCounts } from "./change-list.ts";
import { type Comparison, costShift, shiftText, timeShift } from "./comparison.ts";
import { costOf } from "./cost/cost.ts";
import { costSummary } from "./cost/text.ts";
import { chainOfChanges, longestChain, minutesOf, type Wait } from "./duration.ts";
import type { Rehearsal } from "./record.ts";
import { shortType } from "../project/urns.ts";
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
  return `${counted(made, "resource")}${timeText(" in", longestChain(resources))}`;
}

/** The time that a chain takes, and what decides it; nothing for seconds. */
function timeText(start: string, chain: readonly Wait[]): string {
  const steps = chain.map(({ type, name, minutes }) => `${shortType(type)} ${name} ${minutes}`);
  return chain.length === 0 ? "" : `${start} about ${minutesOf(chain)} minutes: ${steps.join(", then ")}`;
}

/** What differs, in three lines. */
function differenceFacts(comparison: Comparison): Fact[] {
  const [cost, time] = [costShift(comparison), timeShift(comparison)];
  const { isDeployment, changes, after } = comparison;
  const duration = isDeployment ? timeText(", in", chainOfChanges(after.rehearsal.resources, changes)) : "";
  return [
    { title: isDeployment ? "Changes" : "Differences", text: `${changeCounts(comparison)}${duration}` },
    ...(cost === undefined ? [] : [{ title: "Costs", text: shiftText(cost, comparison) }]),
    ...(time === undefined ? [] : [{ title: "First deployment", text: shiftText(time, comparison) }]),
  ];
}

/** How many policies are kept, and what is not; nothing of a project that has none. */
function policyFacts({ policies: { kept, unknown, violations, accepted } }: Rehearsal): Fact[] {
  if (kept.length + violations.length + accepted.length === 0) return [];
  const [broken, excepted] = [violations, accepted].map(
    (list) => new Set(list.map(({ policy }) => policy)).size,
  ) as [number, number];
  const text = [
    `${kept.length} kept${unknown.length > 0 ? ` (${unknown.length} as far as is known before a deployment)` : ""}`,
    ...(excepted > 0 ? [`${excepted} given up, below`] : []),
    ...(broken > 0 ? [`${broken} broken, below`] : []),
  ].join(", ");
  return [{ title: "Policies", text, alarms: broken > 0 }];
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
    ...policyFacts(rehearsal),
    { title: "Warnings", text: warnings === 0 ? "none" : `${warnings}, below`, alarms: warnings > 0 },
    ...(findings.length > 0
      ? [{ title: "Refused", text: `${counted(findings.length, "finding")}, below`, alarms: true }]
      : []),
  ];
}

/** What a rehearsal is, and what it does not show. */
export const disclaimer =
  "A rehearsal: the program ran against a pretended engine. Nothing was deployed, and no cloud was asked.";

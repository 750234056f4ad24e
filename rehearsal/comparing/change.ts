// A stack as it is, and with another configuration.

import type { Comparison } from "../comparison.ts";
import { maskedRehearsal } from "../mask.ts";
import { overridesOf } from "../flags.ts";
import type { Rehearsal } from "../record.ts";
import type { rehearse, RehearseOptions } from "../rehearse.ts";
import { findingText } from "../report.ts";
import { UserError } from "../../project/user-error.ts";

/** What is shown: a rehearsal, and with what it is compared. */
export interface Rehearsed {
  /** With its secrets. */
  readonly rehearsal: Rehearsal;
  /** What it is compared with, with its secrets. */
  readonly before?: Rehearsal;
  readonly comparison?: Comparison;
}

/** How a rehearsal is done, and of what. */
export interface Rehearsing {
  readonly run: typeof rehearse;
  readonly options: RehearseOptions;
  /** Whether the architecture is drawn, which takes what only a deployment knows. @default false */
  readonly isDrawn?: boolean;
}

/**
 * A rehearsal whose program came to its end. Throws a `UserError` with its message where it did not.
 * @param side Which of those that are compared it is.
 */
export async function whole(rehearsing: Promise<Rehearsal>, side?: string): Promise<Rehearsal> {
  const rehearsal = await rehearsing;
  const { message } = maskedRehearsal(rehearsal).program;
  const refused = rehearsal.findings.map(
    (finding) => `a deployment would be refused: ${findingText(finding)}`,
  );
  // What stopped it before everything was declared leaves nothing to compare.
  const stopped = rehearsal.program.exitCode === 0 ? undefined : refused.join("\n");
  const why = message ?? (stopped === "" ? undefined : stopped);
  if (why !== undefined) throw new UserError(side === undefined ? why : `${side}: ${why}`);
  return rehearsal;
}

/** What a deployment makes of another one. */
export async function followed(
  { run, options }: Rehearsing,
  previous: NonNullable<RehearseOptions["previous"]>,
): Promise<Rehearsal> {
  // In a preview only hooks run that were made for one: they refuse what must not change, and reach nothing.
  return run({ ...options, previous, runHooks: options.mode !== "update" });
}

/** Rehearses the deployment of a stack, and then what another configuration would do to it. */
export async function rehearseChange(
  { run, options }: Rehearsing,
  change: Readonly<Record<string, string>>,
): Promise<Rehearsed> {
  const deployed = whole(run({ ...options, mode: "update" }), "before the change");
  const { set, secrets } = overridesOf({ ...options.set, ...options.secrets, ...change });
  const changed = { ...options, set, secrets };
  const [before, rehearsal] = await Promise.all([deployed, followed({ run, options: changed }, deployed)]);
  return {
    rehearsal,
    before,
    comparison: {
      before: { title: "as deployed", rehearsal: maskedRehearsal(before) },
      after: { title: "after the change", rehearsal: maskedRehearsal(rehearsal) },
      isDeployment: true,
      changes: rehearsal.changes,
      keys: Object.keys(change),
      remarks: [],
    },
  };
}

// The resources that differ, as people read them.

import type { Comparison } from "./comparison.ts";
import { keepsData } from "./effects.ts";
import type { Change, ChangeKind, Finding, Rehearsal } from "./record.ts";
import { inOrder } from "../project/languages.ts";
import { titleOf } from "../project/urns.ts";

/** A change in words. */
export interface ListedChange {
  readonly kind: ChangeKind;
  /** What happens to it, or where it is. */
  readonly label: string;
  /** Type and name of the resource. */
  readonly resource: string;
  /** The inputs that are the reason. */
  readonly why: readonly string[];
  /** What stops it or is lost with it, with the way out; empty for nothing. */
  readonly fate: string;
}

const ORDER: readonly ChangeKind[] = ["delete", "replace", "update", "create"];

function fateOf(change: Change, findings: readonly Finding[]): string {
  const found = findings.filter(({ urn }) => urn === change.urn);
  if (found.some(({ isProtection }) => isProtection)) return "PROTECTED until nango:allowDataLoss lifts it";
  if (found.length > 0) return "REFUSED, see below";
  if (change.retained && keepsData(change)) return "the old one stays, outside the stack";
  const isLost = (change.kind === "delete" || change.kind === "replace") && keepsData(change);
  return isLost ? "ITS DATA IS LOST: nango:allowDataLoss lets it go" : "";
}

/** Those that lose something first. */
function gravestFirst(changes: readonly Change[]): Change[] {
  return changes.toSorted(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || inOrder(titleOf(a), titleOf(b)),
  );
}

/** What a deployment does. */
export function deploymentChanges({
  changes,
  findings,
}: Pick<Rehearsal, "changes" | "findings">): ListedChange[] {
  return gravestFirst(changes).map((change) => ({
    kind: change.kind,
    label: change.kind,
    resource: titleOf(change),
    why: change.kind === "replace" ? change.replaceKeys : change.keys,
    fate: fateOf(change, findings),
  }));
}

/** What differs: what a deployment does, or which of two stacks has what. */
export function listedChanges({ changes, isDeployment, before, after }: Comparison): ListedChange[] {
  const { findings } = after.rehearsal;
  if (isDeployment) return deploymentChanges({ changes, findings });
  const labels: Partial<Record<ChangeKind, string>> = {
    create: `only ${after.title}`,
    delete: `only ${before.title}`,
  };
  return gravestFirst(changes).map((change) => ({
    kind: change.kind,
    label: labels[change.kind] ?? "differs",
    resource: titleOf(change),
    why: change.keys,
    fate: "",
  }));
}

/** How many resources a change replaces, updates, creates and deletes; of two stacks, how many differ. */
export function changeCounts({ changes, isDeployment, before, after }: Comparison): string {
  const count = (...kinds: ChangeKind[]) => changes.filter(({ kind }) => kinds.includes(kind)).length;
  const counts: readonly [count: number, what: string][] = isDeployment
    ? [
        [count("replace"), "replaced"],
        [count("update"), "updated"],
        [count("create"), "created"],
        [count("delete"), "deleted"],
      ]
    : [
        [count("replace", "update"), "differ"],
        [count("create"), `only ${after.title} has`],
        [count("delete"), `only ${before.title} has`],
      ];
  return counts.map(([number, what]) => `${number} ${what}`).join(", ");
}

// The changes of a rehearsal, as people read them.

import { keepsData } from "./effects.ts";
import type { Change, ChangeKind, Finding, Rehearsal } from "./record.ts";
import { shortType } from "../project/urns.ts";

/** A change in words. */
export interface ListedChange {
  readonly kind: ChangeKind;
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
  const isLost = (change.kind === "delete" || change.kind === "replace") && keepsData(change);
  return isLost ? "ITS DATA IS LOST: nango:allowDataLoss lets it go" : "";
}

/** The changes, those that lose something first. */
export function listedChanges({
  changes,
  findings,
}: Pick<Rehearsal, "changes" | "findings">): ListedChange[] {
  return changes
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map((change) => ({
      kind: change.kind,
      resource: `${shortType(change.type)} ${change.name}`,
      why: change.kind === "replace" ? change.replaceKeys : change.keys,
      fate: fateOf(change, findings),
    }));
}

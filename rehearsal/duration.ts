// How long a deployment takes: what is done at once, and what has to wait.

import { directNeeds } from "./changes.ts";
import { durations } from "./durations.ts";
import type { Change, RecordedResource } from "./record.ts";

/** A resource that takes its time. */
export interface Wait {
  readonly type: string;
  readonly name: string;
  /** Typically. */
  readonly minutes: number;
}

/** About how many minutes waits take that come one after another. */
export const minutesOf = (waits: readonly Wait[]): number =>
  waits.reduce((sum, { minutes }) => sum + minutes, 0);

/** The minutes that a resource takes to be made; 0 for seconds. */
export function creationMinutes({ type }: Pick<RecordedResource, "type">): number {
  return durations[type]?.creation ?? 0;
}

/**
 * The longest chain of resources that are handled one after another, each of which needs the one before it. Engines
 * handle everything else at the same time, so the sum of its minutes is what a deployment takes; empty where nothing is
 * known to take long.
 *
 * @param take What each takes. @default a first deployment, which makes them all
 */
export function longestChain(
  resources: readonly RecordedResource[],
  take: (resource: RecordedResource) => number = creationMinutes,
): Wait[] {
  const until = new Map<string, readonly Wait[]>();
  let longest: readonly Wait[] = [];
  // Each is registered after what it needs.
  for (const resource of resources) {
    const { urn, type, name } = resource;
    const before = directNeeds(resource)
      .map((needed) => until.get(needed) ?? [])
      .reduce<readonly Wait[]>((a, b) => (minutesOf(b) > minutesOf(a) ? b : a), []);
    const minutes = take(resource);
    const chain = minutes > 0 ? [...before, { type, name, minutes }] : before;
    until.set(urn, chain);
    if (minutesOf(chain) > minutesOf(longest)) longest = chain;
  }
  return [...longest];
}

/**
 * The chain that decides how long a deployment of changes takes. What goes, goes after everything else, at once: the
 * slowest of it is the last wait.
 */
export function chainOfChanges(resources: readonly RecordedResource[], changes: readonly Change[]): Wait[] {
  const byUrn = new Map(changes.map((change) => [change.urn, change]));
  const chain = longestChain(resources, ({ urn }) => changeMinutes(byUrn.get(urn)));
  const gone = changes
    .filter(({ kind, deleteFirst }) => kind === "delete" || (kind === "replace" && !deleteFirst))
    .map(({ type, name }) => ({ type, name: `old ${name}`, minutes: deletionMinutes(type) }));
  const slowest = gone.reduce<Wait | undefined>((a, b) => (b.minutes > (a?.minutes ?? 0) ? b : a), undefined);
  return slowest === undefined ? chain : [...chain, slowest];
}

const deletionMinutes = (type: string): number => durations[type]?.deletion ?? 0;

function changeMinutes(change: Change | undefined): number {
  if (change === undefined) return 0;
  const { kind, type, keys, deleteFirst } = change;
  if (kind === "create") return creationMinutes(change);
  if (kind === "replace") return creationMinutes(change) + (deleteFirst ? deletionMinutes(type) : 0);
  if (kind === "update") return Math.max(0, ...keys.map((key) => durations[type]?.update?.[key] ?? 0));
  return 0;
}

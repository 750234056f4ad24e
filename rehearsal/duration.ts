// How long a first deployment takes: what is made at once, and what has to wait.

import { resourceEntry } from "./catalogue/index.ts";
import { directNeeds } from "./changes.ts";
import type { RecordedResource } from "./record.ts";

/** A resource that takes its time. */
export interface Wait {
  readonly type: string;
  readonly name: string;
  /** Typically. */
  readonly minutes: number;
}

const minutesOf = (waits: readonly Wait[]): number => waits.reduce((sum, { minutes }) => sum + minutes, 0);

/**
 * The longest chain of resources that are made one after another, each of which needs the one before it. Engines make
 * everything else at the same time, so the sum of its minutes is what a first deployment takes; empty where nothing is
 * known to take long.
 */
export function longestChain(resources: readonly RecordedResource[]): Wait[] {
  const until = new Map<string, readonly Wait[]>();
  let longest: readonly Wait[] = [];
  // Each is registered after what it needs.
  for (const resource of resources) {
    const { urn, type, name } = resource;
    const before = directNeeds(resource)
      .map((needed) => until.get(needed) ?? [])
      .reduce<readonly Wait[]>((a, b) => (minutesOf(b) > minutesOf(a) ? b : a), []);
    const minutes = resourceEntry(type)?.minutes ?? 0;
    const chain = minutes > 0 ? [...before, { type, name, minutes }] : before;
    until.set(urn, chain);
    if (minutesOf(chain) > minutesOf(longest)) longest = chain;
  }
  return [...longest];
}

/** About how many minutes a chain takes. */
export { minutesOf };

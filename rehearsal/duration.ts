// How long a deployment takes: what is done at once, and what has to wait.

import { deletionGroups, directNeeds, previousOf } from "./changes.ts";
import { durations } from "./durations.ts";
import type { Change, ChangeKind, RecordedResource } from "./record.ts";

/** A resource that takes its time, in minutes after the beginning. */
export interface Span {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** What happens to it meanwhile; of a replacement the old one goes in a span of its own, unless it goes first. */
  readonly kind: Exclude<ChangeKind, "same">;
  readonly start: number;
  readonly end: number;
  /** Whether it is one of the chain that decides how long everything takes. */
  readonly decides: boolean;
}

/** What takes its time in a deployment. */
export interface Schedule {
  /** In the order in which the engine comes to them. */
  readonly spans: readonly Span[];
  /** Of all together; 0 where nothing is known to take long. */
  readonly minutes: number;
}

/** The spans that decide how long it takes: each begins when the one before it ends. */
export function decidingSpans({ spans }: Schedule): Span[] {
  return spans.filter(({ decides }) => decides);
}

/** The minutes that a resource takes to be made; 0 for seconds. */
export function creationMinutes({ type }: Pick<RecordedResource, "type">): number {
  return durations[type]?.creation ?? 0;
}

const deletionMinutes = ({ type }: Pick<RecordedResource, "type">): number => durations[type]?.deletion ?? 0;

type Needing = Pick<
  RecordedResource,
  "urn" | "type" | "name" | "parent" | "dependencies" | "provider" | "deletedWith"
>;

/** What happens to a resource, and for how long. */
type Work = readonly [kind: Span["kind"], minutes: number];

/** When something is done, and by way of what. */
interface Reached {
  readonly minutes: number;
  readonly chain: readonly string[];
}

const theBeginning: Reached = { minutes: 0, chain: [] };
const later = (a: Reached, b: Reached) => (b.minutes > a.minutes ? b : a);

/** Each resource begins when the last one that it needs is done. Engines handle everything else at the same time. */
function scheduleOf(resources: readonly Needing[], work: (resource: Needing) => Work | undefined): Schedule {
  const reached = new Map<string, Reached>();
  const spans: Omit<Span, "decides">[] = [];
  let end = theBeginning;
  // Each is registered after what it needs.
  for (const resource of resources) {
    const { urn, type, name } = resource;
    const before = directNeeds(resource)
      .map((needed) => reached.get(needed) ?? theBeginning)
      .reduce(later, theBeginning);
    const [kind, minutes] = work(resource) ?? ["update", 0];
    const own = minutes > 0 ? { minutes: before.minutes + minutes, chain: [...before.chain, urn] } : before;
    if (minutes > 0) spans.push({ urn, type, name, kind, start: before.minutes, end: own.minutes });
    reached.set(urn, own);
    end = later(end, own);
  }
  const deciding = new Set(end.chain);
  return { spans: spans.map((span) => ({ ...span, decides: deciding.has(span.urn) })), minutes: end.minutes };
}

/** A first deployment, which makes everything. */
export function firstDeployment(resources: readonly Needing[]): Schedule {
  return scheduleOf(resources, (resource) => ["create", creationMinutes(resource)]);
}

/** What a deployment begins with, and what it is to come to. */
export interface Transition {
  readonly before: readonly RecordedResource[];
  readonly after: readonly RecordedResource[];
  readonly changes: readonly Change[];
}

/**
 * A deployment of changes. What goes, goes after everything else: what nothing needs any more at once, then what that
 * needed. https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step_generator.go (ScheduleDeletes)
 */
export function deploymentOf({ before, after, changes }: Transition): Schedule {
  const byUrn = new Map(changes.map((change) => [change.urn, change]));
  const made = scheduleOf(after, ({ urn }) => workOf(byUrn.get(urn)));
  const spans = [...made.spans];
  let minutes = made.minutes;
  for (const group of deletionGroups(goneOf({ before, after, changes }))) {
    const slow = group.filter((resource) => deletionMinutes(resource) > 0);
    const slowest = Math.max(0, ...slow.map(deletionMinutes));
    const decider = slow.find((resource) => deletionMinutes(resource) === slowest);
    for (const resource of slow) {
      const { urn, type, name } = resource;
      const own = { urn, type, name: `old ${name}`, kind: "delete", start: minutes } as const;
      spans.push({ ...own, end: minutes + deletionMinutes(resource), decides: resource === decider });
    }
    minutes += slowest;
  }
  return { spans, minutes };
}

/** The resources of before that the engine deletes in the end. */
function goneOf({ before, after, changes }: Transition): Needing[] {
  const old = new Map(before.map((resource) => [resource.urn, resource]));
  const young = new Map(after.map((resource) => [resource.urn, resource]));
  return changes
    .filter(
      ({ kind, deleteFirst, retained }) =>
        !retained && (kind === "delete" || (kind === "replace" && !deleteFirst)),
    )
    .map((change) => {
      const successor = young.get(change.urn) ?? { urn: change.urn, aliases: [] };
      return previousOf(successor, old) ?? { ...change, dependencies: [] };
    });
}

function workOf(change: Change | undefined): Work | undefined {
  if (change === undefined || change.kind === "same" || change.kind === "delete") return undefined;
  const { kind, type, keys, deleteFirst } = change;
  if (kind === "update")
    return [kind, Math.max(0, ...keys.map((key) => durations[type]?.update?.[key] ?? 0))];
  return [kind, creationMinutes(change) + (deleteFirst ? deletionMinutes(change) : 0)];
}

// Who talks to whom in a stack, and where each of them is.

import { isDeepStrictEqual } from "node:util";

/** How something differs from what the architecture is compared with. */
export type Status = "new" | "changed" | "gone";

/** Something that others lie in: a network, or subnets of one kind. */
export interface Place {
  readonly id: string;
  readonly title: string;
  /** More of it, in a line each. */
  readonly about: readonly string[];
  /** The place that it lies in itself. */
  readonly within?: string;
}

/** What a part is for: it decides its colour. */
export type Role = "outside" | "network" | "entry" | "tasks" | "data" | "service";

/** Something that talks or is talked to. */
export interface Part {
  readonly id: string;
  readonly role: Role;
  readonly title: string;
  /** More of it, in a line each. */
  readonly about: readonly string[];
  /** The availability zones that it may be in, by their letters. */
  readonly zones: readonly string[];
  /** The place that it lies in; absent for what is outside. */
  readonly within?: string;
  /** Absent for what is the same, or compared with nothing. */
  readonly status?: Status;
}

/** One part reaches another. */
export interface Talk {
  readonly from: string;
  readonly to: string;
  /** Ports in ascending order; empty for what has none of its own, such as a way out. */
  readonly ports: readonly string[];
  /** What is known of it: rules of security groups, target groups, variables that name the address. */
  readonly by: readonly string[];
  /** Whether it goes through AWS's own interfaces, and not through the network of the stack. */
  readonly aside?: true;
  /** Absent for what is the same, or compared with nothing. */
  readonly status?: Status;
}

export interface Architecture {
  readonly places: readonly Place[];
  readonly parts: readonly Part[];
  readonly talks: readonly Talk[];
}

/** What a talk is marked with: its ports. */
export function labelOf({ ports }: Talk): string {
  return ports.join(", ");
}

/** Marks what is new in the second of two lists, what is changed there, and brings along what is gone. */
function marked<T extends { readonly status?: Status }>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
): T[] {
  const [old, young] = [before, after].map((all) => new Map(all.map((one) => [keyOf(one), one])));
  const status = (one: T): Status | undefined => {
    const was = old?.get(keyOf(one));
    if (was === undefined) return "new";
    return isDeepStrictEqual({ ...was }, { ...one }) ? undefined : "changed";
  };
  return [
    ...after.map((one) => {
      const found = status(one);
      return found === undefined ? one : { ...one, status: found };
    }),
    ...before
      .filter((one) => young?.has(keyOf(one)) === false)
      .map((one) => ({ ...one, status: "gone" as const })),
  ];
}

/** Two architectures in one: what is new, changed and gone in the second. */
export function compared(before: Architecture, after: Architecture): Architecture {
  const places = [
    ...after.places,
    ...before.places.filter(({ id }) => !after.places.some((one) => one.id === id)),
  ];
  return {
    places,
    parts: marked(before.parts, after.parts, ({ id }) => id),
    // By what it is known is another rule's name at most.
    talks: marked<Talk>(
      before.talks.map((talk) => ({ ...talk, by: [] })),
      after.talks.map((talk) => ({ ...talk, by: [] })),
      ({ from, to }) => `${from} ${to}`,
    ).map((talk) => {
      const known = [...after.talks, ...before.talks].find(
        ({ from, to }) => from === talk.from && to === talk.to,
      );
      return { ...talk, by: known?.by ?? [] };
    }),
  };
}

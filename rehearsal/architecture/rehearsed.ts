// The architecture of a stack, read off the resources of its rehearsal.

import type { Rehearsal } from "../record.ts";
import type { Architecture, Talk } from "./architecture.ts";
import { awsArchitecture } from "./aws.ts";
import { dockerArchitecture } from "./docker.ts";

/** Two talks of the same parts are one. */
function joined(talks: readonly Talk[]): Talk[] {
  const byEnds = new Map<string, Talk>();
  for (const talk of talks) {
    const key = `${talk.from}\n${talk.to}`;
    const known = byEnds.get(key);
    byEnds.set(key, {
      ...talk,
      ports: merged(known?.ports ?? [], talk.ports).sort((a, b) => Number.parseInt(a) - Number.parseInt(b)),
      by: merged(known?.by ?? [], talk.by),
    });
  }
  return [...byEnds.values()];
}

function merged(some: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...some, ...more])];
}

/**
 * The architecture of a rehearsed stack.
 * @param rehearsal With its secrets: of a URL that is one, the host says where it leads. No part of it is shown.
 */
export function architectureOf(rehearsal: Rehearsal): Architecture {
  const { where, resources } = rehearsal;
  const drawn = where.target === "docker" ? dockerArchitecture(resources) : awsArchitecture(rehearsal);
  const talking = new Set(drawn.talks.flatMap(({ from, to }) => [from, to]));
  // What nobody talks to and that lies nowhere says nothing.
  const parts = drawn.parts.filter(({ id, within }) => within !== undefined || talking.has(id));
  return { ...drawn, parts, talks: joined(drawn.talks) };
}

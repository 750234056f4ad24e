// What a stack's configuration says arrives at AWS: the configuration is read by the program's own parser.

import { expect } from "vitest";
import type { RecordedResource, Rehearsal } from "../../../rehearsal/rehearse.ts";
import { configOf, topologyNames } from "../topologies.ts";

/** Every topology, with what the program makes of its configuration. */
export const stacks = topologyNames.map((name) => ({ name, config: configOf(name) }));

/** Timeouts in minutes. */
export function minutes(timeouts: RecordedResource["customTimeouts"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timeouts).map(([what, text]) => [what, Number(/^(\d+)m$/.exec(text)?.[1])]),
  );
}

/** The hooks of a resource at a moment, each of which the program registered. */
export function hooks(
  rehearsal: Rehearsal,
  resource: RecordedResource,
  moment: "beforeCreate" | "beforeUpdate",
): readonly string[] {
  const names = resource.hooks[moment] ?? [];
  expect(rehearsal.hooks.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
  return names;
}

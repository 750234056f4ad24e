// Rehearsals as they are recorded, made up for what shows them.

import type { Comparison } from "../../rehearsal/comparison.ts";
import { usual } from "../../rehearsal/record.ts";
import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";

/** A resource as a program registers it. */
export function resource(type: string, name: string, more: Partial<RecordedResource> = {}): RecordedResource {
  const urn = `urn:pulumi:dev::nango::${type}::${name}`;
  return { ...usual, custom: true, inputs: {}, outputs: {}, type, name, urn, createdAs: urn, ...more };
}

export const stack = resource("pulumi:pulumi:Stack", "nango-dev", { custom: false });

/** A rehearsal of the stack `dev`, with these resources in it. */
export function rehearsal(resources: RecordedResource[], more: Partial<Rehearsal> = {}): Rehearsal {
  return {
    project: "nango",
    stack: "dev",
    where: {},
    mode: "preview",
    resources: [stack, ...resources],
    invokes: [],
    hooks: [],
    hookRuns: [],
    outputs: {},
    secretOutputs: [],
    messages: [],
    debugMessages: [],
    findings: [],
    changes: [],
    consequences: [],
    policies: { kept: [], unknown: [], violations: [], accepted: [] },
    program: { exitCode: 0 },
    ...more,
  };
}

/** A rehearsal compared with one before it: what its changes would do to a stack that is deployed. */
export function changeOf(after: Rehearsal, keys: readonly string[] = []): Comparison {
  const before = { title: "as deployed", rehearsal: rehearsal([]) };
  const sides = { before, after: { title: "after the change", rehearsal: after } };
  return { ...sides, isDeployment: true, changes: after.changes, keys, remarks: [] };
}

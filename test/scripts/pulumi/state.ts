import type { StackState, StateResource } from "../../../scripts/pulumi/state.ts";

/** A resource as a stack's state holds it. */
export function resource(type: string, name: string, more: Partial<StateResource> = {}): StateResource {
  return { urn: `urn:pulumi:dev::nango::${type}::${name}`, type, custom: true, ...more };
}

/** A state with these resources, and the stack's own. */
export function state(resources: readonly StateResource[], more: Partial<StackState> = {}): StackState {
  const root = resource("pulumi:pulumi:Stack", "nango-dev", { custom: false });
  return { resources: [root, ...resources], pendingOperations: [], ...more };
}

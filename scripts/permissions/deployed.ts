import { deployedResource } from "../../rehearsal/comparing/state-resource.ts";
import type { StateResource } from "../pulumi/state.ts";
import type { Grant } from "./grant.ts";
import type { Place } from "./place.ts";
import { needed } from "./table.ts";

/**
 * What the resources of a deployed stack take. A configuration tells what comes and stays; what goes is in the state alone, and
 * is looked at, changed and deleted all the same.
 */
export function deployedGrants(state: readonly StateResource[], place: Place): readonly Grant[] {
  const resources = state
    .filter(({ custom }) => custom === true)
    .map((resource) => deployedResource({ ...resource, custom: true }));
  return needed({ resources, invokes: [], hooks: [] }, { ...place, resources }).grants;
}

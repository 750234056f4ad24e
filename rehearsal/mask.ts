// A rehearsal for others to read.

import type { Rehearsal } from "./record.ts";
import { masked } from "./values.ts";

/** The same rehearsal with words in place of what is secret or unknown. */
export function maskedRehearsal(rehearsal: Rehearsal): Rehearsal {
  return {
    ...rehearsal,
    resources: rehearsal.resources.map((resource) => ({
      ...resource,
      inputs: masked(resource.inputs, resource.secretInputs),
      outputs: masked(resource.outputs, resource.secretOutputs),
    })),
    outputs: masked(rehearsal.outputs, rehearsal.secretOutputs),
  };
}

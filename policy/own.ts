import type { OwnPolicies } from "./policy.ts";

/**
 * The policies of an adopter, and exceptions from those of the project, each with its reason. This file is yours: no
 * update of the project touches it. Explained in docs/policies.md.
 */
export const own: OwnPolicies = {
  policies: [],
  relaxations: [],
};

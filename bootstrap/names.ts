import type { Purpose } from "./trust.ts";

/** Where in IAM the pipeline's roles and policies are, apart from the roles that stacks make. */
export const path = "/nango-ci/";

/** A role of the pipeline. */
export function roleName(stack: string, purpose: Purpose): string {
  return `nango-ci-${stack}-${purpose}`;
}

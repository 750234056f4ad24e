import { UserError } from "../../project/user-error.ts";
import { titleOfUrn } from "../../project/urns.ts";
import type { StackState, StateResource } from "./state.ts";

/** How to delete what is protected, step by step, in the same words everywhere. */
export function waysPastProtection(stack: string, lastStep: string): string {
  return [
    `  1. npx pulumi config set -s ${stack} nango:allowDataLoss true`,
    `  2. npm run up -- ${stack}`,
    `  3. ${lastStep}`,
    `  4. npx pulumi config rm -s ${stack} nango:allowDataLoss`,
  ].join("\n");
}

/** Protected by Pulumi, or by RDS, which goes on when Pulumi's protection was lifted by hand. */
function isProtected({ protect, inputs }: StateResource): boolean {
  return protect === true || inputs?.["deletionProtection"] === true;
}

/**
 * Refuses to destroy a protected stack before anything of it is deleted. The CLI itself does so in its preview only:
 * without one it deletes what it can, Nango included, until it meets what is protected.
 * @throws UserError that names what is protected and the way to mean it.
 */
export function refuseProtected(stack: string, { resources }: StackState): void {
  const kept = resources.filter(isProtected);
  if (kept.length === 0) return;
  const count = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:")).length;
  throw new UserError(
    `Stack "${stack}" is protected: nothing was deleted. Of its ${count} resources, all of which would go, these hold what cannot be made again:\n` +
      `${kept.map(({ urn }) => `  ${titleOfUrn(urn)}`).join("\n")}\n\n` +
      `To destroy it nevertheless (docs/operate.md, "Tearing down", says what remains):\n` +
      waysPastProtection(stack, `npm run destroy -- ${stack}`),
  );
}

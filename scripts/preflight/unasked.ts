import { awsFailure } from "../aws/failure.ts";
import { type Outcome, warning } from "../checks/check.ts";

/** How what is said of something begins that could not be asked. */
export const couldNotBeAsked = "could not be asked";

/** That something could not be asked says nothing of it. */
export function unasked(
  error: unknown,
  { permissions = [] }: { readonly permissions?: readonly string[] },
): Outcome {
  const { kind, says, action } = awsFailure(error);
  if (kind === "denied")
    return warning(
      `${couldNotBeAsked}: these credentials may not ${action ?? permissions.join(", ")}`,
      "allow it to them (npm run preflight -- --permissions lists all), or look yourself",
    );
  if (kind === "throttled")
    return warning(`${couldNotBeAsked}: AWS takes no more requests now (${says})`, "try again in a minute");
  return warning(`${couldNotBeAsked}: ${says}`, "try again, or look yourself");
}

import type { Violation } from "../../policy/judgement.ts";
import { titleOfUrn } from "../../project/urns.ts";
import type { Rehearsal } from "../../rehearsal/rehearse.ts";
import { good, type Result } from "../checks/check.ts";

const policies = { id: "policies", title: "Policies" };

function objection({ policy, level, urn, message, remedy }: Violation): Result {
  return {
    ...policies,
    about: policy,
    verdict: level === "mandatory" ? "bad" : "warning",
    says: `${titleOfUrn(urn)} ${message}`,
    remedy: `${remedy} To accept it, say why in policy/own.ts`,
  };
}

/** What the policies say of what is going to be made, which no deployment would fail at by itself. */
export function policyResults({ policies: judged }: Pick<Rehearsal, "policies">): Result[] {
  const { kept, violations, accepted } = judged;
  if (kept.length + violations.length + accepted.length === 0) return [];
  const givenUp = new Set(accepted.map(({ policy }) => policy)).size;
  const all = `${kept.length} kept${givenUp > 0 ? `, ${givenUp} given up on purpose` : ""}`;
  return violations.length === 0 ? [{ ...policies, ...good(all) }] : violations.map(objection);
}

/** Whether a result is one of theirs. */
export const isOfPolicies = ({ id }: Pick<Result, "id">): boolean => id === policies.id;

import { judge, policyBook } from "../../policy/judgement.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";
import type { Properties } from "../../project/values.ts";
import { resource } from "../rehearsal/recorded.ts";

/** The policies of the project, without exceptions. */
export const book = policyBook({ policies: [], relaxations: [] });

/** What a policy says of resources. */
export function objectionsTo(
  policy: string,
  resources: readonly RecordedResource[],
  set: Readonly<Record<string, string>> = {},
): string[] {
  const { violations } = judge({ resources }, (name) => set[name], book);
  return violations.filter((one) => one.policy === policy).map(({ message }) => message);
}

/** What a policy says of a resource. */
export function objections(
  policy: string,
  type: string,
  inputs: Properties,
  set: Readonly<Record<string, string>> = {},
): string[] {
  return objectionsTo(policy, [resource(type, "acme", { inputs })], set);
}

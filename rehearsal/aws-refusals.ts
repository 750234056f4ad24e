// What AWS would refuse in a deployment. Pulumi's preview knows none of it: it asks AWS nothing about a change.

import { inputsAgree } from "./aws-refusals/contradictions.ts";
import {
  gp3KnowsAThreshold,
  protectedDatabasesStay,
  storageOnlyGrows,
  versionOnlyRises,
} from "./aws-refusals/database.ts";
import { documentsAreJson } from "./aws-refusals/documents.ts";
import { subnetsDoNotOverlap, whatIsUniqueIsFree } from "./aws-refusals/identity.ts";
import { valuesAreTaken } from "./aws-refusals/limits.ts";
import { Plan, type Rule } from "./aws-refusals/plan.ts";
import { oneBalancerForATargetGroup } from "./aws-refusals/target-groups.ts";
import { taskDefinitionsFit } from "./aws-refusals/task-definition.ts";
import { noSubnetLeavesAGroupInUse, oneVpcForEver } from "./aws-refusals/vpc.ts";
import type { Finding, RecordedResource } from "./record.ts";

const RULES: readonly Rule[] = [
  oneBalancerForATargetGroup,
  oneVpcForEver,
  noSubnetLeavesAGroupInUse,
  storageOnlyGrows,
  gp3KnowsAThreshold,
  versionOnlyRises,
  protectedDatabasesStay,
  documentsAreJson,
  valuesAreTaken,
  inputsAgree,
  taskDefinitionsFit,
  whatIsUniqueIsFree,
  subnetsDoNotOverlap,
];

/** Each resource of a deployment that AWS would refuse, with the rule and the way out. */
export function refusedByAws(
  resources: readonly RecordedResource[],
  previous: ReadonlyMap<string, RecordedResource>,
): Finding[] {
  const plan = new Plan(resources, previous);
  return RULES.flatMap((rule) => rule(plan));
}

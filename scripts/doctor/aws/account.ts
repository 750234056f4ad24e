import { hasPlans, judgePlan, planPermission } from "../../aws/free-plan.ts";
import { type Quota, quotas as all } from "../../aws/quotas.ts";
import { type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import type { Deployment } from "./deployment.ts";

/** From which share on a quota is near. */
const near = 0.9;

/** What of its account's quotas a stack takes, and what its next deployment takes more. */
export const quotas: Check<Deployment> = {
  id: "quotas",
  title: "Quotas",
  permissions: [...new Set(all.flatMap(({ permissions }) => permissions))],
  async run(deployment): Promise<Outcome | Outcome[]> {
    const { resources } = deployment;
    const taken = all.filter(({ takenBy }) => resources.some(({ type }) => takenBy.includes(type)));
    const found = await Promise.all(taken.map((quota) => nearness(quota, deployment)));
    const warnings = found.flat();
    return warnings.length > 0
      ? warnings
      : good(`none of the ${taken.length} that the stack takes of is near`);
  },
};

async function nearness(quota: Quota, { clients, resources, stack }: Deployment): Promise<Outcome[]> {
  const { counts, taken, eachTime = false, usage, wayOut } = quota;
  const adds = eachTime && taken !== undefined ? taken(resources) : 0;
  if (eachTime && adds === 0) return [];
  const { used, most } = await usage(clients);
  const more = `ask AWS for more under Service Quotas in the console, or ${wayOut(stack)}`;
  if (adds > 0)
    return used + adds > most
      ? [warning(`${counts}: ${used} of ${most} in use, and a deployment takes ${adds} more`, more)]
      : [];
  return used >= most * near ? [warning(`${counts}: ${used} of ${most} in use`, more)] : [];
}

export const freePlan: Check<Deployment> = {
  id: "free-plan",
  title: "Free plan",
  permissions: [planPermission],
  async run({ region, askForPlan, stack }): Promise<Outcome | Outcome[]> {
    if (!hasPlans(region)) return skipped("there are no plans in this part of AWS");
    // What it refuses to make is there already.
    return judgePlan(await askForPlan(), { databases: [] }, stack);
  },
};

import { hasPlans, judgePlan, planPermission } from "../../aws/free-plan.ts";
import { type Quota, quotas as all } from "../../aws/quotas.ts";
import { bad, good, type Outcome, skipped } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";
import { unasked } from "../unasked.ts";

/** One check for each quota, so that one that cannot be asked hides no other. */
export const quotas: readonly AwsCheck[] = all.map((quota) => ({
  id: "quotas",
  title: "Quotas",
  permissions: quota.permissions,
  run: (subject) => look(quota, subject),
}));

async function look(quota: Quota, { plan, aws, stack }: Subject): Promise<Outcome | readonly Outcome[]> {
  const { counts, takenBy, taken = (resources) => resources.length, eachTime = false, usage, wayOut } = quota;
  const planned = eachTime ? plan.resources : plan.fresh;
  const taking = planned.filter(({ type }) => takenBy.includes(type));
  const adds = taken(eachTime ? planned : taking);
  if (taking.length === 0 || adds === 0) return [];
  const found = await usage(aws).catch((error: unknown) => ({ error }));
  // Each by itself: one that cannot be asked is named.
  if ("error" in found) return { ...unasked(found.error, quota), about: counts };
  const { used, most } = found;
  const says = `${used} of ${most} in use, and this deployment takes ${adds} more`;
  const outcome =
    used + adds <= most
      ? good(says)
      : bad(says, `ask AWS for more under Service Quotas in the console, or ${wayOut(stack)}`);
  return { ...outcome, about: counts };
}

export const freePlan: AwsCheck = {
  id: "free-plan",
  title: "Free plan",
  permissions: [planPermission],
  async run({ plan, region, stack, askForPlan }): Promise<Outcome | Outcome[]> {
    if (!hasPlans(region)) return skipped("there are no plans in this part of AWS");
    const databases = plan
      .ofType("aws:rds/instance:Instance")
      .filter((database) => !plan.isAsBefore(database, "instanceClass", "backupRetentionPeriod"))
      .map(({ name, inputs }) => ({
        name,
        class: String(inputs["instanceClass"]),
        backupDays: Number(inputs["backupRetentionPeriod"] ?? 0),
      }));
    return judgePlan(await askForPlan(), { databases }, stack);
  },
};

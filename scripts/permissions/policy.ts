import type { Conditions, Grant, Purpose } from "./grant.ts";

/** A statement of an IAM policy. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/**
 * The characters, without white space, that a policy may have: a managed one, and those that lie in a role together.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
export const longest = { managed: 6144, inline: 10_240 };

/** The policy that allows what is granted for a purpose, in as few statements as say just that. */
export function policyOf(grants: readonly Grant[], purpose: Purpose): Policy {
  const wanted = grants.filter((grant) => grant.for.includes(purpose) && grant.on.length > 0);
  const byResources = merged(wanted, ({ on, when }) => JSON.stringify([sorted(on), when]));
  const byActions = merged(byResources, ({ actions, when }) => JSON.stringify([sorted(actions), when]));
  return { Version: "2012-10-17", Statement: byActions.map(statement).toSorted(byAction) };
}

type Part = Pick<Grant, "actions" | "on" | "when">;

/** Puts grants together that are the same but for their actions, or but for their resources. */
function merged(grants: readonly Part[], sameness: (grant: Part) => string): Part[] {
  const groups = new Map<string, Part[]>();
  for (const grant of grants) groups.set(sameness(grant), [...(groups.get(sameness(grant)) ?? []), grant]);
  return [...groups.values()].map((group) => ({
    actions: sorted(group.flatMap(({ actions }) => actions)),
    on: sorted(group.flatMap(({ on }) => on)),
    when: group[0]?.when ?? {},
  }));
}

function statement({ actions, on, when }: Part): Statement {
  const narrowest = on.filter((pattern) => !on.some((other) => other !== pattern && matches(other, pattern)));
  return {
    Effect: "Allow",
    Action: actions,
    Resource: narrowest,
    ...(Object.keys(when).length === 0 ? {} : { Condition: when }),
  };
}

const byAction = (a: Statement, b: Statement) =>
  JSON.stringify([a.Action, a.Resource]) < JSON.stringify([b.Action, b.Resource]) ? -1 : 1;

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

/** Whether a pattern of IAM's, in which `*` stands for anything and `?` for one character, covers a text. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** How long a policy is to AWS. */
export function lengthOf(policy: Policy): number {
  return JSON.stringify(policy).replaceAll(/\s/g, "").length;
}

/** The same in policies that each have at most so many characters, in order. */
export function split(policy: Policy, most: number): Policy[] {
  const parts: Statement[][] = [];
  for (const one of policy.Statement) {
    const last = parts.at(-1);
    const longer = { ...policy, Statement: [...(last ?? []), one] };
    if (last === undefined || lengthOf(longer) > most) parts.push([one]);
    else last.push(one);
  }
  return parts.map((Statement) => ({ ...policy, Statement }));
}

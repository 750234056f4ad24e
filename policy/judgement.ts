// What the policies say of a stack: of a rehearsed one here, and of one that Pulumi deploys in pack.ts.

import type { SettingName } from "../infra/config/settings.ts";
import { UserError } from "../project/user-error.ts";
import { own as ownPolicies } from "./own.ts";
import { policies as projectPolicies } from "./policies/index.ts";
import type { OwnPolicies, Policy, Relaxation, Stack, VerdictOn } from "./policy.ts";

/** The text of a setting of `nango:`; undefined where it is not set. */
export type Settings = (name: SettingName) => string | undefined;

/** What speaks against a resource. */
export interface Violation {
  readonly policy: string;
  readonly level: Policy["level"];
  readonly urn: string;
  /** What speaks against the resource, in a sentence without its name. */
  readonly message: string;
  /** What to do about it, in a sentence. */
  readonly remedy: string;
}

/** A violation that is accepted, and why. */
export interface Accepted extends Violation {
  readonly because: string;
}

/** What came of all policies. Plain data. */
export interface Judgement {
  /** The names of those that are kept as far as anyone can tell. */
  readonly kept: readonly string[];
  /** Of these, the names of those that only a deployment can judge wholly. */
  readonly unknown: readonly string[];
  readonly violations: readonly Violation[];
  readonly accepted: readonly Accepted[];
}

/** The policies of the project and of its adopter, and what is excepted. */
export interface PolicyBook {
  readonly policies: readonly Policy[];
  /** Why a violation is accepted; undefined where it is not. */
  readonly acceptance: (policy: Policy, resourceName: string, settings: Settings) => string | undefined;
}

/** A book without any. */
export const noPolicies: PolicyBook = { policies: [], acceptance: () => undefined };

/** Where a policy is explained: an adopter's own where that says, the others on the page of this project. */
export function guideOf(name: string, { policies }: OwnPolicies = ownPolicies): string {
  return policies.find((policy) => policy.name === name)?.link ?? `docs/policies.md#${name}`;
}

/**
 * The policies as they hold with an adopter's own.
 * @throws UserError for a relaxation of no policy or without a reason, and for two policies of one name
 */
export function policyBook(own: OwnPolicies = ownPolicies): PolicyBook {
  const policies = [...projectPolicies, ...own.policies];
  const names = policies.map(({ name }) => name);
  const problems = [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `has a policy "${name}", and there is one already: give it another name`),
    ...own.relaxations.flatMap((relaxation) => problemsOf(relaxation, names)),
  ];
  if (problems.length > 0)
    throw new UserError(problems.map((problem) => `policy/own.ts ${problem}.`).join("\n"));
  return {
    policies,
    acceptance: ({ name, givenUpBy = {} }, resourceName, settings) => {
      for (const [key, value] of Object.entries(givenUpBy)) {
        const set = settings(key as SettingName) ?? "none";
        if (value === "any" ? set !== "none" : set === value) return `nango:${key} is ${set}`;
      }
      return own.relaxations.find(
        ({ policy, resources }) => policy === name && (resources?.includes(resourceName) ?? true),
      )?.reason;
    },
  };
}

/** A reason is a sentence that somebody else understands, so more than a word. */
const leastReason = /\S+\s+\S+\s+\S/;

function problemsOf({ policy, reason, resources }: Relaxation, names: readonly string[]): string[] {
  return [
    ...(names.includes(policy)
      ? []
      : [`relaxes "${policy}", which is no policy; there are ${names.join(", ")}`]),
    ...(leastReason.test(reason) ? [] : [`relaxes "${policy}" without a reason: say why, in a sentence`]),
    ...(resources?.length === 0
      ? [`relaxes "${policy}" for no resource: name them, or leave resources away for all`]
      : []),
  ];
}

function verdictsOn(policy: Policy, stack: Stack): readonly VerdictOn[] {
  if ("judgeStack" in policy) return policy.judgeStack(stack);
  return stack.resources.flatMap((resource) =>
    policy.judge(resource).map((verdict): VerdictOn => ({ ...verdict, resource })),
  );
}

/** Judges a stack by every policy. */
export function judge(stack: Stack, settings: Settings, { policies, acceptance }: PolicyBook): Judgement {
  const judged = policies.map((policy) => {
    const verdicts = verdictsOn(policy, stack);
    const all = verdicts.flatMap((verdict): (Violation | Accepted)[] => {
      if (!("violates" in verdict)) return [];
      const { resource, violates: message } = verdict;
      const because = acceptance(policy, resource.name, settings);
      const { name, level, remedy } = policy;
      const violation = { policy: name, level, urn: resource.urn, message, remedy };
      return [because === undefined ? violation : { ...violation, because }];
    });
    return { name: policy.name, all, isKnown: verdicts.every((verdict) => !("unknown" in verdict)) };
  });
  const isAccepted = (violation: Violation): violation is Accepted => "because" in violation;
  const kept = judged.filter(({ all }) => all.length === 0);
  const all = judged.flatMap(({ all }) => all);
  return {
    kept: kept.map(({ name }) => name),
    unknown: kept.filter(({ isKnown }) => !isKnown).map(({ name }) => name),
    violations: all.filter((violation) => !isAccepted(violation)),
    accepted: all.filter(isAccepted),
  };
}

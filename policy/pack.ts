// The policies as a policy pack of Pulumi: pulumi preview --policy-pack policy

import * as pulumi from "@pulumi/pulumi";
import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationArgs,
  UnknownValueError,
} from "@pulumi/policy";
import { isRecord, UNKNOWN, type Properties } from "../project/values.ts";
import { guideOf, policyBook } from "./judgement.ts";
import type { Policy, Resource } from "./policy.ts";

const config = new pulumi.Config("nango");
const { policies, acceptance } = policyBook();

/** The values without Pulumi's guard, which throws where one is read that is not known in a preview. */
function bare(guarded: unknown): unknown {
  if (Array.isArray(guarded)) return Array.from(guarded.keys(), (index) => read(guarded, index));
  if (!isRecord(guarded)) return guarded;
  return Object.fromEntries(Object.keys(guarded).map((key) => [key, read(guarded, key)]));
}

function read(holder: object, key: string | number): unknown {
  try {
    return bare(Reflect.get(holder, key));
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}

/**
 * What the program asked for, by URN. A stack is judged by what a provider answers, and in a preview it leaves open there
 * whatever AWS decides where the program says nothing: whether a load balancer is internal, for one.
 */
const inputsOf = new Map<string, Properties>();

/** A resource about to be made. */
function asked({ urn, type, name, props, opts }: ResourceValidationArgs): Resource {
  const inputs = bare(props) as Properties;
  inputsOf.set(urn, inputs);
  return { urn, type, name, inputs, outputs: {}, propertyDependencies: {}, protect: opts.protect };
}

/** A resource that was made, or would be. */
function made({ urn, type, name, props, opts, propertyDependencies }: PolicyResource): Resource {
  const all = bare(props) as Properties;
  const behind = Object.entries(propertyDependencies).map(([property, resources]): [string, string[]] => [
    property,
    resources.map((resource) => resource.urn),
  ]);
  return {
    urn,
    type,
    name,
    inputs: inputsOf.get(urn) ?? all,
    outputs: all,
    propertyDependencies: Object.fromEntries(behind),
    protect: opts.protect,
  };
}

function text({ reason, remedy, name }: Policy, violates: string): string {
  return `${violates.charAt(0).toUpperCase()}${violates.slice(1)}. ${reason} ${remedy} ${guideOf(name)}`;
}

const isAccepted = (policy: Policy, name: string) =>
  acceptance(policy, name, (setting) => config.get(setting)) !== undefined;

new PolicyPack("nango", {
  policies: policies.map((policy) => {
    const { name, level, promise, remedy, link } = policy;
    const described = {
      name,
      description: promise,
      enforcementLevel: level,
      remediationSteps: remedy,
      url: link,
    };
    if ("judge" in policy)
      return {
        ...described,
        validateResource: (args, report) => {
          const resource = asked(args);
          const verdicts = isAccepted(policy, args.name) ? [] : policy.judge(resource);
          for (const verdict of verdicts) if ("violates" in verdict) report(text(policy, verdict.violates));
        },
      };
    return {
      ...described,
      validateStack: ({ resources }, report) => {
        for (const verdict of policy.judgeStack({ resources: resources.map(made) }))
          if ("violates" in verdict && !isAccepted(policy, verdict.resource.name))
            report(text(policy, verdict.violates), verdict.resource.urn);
      },
    };
  }),
});

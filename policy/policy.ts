// What a policy is. A policy knows resources only, so that it judges a rehearsal, a preview and a deployment alike.

import type { SettingName } from "../infra/config/settings.ts";
import type { Properties } from "../project/values.ts";

/** A resource, as the program asks for it or as a provider answered it. */
export interface Resource {
  readonly urn: string;
  /** Type token, such as `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  /** The physical ID; absent where it is unknown. */
  readonly id?: string;
  /** Plain values; `UNKNOWN` stands where only a deployment knows. */
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Paths into `inputs` that are marked as secret; absent where marks are not known. */
  readonly secretInputs?: readonly string[];
  /** The same of `outputs`. */
  readonly secretOutputs?: readonly string[];
  /** URNs of the resources that a property comes from; empty where that is not known. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** All resources of a stack. */
export interface Stack {
  readonly resources: readonly Resource[];
}

/** What speaks against a resource, in a sentence without its name; or the property that is not known before a deployment. */
export type Verdict = { readonly violates: string } | { readonly unknown: string };

/** A verdict on one of several resources. */
export type VerdictOn = Verdict & { readonly resource: Resource };

interface Described {
  /** Kebab case, unique, for ever: relaxations name it. */
  readonly name: string;
  /** Whether a violation stops a deployment. */
  readonly level: "mandatory" | "advisory";
  /** What is kept, in a sentence. */
  readonly promise: string;
  /** What happens where it is not, in a sentence. */
  readonly reason: string;
  /** What to do about a violation, in a sentence. */
  readonly remedy: string;
  /** Where the rule stands. */
  readonly link: string;
  /** The settings of `nango:` by which a stack gives the promise up on purpose, with the values that do; `any` but `none`. */
  readonly givenUpBy?: { readonly [Name in SettingName]?: string };
}

/** A policy that looks at one resource: Pulumi's engine asks it before the resource is made. */
export interface ResourcePolicy extends Described {
  readonly judge: (resource: Resource) => readonly Verdict[];
}

/** A policy that looks at several together: Pulumi's engine asks it at the end of a preview, and of a deployment. */
export interface StackPolicy extends Described {
  readonly judgeStack: (stack: Stack) => readonly VerdictOn[];
}

export type Policy = ResourcePolicy | StackPolicy;

/** An exception from a policy. */
export interface Relaxation {
  /** The policy's name. */
  readonly policy: string;
  /** Logical names of the resources. @default all */
  readonly resources?: readonly string[];
  /** Why, for whoever asks: a sentence. */
  readonly reason: string;
}

/** What `own.ts` exports. */
export interface OwnPolicies {
  readonly policies: readonly Policy[];
  readonly relaxations: readonly Relaxation[];
}

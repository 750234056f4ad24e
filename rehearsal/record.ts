// What a rehearsal records. Everything here is plain data.

import type { Effect } from "../infra/config/settings/change.ts";
import type { Judgement } from "../policy/judgement.ts";
import type { Properties } from "../project/values.ts";

/** `preview`: what only AWS knows is unknown. `update`: plausible values stand in for it. */
export type Mode = "preview" | "update";

/** What the engine does to a resource, given what the previous deployment left. */
export type ChangeKind = "create" | "same" | "update" | "replace" | "delete";

/** The difference between a resource of the previous deployment and the same resource now. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: ChangeKind;
  /** The inputs that differ. */
  readonly keys: readonly string[];
  /** Those of `keys` that cannot change in place. */
  readonly replaceKeys: readonly string[];
  /** Of a replacement: whether the old resource is deleted before the new one is made, instead of at the very end. */
  readonly deleteFirst: boolean;
  /** Of a replacement or deletion: whether the old resource stays, and only the stack forgets it. */
  readonly retained: boolean;
}

export const HOOK_KINDS = [
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
  "onError",
] as const;
export type HookKind = (typeof HOOK_KINDS)[number];

/** A resource as the program registered it. */
export interface RecordedResource {
  readonly urn: string;
  /** Type token, such as `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  /** URN of the parent; absent for the stack itself. */
  readonly parent?: string;
  /** False for components. */
  readonly custom: boolean;
  /** The physical id; absent for components and where it is unknown. */
  readonly id?: string;
  /** Plain values; `UNKNOWN` stands where only a deployment knows. */
  readonly inputs: Properties;
  /** Paths into `inputs` (`environment[0].value`) that the program marked as secret. */
  readonly secretInputs: readonly string[];
  /** Paths into `inputs` that nobody can read, of a resource that comes from a state: what stands there counts as unchanged. */
  readonly encryptedInputs?: readonly string[];
  /** What the resource answered; of a component, what it registered as its outputs. */
  readonly outputs: Properties;
  /** Paths into `outputs` that are secret. */
  readonly secretOutputs: readonly string[];
  /** URNs. */
  readonly dependencies: readonly string[];
  /** URNs by input property. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** `URN::id` of an explicit provider. */
  readonly provider?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URN of the resource whose deletion deletes this one too. */
  readonly deletedWith?: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** URNs of the resources whose replacement replaces this one, too. */
  readonly replaceWith: readonly string[];
  /** Replaces the resource when it is another one than before; absent where the program states none. */
  readonly replacementTrigger?: unknown;
  /** Absent where the program leaves it to the provider. */
  readonly deleteBeforeReplace?: boolean;
  readonly customTimeouts: Readonly<Partial<Record<"create" | "update" | "delete", string>>>;
  /** The URNs under which the engine also looks for the resource in the previous deployment. */
  readonly aliases: readonly string[];
  /** Names of resource hooks, by the moment at which they run. */
  readonly hooks: Readonly<Partial<Record<HookKind, readonly string[]>>>;
  readonly additionalSecretOutputs: readonly string[];
  /** 1 when it is created, one more with each replacement. */
  readonly generation: number;
  /** The URN under which it was created: another one than `urn` after an alias was followed. */
  readonly createdAs: string;
  /** Absent where there is no previous deployment to compare with. */
  readonly change?: Change;
}

/** What a resource has of which its program says nothing more. */
export const usual = {
  secretInputs: [],
  secretOutputs: [],
  dependencies: [],
  propertyDependencies: {},
  ignoreChanges: [],
  replaceOnChanges: [],
  replaceWith: [],
  customTimeouts: {},
  aliases: [],
  hooks: {},
  additionalSecretOutputs: [],
  protect: false,
  retainOnDelete: false,
  generation: 1,
} as const satisfies Partial<RecordedResource>;

/** A function that the program called, such as `aws:index/getAvailabilityZones:getAvailabilityZones`. */
export interface RecordedInvoke {
  readonly token: string;
  readonly arguments: Properties;
}

/** A resource hook that the program registered. */
export interface RecordedHook {
  readonly name: string;
  readonly onDryRun: boolean;
  /** Its failure is only a warning. */
  readonly ignoreErrors: boolean;
}

/** A hook that ran, in the order in which they ran. */
export interface HookRun {
  readonly hook: string;
  readonly kind: HookKind;
  readonly urn: string;
  /** The hook's own message, when it failed. */
  readonly error?: string;
}

/** A line that the program logged or printed. */
export interface Message {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly urn?: string;
}

/** Something that would make the deployment fail, or that the rehearsal cannot vouch for. */
export interface Finding {
  readonly message: string;
  readonly urn?: string;
  /** Whether it is protection that stops the deployment. */
  readonly isProtection?: true;
  /** Path of the input that the finding is about. */
  readonly property?: string;
}

/** What the changes of a deployment mean for those who use the stack. */
export interface Consequence {
  readonly effect: Effect;
  /** The resources that have it, by type and name, with the inputs that are the reason. */
  readonly of: readonly string[];
  /** Where it is documented. */
  readonly links: readonly string[];
}

/** Where a stack would be, and how large, as far as its configuration says so. */
export interface Where {
  readonly target?: string;
  /** Of the default AWS provider. */
  readonly region?: string;
  readonly size?: string;
}

/** One run of the program. */
export interface Rehearsal {
  readonly project: string;
  readonly stack: string;
  readonly where: Where;
  readonly mode: Mode;
  /** In the order in which the program registered them; the stack comes first. */
  readonly resources: readonly RecordedResource[];
  readonly invokes: readonly RecordedInvoke[];
  readonly hooks: readonly RecordedHook[];
  readonly hookRuns: readonly HookRun[];
  /** The stack's outputs, secrets bare. */
  readonly outputs: Properties;
  /** Paths into `outputs` that are secret. */
  readonly secretOutputs: readonly string[];
  readonly messages: readonly Message[];
  /** What was logged for debugging. `pulumi up --json` shows it to everyone, a terminal with --debug only. */
  readonly debugMessages: readonly string[];
  readonly findings: readonly Finding[];
  /** Every difference to the previous deployment, deletions too; empty without one. */
  readonly changes: readonly Change[];
  /** What they do to the stack, the gravest first; empty without a previous deployment. */
  readonly consequences: readonly Consequence[];
  /** What the policies say of it. */
  readonly policies: Judgement;
  readonly program: {
    readonly exitCode: number;
    /** Why the program failed; absent when it ran to its end or the engine refused something. */
    readonly message?: string;
  };
}

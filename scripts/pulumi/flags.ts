// Flags of the Pulumi CLI that are used most. https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/

import type { Flag } from "../../project/command.ts";

export const json = {
  type: "boolean",
  short: "j",
  does: "Prints JSON, for programs.",
  without: "Default: text.",
} as const satisfies Flag;

/** Flags of what looks at a stack. */
export const looking = {
  diff: {
    type: "boolean",
    does: "Shows the properties that change, each with its old and new value.",
    without: "Default: a line for each resource.",
  },
  refresh: {
    type: "boolean",
    short: "r",
    does: "Asks first what became of each resource.",
    without: "Default: the state is believed.",
    takenAs: ["r"],
  },
  target: {
    type: "string",
    short: "t",
    multiple: true,
    value: "urn",
    does: "Looks at this resource only.",
    without: "Default: all.",
    takenAs: ["t"],
  },
  "target-dependents": {
    type: "boolean",
    does: "With --target: at those that depend on it, too.",
    without: "Default: not.",
  },
  exclude: {
    type: "string",
    multiple: true,
    value: "urn",
    does: "Leaves this resource as it is.",
    without: "Default: none.",
  },
  "expect-no-changes": {
    type: "boolean",
    does: "Fails where anything differs.",
    without: "Default: any change is fine.",
  },
  "show-secrets": {
    type: "boolean",
    does: "Shows secrets in the clear.",
    without: "Default: [secret].",
  },
  json,
} as const satisfies Readonly<Record<string, Flag>>;

/** Flags of what changes a stack. */
export const changing = {
  yes: {
    type: "boolean",
    short: "y",
    does: "Goes ahead without a question.",
    without: "Default: shows what it would do, and asks.",
  },
  "skip-preview": {
    type: "boolean",
    short: "f",
    does: "Does not look before what it would do.",
    without: "Default: it looks.",
    takenAs: ["force"],
  },
  "continue-on-error": {
    type: "boolean",
    does: "Goes on with what does not depend on what failed.",
    without: "Default: stops at the first error.",
  },
  message: {
    type: "string",
    short: "m",
    value: "text",
    does: "A remark for the history of the stack.",
    without: "Default: that of the last commit.",
  },
} as const satisfies Readonly<Record<string, Flag>>;

export const replace = {
  type: "string",
  multiple: true,
  value: "urn",
  does: "Replaces this resource.",
  without: "Default: what has to be.",
  takenAs: ["replace_registry_host"],
} as const satisfies Flag;

/** What is not the CLI's. */
export const skipPreflight = {
  type: "boolean",
  does: "Does not look first for what it would fail at (npm run preflight). Policies are judged all the same.",
  without: "Default: it looks, and goes no further where something is in the way.",
  own: true,
} as const satisfies Flag;

/** The same. */
export const skipPolicies = {
  type: "boolean",
  does: "Lets policies be broken (docs/policies.md).",
  without: "Default: a mandatory policy that is broken is told, and nothing is deployed.",
  own: true,
} as const satisfies Flag;

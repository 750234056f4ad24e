import type { Command } from "../../project/command.ts";
import { stackArgument } from "../../project/stack-argument.ts";
import { ofAnyStack } from "./of-command.ts";
import { purposes } from "./grant.ts";
import { longest } from "./policy.ts";

/** What `npm run permissions` takes. */
export const permissions = {
  script: "permissions",
  does:
    "Prints the IAM policy that a stack's configuration takes, as JSON, no wider than AWS's services can be told. " +
    "Rehearses the stack for it: needs no credentials and asks nobody. Remarks go to standard error.",
  arguments: [stackArgument],
  flags: {
    for: {
      type: "string",
      value: purposes.join("|"),
      default: "deploy",
      does: "What whoever has the policy does: deploy and destroy; preview, which reads only; or operate, which starts and stops Nango and reads its logs and its secret.",
      without: "",
    },
    set: {
      type: "string",
      multiple: true,
      value: "key=value",
      does: "Takes another configuration than that of the file: nango:size=medium.",
      without: "Default: the file as it is.",
    },
    project: {
      type: "string",
      value: "folder",
      does: "Takes another program than Nango's, which is bootstrap: what npm run bootstrap takes.",
      without: "Default: Nango's.",
    },
    account: {
      type: "string",
      value: "id",
      does: "The ID of the account.",
      without: "Default: the one in aws:allowedAccountIds, else an example.",
    },
    backend: {
      type: "string",
      value: "s3://bucket",
      does: "Allows the bucket of the state as well, named as for pulumi login.",
      without: "Default: no backend.",
    },
    "secrets-key": {
      type: "string",
      value: "arn",
      does: "Allows the KMS key of the secrets in the state as well.",
      without: "Default: the secretsprovider of the stack's file, where that is a key of KMS.",
    },
    deployed: {
      type: "boolean",
      does: "Allows what is deployed as well, by the stack's state, so that what the configuration has no more can be deleted.",
      without: "Default: what the configuration has.",
    },
    held: {
      type: "boolean",
      does: "Prints no policy: asks AWS whether the role whose credentials these are may do all that deploying takes, and says what it lacks.",
      without: "Without it AWS is not asked.",
    },
    boundary: {
      type: "boolean",
      does: "Prints a permissions boundary for the roles that the stack makes instead (nango:permissionsBoundaryArn).",
      without: "Without it a policy to work with.",
    },
    split: {
      type: "boolean",
      does: `Prints a list of policies that each fit into a managed policy of IAM's, of ${longest.managed} characters.`,
      without: "Without it one policy, however long.",
    },
    part: {
      type: "string",
      value: "number",
      does: "Prints one policy of that list, the first being 1.",
      without: "Default: all.",
    },
  },
  permissions: ofAnyStack(async () => (await import("./held.ts")).permissions),
  examples: [
    [
      "npm run -s permissions -- dev --account 123456789012 --split",
      "what deploys dev, for managed policies",
    ],
    [
      "npm run -s permissions -- dev --for preview --backend s3://my-pulumi-state",
      "what a pull request's preview takes",
    ],
  ],
  exitCodes: {
    0: "The policy was printed; with --held, nothing is lacking.",
    1: "With --held, something is lacking. The configuration is wrong, the program failed, or the stack is none on AWS.",
  },
} as const satisfies Command;

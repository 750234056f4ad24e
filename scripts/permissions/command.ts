import { type Command, helpOn, readCommandLine, type UsageError, wrong } from "../../project/command.ts";
import { bareStackName, type Project } from "../../project/project.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { readSettings } from "../pulumi/settings.ts";
import { backendGrants, keyGrants } from "./backend.ts";
import { boundaryPolicy } from "./boundary.ts";
import { type Purpose, purposes } from "./grant.ts";
import { lengthOf, longest, type Policy, policyOf, split } from "./policy.ts";
import { exampleAccount, permissionsOf } from "./stack.ts";

/** What `npm run permissions` takes. */
export const permissionsScript = {
  script: "permissions",
  does:
    "Prints the IAM policy that a stack's configuration takes, as JSON, no wider than AWS's services can be told. " +
    "Rehearses the stack for it: needs no credentials and asks nobody. Remarks go to standard error.",
  arguments: [{ name: "stack", does: "The stack: stacks/Pulumi.<stack>.yaml holds its configuration." }],
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
    0: "The policy was printed.",
    1: "The configuration is wrong, the program failed, or the stack is none on AWS.",
  },
} as const satisfies Command;

type Values = ReturnType<typeof readCommandLine<(typeof permissionsScript)["flags"]>>["values"];

interface Wish extends Values {
  readonly stack: string;
  readonly purpose: Purpose;
  readonly settings: Readonly<Record<string, string>>;
}

/** What a command prints: its output, and what is to be said of it elsewhere, so that the output can be a file. */
export interface Printed {
  readonly output: string;
  readonly remarks: readonly string[];
}

/**
 * Runs `npm run permissions` with the arguments.
 * @throws UserError with what is wrong.
 */
export async function permissionsCommand(
  given: readonly string[],
  project: Project,
  {
    environment = {},
    rehearse: rehearsing = rehearse,
  }: { readonly environment?: NodeJS.ProcessEnv; readonly rehearse?: typeof rehearse } = {},
): Promise<Printed> {
  const line = readCommandLine<(typeof permissionsScript)["flags"]>(permissionsScript, given, environment);
  if (line.help) return { output: helpOn(permissionsScript), remarks: [] };
  const wish = wishIn(line.values, line.positionals[0] ?? "");
  const { policy, remarks } = await policyFor(project, wish, rehearsing);
  const isSplit = wish.split === true || wish.part !== undefined;
  const parts = isSplit ? split(policy, longest.managed) : [policy];
  const all = isSplit ? parts : policy;
  const printed = wish.part === undefined ? all : partOf(parts, wish.part);
  return {
    output: `${JSON.stringify(printed, null, 2)}\n`,
    remarks: [...remarks, ...sizeRemarks(parts, isSplit)],
  };
}

function partOf(parts: readonly Policy[], number: string): Policy {
  const part = /^\d+$/.test(number) ? parts[Number(number) - 1] : undefined;
  if (part === undefined)
    throw misused(`There are the parts 1 to ${parts.length} of the policy, and no part "${number}"`);
  return part;
}

async function policyFor(
  project: Project,
  wish: Wish,
  rehearsing: typeof rehearse,
): Promise<{ policy: Policy; remarks: string[] }> {
  const { stack, settings: set, account, backend, "secrets-key": secretsKey } = wish;
  const { secretsProvider } = readSettings(project, stack, {});
  const { grants, unknown, place } = await permissionsOf(project, { stack, set, account }, rehearsing);
  const remarks = [
    ...(place.account === exampleAccount && account === undefined
      ? [
          `The account is ${exampleAccount}, an example: give yours with --account, or aws:allowedAccountIds in the stack's file.`,
        ]
      : []),
    ...(unknown.length === 0 || wish.boundary === true
      ? []
      : [
          `Not in the policy, since nothing is known of what they take: ${unknown.join(", ")}. Add it yourself.`,
        ]),
  ];
  if (wish.boundary === true) return { policy: boundaryPolicy(place), remarks };
  const key = secretsKey ?? (secretsProvider?.startsWith("awskms:") === true ? secretsProvider : undefined);
  const all = [
    ...grants,
    ...(backend === undefined ? [] : backendGrants(place, backend)),
    ...(key === undefined ? [] : keyGrants(place, key)),
  ];
  return { policy: policyOf(all, wish.purpose), remarks };
}

function sizeRemarks(parts: readonly Policy[], isSplit: boolean): string[] {
  if (isSplit) return [`${parts.length} policies, each of at most ${longest.managed} characters.`];
  const length = Math.max(...parts.map(lengthOf));
  if (length <= longest.managed) return [];
  const tooLong =
    length > longest.inline ? `, and more than the ${longest.inline} of a role's inline policies` : "";
  return [
    `The policy has ${length} characters, more than the ${longest.managed} of a managed policy${tooLong}: --split prints several, which say the same together.`,
  ];
}

function wishIn(values: Values, stack: string): Wish {
  const purpose = purposes.find((one) => one === values.for);
  if (purpose === undefined)
    throw misused(`There are permissions for ${purposes.join(", ")}, not for "${values.for}"`);
  if (values.account !== undefined && !/^\d{12}$/.test(values.account))
    throw misused(`--account takes the twelve digits of an account's ID, not "${values.account}"`);
  const settings = Object.fromEntries((values.set ?? []).map(assignment));
  return { ...values, stack: bareStackName(stack), purpose, settings };
}

function assignment(text: string): [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw misused(`--set takes key=value, not "${text}"`);
  return [key, value];
}

function misused(what: string): UsageError {
  return wrong(permissionsScript, what);
}

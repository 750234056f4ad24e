// Whether the role that asks has what a stack takes: before a deployment finds out in its middle.

import type { IAM } from "@aws-sdk/client-iam";
import type { STS } from "@aws-sdk/client-sts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import { type AwsFailure, awsFailure } from "../aws/failure.ts";
import type { Conditions, Grant } from "./grant.ts";
import { matches, policyOf } from "./policy.ts";

/** Whoever asks AWS. */
export interface Asking {
  readonly iam: Pick<IAM, "listAttachedRolePolicies" | "getPolicy" | "getPolicyVersion">;
  readonly sts: Pick<STS, "getCallerIdentity">;
}

/** The IAM actions that it takes. */
export const permissions = [
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
  "iam:ListAttachedRolePolicies",
  "sts:GetCallerIdentity",
];

/** What a role's attached policies allow. */
export interface Held {
  readonly account: string;
  /** The name of the role. */
  readonly role: string;
  readonly statements: readonly HeldStatement[];
}

/** A statement that allows, as it lies in IAM: anybody may have written it. */
interface HeldStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly when: Conditions;
}

/**
 * Reads the policies that are attached to the role that asks.
 * @throws UserError for credentials of no role, and where AWS does not say.
 */
export async function readHeld(asking: Asking): Promise<Held> {
  try {
    return await readFrom(asking);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { kind, says, action } = awsFailure(error);
    throw new UserError(`What the role may do cannot be read: ${says}. ${wayOut(kind, action)}`);
  }
}

function wayOut(kind: AwsFailure["kind"], action = "iam:ListAttachedRolePolicies"): string {
  if (kind === "credentials")
    return "--held looks at the role of whoever asks: get its credentials (aws sso login, or AWS_PROFILE), and ask again.";
  if (kind === "denied")
    return `It lacks ${action}, which npm run bootstrap and npm run permissions give a role that deploys.`;
  return "Ask again, or compare the role with what npm run permissions prints.";
}

async function readFrom({ iam, sts }: Asking): Promise<Held> {
  const { Account: account = "", Arn: arn = "" } = await sts.getCallerIdentity({});
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined)
    throw new UserError(
      `--held looks at the role of whoever asks, and these credentials are of no role: ${arn}.`,
    );
  const statements: HeldStatement[] = [];
  let marker: string | undefined;
  do {
    const page = await iam.listAttachedRolePolicies({ RoleName: role, Marker: marker });
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      const { Policy } = await iam.getPolicy({ PolicyArn });
      const { PolicyVersion } = await iam.getPolicyVersion({
        PolicyArn,
        VersionId: Policy?.DefaultVersionId,
      });
      statements.push(...allowing(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "{}"))));
    }
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return { account, role, statements };
}

function allowing(document: unknown): HeldStatement[] {
  const { Statement } = isRecord(document) ? document : {};
  return [Statement].flat().flatMap((statement) => {
    if (!isRecord(statement) || statement["Effect"] !== "Allow") return [];
    return [
      {
        actions: texts(statement["Action"]),
        resources: texts(statement["Resource"]),
        when: (statement["Condition"] ?? {}) as Conditions,
      },
    ];
  });
}

const texts = (value: unknown): string[] => [value].flat().filter((one) => typeof one === "string");

/** What the role lacks to deploy: an action, and on what. */
export function lackingIn({ statements }: Pick<Held, "statements">, grants: readonly Grant[]): string[] {
  const lacking = policyOf(grants, "deploy").Statement.flatMap(({ Action, Resource, Condition = {} }) =>
    Action.flatMap((action) => {
      const on = Resource.filter(
        (resource) => !statements.some((one) => allows(one, action, resource, Condition)),
      );
      return on.length === 0 ? [] : [`${action} on ${on.join(", ")}`];
    }),
  );
  return [...new Set(lacking)].toSorted();
}

/** It may ask for fewer conditions than are known to hold, which allows more, and for no others. */
function allows(
  { actions, resources, when }: HeldStatement,
  action: string,
  resource: string,
  wanted: Conditions,
): boolean {
  const known = new Set(singly(wanted));
  return (
    actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => matches(pattern, resource)) &&
    singly(when).every((condition) => known.has(condition))
  );
}

/** Each condition by itself. */
function singly(conditions: Conditions): string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => JSON.stringify([operator, key, [values].flat().toSorted()])),
  );
}

/** What to say of a role that lacks something. */
export function lackingText(stack: string, { role }: Pick<Held, "role">, lacking: readonly string[]): string {
  const most = 10;
  const boundary = lacking.some((line) => /^iam:(CreateRole|PutRolePolicy) /.test(line))
    ? [
        "A role that npm run bootstrap made may make roles with a boundary only: see that stacks/" +
          `Pulumi.${stack}.yaml has the nango:permissionsBoundaryArn that it printed.`,
      ]
    : [];
  return [
    `The role ${role} lacks what the stack "${stack}" takes as its file is now:`,
    ...lacking.slice(0, most).map((line) => `  - ${line}`),
    ...(lacking.length > most ? [`  and ${lacking.length - most} more`] : []),
    ...boundary,
    "Somebody with an administrator's credentials runs npm run bootstrap, with this file. Then deploy again.",
  ].join("\n");
}

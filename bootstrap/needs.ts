import * as pulumi from "@pulumi/pulumi";
import { type Project, readStackConfiguration } from "../project/project.ts";
import { boundaryPolicy } from "../scripts/permissions/boundary.ts";
import type { Grant } from "../scripts/permissions/grant.ts";
import type { Place } from "../scripts/permissions/place.ts";
import { longest, type Policy, policyOf, split } from "../scripts/permissions/policy.ts";
import type { StateResource } from "../scripts/pulumi/state.ts";
import { preflightGrants } from "../scripts/permissions/preflight.ts";
import { permissionsOf } from "../scripts/permissions/stack.ts";
import type { Account } from "./identity-provider.ts";
import { path } from "./names.ts";

/** What the jobs of a stack take in AWS, as `npm run permissions` tells it. */
export interface Needs {
  readonly stack: string;
  readonly region: string;
  readonly place: Place;
  readonly deploy: readonly Policy[];
  readonly preview: readonly Policy[];
  /** What bounds the roles that the stack makes, and whether this stack has to make it. */
  readonly boundary: { readonly arn: string; readonly policy: Policy | undefined };
}

/** A role takes no more unless AWS is asked. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostPolicies = 10;

/**
 * Rehearses a stack as its file has it, and says what it takes: one truth with `npm run permissions`.
 * @param deployed What is there of it: what goes with the next deployment is deleted by the same role.
 * @throws pulumi.RunError where the stack cannot be deployed by a role of this account.
 */
export async function needsOf(
  project: Project,
  stack: string,
  account: Account,
  deployed: readonly StateResource[],
): Promise<Needs> {
  const configured = readStackConfiguration(project, stack);
  const key = `${project.name}:permissionsBoundaryArn`;
  const given = configured[key];
  const made = `arn:${account.partition}:iam::${account.id}:policy${path}nango-ci-${stack}-boundary`;
  const own = typeof given !== "string" || given === "none" || given === made;
  const arn = own ? made : given;
  refuseOtherAccount(stack, account, configured["aws:allowedAccountIds"]);
  const { grants, unknown, place } = await permissionsOf(project, {
    stack,
    set: { [key]: arn },
    account: account.id,
    deployed,
  }).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `What the stack "${stack}" takes cannot be told, since it cannot be rehearsed. ${said}`,
    );
  });
  if (unknown.length > 0)
    void pulumi.log.warn(
      `The roles of "${stack}" lack what these take, of which nothing is known: ${unknown.join(", ")}. Give them a policy of yours.`,
    );
  const parts = (of: readonly Grant[], purpose: "deploy" | "preview") =>
    split(policyOf(of, purpose), longest.managed);
  const deploy = parts([...grants, ...preflightGrants()], "deploy");
  if (deploy.length > mostPolicies)
    void pulumi.log.warn(
      `The role that deploys "${stack}" takes ${deploy.length} policies, and AWS allows ${mostPolicies} unless it is asked for more: quota L-0DA4ABF3 of IAM.`,
    );
  return {
    stack,
    region: place.region,
    place,
    deploy,
    preview: parts(grants, "preview"),
    boundary: { arn, policy: own ? boundaryPolicy(place) : undefined },
  };
}

function refuseOtherAccount(stack: string, { id }: Account, allowed: unknown): void {
  if (!Array.isArray(allowed) || allowed.map(String).includes(id)) return;
  throw new pulumi.RunError(
    `The stack "${stack}" is for the account ${allowed.join(", ")} (aws:allowedAccountIds), but these credentials are for ${id}: ` +
      "each account has a bootstrap of its own. Leave the stack out of nango-bootstrap:stacks, or take credentials of its account.",
  );
}

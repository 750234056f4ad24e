import type { ContextEntry, EvaluationResult } from "@aws-sdk/client-iam";
import { policyOf, type Statement } from "../../permissions/policy.ts";
import { bad, good, type Outcome, warning } from "../../checks/check.ts";
import type { AwsCheck, Subject } from "../subject.ts";
import { principalOf } from "./principal.ts";

/** How many simulations run at once: IAM throttles more. */
const atOnce = 4;

export const permissions: AwsCheck = {
  id: "permissions",
  title: "Permissions",
  permissions: ["iam:SimulatePrincipalPolicy", "iam:GetRole"],
  async run(subject): Promise<Outcome> {
    const { caller, aws, stack } = subject;
    const principal = await principalOf(caller.arn, aws.iam);
    if (principal.kind === "root")
      return warning(
        "the credentials are the root user's, who may do everything",
        "deploy as a role of its own: npm run permissions prints what it takes",
      );
    if (principal.kind === "federated")
      return warning(
        `what ${principal.arn} may do cannot be simulated`,
        `compare it yourself: npm run permissions -- ${stack}`,
      );
    const { Statement: statements } = policyOf(subject.permissions.grants, "deploy");
    const results = await inTurns(statements, atOnce, (statement) =>
      simulate(subject, principal.arn, statement),
    );
    return judged(results.flat(), principal.arn, stack);
  },
};

/** Does something with each of a list, so many at once. */
async function inTurns<Item, Done>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) done[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return done;
}

async function simulate(
  { aws: { iam } }: Subject,
  PolicySourceArn: string,
  statement: Statement,
): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  do {
    const page = await iam.simulatePrincipalPolicy({
      PolicySourceArn,
      ActionNames: [...statement.Action],
      ResourceArns: statement.Resource.map(example),
      ContextEntries: contextOf(statement),
      ...(marker !== undefined && { Marker: marker }),
    });
    results.push(...(page.EvaluationResults ?? []));
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return results;
}

/** One of those that a pattern stands for; `*` alone is all of them, for what knows nothing narrower. */
function example(pattern: string): string {
  return pattern === "*" ? pattern : pattern.replaceAll("*", "0123abc").replaceAll("?", "0");
}

/** The circumstances in which the actions will be asked for, by the conditions of the policy that allows just them. */
export function contextOf({ Condition: conditions = {} }: Pick<Statement, "Condition">): ContextEntry[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([ContextKeyName, values]) => ({
      ContextKeyName,
      ContextKeyValues: [values].flat().map((value) => example(value)),
      ContextKeyType: typeOf(operator),
    })),
  );
}

function typeOf(operator: string): NonNullable<ContextEntry["ContextKeyType"]> {
  const list = /^ForA(ny|ll)Values?:/.test(operator);
  if (operator.includes("Bool")) return "boolean";
  return list ? "stringList" : "string";
}

/** What a deployment may do without: the role of a service may be there, and nothing may have to be deleted. */
const dispensable =
  /^iam:CreateServiceLinkedRole$|:(Delete|Deregister|Detach|Release|Remove|Untag|Disassociate|Revoke)\w*$/;

function judged(results: readonly EvaluationResult[], arn: string, stack: string): Outcome {
  const denied = results.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  const names = (some: readonly EvaluationResult[]) =>
    [...new Set(some.map(({ EvalActionName = "" }) => EvalActionName))].toSorted();
  const needed = denied.filter(
    ({ EvalActionName = "", MissingContextValues = [] }) =>
      MissingContextValues.length === 0 && !dispensable.test(EvalActionName),
  );
  const remedy = `npm run permissions -- ${stack} prints the policy that this stack takes: attach it to ${arn}`;
  if (needed.length > 0)
    return bad(`${who(arn)} may not: ${shortened(names(needed))}${above(needed)}`, remedy);
  if (denied.length > 0)
    return warning(`${who(arn)} may perhaps not: ${shortened(names(denied))}${above(denied)}`, remedy);
  return good(`${who(arn)} may do the ${names(results).length} things that a deployment takes`);
}

const who = (arn: string) => arn.split(":").at(-1) ?? arn;

/** Denied from above no policy of the identity helps. */
function above(denied: readonly EvaluationResult[]): string {
  const organization = denied.some(
    ({ OrganizationsDecisionDetail }) => OrganizationsDecisionDetail?.AllowedByOrganizations === false,
  );
  const boundary = denied.some(
    ({ PermissionsBoundaryDecisionDetail }) =>
      PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
  );
  if (organization) return "; a policy of the organization denies it";
  return boundary ? "; its permissions boundary denies it" : "";
}

const most = 8;

function shortened(names: readonly string[]): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}

import type { Conditions, Grant } from "./grant.ts";
import type { Place } from "./place.ts";

/**
 * Resources whose IDs AWS makes up are told by their tag `Name`: all of this project have one that begins so.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
const ours = "nango*";

/** The resource is one of this project's. */
export const tagged: Conditions = { StringLike: { "aws:ResourceTag/Name": ours } };

/** The request makes the resource one of this project's. */
export const tagging: Conditions = { StringLike: { "aws:RequestTag/Name": ours } };

/** What knows no tags of what it is about, or not reliably. */
const untold =
  /^(route53:|iam:PassRole$|iam:CreateServiceLinkedRole$)|^kms:.*Alias|^wafv2:(Associate|Disassociate|GetWebACLFor)/;

/**
 * Holds what is granted on the stack's own to what does not bear another stack's tag. What bears none stays within reach:
 * nobody can tell whose it is, and a stack may have been deployed before it had tags.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 */
export function ofStack(grant: Grant, { stackTag }: Pick<Place, "stackTag">): Grant {
  if (stackTag === undefined || grant.because !== undefined) return grant;
  if (grant.actions.every((action) => untold.test(action))) return grant;
  const asks = grant.when["StringLike"]?.["aws:RequestTag/Name"] !== undefined;
  const isNew = grant.on.includes("*") || (asks && grant.actions.some((action) => action.startsWith("ec2:")));
  if (isNew && !asks) return grant;
  const keys = [...(asks ? ["aws:RequestTag"] : []), ...(isNew ? [] : ["aws:ResourceTag"])];
  const held = Object.fromEntries(keys.map((key) => [`${key}/${stackTag.key}`, stackTag.value]));
  return {
    ...grant,
    when: { ...grant.when, StringEqualsIfExists: { ...grant.when["StringEqualsIfExists"], ...held } },
  };
}

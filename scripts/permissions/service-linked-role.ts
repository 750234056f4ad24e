import { type Grant, make } from "./grant.ts";
import { arn, type Place } from "./place.ts";

/**
 * What makes the role with which a service acts in the account, where the account has none yet.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html#service-linked-role-permissions
 */
export function serviceLinkedRole(place: Place, principal: string, roleName: string): Grant {
  return make("iam:CreateServiceLinkedRole", [arn(place, "iam", rolePath(principal, roleName), false)], {
    when: { StringEquals: { "iam:AWSServiceName": principal } },
  });
}

/** The path of such a role, as in its ARN. */
export function rolePath(principal: string, roleName: string): string {
  return `role/aws-service-role/${principal}/${roleName}`;
}

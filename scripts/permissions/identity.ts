import { type Conditions, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, namePattern, type Place } from "./place.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

const ROLE = "aws:iam/role:Role";

function roleArn(place: Place, role: RecordedResource): string {
  const path = typeof role.inputs["path"] === "string" ? role.inputs["path"] : "/";
  return arn(place, "iam", `role${path}${namePattern(place, role)}`, false);
}

/** The patterns of the ARNs of all roles of the stack. */
export function roleArns(place: Place): string[] {
  return place.resources.filter(({ type }) => type === ROLE).map((role) => roleArn(place, role));
}

/**
 * Where a role has a permissions boundary, it gets no rights without it: not even whoever deploys can hand out more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
function bounded({ inputs: { permissionsBoundary } }: RecordedResource): Conditions {
  if (typeof permissionsBoundary !== "string") return {};
  return { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
}

/** `aws.iam` */
export const identity: Readonly<Record<string, ResourcePermissions>> = {
  [ROLE]: {
    source: provider("iam/role.go"),
    grants: (role, place) => {
      const on = [roleArn(place, role)];
      const when = bounded(role);
      const setBoundary = Object.keys(when).length === 0 ? "" : " PutRolePermissionsBoundary";
      return [
        make(`iam:CreateRole${setBoundary}`, on, { when }),
        make("iam:UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole DeleteRole", on),
        make("iam:ListInstanceProfilesForRole", on),
        look("iam:GetRole ListRolePolicies ListAttachedRolePolicies", on),
      ];
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: provider("iam/role_policy.go"),
    grants: ({ inputs }, place) => {
      const role = place.resources.find(({ type, id }) => type === ROLE && id === inputs["role"]);
      if (role === undefined)
        throw new TypeError(`a policy is of the role ${String(inputs["role"])}, which nobody made`);
      const on = [roleArn(place, role)];
      return [
        make("iam:PutRolePolicy", on, { when: bounded(role) }),
        make("iam:DeleteRolePolicy", on),
        look("iam:GetRolePolicy", on),
      ];
    },
  },
};

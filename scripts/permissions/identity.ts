import {
  type CallPermissions,
  type Conditions,
  look,
  make,
  provider,
  type ResourcePermissions,
} from "./grant.ts";
import { arn, namePattern, type Place } from "./place.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const GET_OIDC_PROVIDER = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider";

function roleArn(place: Place, role: RecordedResource): string {
  return arn(place, "iam", `role${pathOf(role)}${namePattern(place, role)}`, false);
}

/** The patterns of the ARNs of all roles of the stack. */
export function roleArns(place: Place): string[] {
  return place.resources.filter(({ type }) => type === ROLE).map((role) => roleArn(place, role));
}

const pathOf = ({ inputs: { path } }: RecordedResource) => (typeof path === "string" ? path : "/");

function policyArn(place: Place, policy: RecordedResource): string {
  return arn(place, "iam", `policy${pathOf(policy)}${namePattern(place, policy)}`, false);
}

/**
 * Where a role has a permissions boundary, it gets no rights without it: not even whoever deploys can hand out more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
function bounded({ inputs: { permissionsBoundary } }: RecordedResource): Conditions {
  if (typeof permissionsBoundary !== "string") return {};
  return { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } };
}

const because = "an account has one provider of each issuer, whoever made it";

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
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    source: provider("iam/role_policy_attachment.go"),
    grants: ({ inputs }, place) => [
      make("iam:AttachRolePolicy DetachRolePolicy", roleArns(place), {
        when: { ArnEquals: { "iam:PolicyARN": String(inputs["policyArn"]) } },
      }),
      look("iam:ListAttachedRolePolicies", roleArns(place)),
    ],
  },
  [POLICY]: {
    source: provider("iam/policy.go"),
    grants: (policy, place) => {
      const on = [policyArn(place, policy)];
      return [
        make(
          "iam:CreatePolicy CreatePolicyVersion DeletePolicyVersion DeletePolicy TagPolicy UntagPolicy",
          on,
        ),
        look("iam:GetPolicy GetPolicyVersion ListPolicyVersions", on),
      ];
    },
  },
  [OIDC_PROVIDER]: {
    source: provider("iam/openid_connect_provider.go"),
    grants: ({ outputs }) => {
      const on = [String(outputs["arn"])];
      return [
        make(
          "iam:CreateOpenIDConnectProvider AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint DeleteOpenIDConnectProvider TagOpenIDConnectProvider UntagOpenIDConnectProvider",
          on,
          { because },
        ),
        look("iam:GetOpenIDConnectProvider", on, { because }),
      ];
    },
  },
};

/** Looks at who may ask for roles. */
export const identityCalls: Readonly<Record<string, CallPermissions>> = {
  [GET_OIDC_PROVIDER]: {
    source: provider("iam/openid_connect_provider_data_source.go"),
    grants: (place) => [
      look(
        "iam:GetOpenIDConnectProvider",
        place.invokes
          .filter(({ token }) => token === GET_OIDC_PROVIDER)
          .map(({ arguments: { arn: of } }) => String(of)),
        { because },
      ),
    ],
  },
};

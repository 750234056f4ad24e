import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";
import { NotFound } from "./not-found.ts";

const OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

/** `aws.iam` */
export const identityResources = {
  [OIDC_PROVIDER]: resource<aws.iam.OpenIdConnectProvider, aws.iam.OpenIdConnectProviderArgs>({
    outputs: ({ inputs, arn }) => {
      const providerArn = arn("iam", `oidc-provider/${inputs.url.replace(/^https:\/\//, "")}`, false);
      return { id: providerArn, arn: providerArn };
    },
    replacedBy: ["url"],
  }),
  "aws:iam/policy:Policy": resource<aws.iam.Policy, aws.iam.PolicyArgs>({
    autoName: { property: "name", maximum: 128 },
    outputs: ({ inputs, hex, arn }) => {
      const policyArn = arn("iam", `policy${inputs.path ?? "/"}${inputs.name}`, false);
      return { id: policyArn, arn: policyArn, policyId: `ANPA${hex(17).toUpperCase()}` };
    },
    replacedBy: ["name", "namePrefix", "path", "description"],
  }),
  "aws:iam/role:Role": resource<aws.iam.Role, aws.iam.RoleArgs>({
    autoName: { property: "name", maximum: 64 },
    outputs: ({ inputs, hex, arn }) => ({
      arn: arn("iam", `role${inputs.path ?? "/"}${inputs.name}`, false),
      uniqueId: `AROA${hex(17).toUpperCase()}`,
    }),
    replacedBy: ["name", "namePrefix", "path"],
  }),
  "aws:iam/rolePolicy:RolePolicy": resource<aws.iam.RolePolicy, aws.iam.RolePolicyArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs }) => ({ id: `${String(inputs.role)}:${inputs.name}` }),
    replacedBy: ["name", "role"],
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": resource<
    aws.iam.RolePolicyAttachment,
    aws.iam.RolePolicyAttachmentArgs
  >({
    outputs: ({ inputs, hex }) => ({ id: `${String(inputs.role)}-${hex(26)}` }),
    replacedBy: ["role", "policyArn"],
  }),
};

/** Looks at what is there. An account that nobody tells of has no providers but those of the stack. */
export const identityFunctions = {
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": invocation<
    aws.iam.GetOpenIdConnectProviderArgs,
    aws.iam.GetOpenIdConnectProviderResult
  >({
    answer: ({ inputs: { arn = "" }, registered }) => {
      const found = registered(OIDC_PROVIDER).find((provider) => provider["arn"] === arn);
      if (found === undefined)
        throw new NotFound(`reading IAM OIDC Provider (${arn}): couldn't find resource`);
      return {
        id: arn,
        arn,
        url: String(found["url"]).replace(/^https:\/\//, ""),
        clientIdLists: found["clientIdLists"] as string[],
        thumbprintLists: [],
        tags: (found["tags"] ?? {}) as Record<string, string>,
      };
    },
  }),
};

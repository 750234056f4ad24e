import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";

/** `aws.iam` */
export const identityResources = {
  "aws:iam/role:Role": resource<aws.iam.Role, aws.iam.RoleArgs>({
    inputs: [
      "name",
      "namePrefix",
      "description",
      "path",
      "assumeRolePolicy",
      "managedPolicyArns",
      "permissionsBoundary",
      "maxSessionDuration",
      "tags",
    ],
    autoName: { property: "name", maximum: 64 },
    outputs: ({ inputs, hex, arn }) => ({
      arn: arn("iam", `role${inputs.path ?? "/"}${inputs.name}`, false),
      uniqueId: `AROA${hex(17).toUpperCase()}`,
    }),
    replacedBy: ["name", "namePrefix", "path"],
  }),
  "aws:iam/rolePolicy:RolePolicy": resource<aws.iam.RolePolicy, aws.iam.RolePolicyArgs>({
    inputs: ["name", "role", "policy"],
    autoName: { property: "name" },
    outputs: ({ inputs }) => ({ id: `${String(inputs.role)}:${inputs.name}` }),
    replacedBy: ["name", "role"],
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": resource<
    aws.iam.RolePolicyAttachment,
    aws.iam.RolePolicyAttachmentArgs
  >({
    inputs: ["role", "policyArn"],
    outputs: ({ inputs }) => ({ id: `${String(inputs.role)}/${inputs.policyArn}` }),
    replacedBy: ["role", "policyArn"],
  }),
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": resource<
    aws.iam.ServiceLinkedRole,
    aws.iam.ServiceLinkedRoleArgs
  >({
    inputs: ["awsServiceName", "description", "customSuffix"],
    outputs: ({ inputs, hex, arn }) => {
      const service = inputs.awsServiceName;
      const name = `AWSServiceRoleFor${service.split(".")[0]}`;
      const roleArn = arn("iam", `role/aws-service-role/${service}/${name}`, false);
      return { id: roleArn, arn: roleArn, name, uniqueId: `AROA${hex(17).toUpperCase()}` };
    },
    replacedBy: ["awsServiceName", "customSuffix"],
  }),
};

/** The roles of the account; there are none yet. */
export const identityFunctions = {
  "aws:iam/getRole:getRole": invocation<
    aws.iam.GetRoleArgs,
    Pick<aws.iam.GetRoleResult, "id" | "arn" | "name" | "path">
  >({
    arguments: ["name"],
    answer: ({ inputs, arn }) => ({
      id: inputs.name,
      name: inputs.name,
      path: "/",
      arn: arn("iam", `role/${inputs.name}`, false),
    }),
  }),
  "aws:iam/getRoles:getRoles": invocation<aws.iam.GetRolesArgs, aws.iam.GetRolesResult>({
    arguments: ["nameRegex", "pathPrefix"],
    answer: ({ region }) => ({ id: region, arns: [], names: [] }),
  }),
};

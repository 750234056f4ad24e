import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.iam` */
export const identityResources = {
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
};

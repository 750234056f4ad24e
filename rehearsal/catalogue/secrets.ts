import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.secretsmanager` */
export const secretResources = {
  "aws:secretsmanager/secret:Secret": resource<aws.secretsmanager.Secret, aws.secretsmanager.SecretArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, hex, arn }) => {
      const secretArn = arn("secretsmanager", `secret:${inputs.name}-${hex(6)}`);
      return { id: secretArn, arn: secretArn };
    },
    replacedBy: ["name", "namePrefix"],
  }),
  "aws:secretsmanager/secretVersion:SecretVersion": resource<
    aws.secretsmanager.SecretVersion,
    aws.secretsmanager.SecretVersionArgs
  >({
    outputs: ({ inputs, hex }) => ({
      id: `${inputs.secretId}|terraform-${hex(26)}`,
      arn: inputs.secretId,
      versionId: `terraform-${hex(26)}`,
      versionStages: inputs.versionStages ?? ["AWSCURRENT"],
    }),
    secretOutputs: ["secretString"],
    replacedBy: ["secretId", "secretString"],
  }),
};

import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.secretsmanager` and `aws.kms` */
export const secretResources = {
  "aws:secretsmanager/secret:Secret": resource<aws.secretsmanager.Secret, aws.secretsmanager.SecretArgs>({
    inputs: ["name", "namePrefix", "description", "kmsKeyId", "recoveryWindowInDays", "policy", "tags"],
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
    inputs: ["secretId", "secretString", "versionStages"],
    outputs: ({ inputs, hex }) => ({
      id: `${inputs.secretId}|terraform-${hex(26)}`,
      arn: inputs.secretId,
      versionId: `terraform-${hex(26)}`,
      versionStages: inputs.versionStages ?? ["AWSCURRENT"],
    }),
    secretOutputs: ["secretString"],
    replacedBy: ["secretId", "secretString"],
  }),
  "aws:kms/key:Key": resource<aws.kms.Key, aws.kms.KeyArgs>({
    inputs: ["description", "deletionWindowInDays", "enableKeyRotation", "policy", "keyUsage", "tags"],
    outputs: ({ hex, arn }) => ({ id: hex(32), keyId: hex(32), arn: arn("kms", `key/${hex(32)}`) }),
    replacedBy: ["keyUsage"],
  }),
  "aws:kms/alias:Alias": resource<aws.kms.Alias, aws.kms.AliasArgs>({
    inputs: ["name", "targetKeyId"],
    outputs: ({ inputs, arn }) => ({ id: inputs.name ?? "", arn: arn("kms", inputs.name ?? "") }),
    replacedBy: ["name"],
  }),
};

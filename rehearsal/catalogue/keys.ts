import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.kms` */
export const keyResources = {
  "aws:kms/alias:Alias": resource<aws.kms.Alias, aws.kms.AliasArgs>({
    outputs: ({ inputs, arn }) => ({ id: String(inputs.name), arn: arn("kms", String(inputs.name)) }),
    replacedBy: ["name", "namePrefix"],
  }),
  "aws:kms/key:Key": resource<aws.kms.Key, aws.kms.KeyArgs>({
    outputs: ({ uuid, arn }) => {
      const keyId = uuid();
      return { id: keyId, keyId, arn: arn("kms", `key/${keyId}`) };
    },
    replacedBy: ["keyUsage", "customerMasterKeySpec", "multiRegion", "customKeyStoreId", "xksKeyId"],
  }),
};

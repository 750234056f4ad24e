import type * as aws from "@pulumi/aws";

import { shortRegion } from "./account.ts";
import { resource } from "./entry.ts";

/** `aws.elasticache` */
export const cacheResources = {
  "aws:elasticache/subnetGroup:SubnetGroup": resource<
    aws.elasticache.SubnetGroup,
    aws.elasticache.SubnetGroupArgs
  >({
    autoName: { property: "name" },
    outputs: ({ inputs, arn, hex }) => ({
      arn: arn("elasticache", `subnetgroup:${inputs.name}`),
      vpcId: `vpc-${hex(17)}`,
    }),
    replacedBy: ["name"],
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": resource<
    aws.elasticache.ReplicationGroup,
    aws.elasticache.ReplicationGroupArgs
  >({
    autoName: { property: "replicationGroupId", maximum: 40 },
    outputs: ({ inputs, hex, arn, region, dnsSuffix }) => {
      const id = inputs.replicationGroupId ?? "";
      const domain = `${id}.${hex(6)}.${shortRegion(region)}.cache.${dnsSuffix}`;
      return {
        id,
        arn: arn("elasticache", `replicationgroup:${id}`),
        primaryEndpointAddress: `master.${domain}`,
        readerEndpointAddress: `replica.${domain}`,
        engineVersionActual: inputs.engineVersion ?? "",
        port: inputs.port ?? 6379,
        memberClusters: Array.from(
          { length: inputs.numCacheClusters ?? 1 },
          (_, index) => `${id}-${String(index + 1).padStart(3, "0")}`,
        ),
      };
    },
    replacedBy: [
      "replicationGroupId",
      "engine",
      "port",
      "subnetGroupName",
      "atRestEncryptionEnabled",
      "kmsKeyId",
    ],
  }),
};

import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.opensearch` */
export const searchResources = {
  "aws:opensearch/domain:Domain": resource<aws.opensearch.Domain, aws.opensearch.DomainArgs>({
    autoName: { property: "domainName", maximum: 28 },
    outputs: ({ inputs, hex, arn, accountId, region, dnsSuffix }) => {
      const place = inputs.vpcOptions ? "vpc" : "search";
      const endpoint = `${place}-${inputs.domainName}-${hex(26)}.${region}.es.${dnsSuffix}`;
      return {
        id: arn("es", `domain/${inputs.domainName}`),
        arn: arn("es", `domain/${inputs.domainName}`),
        domainId: `${accountId}/${inputs.domainName}`,
        endpoint,
        dashboardEndpoint: `${endpoint}/_dashboards`,
      };
    },
    replacedBy: ["domainName", "encryptAtRest", "nodeToNodeEncryption"],
  }),
};

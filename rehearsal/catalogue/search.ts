import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.opensearch` */
export const searchResources = {
  "aws:opensearch/domain:Domain": resource<aws.opensearch.Domain, aws.opensearch.DomainArgs>({
    inputs: [
      "domainName",
      "engineVersion",
      {
        clusterConfig: [
          "instanceType",
          "instanceCount",
          "zoneAwarenessEnabled",
          { zoneAwarenessConfig: ["availabilityZoneCount"] },
          "dedicatedMasterEnabled",
          "dedicatedMasterType",
          "dedicatedMasterCount",
          "multiAzWithStandbyEnabled",
        ],
      },
      { ebsOptions: ["ebsEnabled", "volumeType", "volumeSize", "iops", "throughput"] },
      { vpcOptions: ["subnetIds", "securityGroupIds"] },
      {
        advancedSecurityOptions: [
          "enabled",
          "anonymousAuthEnabled",
          "internalUserDatabaseEnabled",
          { masterUserOptions: ["masterUserName", "masterUserPassword", "masterUserArn"] },
        ],
      },
      { domainEndpointOptions: ["enforceHttps", "tlsSecurityPolicy"] },
      { encryptAtRest: ["enabled", "kmsKeyId"] },
      { nodeToNodeEncryption: ["enabled"] },
      { logPublishingOptions: ["logType", "cloudwatchLogGroupArn", "enabled"] },
      { autoTuneOptions: ["desiredState", "rollbackOnDisable"] },
      { offPeakWindowOptions: ["enabled"] },
      { softwareUpdateOptions: ["autoSoftwareUpdateEnabled"] },
      "advancedOptions",
      "accessPolicies",
      "ipAddressType",
      "tags",
    ],
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
    minutes: 20,
  }),
  "aws:opensearch/domainPolicy:DomainPolicy": resource<
    aws.opensearch.DomainPolicy,
    aws.opensearch.DomainPolicyArgs
  >({
    inputs: ["domainName", "accessPolicies"],
    outputs: ({ inputs }) => ({ id: `esd-policy-${inputs.domainName}` }),
  }),
};

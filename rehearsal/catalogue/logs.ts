import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.cloudwatch` */
export const logResources = {
  "aws:cloudwatch/logGroup:LogGroup": resource<aws.cloudwatch.LogGroup, aws.cloudwatch.LogGroupArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({ arn: arn("logs", `log-group:${inputs.name}`) }),
    replacedBy: ["name", "namePrefix", "logGroupClass"],
  }),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": resource<
    aws.cloudwatch.LogResourcePolicy,
    aws.cloudwatch.LogResourcePolicyArgs
  >({
    autoName: { property: "policyName" },
    outputs: () => ({}),
    replacedBy: ["policyName"],
  }),
};

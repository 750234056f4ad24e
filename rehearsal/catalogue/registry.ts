import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";

/** `aws.ecr` */
export const registryResources = {
  "aws:ecr/repository:Repository": resource<aws.ecr.Repository, aws.ecr.RepositoryArgs>({
    autoName: { property: "name" },
    outputs: ({ inputs, arn, accountId, region, dnsSuffix }) => ({
      arn: arn("ecr", `repository/${inputs.name}`),
      registryId: accountId,
      repositoryUrl: `${accountId}.dkr.ecr.${region}.${dnsSuffix}/${inputs.name}`,
    }),
    replacedBy: ["name", "encryptionConfigurations"],
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": resource<aws.ecr.LifecyclePolicy, aws.ecr.LifecyclePolicyArgs>({
    outputs: ({ inputs, accountId }) => ({ id: inputs.repository, registryId: accountId }),
    replacedBy: ["repository", "policy"],
  }),
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": resource<
    aws.ecr.PullThroughCacheRule,
    aws.ecr.PullThroughCacheRuleArgs
  >({
    outputs: ({ inputs, accountId }) => ({ id: inputs.ecrRepositoryPrefix, registryId: accountId }),
    replacedBy: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
  }),
};

export const registryFunctions = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": invocation<
    aws.ecr.GetAuthorizationTokenArgs,
    aws.ecr.GetAuthorizationTokenResult
  >({
    answer: ({ inputs, hex, accountId, region, dnsSuffix }) => ({
      id: region,
      region,
      registryId: inputs.registryId ?? accountId,
      authorizationToken: Buffer.from(`AWS:${hex(32)}`).toString("base64"),
      userName: "AWS",
      password: hex(32),
      proxyEndpoint: `https://${inputs.registryId ?? accountId}.dkr.ecr.${region}.${dnsSuffix}`,
      expiresAt: "2030-01-01T00:00:00Z",
    }),
  }),
};

import type * as aws from "@pulumi/aws";

import { invocation, resource } from "./entry.ts";

/** `aws.ecr` */
export const registryResources = {
  "aws:ecr/repository:Repository": resource<aws.ecr.Repository, aws.ecr.RepositoryArgs>({
    inputs: [
      "name",
      "imageTagMutability",
      { imageScanningConfiguration: ["scanOnPush"] },
      { encryptionConfigurations: ["encryptionType", "kmsKey"] },
      "forceDelete",
      "tags",
    ],
    autoName: { property: "name" },
    outputs: ({ inputs, arn, accountId, region, dnsSuffix }) => ({
      arn: arn("ecr", `repository/${inputs.name}`),
      registryId: accountId,
      repositoryUrl: `${accountId}.dkr.ecr.${region}.${dnsSuffix}/${inputs.name}`,
    }),
    replacedBy: ["name", "encryptionConfigurations"],
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": resource<aws.ecr.LifecyclePolicy, aws.ecr.LifecyclePolicyArgs>({
    inputs: ["repository", "policy"],
    outputs: ({ inputs, accountId }) => ({ id: inputs.repository, registryId: accountId }),
    replacedBy: ["repository", "policy"],
  }),
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": resource<
    aws.ecr.PullThroughCacheRule,
    aws.ecr.PullThroughCacheRuleArgs
  >({
    inputs: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix", "credentialArn"],
    outputs: ({ inputs, accountId }) => ({ id: inputs.ecrRepositoryPrefix, registryId: accountId }),
    replacedBy: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
  }),
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": resource<
    aws.ecr.RepositoryCreationTemplate,
    aws.ecr.RepositoryCreationTemplateArgs
  >({
    inputs: [
      "prefix",
      "description",
      "appliedFors",
      "imageTagMutability",
      { encryptionConfigurations: ["encryptionType", "kmsKey"] },
      "lifecyclePolicy",
      "repositoryPolicy",
      "resourceTags",
    ],
    outputs: ({ inputs, accountId }) => ({ id: inputs.prefix, registryId: accountId }),
    replacedBy: ["prefix"],
  }),
};

export const registryFunctions = {
  "aws:ecr/getImage:getImage": invocation<
    aws.ecr.GetImageArgs,
    Pick<
      aws.ecr.GetImageResult,
      "id" | "imageDigest" | "imageTags" | "imageUri" | "registryId" | "repositoryName"
    >
  >({
    arguments: ["imageDigest", "imageTag", "mostRecent", "registryId", "repositoryName"],
    answer: ({ inputs, hex, accountId, region, dnsSuffix }) => {
      const imageDigest = inputs.imageDigest ?? `sha256:${hex(64)}`;
      const registryId = inputs.registryId ?? accountId;
      return {
        id: imageDigest,
        imageDigest,
        imageTags: inputs.imageTag === undefined ? [] : [inputs.imageTag],
        imageUri: `${registryId}.dkr.ecr.${region}.${dnsSuffix}/${inputs.repositoryName}@${imageDigest}`,
        registryId,
        repositoryName: inputs.repositoryName,
      };
    },
  }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": invocation<
    aws.ecr.GetAuthorizationTokenArgs,
    aws.ecr.GetAuthorizationTokenResult
  >({
    arguments: ["registryId"],
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
  "aws:ecr/getCredentials:getCredentials": invocation<
    aws.ecr.GetCredentialsArgs,
    aws.ecr.GetCredentialsResult
  >({
    arguments: ["registryId"],
    answer: ({ inputs, hex, region, dnsSuffix }) => ({
      id: region,
      registryId: inputs.registryId,
      authorizationToken: Buffer.from(`AWS:${hex(32)}`).toString("base64"),
      userName: "AWS",
      password: hex(32),
      proxyEndpoint: `https://${inputs.registryId}.dkr.ecr.${region}.${dnsSuffix}`,
      expiresAt: "2030-01-01T00:00:00Z",
    }),
  }),
};

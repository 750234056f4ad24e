import { type CallPermissions, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";
import { serviceLinkedRole } from "./service-linked-role.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

const repositories = (place: Place) =>
  namePatterns(place, REPOSITORY).map((name) => arn(place, "ecr", `repository/${name}`));

/** `aws.ecr`, and what Docker pushes into it */
export const registry: Readonly<Record<string, ResourcePermissions>> = {
  [REPOSITORY]: {
    source: provider("ecr/repository.go"),
    grants: (repository, place) => {
      const on = [arn(place, "ecr", `repository/${namePattern(place, repository)}`)];
      return [
        make(
          "ecr:CreateRepository PutImageTagMutability PutImageScanningConfiguration DeleteRepository TagResource UntagResource",
          on,
        ),
        look("ecr:DescribeRepositories ListTagsForResource", on),
      ];
    },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    source: provider("ecr/lifecycle_policy.go"),
    grants: (_, place) => [
      make("ecr:PutLifecyclePolicy DeleteLifecyclePolicy", repositories(place)),
      look("ecr:GetLifecyclePolicy", repositories(place)),
    ],
  },
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": {
    source: provider("ecr/pull_through_cache_rule.go"),
    grants: (_, place) => [
      make(
        "ecr:CreatePullThroughCacheRule UpdatePullThroughCacheRule DeletePullThroughCacheRule",
        ["*"],
        inRegion(place),
      ),
      look("ecr:DescribePullThroughCacheRules", ["*"], inRegion(place)),
      // Before an image runs, the deployment has it fetched. infra/aws/image/cache-manifests.ts
      // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
      make("ecr:BatchGetImage BatchImportUpstreamImage", repositories(place)),
      serviceLinkedRole(place, "pullthroughcache.ecr.amazonaws.com", "AWSServiceRoleForECRPullThroughCache"),
    ],
  },
  "docker:index/image:Image": {
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html",
    grants: (_, place) => [
      make(
        "ecr:BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage",
        repositories(place),
      ),
    ],
  },
};

/** The password for Docker. */
export const registryCalls: Readonly<Record<string, CallPermissions>> = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
    source: provider("ecr/authorization_token_data_source.go"),
    grants: (place) => [look("ecr:GetAuthorizationToken", ["*"], inRegion(place))],
  },
};

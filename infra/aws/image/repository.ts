import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ecrRegistry } from "../../config/rules/aws-hosts.ts";
import { partitionOf } from "../../config/rules/aws-region.ts";

/** A statement of an IAM policy that allows something. */
export interface PolicyStatement {
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: pulumi.Input<string>;
}

/** How many images a repository keeps: the newest, and those that one may want to go back to. */
const imagesKept = 10;
const untaggedDays = 7;

/** A repository in ECR for Nango's image; its name is left to Pulumi unless given. */
export function imageRepository(
  name: string,
  args: { readonly name?: string },
  parent: { readonly parent: pulumi.Resource },
): aws.ecr.Repository {
  const repository = new aws.ecr.Repository(
    name,
    {
      ...args,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
      // It holds copies only.
      forceDelete: true,
      tags: { Name: name },
    },
    parent,
  );
  new aws.ecr.LifecyclePolicy(name, { repository: repository.name, policy: lifecycle() }, parent);
  return repository;
}

/**
 * The parts of a multi-platform image have no tags; ECR does not expire them while the image is there.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function lifecycle(): string {
  const untagged = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days" };
  const tagged = { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan" };
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Untagged for ${untaggedDays} days`,
        selection: { ...untagged, countNumber: untaggedDays },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `All but the last ${imagesKept} images`,
        selection: { ...tagged, countNumber: imagesKept },
        action: { type: "expire" },
      },
    ],
  });
}

/** The ARN of a repository that is in ECR already, in whatever account; undefined for one of another registry. */
export function existingRepositoryArn(repository: string): string | undefined {
  const [host = "", ...path] = repository.split("/");
  const registry = ecrRegistry(host);
  if (registry === undefined) return undefined;
  const { account, region } = registry;
  return `arn:${partitionOf(region).name}:ecr:${region}:${account}:repository/${path.join("/")}`;
}

/** What pulling from a repository takes. A token is for the whole registry: there is no narrower resource. */
export function pullPermissions(
  repositoryArn: pulumi.Input<string>,
  more: readonly string[] = [],
): readonly PolicyStatement[] {
  return [
    { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", ...more],
      Resource: repositoryArn,
    },
  ];
}

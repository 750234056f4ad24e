import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

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

/** The ARN of a repository that is in ECR already; undefined for one of another registry. */
export function existingRepositoryArn(
  repository: string,
  parent: { readonly parent: pulumi.Resource },
): pulumi.Output<string> | undefined {
  const found = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/.exec(repository);
  if (found === null) return undefined;
  const [, account, region, name] = found;
  const { partition } = aws.getPartitionOutput({}, parent);
  return pulumi.interpolate`arn:${partition}:ecr:${region}:${account}:repository/${name}`;
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

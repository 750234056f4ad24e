import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ImageSource } from "../../config/stack-config.ts";
import type { Image } from "../../nango/image.ts";
import type { TaskImage } from "./task-image.ts";
import { cacheManifests } from "./cache-manifests.ts";
import { imageRepository, type PolicyStatement, pullPermissions } from "./repository.ts";
import { upstreamDigest } from "./upstream-digest.ts";

export interface PullThroughCacheArgs {
  readonly image: Image;
  readonly source: Extract<ImageSource<pulumi.Output<string>>, { kind: "ecr-pull-through" }>;
  /** The stack's name in physical names: rules are shared by a whole account and region. */
  readonly stack: string;
}

/** The most characters of a rule's prefix. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
export const longestPrefix = 30;

/** A repository in ECR that ECR itself fills from Docker Hub. */
export class PullThroughCache extends pulumi.ComponentResource implements TaskImage {
  readonly reference: pulumi.Output<string>;
  readonly pullPermissions: readonly PolicyStatement[];
  readonly makeAvailable: () => Promise<void>;

  constructor(name: string, args: PullThroughCacheArgs, opts: pulumi.ComponentResourceOptions) {
    super("nango:aws:PullThroughCache", name, {}, opts);
    const prefix = cachePrefix(args.stack);
    const rule = this.rule(name, prefix, args);
    // Made here, not by ECR at the first pull, which would know nothing of scans and of a lifecycle.
    const repository = imageRepository(name, { name: `${prefix}/${args.source.path}` }, { parent: this });
    const digest = upstreamDigest(name, args.image, { parent: this });
    this.reference = pulumi.interpolate`${repository.repositoryUrl}@${digest}`;
    this.pullPermissions = pullPermissions(repository.arn, ["ecr:BatchImportUpstreamImage"]);
    this.makeAvailable = this.fetching(args.source.tag, digest, repository, rule);
    this.registerOutputs({ reference: this.reference });
  }

  private rule(name: string, prefix: string, args: PullThroughCacheArgs): aws.ecr.PullThroughCacheRule {
    const parent = { parent: this };
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        // ECR demands how it begins; AWS adds an end, since a deleted secret keeps its name for 30 days.
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
        namePrefix: `ecr-pullthroughcache/${name}-`,
        description: "Docker Hub's credentials, for ECR's pull-through cache",
        tags: { Name: name },
      },
      parent,
    );
    const version = new aws.secretsmanager.SecretVersion(
      name,
      {
        secretId: secret.id,
        secretString: pulumi.secret(
          pulumi.jsonStringify({ username: args.source.user, accessToken: args.source.token }),
        ),
      },
      parent,
    );
    return new aws.ecr.PullThroughCacheRule(
      name,
      { ecrRepositoryPrefix: prefix, upstreamRegistryUrl: "registry-1.docker.io", credentialArn: secret.arn },
      { ...parent, dependsOn: [version] },
    );
  }

  /** ECR fetches an image by its tag only (https://github.com/aws/containers-roadmap/issues/2837); tasks want its digest. */
  private fetching(
    tag: string,
    digest: pulumi.Output<string>,
    repository: aws.ecr.Repository,
    rule: aws.ecr.PullThroughCacheRule,
  ): () => Promise<void> {
    const { authorizationToken } = aws.ecr.getAuthorizationTokenOutput({}, { parent: this });
    const known = pulumi.all([repository.repositoryUrl, digest, pulumi.secret(authorizationToken), rule.id]);
    return () =>
      new Promise((resolve, reject) => {
        known.apply(([repositoryUrl, wanted, authorization]) => {
          void pulumi.log.info(`Fetching ${repositoryUrl}:${tag} from Docker Hub`, this);
          cacheManifests({ repositoryUrl, tag, digest: wanted, authorization }).then(resolve, reject);
        });
      });
  }
}

/** The prefix of a stack's cached repositories: its name, where ECR allows it, else what it allows and a hash. */
export function cachePrefix(stack: string): string {
  const plain = `nango-${stack}`;
  if (plain.length <= longestPrefix && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(plain)) return plain;
  const hash = createHash("sha256").update(stack).digest("hex").slice(0, 8);
  const room = longestPrefix - "nango--".length - hash.length;
  const cleaned = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, room)
    .replace(/-$/, "");
  return ["nango", cleaned, hash].filter((part) => part !== "").join("-");
}

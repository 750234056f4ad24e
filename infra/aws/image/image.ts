import type * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../../config/index.ts";
import { atDigest } from "../../nango/image.ts";
import { ImageMirror } from "./mirror.ts";
import { PullThroughCache } from "./pull-through-cache.ts";
import { existingRepositoryArn, type PolicyStatement, pullPermissions } from "./repository.ts";
import { upstreamDigest } from "./upstream-digest.ts";

/** Nango's image as the tasks of a stack get it. */
export interface TaskImage {
  /** What ECS pulls. */
  readonly reference: pulumi.Input<string>;
  /** What the execution role needs to pull it. */
  readonly pullPermissions: readonly PolicyStatement[];
  /** Fetches the image to where it is pulled from, where that takes a step of its own; awaited before a new one starts. */
  readonly makeAvailable?: () => Promise<void>;
}

/** The image from where `nango:imageSource` says. From ECR it is always named by its digest. */
export function taskImage(
  name: string,
  config: Pick<ProgramConfig, "stack" | "image" | "imageSource">,
  opts: { readonly parent: pulumi.Resource },
): TaskImage {
  const { image, imageSource, stack } = config;
  switch (imageSource.kind) {
    case "docker-hub": {
      const existing = existingRepositoryArn(image.repository);
      return {
        reference: imageSource.pinDigest
          ? upstreamDigest(name, image, opts).apply((digest) => atDigest(image, digest))
          : image.reference,
        pullPermissions: existing === undefined ? [] : pullPermissions(existing),
      };
    }
    case "ecr-mirror":
      return new ImageMirror(name, { image }, opts);
    case "ecr-pull-through":
      return new PullThroughCache(name, { image, source: imageSource, stack }, opts);
  }
}

import type * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../../config/index.ts";
import { atDigest } from "../../nango/image.ts";
import { ImageMirror } from "./mirror.ts";
import { PullThroughCache } from "./pull-through-cache.ts";
import { existingRepositoryArn, pullPermissions } from "./repository.ts";
import type { TaskImage } from "./task-image.ts";
import { upstreamDigest } from "./upstream-digest.ts";

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

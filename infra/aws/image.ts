import * as pulumi from "@pulumi/pulumi";
import type { ProgramConfig } from "../config/index.ts";
import { atDigest } from "../nango/image.ts";

/** What ECS pulls: the pinned reference, or the digest that the registry has for it at this moment. */
export function imageToRun(config: Pick<ProgramConfig, "image" | "pinDigest">): pulumi.Input<string> {
  const { image, pinDigest } = config;
  if (!pinDigest || image.digest !== undefined) return image.reference;
  return pulumi.output(import("@pulumi/docker")).apply(async (docker) => {
    const found = await docker.getRegistryImage({ name: image.reference });
    return atDigest(image, found.sha256Digest);
  });
}

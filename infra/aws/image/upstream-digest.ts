import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../../nango/image.ts";

/**
 * The digest of an image: its own, or the one that its registry has for its tag at this moment. Needs no Docker.
 *
 * Asking a registry takes no engine, but the provider refuses to start without one unless its host is reached through
 * SSH, which it connects to only when an engine is needed.
 * https://github.com/pulumi/pulumi-docker/blob/237b7899bb513613a7645e74d6981c12d054dcc7/provider/image.go#L946-L952
 */
export function upstreamDigest(
  name: string,
  image: Image,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  if (image.digest !== undefined) return pulumi.output(image.digest);
  const provider = new docker.Provider(`${name}-registry`, { host: "ssh://no-engine.invalid" }, opts);
  return docker.getRegistryImageOutput({ name: image.reference }, { ...opts, provider }).sha256Digest;
}

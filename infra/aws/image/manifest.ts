/** The kinds of manifests that a registry may answer, for the header `accept`: those of several platforms, and of one. */
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What an image is built for, as `linux/amd64`, and the manifest of it. */
export interface PlatformManifest {
  readonly platform: string;
  readonly digest: string;
}

/** The platform that tasks run on. */
export const taskPlatform = "linux/amd64";

/**
 * The platforms of an image, by its manifest; undefined for a manifest of one platform, which does not tell which.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md
 */
export function platformsIn(manifest: string): readonly PlatformManifest[] | undefined {
  const { manifests } = JSON.parse(manifest) as {
    manifests?: { digest: string; platform?: { os?: string; architecture?: string } }[];
  };
  return manifests?.map(({ digest, platform }) => ({
    digest,
    platform: `${platform?.os ?? "unknown"}/${platform?.architecture ?? "unknown"}`,
  }));
}

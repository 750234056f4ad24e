import { RunError } from "@pulumi/pulumi";
import { type Clock, wallClock } from "../deploying/one-off-task/clock.ts";
import { manifestTypes, platformsIn, taskPlatform } from "./manifest.ts";

/** An image that a pull-through cache is to fetch. */
export interface CachedImage {
  /** `<registry host>/<repository>` */
  readonly repositoryUrl: string;
  readonly tag: string;
  /** What the tag must name. */
  readonly digest: string;
  /** The base64 of user and password, as ECR hands it out. */
  readonly authorization: string;
  /** @default "https" */
  readonly protocol?: "http" | "https";
  /** @default the machine's clock */
  readonly clock?: Clock;
}

const requestTimeoutMilliseconds = 60_000;
const cachingTimeoutMilliseconds = 5 * 60_000;
const pollIntervalMilliseconds = 5000;

/**
 * Has a pull-through cache fetch an image, and waits until it can be pulled by digest, which it cannot before.
 * Asks for manifests as any container runtime does.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @throws RunError when the registry does not have it, or something else by that tag.
 */
export async function cacheManifests(image: CachedImage): Promise<void> {
  const clock = image.clock ?? wallClock;
  const response = await getManifest(image, image.tag);
  if (!response.ok) throw new RunError(await refusal(image, response));
  const found = response.headers.get("docker-content-digest");
  if (found !== null && found !== image.digest) {
    throw new RunError(
      `The tag ${image.tag} names ${found} in ${image.repositoryUrl}, not ${image.digest}. ` +
        "A commit's tag is never moved: find out who did, or name the image by the digest that you trust (nango:image).",
    );
  }
  const deadline = clock.now() + cachingTimeoutMilliseconds;
  for (const digest of [image.digest, ...platformManifests(await response.text())]) {
    while (!(await getManifest(image, digest)).ok) {
      if (clock.now() >= deadline) {
        throw new RunError(
          `ECR has fetched ${image.repositoryUrl}:${image.tag}, but does not give ${digest} out after ${cachingTimeoutMilliseconds / 60_000} minutes. Deploy again.`,
        );
      }
      await clock.sleep(pollIntervalMilliseconds);
    }
  }
}

async function getManifest(image: CachedImage, reference: string): Promise<Response> {
  const [host, ...repository] = image.repositoryUrl.split("/");
  const url = `${image.protocol ?? "https"}://${host}/v2/${repository.join("/")}/manifests/${reference}`;
  try {
    return await fetch(url, {
      headers: { authorization: `Basic ${image.authorization}`, accept: manifestTypes.join(", ") },
      signal: AbortSignal.timeout(requestTimeoutMilliseconds),
    });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new RunError(
      `ECR's registry does not answer at ${url}: ${cause instanceof Error ? cause.message : message}`,
    );
  }
}

/** Of an image for several platforms, the manifest of the one that tasks run on. */
function platformManifests(manifest: string): string[] {
  return (platformsIn(manifest) ?? [])
    .filter(({ platform }) => platform === taskPlatform)
    .map(({ digest }) => digest);
}

async function refusal(image: CachedImage, response: Response): Promise<string> {
  const reason = (await response.text()).trim();
  return (
    `ECR does not get ${image.repositoryUrl}:${image.tag} from Docker Hub (${response.status}): ${reason}\n` +
    "Check that the tag exists there, that nango:dockerHubUser and nango:dockerHubToken are right and may read it, and " +
    "that whoever deploys may do ecr:BatchGetImage and ecr:BatchImportUpstreamImage."
  );
}

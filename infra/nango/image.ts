import { defaultRelease } from "./releases.ts";

/** A reference to a container image that can only ever mean one thing. */
export interface Image {
  /** What a container runtime pulls: `repository:tag`, `repository@sha256:...` or both. */
  readonly reference: string;
  /** Registry host (when not Docker Hub), path and name, without tag or digest. */
  readonly repository: string;
  /** A tag that names one Nango commit: `hosted-<40 hexadecimal digits>`. */
  readonly tag?: string;
  /** `sha256:<64 hexadecimal digits>`. */
  readonly digest?: string;
}

/** The free edition at the commit of the release that stacks get unless they name another. */
export const defaultImage = `nangohq/nango-server:${commitTag(defaultRelease.commit)}`;

// https://github.com/distribution/reference/blob/v0.6.0/reference.go
const pathPart = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^(?:[a-z0-9][a-z0-9.-]*(?::\\d+)?/)?${pathPart}(?:/${pathPart})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
/**
 * Nango pushes `hosted` and `hosted-<version>` anew from every build of its main branch; only the tag with a
 * commit stays. https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/scripts/build_docker_self_hosted.sh#L27-L42
 * An outage from a tag that moved: https://github.com/NangoHQ/nango/issues/7422
 */
const commitTagPattern = /^hosted-[0-9a-f]{40}$/;

/** The tag of Nango at a commit. */
export function commitTag(commit: string): string {
  return `hosted-${commit}`;
}

const remedy = `Name a commit, as in ${defaultImage}, or a digest, as in nangohq/nango-server@sha256:<64 hexadecimal digits>`;

/**
 * Reads an image reference.
 * @throws Error when it is malformed or when what it names can change; the message says how to pin it.
 */
export function parseImage(reference: string): Image {
  const [name = "", digest, ...rest] = reference.split("@");
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const repository = hasTag ? name.slice(0, colon) : name;
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  const badTag = tag !== undefined && !tagPattern.test(tag);
  if (rest.length > 0 || badTag || !repositoryPattern.test(repository)) {
    throw new Error(`is not an image reference. ${remedy}`);
  }
  if (digest !== undefined) {
    if (!digestPattern.test(digest)) throw new Error(`has a malformed digest. ${remedy}`);
    return { reference, repository, ...(tag === undefined ? {} : { tag }), digest };
  }
  if (tag === undefined)
    throw new Error(`names no version, which means the tag "latest", and that moves. ${remedy}`);
  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/Dockerfile.self_hosted
  const commit = /^(?:managed-[\d.]+-[\d.]+-)?([0-9a-f]{40})$/.exec(tag)?.[1];
  if (commit !== undefined && /(^|\/)nangohq\/nango$/.test(repository)) {
    throw new Error(
      `is the image of Nango's enterprise edition. The free edition at that commit is nangohq/nango-server:${commitTag(commit)}`,
    );
  }
  if (!commitTagPattern.test(tag)) {
    throw new Error(`uses the tag "${tag}", which Nango can move to another build at any time. ${remedy}`);
  }
  return { reference, repository, tag };
}

/** The host of the registry that an image is in, with its port; undefined for Docker Hub. */
export function registryHost({ repository }: Image): string | undefined {
  const [host = "", ...rest] = repository.split("/");
  const namesHost = rest.length > 0 && /[.:]|^localhost$/.test(host);
  return namesHost && !dockerHub.includes(host) ? host : undefined;
}

const dockerHub = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/** The image's path in Docker Hub, or undefined when it is in another registry. */
export function dockerHubPath(image: Image): string | undefined {
  if (registryHost(image) !== undefined) return undefined;
  const [host = "", ...rest] = image.repository.split("/");
  const path = dockerHub.includes(host) ? rest.join("/") : image.repository;
  return path.includes("/") ? path : `library/${path}`;
}

/** The same image, addressed by the digest that a registry gave for it. */
export function atDigest(image: Image, digest: string): string {
  return `${image.repository}@${digest}`;
}

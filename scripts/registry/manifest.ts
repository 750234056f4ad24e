import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { manifestTypes, platformsIn } from "../../infra/aws/image/manifest.ts";
import { dockerHubPath, type Image, registryHost } from "../../infra/nango/image.ts";

/** What a registry says of an image to somebody without a login. */
export type RegistryAnswer =
  | { readonly kind: "found"; readonly platforms: readonly string[] }
  /** There is no such image; AWS's and Docker's registries say the same of one that is private. */
  | { readonly kind: "absent" }
  | { readonly kind: "private" }
  | { readonly kind: "throttled" };

/** Asks the registry of an image. Rejects where it does not answer. */
export type AskRegistry = (image: Image) => Promise<RegistryAnswer>;

const timeout = 10_000;

/**
 * Asks a registry as a container runtime does that has no login, by way of the proxy that the environment names.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 */
export function registryAt(origin?: string): AskRegistry {
  return async (image) => {
    const proxy = new EnvHttpProxyAgent();
    const get = (url: string, headers: Record<string, string>) =>
      fetch(url, { headers, dispatcher: proxy, signal: AbortSignal.timeout(timeout) });
    try {
      return await asked(get, image, origin);
    } catch (error) {
      // fetch says "fetch failed" of everything.
      throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    } finally {
      await proxy.destroy();
    }
  };
}

type Get = (url: string, headers: Record<string, string>) => Promise<Response>;

async function asked(get: Get, image: Image, origin: string | undefined): Promise<RegistryAnswer> {
  const host = registryHost(image);
  const base = origin ?? `https://${host ?? "registry-1.docker.io"}`;
  const path = dockerHubPath(image) ?? image.repository.split("/").slice(1).join("/");
  const root = `${base}/v2/${path}`;
  const accept = manifestTypes.join(", ");
  const url = `${root}/manifests/${image.digest ?? image.tag ?? "latest"}`;
  const first = await get(url, { accept });
  const authorization = first.status === 401 ? await anonymousToken(get, first) : {};
  if (authorization === undefined) return { kind: "private" };
  const response = first.status === 401 ? await get(url, { accept, ...authorization }) : first;
  if (response.status === 404) return { kind: "absent" };
  if (response.status === 401 || response.status === 403) return { kind: "private" };
  if (response.status === 429) return { kind: "throttled" };
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const manifest = await response.text();
  const platforms = platformsIn(manifest)?.map(({ platform }) => platform);
  if (platforms !== undefined) return { kind: "found", platforms };
  return { kind: "found", platforms: await platformOf(get, root, manifest, authorization) };
}

/** https://distribution.github.io/distribution/spec/auth/token/ */
async function anonymousToken(
  get: Get,
  refused: Response,
): Promise<{ readonly authorization: string } | undefined> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
  if (!/^bearer /i.test(challenge)) return undefined;
  const parts = Object.fromEntries(
    Array.from(challenge.matchAll(/(\w+)="([^"]*)"/g), ([, name = "", value = ""]) => [name, value]),
  );
  const { realm, service, scope } = parts;
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  if (scope !== undefined) url.searchParams.set("scope", scope);
  const response = await get(url.href, {});
  if (!response.ok) return undefined;
  const { token, access_token: accessToken } = (await response.json()) as Record<string, string | undefined>;
  const given = token ?? accessToken;
  return given === undefined ? undefined : { authorization: `Bearer ${given}` };
}

/** The image's own configuration says what it is built for. */
async function platformOf(
  get: Get,
  root: string,
  manifest: string,
  authorization: Record<string, string>,
): Promise<readonly string[]> {
  const { config } = JSON.parse(manifest) as { config?: { digest?: string } };
  if (config?.digest === undefined) return [];
  const response = await get(`${root}/blobs/${config.digest}`, authorization);
  if (!response.ok) return [];
  const { os, architecture } = (await response.json()) as { os?: string; architecture?: string };
  return os === undefined || architecture === undefined ? [] : [`${os}/${architecture}`];
}

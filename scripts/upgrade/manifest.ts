import semver from "semver";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { z } from "zod";
import { type Release, unknownMigrations } from "../../infra/nango/releases.ts";

/** Where Nango lists its releases, with the commit of each. */
const manifestUrl = "https://raw.githubusercontent.com/NangoHQ/nango/master/managed-manifest.json";

/** Why there is no manifest, in words that follow "Nango's manifest". */
export class ManifestError extends Error {}

interface Limits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** The manifest of 47 releases has 16 kB. */
const limits: Limits = { milliseconds: 5_000, bytes: 1_000_000 };

const version = z.string().refine((text) => semver.valid(text) === text, "is no version");
const entry = z.object({
  imageVersion: version,
  appVersion: version,
  commitHash: z.string().regex(/^[0-9a-f]{40}$/, "is no commit"),
  releaseDate: z.iso.datetime(),
});
// Of 1.0.0 it names neither commit nor date.
const nameless = z.object({ commitHash: z.literal("") });
const manifest = z.object({ latest: entry, history: z.array(z.union([nameless, entry])) });

/**
 * Reads the releases that Nango's manifest lists, by way of the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name.
 * @throws ManifestError when it cannot be reached or is not what it was.
 */
export async function readManifest(url = manifestUrl, { milliseconds, bytes } = limits): Promise<Release[]> {
  return releasesIn(await download(url, { milliseconds, bytes }));
}

async function download(url: string, { milliseconds, bytes }: Limits): Promise<string> {
  let proxy: EnvHttpProxyAgent | undefined;
  try {
    proxy = new EnvHttpProxyAgent();
    const response = await fetch(url, {
      dispatcher: proxy,
      redirect: "manual",
      signal: AbortSignal.timeout(milliseconds),
    });
    // It has no reason to move, and somebody else's list would name somebody else's commits.
    const location = response.headers.get("location");
    if (!response.ok) throw new Error(`HTTP ${response.status}${location === null ? "" : ` to ${location}`}`);
    return await textOf(response, bytes);
  } catch (error) {
    throw new ManifestError(`could not be reached (${reasonOf(error, milliseconds)})`);
  } finally {
    // What is still under way would keep the process running.
    await proxy?.destroy();
  }
}

async function textOf(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) throw new Error(`it has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown, milliseconds: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${milliseconds / 1000} s`;
  // fetch says "fetch failed" of everything; a refused connection to two addresses has no message of its own.
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}

function releasesIn(text: string): Release[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ManifestError("could not be understood (it is not JSON)");
  }
  const { data, error } = manifest.safeParse(content);
  if (error !== undefined) {
    const [first] = error.issues;
    throw new ManifestError(`could not be understood (${first?.path.join(".")}: ${first?.message})`);
  }
  return [...data.history, data.latest].flatMap((release) =>
    "imageVersion" in release
      ? [
          {
            version: release.imageVersion,
            application: release.appVersion,
            commit: release.commitHash,
            date: release.releaseDate.slice(0, 10),
            migrations: unknownMigrations,
          },
        ]
      : [],
  );
}

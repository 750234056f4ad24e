import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type CachedImage, cacheManifests } from "../../../infra/aws/image/cache-manifests.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const amd64 = `sha256:${"01".repeat(32)}`;
const arm64 = `sha256:${"02".repeat(32)}`;
const index = {
  manifests: [
    { digest: amd64, platform: { os: "linux", architecture: "amd64" } },
    { digest: arm64, platform: { os: "linux", architecture: "arm64" } },
  ],
};

interface Registry {
  /** What each tag or digest answers, in turn; the last answer stays. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
}
type Answer = number | { readonly digest: string; readonly manifest: object };

let server: Server | undefined;
afterEach(() => server?.close());

/** A registry with ECR's pull-through cache, as far as manifests go. */
async function registry({ answers }: Registry) {
  const asked: string[] = [];
  const slept: number[] = [];
  let now = 0;
  server = createServer(({ url, headers }, response) => {
    const reference = url?.replace("/v2/nango-dev/nangohq/nango-server/manifests/", "") ?? "";
    const turns = answers[reference] ?? [404];
    const answer = turns[Math.min(asked.filter((one) => one === reference).length, turns.length - 1)]!;
    asked.push(reference);
    if (headers.authorization !== "Basic dG9rZW4=" || !headers.accept?.includes("image.index")) {
      response.writeHead(401).end("no");
    } else if (typeof answer === "number") {
      response.writeHead(answer).end(answer === 200 ? "{}" : '{"errors":[{"message":"upstream says no"}]}');
    } else {
      response
        .writeHead(200, { "docker-content-digest": answer.digest })
        .end(JSON.stringify(answer.manifest));
    }
  });
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  const image: CachedImage = {
    repositoryUrl: `127.0.0.1:${(server.address() as AddressInfo).port}/nango-dev/nangohq/nango-server`,
    tag: "hosted-1",
    digest,
    authorization: "dG9rZW4=",
    protocol: "http",
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        slept.push(milliseconds);
        now += milliseconds;
      },
    },
  };
  return { image, asked, slept };
}

test("the image is asked for by its tag first, since by its digest ECR would not fetch it", async () => {
  const { image, asked, slept } = await registry({
    answers: { "hosted-1": [{ digest, manifest: {} }], [digest]: [200] },
  });
  await cacheManifests(image);
  expect(asked).toEqual(["hosted-1", digest]);
  expect(slept).toEqual([]);
});

test("it waits until the image, and its part for the platform of the tasks, is there by digest", async () => {
  const { image, asked, slept } = await registry({
    answers: { "hosted-1": [{ digest, manifest: index }], [digest]: [404, 404, 200], [amd64]: [404, 200] },
  });
  await cacheManifests(image);
  expect(asked).toEqual(["hosted-1", digest, digest, digest, amd64, amd64]);
  expect(slept).toEqual([5000, 5000, 5000]);
});

test("it gives up after five minutes and says what to do", async () => {
  const { image, slept } = await registry({ answers: { "hosted-1": [{ digest, manifest: {} }] } });
  await expect(cacheManifests(image)).rejects.toThrow(
    /does not give .* out after 5 minutes\. Deploy again\./,
  );
  expect(slept).toHaveLength(60);
});

test("a tag that names something else than what was resolved stops the deployment", async () => {
  const { image } = await registry({ answers: { "hosted-1": [{ digest: arm64, manifest: {} }] } });
  await expect(cacheManifests(image)).rejects.toThrow(`The tag hosted-1 names ${arm64}`);
});

test("a refusal repeats the registry's reason, names the settings, and never the credentials", async () => {
  const { image } = await registry({ answers: { "hosted-1": [403] } });
  const failure = cacheManifests(image).catch((error: unknown) => String(error));
  expect(await failure).toMatch(/\(403\): .*upstream says no.*nango:dockerHubToken/s);
  expect(await failure).not.toContain(image.authorization);
});

test("a registry that cannot be reached is told by its address and the reason", async () => {
  const { image } = await registry({ answers: {} });
  await new Promise((closed) => server?.close(closed));
  await expect(cacheManifests(image)).rejects.toThrow(
    /registry does not answer at http:\/\/127\.0\.0\.1:\d+\/v2\/.*ECONNREFUSED/,
  );
});

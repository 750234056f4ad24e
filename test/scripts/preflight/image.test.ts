import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { parseImage } from "../../../infra/nango/image.ts";
import { ecrImage, publicImage } from "../../../scripts/preflight/checks/image.ts";
import { type RegistryAnswer, registryAt } from "../../../scripts/registry/manifest.ts";
import { type Answer, network, refusal, said, subject } from "./recorded-aws.ts";

const tag = `hosted-${"a".repeat(40)}`;
const image = parseImage(`nangohq/nango-server:${tag}`);
const index = {
  manifests: [
    { digest: "sha256:1", platform: { os: "linux", architecture: "arm64" } },
    { digest: "sha256:2", platform: { os: "linux", architecture: "amd64" } },
    { digest: "sha256:3", platform: { os: "unknown", architecture: "unknown" } },
  ],
};

let server: Server | undefined;
afterEach(() => server?.close());

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A registry on the loopback interface, and what it was asked. */
async function registry(reply: (path: string, authorization: string | undefined, origin: string) => Reply) {
  const asked: string[] = [];
  const listening = createServer(({ url = "", headers }, response) => {
    asked.push(url);
    const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const { status = 200, headers: more = {}, body = {} } = reply(url, headers.authorization, origin);
    response.writeHead(status, more).end(JSON.stringify(body));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return { ask: registryAt(origin), asked };
}

test("a registry is asked with a token for nobody, as runtimes do", async () => {
  const { ask, asked } = await registry((path, authorization, origin) => {
    if (path.startsWith("/token")) return { body: { token: "anonymous" } };
    const challenge = `Bearer realm="${origin}/token",service="registry.docker.io",scope="repository:nangohq/nango-server:pull"`;
    return authorization === "Bearer anonymous"
      ? { body: index }
      : { status: 401, headers: { "www-authenticate": challenge } };
  });
  const platforms = ["linux/arm64", "linux/amd64", "unknown/unknown"];
  expect(await ask(image)).toEqual({ kind: "found", platforms });
  expect(asked).toEqual([
    `/v2/nangohq/nango-server/manifests/${tag}`,
    "/token?service=registry.docker.io&scope=repository%3Anangohq%2Fnango-server%3Apull",
    `/v2/nangohq/nango-server/manifests/${tag}`,
  ]);
});

test("an image of one platform tells which in its configuration", async () => {
  const { ask } = await registry((path) =>
    path.includes("/blobs/")
      ? { body: { os: "linux", architecture: "arm64" } }
      : { body: { config: { digest: "sha256:4" } } },
  );
  expect(await ask(image)).toEqual({ kind: "found", platforms: ["linux/arm64"] });
});

test.each<[string, Reply, RegistryAnswer]>([
  ["404", { status: 404 }, { kind: "absent" }],
  ["401 without a way to a token", { status: 401 }, { kind: "private" }],
  ["403", { status: 403 }, { kind: "private" }],
  ["429", { status: 429 }, { kind: "throttled" }],
])("a registry that answers %s", async (_, reply, answer) => {
  const { ask } = await registry(() => reply);
  expect(await ask(image)).toEqual(answer);
});

test("a registry that fails, or is not there, is not an answer", async () => {
  const { ask } = await registry(() => ({ status: 503 }));
  await expect(ask(image)).rejects.toThrow("HTTP 503");
  server?.close();
  server?.closeAllConnections();
  await expect(ask(image)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test.each<[RegistryAnswer, RegExp]>([
  [{ kind: "found", platforms: ["linux/arm64", "linux/amd64"] }, /^good: \S+ is there for linux\/amd64$/],
  [
    { kind: "found", platforms: ["linux/arm64", "unknown/unknown"] },
    /^bad: \S+ is for linux\/arm64, and tasks run linux\/amd64$/,
  ],
  [{ kind: "found", platforms: [] }, /^good: \S+ is there; for which platform, it does not say$/],
  [{ kind: "absent" }, /^bad: its registry has no nangohq\/nango-server/],
  [{ kind: "private" }, /^bad: its registry gives \S+ to nobody without a login/],
  [{ kind: "throttled" }, /^warning: the registry of \S+ answers so many requests only/],
])("judges what a registry says: %j", async (answer, says) => {
  const about = await subject("dev", {}, { network: { ...network, registry: async () => answer } });
  expect(await said([publicImage], about)).toEqual([expect.stringMatching(says)]);
  expect(await said([ecrImage], about)).toEqual([]);
});

const inEcr = parseImage(`210987654321.dkr.ecr.eu-west-1.amazonaws.com/mirrors/nango:${tag}`);

test.each<[string, Record<string, Answer>, RegExp]>([
  [
    "has it",
    { BatchGetImage: { images: [{ imageManifest: JSON.stringify(index) }] } },
    /^good: \S+ is there for linux\/amd64$/,
  ],
  [
    "has another platform",
    { BatchGetImage: { images: [{ imageManifest: JSON.stringify({ manifests: [index.manifests[0]] }) }] } },
    /^bad: \S+ is for linux\/arm64, and/,
  ],
  [
    "has it not",
    { BatchGetImage: { images: [], failures: [{ failureReason: "Requested image not found" }] } },
    /^bad: mirrors\/nango of the account 210987654321 in eu-west-1 has no hosted-a+: Requested image not found$/,
  ],
  [
    "has no repository",
    { BatchGetImage: refusal("RepositoryNotFoundException", "does not exist") },
    /^bad: there is no repository mirrors\/nango of the account 210987654321 in eu-west-1$/,
  ],
  [
    "may not be asked",
    { BatchGetImage: refusal("AccessDeniedException", "not authorized to perform: ecr:BatchGetImage") },
    /^warning: could not be asked: these credentials may not ecr:BatchGetImage$/,
  ],
])("an ECR that %s", async (_, answers, says) => {
  const about = await subject("dev", answers, { image: inEcr });
  expect(await said([ecrImage], about)).toEqual([expect.stringMatching(says)]);
  expect(await said([publicImage], about)).toEqual([]);
});

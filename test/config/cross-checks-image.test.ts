import { describe, expect, test } from "vitest";
import { parse, problems, type Texts } from "./given.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"ab".repeat(32)}`;
const pullThrough = {
  imageSource: "ecr-pull-through",
  dockerHubUser: "acme",
  dockerHubToken: "dckr_pat_secret",
};

const ownDatabase = { databaseUrl: "postgresql://nango:s%40cret@db.example.com:5432/nango" };
const secretKeys = new Set(["databaseUrl"]);

/** A combination that is refused with one message, and the nearest one that is legal. */
const cases: Record<string, { refused: Texts; message: RegExp; mended: Texts }> = {
  "a pull-through cache without a user": {
    refused: { imageSource: "ecr-pull-through", dockerHubToken: "dckr_pat_secret" },
    message: /needs nango:dockerHubUser: .*npx pulumi config set -s dev nango:dockerHubUser/s,
    mended: pullThrough,
  },
  "a pull-through cache without a token": {
    refused: { imageSource: "ecr-pull-through", dockerHubUser: "acme" },
    message: /needs nango:dockerHubToken: .*npx pulumi config set -s dev --secret nango:dockerHubToken/s,
    mended: pullThrough,
  },
  "credentials that nothing uses": {
    refused: { imageSource: "ecr-mirror", dockerHubUser: "acme" },
    message: /dockerHubUser has no effect while nango:imageSource = "ecr-mirror"/,
    mended: { imageSource: "ecr-mirror" },
  },
  "a pull-through cache of another registry": {
    refused: { ...pullThrough, image: `ghcr.io/acme/nango-server:hosted-${commit}` },
    message: /caches Docker Hub, but .*ghcr\.io.* is in another registry\.\n.*imageSource ecr-mirror/s,
    mended: { imageSource: "ecr-mirror", image: `ghcr.io/acme/nango-server:hosted-${commit}` },
  },
  "a pull-through cache of a digest without a tag": {
    refused: { ...pullThrough, image: `nangohq/nango-server@${digest}` },
    message: /needs a tag.*nango:image: nangohq\/nango-server:hosted-<commit>@sha256:abab/s,
    mended: { ...pullThrough, image: `docker.io/nangohq/nango-server:hosted-${commit}@${digest}` },
  },
};

const inRegistry = (host: string) => ({ image: `${host}/acme/nango@${digest}` });

describe("an image in a registry of ECR", () => {
  test.each([
    ["another account and region", "999999999999.dkr.ecr.us-east-1.amazonaws.com", "eu-central-1"],
    ["a FIPS host", "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-east-1"],
    ["the European Sovereign Cloud", "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
    ["China", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-northwest-1"],
  ])("of %s is taken without a word", (_, host, region) => {
    const { warnings } = parse({ ...inRegistry(host), ...ownDatabase }, { region, secretKeys });
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      "123456789012.dkr-ecr.eu-central-1.on.aws",
      /dual-stack host of ECR, to which ECS does not log in\. Write 123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com\//,
    ],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com", /a host that ECR does not have in cn-north-1/],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
      /in the partition aws-cn of AWS, to which no role of the partition aws /,
    ],
    ["12.dkr.ecr.eu-central-1.amazonaws.com", /is not in a registry of ECR/],
  ])("at %s is refused", (host, message) => {
    expect(problems(inRegistry(host))).toEqual([expect.stringMatching(message)]);
    // Docker copies it from there, with whatever login it has.
    expect(problems({ ...inRegistry(host), imageSource: "ecr-mirror" })).toEqual([]);
  });
});

test.each(["ghcr.io", "quay.io", "registry.example.com:5000"])(
  "ECS is said to pull from %s without a login",
  (host) => {
    expect(parse(inRegistry(host)).warnings).toEqual([
      expect.stringMatching(
        /^nango:image is in the registry .*, from which ECS pulls without a login.*ecr-mirror/,
      ),
    ]);
    expect(parse({ ...inRegistry(host), imageSource: "ecr-mirror" }).warnings).toEqual([]);
  },
);

test.each(["public.ecr.aws", "docker.io"])("%s takes no login", (host) => {
  expect(parse(inRegistry(host)).warnings).toEqual([]);
});

describe.each(Object.entries(cases))("%s", (_, { refused, message, mended }) => {
  test("is refused, and the mended one is not", () => {
    expect(problems(refused)).toEqual([expect.stringMatching(message)]);
    expect(problems(mended)).toEqual([]);
  });
});

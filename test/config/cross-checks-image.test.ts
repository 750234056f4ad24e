import { describe, expect, test } from "vitest";
import { problems, type Texts } from "./given.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"ab".repeat(32)}`;
const pullThrough = {
  imageSource: "ecr-pull-through",
  dockerHubUser: "acme",
  dockerHubToken: "dckr_pat_secret",
};

/** A combination that is refused with one message, and the nearest one that is legal. */
const cases: Record<string, { refused: Texts; message: RegExp; mended: Texts }> = {
  "a pull-through cache without a user": {
    refused: { imageSource: "ecr-pull-through", dockerHubToken: "dckr_pat_secret" },
    message: /needs nango:dockerHubUser: .*pulumi config set nango:dockerHubUser/s,
    mended: pullThrough,
  },
  "a pull-through cache without a token": {
    refused: { imageSource: "ecr-pull-through", dockerHubUser: "acme" },
    message: /needs nango:dockerHubToken: .*pulumi config set --secret nango:dockerHubToken/s,
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
    message: /needs a tag.*nango:image nangohq\/nango-server:hosted-<commit>@sha256:abab/s,
    mended: { ...pullThrough, image: `docker.io/nangohq/nango-server:hosted-${commit}@${digest}` },
  },
};

describe.each(Object.entries(cases))("%s", (_, { refused, message, mended }) => {
  test("is refused, and the mended one is not", () => {
    expect(problems(refused)).toEqual([expect.stringMatching(message)]);
    expect(problems(mended)).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atDigest, defaultImage, parseImage } from "../../infra/nango/image.ts";
import { refusal } from "../refusal.ts";

const commit = "3b2c0410e3b8444d5eacb45817f74ee8d462711a";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/mirror/nango-server";

describe("parseImage", () => {
  test.each([
    [defaultImage, { repository: "nangohq/nango-server", tag: `hosted-${commit}` }],
    [`${ecr}:hosted-${commit}`, { repository: ecr, tag: `hosted-${commit}` }],
    [`nangohq/nango-server@${digest}`, { repository: "nangohq/nango-server", digest }],
    [`localhost:5000/nango@${digest}`, { repository: "localhost:5000/nango", digest }],
    [`nango_server:hosted-0.71.4@${digest}`, { repository: "nango_server", tag: "hosted-0.71.4", digest }],
  ])("takes %s apart", (reference, parts) => {
    expect(parseImage(reference)).toEqual({ reference, ...parts });
  });

  // https://github.com/NangoHQ/nango/issues/7422
  test.each(["hosted", "hosted-0.71.4", "latest", commit, `managed-1.6.6-0.71.4-${commit}`])(
    "refuses the tag %s, which can move, and shows one that cannot",
    (tag) => {
      const message = refusal(() => parseImage(`nangohq/nango-server:${tag}`));
      expect(message).toContain(`uses the tag "${tag}", which Nango can move to another build at any time.`);
      expect(message).toContain(`Name a commit, as in ${defaultImage}, or a digest`);
    },
  );

  // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/Dockerfile.self_hosted
  test.each([
    `nangohq/nango:${commit}`,
    `docker.io/nangohq/nango:${commit}`,
    `nangohq/nango:managed-1.6.6-0.71.4-${commit}`,
  ])("refuses %s, which is no image of the free edition, and names the one that is", (reference) => {
    expect(refusal(() => parseImage(reference))).toBe(
      `is the image of Nango's enterprise edition. The free edition at that commit is nangohq/nango-server:hosted-${commit}`,
    );
  });

  test.each([
    ["nangohq/nango-server", /names no version, which means the tag "latest"/],
    ["localhost:5000/nango", /names no version/],
    [`nango:hosted-${commit.slice(1)}`, /uses the tag/],
    [`nango:hosted-${commit.toUpperCase()}`, /uses the tag/],
    [`nango:hosted-${commit}\n`, /is not an image reference/],
    [`nango@${digest.slice(0, -1)}`, /has a malformed digest/],
    [`nango@sha512:${"a".repeat(128)}`, /has a malformed digest/],
    [`nango@${digest}@${digest}`, /is not an image reference/],
    [`nango:@${digest}`, /is not an image reference/],
    [`nango:not a tag@${digest}`, /is not an image reference/],
    [`Nango:hosted-${commit}`, /is not an image reference/],
    [`nangohq//nango-server:hosted-${commit}`, /is not an image reference/],
    [`https://hub.docker.com/nango:hosted-${commit}`, /is not an image reference/],
    ["", /is not an image reference/],
  ])("refuses %j", (reference, message) => {
    expect(refusal(() => parseImage(reference))).toMatch(message);
  });

  test("accepts nothing but a commit's tag or a digest", () => {
    const piece = fc.constantFrom(
      "nangohq",
      "nango-server",
      "/",
      ":",
      "@",
      ".",
      "5000",
      "hosted",
      "latest",
      `hosted-${commit}`,
      digest,
    );
    const reference = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
      fc.stringMatching(/^[a-z]{1,5}(:(hosted-)?[0-9a-f]{38,41})?(@sha256:[0-9a-f]{63,65})?$/),
    );
    fc.assert(
      fc.property(reference, (text) => {
        try {
          const image = parseImage(text);
          expect(text).toMatch(
            /^[^:@]+(:\d+\/[^:@]+)?(:hosted-[0-9a-f]{40}|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/,
          );
          expect(image.reference).toBe(text);
        } catch (error) {
          expect((error as Error).message).toContain(defaultImage);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test("a resolved digest takes the place of the tag", () => {
  expect(atDigest(parseImage(`${ecr}:hosted-${commit}`), digest)).toBe(`${ecr}@${digest}`);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duration } from "../../infra/docker/container.ts";

describe("a duration", () => {
  test.each([
    [0, "0s"],
    [10, "10s"],
    [60, "1m0s"],
    [180, "3m0s"],
    [3599, "59m59s"],
    [3600, "1h0m0s"],
    [90061, "25h1m1s"],
  ])("of %d seconds reads as Go writes it", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  test("can be read back", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seconds) => {
        const [, hours = "0", minutes = "0", rest] =
          /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(duration(seconds)) ?? [];
        expect(Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)).toBe(seconds);
        expect(Math.max(Number(minutes), Number(rest))).toBeLessThan(60);
      }),
    );
  });
});

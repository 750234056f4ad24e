import fc from "fast-check";
import { expect, test } from "vitest";
import { apiKeyFrom, apiKeyProblem } from "../../infra/nango/api-key.ts";

const key = "8a6e0804-2bd0-4672-b79d-d97027f9071a";

test.each([key, key.toUpperCase(), "00000000-0000-4000-8000-000000000000"])("%s is an API key", (text) => {
  expect(apiKeyProblem(text)).toBeUndefined();
});

test.each([
  "",
  `${key}\n`,
  ` ${key}`,
  `${key}0`,
  key.replaceAll("-", ""),
  // Version 1, and a variant that no version 4 has.
  "8a6e0804-2bd0-1672-b79d-d97027f9071a",
  "8a6e0804-2bd0-4672-c79d-d97027f9071a",
  "nango_secret_key",
])("%j is none", (text) => {
  expect(apiKeyProblem(text)).toMatch(/is not a UUID of version 4/);
});

test("what follows from a password is an API key, always the same and another one for another password", () => {
  // printf password | sha256sum
  expect(apiKeyFrom("password")).toBe("5e884898-da28-4471-91d0-e56f8dc62927");
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(apiKeyProblem(apiKeyFrom(one))).toBeUndefined();
      fc.pre(one !== other);
      expect(apiKeyFrom(one)).not.toBe(apiKeyFrom(other));
    }),
  );
});

test("all 122 free bits of an API key vary", () => {
  const bits = (text: string) => BigInt(`0x${text.replaceAll("-", "")}`);
  const keys = Array.from({ length: 200 }, (_, index) => bits(apiKeyFrom(`password ${index}`)));
  const ever = keys.reduce((all, one) => all | one);
  const always = keys.reduce((all, one) => all & one);
  expect((ever & ~always).toString(2).replaceAll("0", "")).toHaveLength(122);
});

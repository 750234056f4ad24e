import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encryptionKeyFingerprint,
  encryptionKeyFrom,
  encryptionKeyProblem,
} from "../../infra/nango/encryption-key.ts";

const key = Buffer.alloc(32, 0xfb).toString("base64");

describe("encryptionKeyProblem", () => {
  test("takes the base64 of any 32 bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(encryptionKeyProblem(Buffer.from(bytes).toString("base64"))).toBeUndefined();
      }),
    );
  });

  test("takes no other number of bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        fc.pre(bytes.length !== 32);
        const problem = encryptionKeyProblem(Buffer.from(bytes).toString("base64"));
        expect(problem).toBe(`decodes to ${bytes.length} bytes instead of 32`);
      }),
    );
  });

  // Nango would take a newline for part of the key and refuse the next start with "Rotation of NANGO_ENCRYPTION_KEY".
  test.each([
    [`${key}\n`, /has white space or a newline around it/],
    [` ${key}`, /has white space/],
    [`${key.slice(0, 20)}\n${key.slice(20)}`, /is not base64/],
    [key.replaceAll("+", "-").replaceAll("/", "_"), /is not base64/],
    [key.replace(/=+$/, ""), /is not base64/],
    [`"${key}"`, /is not base64/],
    [key.replace(/.=$/, "9="), /is not canonical base64/],
    [randomBytes(32).toString("hex"), /decodes to 48 bytes instead of 32/],
    ["", /decodes to 0 bytes/],
  ])("refuses %j", (text, message) => {
    expect(encryptionKeyProblem(text)).toMatch(message);
  });
});

test("the key that follows from a password is one that Nango takes, with all its 256 bits", () => {
  // printf password | sha256sum | xxd -r -p | base64
  expect(encryptionKeyFrom("password")).toBe("XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg=");
  const keys = Array.from({ length: 200 }, (_, index) => encryptionKeyFrom(`password ${index}`));
  expect(keys.filter((key) => encryptionKeyProblem(key) !== undefined)).toEqual([]);
  const bits = keys.map((key) => BigInt(`0x${Buffer.from(key, "base64").toString("hex")}`));
  const varying = bits.reduce((all, one) => all | one) & ~bits.reduce((all, one) => all & one);
  expect(varying.toString(2).replaceAll("0", "")).toHaveLength(256);
});

test("a fingerprint names a key without telling it", () => {
  const zeros = Buffer.alloc(32).toString("base64");
  // printf '\0%.0s' $(seq 32) | sha256sum
  expect(encryptionKeyFingerprint(zeros)).toBe("sha256:66687aadf862bd77");
  expect(encryptionKeyFingerprint(key)).not.toBe(encryptionKeyFingerprint(zeros));
});

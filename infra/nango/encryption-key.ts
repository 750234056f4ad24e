import { createHash } from "node:crypto";

/**
 * What is wrong with an encryption key, or undefined when Nango will take it: the base64 of exactly 32 bytes, with
 * nothing around it. Node's decoder forgives a trailing newline, but Nango hashes the text as given, so the same key
 * with a newline counts as another key.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/kms/lib/registry.ts#L96-L100
 */
export function encryptionKeyProblem(key: string): string | undefined {
  if (key !== key.trim())
    return "has white space or a newline around it, which makes it another key for Nango";
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(key) || key.length % 4 !== 0) return "is not base64";
  const bytes = Buffer.from(key, "base64");
  if (bytes.toString("base64") !== key) return "is not canonical base64";
  if (bytes.length !== 32) return `decodes to ${bytes.length} bytes instead of 32`;
  return undefined;
}

/**
 * The key that follows from a generated password: the base64 of the SHA-256 of its characters. A password of 64 letters
 * and digits has 381 bits of entropy, so that the 256 bits of the key are full.
 */
export function encryptionKeyFrom(password: string): string {
  return createHash("sha256").update(password).digest("base64");
}

/**
 * Names a key without telling it: `sha256:` and the first 16 hexadecimal digits of the hash of its bytes. 64 bits
 * suffice to tell keys apart, and nothing can be learnt about 32 random bytes from them.
 */
export function encryptionKeyFingerprint(key: string): string {
  const hash = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex");
  return `sha256:${hash.slice(0, 16)}`;
}

import { createHash } from "node:crypto";

/**
 * What is wrong with an API key, or undefined when Nango will take it: a UUID of version 4. Nango refuses any other text
 * before it looks for the key.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/middleware/access.middleware.ts#L33
 */
export function apiKeyProblem(key: string): string | undefined {
  return /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(key)
    ? undefined
    : "is not a UUID of version 4, the only form in which Nango takes an API key";
}

/** The API key that follows from a generated password: a UUID of version 4 whose 122 free bits are of its SHA-256. */
export function apiKeyFrom(password: string): string {
  const bytes = createHash("sha256").update(password).digest().subarray(0, 16);
  // https://www.rfc-editor.org/rfc/rfc9562#section-5.4
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

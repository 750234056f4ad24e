import { encryptionKeyProblem } from "../../nango/encryption-key.ts";

import { counters } from "./collections.ts";
import { flag, optionalText } from "./setting.ts";

/** The generated secrets that can be made anew: all but the encryption key, which Nango cannot change. */
export const rotatable = [
  "database",
  "records",
  "dashboard",
  "admin",
  "api-keys",
  "redis",
  "search",
] as const;

export type Rotatable = (typeof rotatable)[number];

/** The settings of what must not be lost or seen. */
export const secrets = {
  encryptionKey: optionalText({
    change: ["restarts Nango", "refused"],
    changeNote: "Nango could read nothing of what it keeps encrypted.",
    missing: "generated",
    secret: true,
    legal: "generated, or the base64 of exactly 32 bytes",
    description:
      "The key that Nango encrypts credentials with. Give the key of an existing installation to adopt its database; it can never be changed afterwards.",
    example: "$(openssl rand -base64 32)",
    placeholder: Buffer.alloc(32, "placeholder").toString("base64"),
    check: encryptionKeyProblem,
  }),
  allowEncryptionKeyChange: flag({
    change: ["nothing"],
    default: false,
    description:
      "Whether another encryption key than the deployed one is accepted. Everything encrypted with the old key is lost to Nango.",
    example: "true",
  }),
  rotate: counters({
    change: {
      aws: ["in place", "restarts Nango"],
      docker: ["restarts the database", "restarts Redis", "restarts Nango"],
    },
    changeNote: "docs/rotate.md says of each what it logs out and breaks.",
    names: rotatable,
    description:
      "Which generated secrets are made anew: each number that is another than before makes a new value of that secret and gives it to whoever uses it. npm run rotate raises them.",
    example: '{"dashboard":1}',
  }),
  allowDataLoss: flag({
    change: { aws: ["in place"], docker: ["nothing"] },
    default: false,
    description:
      "Lifts every protection against deletion and replacement. The deployment that sets it may already replace what another key changes; only those after it delete what the stack no longer has, or all of it.",
    example: "true",
  }),
};

import type * as random from "@pulumi/random";

import { resource, type Subject } from "./entry.ts";

// The real provider is random; this one answers each resource the same in every rehearsal, so that two can be compared.

interface TextInputs {
  readonly length: number;
  readonly lower?: boolean | undefined;
  readonly upper?: boolean | undefined;
  readonly numeric?: boolean | undefined;
  readonly special?: boolean | undefined;
  readonly minLower?: number | undefined;
  readonly minUpper?: number | undefined;
  readonly minNumeric?: number | undefined;
  readonly minSpecial?: number | undefined;
  readonly overrideSpecial?: string | undefined;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** A text of the length and the kinds of characters that are asked for; the minimums come first. */
function randomText({ inputs, bytes }: Pick<Subject<TextInputs>, "inputs" | "bytes">): string {
  const kinds: [wanted: boolean | undefined, characters: string, minimum: number | undefined][] = [
    [inputs.lower, LOWER, inputs.minLower],
    [inputs.upper, LOWER.toUpperCase(), inputs.minUpper],
    [inputs.numeric, "0123456789", inputs.minNumeric],
    [inputs.special, inputs.overrideSpecial ?? SPECIAL, inputs.minSpecial],
  ];
  const allowed = kinds.filter(([wanted]) => wanted ?? true);
  const any = allowed.map(([, characters]) => characters).join("");
  const required = allowed.flatMap(([, characters, minimum = 0]) => Array<string>(minimum).fill(characters));
  return Array.from(bytes(inputs.length), (byte, index) => {
    const from = required[index] ?? any;
    return from.charAt(byte % from.length);
  }).join("");
}

const TEXT_INPUTS = [
  "keepers",
  "length",
  "lower",
  "upper",
  "numeric",
  "special",
  "minLower",
  "minUpper",
  "minNumeric",
  "minSpecial",
  "overrideSpecial",
] as const;

/**
 * `@pulumi/random`. IDs, which no state encrypts, are those of the provider: mostly the value itself.
 * https://github.com/hashicorp/terraform-provider-random/tree/c58037b18fe0a19b37e4a25d6a5efa1dbb526247/internal/provider
 */
export const randomResources = {
  "random:index/randomId:RandomId": resource<random.RandomId, random.RandomIdArgs>({
    outputs: ({ inputs, bytes }) => {
      const id = bytes(inputs.byteLength);
      const prefix = inputs.prefix ?? "";
      return {
        id: id.toString("base64url"),
        hex: prefix + id.toString("hex"),
        dec: prefix + BigInt(`0x${id.toString("hex")}`).toString(),
        b64Std: prefix + id.toString("base64"),
        b64Url: prefix + id.toString("base64url"),
      };
    },
    replacedBy: ["keepers", "byteLength", "prefix"],
  }),
  "random:index/randomPassword:RandomPassword": resource<random.RandomPassword, random.RandomPasswordArgs>({
    outputs: (subject) => ({
      id: "none",
      result: randomText(subject),
      bcryptHash: `$2a$10$${subject.bytes(40).toString("hex").slice(0, 53)}`,
    }),
    secretOutputs: ["result", "bcryptHash"],
    replacedBy: TEXT_INPUTS,
  }),
};

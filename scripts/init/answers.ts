import { parseAsPulumi } from "../../project/yaml.ts";

/** What `npm run init` has to know, each as the text that its flag takes. */
export interface Answers {
  readonly stack: string;
  readonly target: string;
  /** A profile of the AWS CLI's files, or `none`. */
  readonly profile: string;
  readonly region: string;
  /** By name or ID, or `none` where DNS is elsewhere. */
  readonly hostedZone: string;
  /** `none` for plain HTTP. */
  readonly domain: string;
  readonly certificateArn: string;
  /** IPv4 ranges with commas between them. */
  readonly allowedCidrs: string;
  readonly size: string;
  /** `Key=Value` with commas between them, neither of which a tag can hold; or `none`. */
  readonly tags: string;
  /** A word for a state backend or its URL; see `backendUrl`. */
  readonly backend: string;
  /** As the Pulumi CLI takes it. */
  readonly secretsProvider: string;
  /** A file that holds the passphrase or is to hold a new one, or `none`. */
  readonly passphraseFile: string;
}

export type AnswerName = keyof Answers;

/** The answers that are there already. */
export type Given = Partial<Answers>;

/** The program's own word for "not given". */
export const none = "none";

/** A stack's configuration by key, as its file holds it. */
export type Configuration = Readonly<Record<string, string | readonly string[] | { tags: Tags }>>;

type Tags = Readonly<Record<string, string>>;

/** The configuration that answers come to, in the order in which the file shows it. */
export function configurationOf(answers: Given): Configuration {
  const { target, profile, region, size, domain, hostedZone, certificateArn } = answers;
  if (target === "docker") return { "nango:target": target };
  const tags = tagsOf(answers.tags ?? none);
  const isPlain = domain === none;
  const cidrs = listOf(answers.allowedCidrs ?? none);
  return withoutMissing({
    "aws:region": region,
    "aws:profile": profile,
    "aws:defaultTags": Object.keys(tags).length > 0 ? { tags } : undefined,
    // The default needs no line.
    "nango:target": target === "aws" ? undefined : target,
    "nango:size": size,
    "nango:domain": domain,
    "nango:hostedZone": hostedZone,
    "nango:certificateArn": certificateArn,
    "nango:insecureHttp": isPlain ? "true" : undefined,
    "nango:allowedCidrs": isPlain && cidrs.length > 0 ? cidrs : undefined,
  });
}

function withoutMissing(entries: Readonly<Record<string, Configuration[string] | undefined>>): Configuration {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined || value === none ? [] : [[key, value]],
    ),
  );
}

/** What stands between commas. */
export function listOf(text: string): string[] {
  return text === none
    ? []
    : text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
}

/** Tags by key. One without `=` has an empty value. */
function tagsOf(text: string): Tags {
  const pairs = listOf(text).map((item) => {
    const at = item.indexOf("=");
    return at < 0 ? [item, ""] : [item.slice(0, at).trim(), item.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs) as Tags;
}

/** The configuration in the text of a stack's file. */
export function configurationIn(text: string): Readonly<Record<string, unknown>> {
  return (parseAsPulumi(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
}

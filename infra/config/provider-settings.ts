import { createRequire } from "node:module";
import { parse } from "yaml";
import { z } from "zod";
import { didYouMean, nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { lineProblem } from "./rules/format.ts";
import { noTextProblem } from "./rules/no-text.ts";
import { tagsProblem } from "./rules/tags.ts";
import { json } from "./settings/json.ts";
import { toRemove } from "./remedy.ts";
import { settings } from "./settings.ts";

/** The namespaces of the providers that a stack may use, and the package of each. */
const packages = { aws: "@pulumi/aws", docker: "@pulumi/docker" } as const;
type Provider = keyof typeof packages;

/** What Pulumi itself reads in every provider's namespace. */
const ofPulumi = ["version", "pluginDownloadURL"];

/** The names that the installed version of a provider declares. Takes a third of a second the first time. */
function declaredNames(provider: Provider): readonly string[] {
  const declared = createRequire(import.meta.url)(`${packages[provider]}/config/vars`) as object;
  return [...Object.keys(declared), ...ofPulumi];
}

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const defaultTags = z.strictObject({ tags: texts.optional() });
// To the provider an empty list keeps out nobody.
const accounts = z.array(z.string().regex(/^\d{12}$/)).min(1);
const files = z.array(z.string()).min(1);
const role = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/);
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const sessionName = z.string().regex(/^[\w+=,.@-]{2,64}$/);
const session = {
  roleArn: role,
  duration: z
    .string()
    .refine((text) => {
      const minutes = minutesOf(text);
      return minutes !== undefined && minutes >= 15 && minutes <= 720;
    })
    .optional(),
  policy: json("is not JSON").optional(),
  policyArns: z.array(z.string().startsWith("arn:")).optional(),
  sessionName: sessionName.optional(),
};

/** A setting that is more than a text: a wrong one fails as late as in the provider. */
interface Shape {
  readonly schema: z.ZodType;
  /** What it is, in words. */
  readonly what: string;
  /** A legal value, in YAML. */
  readonly example: string;
}

const accountIds: Shape = {
  schema: accounts,
  what: "a list of account IDs in quotes",
  example: '["123456789012"]',
};
/** One of a few words. */
const words = (first: string, second: string): Shape => ({
  schema: z.enum([first, second]),
  what: `${first} or ${second}`,
  example: first,
});
const truth: Shape = { schema: z.boolean(), what: "true or false", example: "true" };
const count: Shape = { schema: z.number().int().min(0), what: "a whole number", example: "25" };

const shapes: Readonly<Record<string, Shape>> = {
  assumeRoles: {
    schema: z.array(
      z.strictObject({
        ...session,
        externalId: z
          .string()
          .regex(/^[\w+=,.@:/-]{2,1224}$/)
          .optional(),
        sourceIdentity: sessionName.optional(),
        tags: texts.optional(),
        transitiveTagKeys: z.array(z.string()).optional(),
      }),
    ),
    what: "a list of roles",
    example: "[{roleArn: arn:aws:iam::123456789012:role/deploy, duration: 1h, sessionName: nango}]",
  },
  assumeRoleWithWebIdentity: {
    schema: z.strictObject({
      ...session,
      webIdentityToken: z.string().optional(),
      webIdentityTokenFile: z.string().optional(),
    }),
    what: "a role",
    example: "{roleArn: arn:aws:iam::123456789012:role/deploy, webIdentityTokenFile: /run/token}",
  },
  defaultTags: {
    schema: defaultTags,
    what: "a map with the tags in it",
    example: "{tags: {Project: nango}}",
  },
  ignoreTags: {
    schema: z.strictObject({
      keys: z.array(z.string()).optional(),
      keyPrefixes: z.array(z.string()).optional(),
    }),
    what: "a map of names",
    example: "{keys: [owner], keyPrefixes: [kubernetes.io/]}",
  },
  allowedAccountIds: accountIds,
  forbiddenAccountIds: accountIds,
  sharedConfigFiles: { schema: files, what: "a list of files", example: "[~/.aws/config]" },
  sharedCredentialsFiles: { schema: files, what: "a list of files", example: "[~/.aws/credentials]" },
  retryMode: words("standard", "adaptive"),
  ec2MetadataServiceEndpointMode: words("IPv4", "IPv6"),
  userAgents: { schema: z.array(z.string()), what: "a list of texts", example: "[acme/1.0]" },
  ...Object.fromEntries(
    [
      "insecure",
      "s3UsePathStyle",
      "skipCredentialsValidation",
      "skipMetadataApiCheck",
      "skipRegionValidation",
      "skipRequestingAccountId",
      "useDualstackEndpoint",
      "useFipsEndpoint",
    ].map((name) => [name, truth] as const),
  ),
  endpoints: {
    schema: z.array(z.record(z.string(), z.string())),
    what: "a list of maps",
    example: "[{sts: https://sts.example.com}]",
  },
  maxRetries: count,
  tokenBucketRateLimiterCapacity: count,
};

/** The minutes of a duration as Go writes it, such as `1h30m`. https://pkg.go.dev/time#ParseDuration */
function minutesOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?[hms])+$/.test(text)) return undefined;
  const seconds = { h: 3600, m: 60, s: 1 } as const;
  const parts = [...text.matchAll(/([\d.]+)([hms])/g)];
  return (
    parts.reduce((sum, [, number, unit]) => sum + Number(number) * seconds[unit as "h" | "m" | "s"], 0) / 60
  );
}

/** A legal value of one of the AWS provider's settings, which is any text where this is undefined. */
export function exampleOf(name: string): unknown {
  return Object.hasOwn(shapes, name) ? parse(shapes[name]?.example ?? "") : undefined;
}

/**
 * What is wrong with settings outside this project's namespace: those of the providers that are none, and namespaces that
 * are nearly one. No value is repeated, since any may be a credential.
 * @param fromWhere Ends the sentence "Remove it ...", of a key.
 */
export function providerProblems(
  others: Readonly<Record<string, string>>,
  stack: string,
  fromWhere: (key: string) => string = (key) => toRemove(stack, key),
): Problem[] {
  return Object.entries(others).flatMap(([key, value]) => {
    const [namespace, name] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
    const problem = isProvider(namespace)
      ? (nameProblem(namespace, name) ?? mended(valueProblem(namespace, name, value, others)))
      : namespaceProblem(namespace, name);
    return problem === undefined ? [] : [{ keys: [], message: `${key} ${problem} ${fromWhere(key)}` }];
  });
}

/** What is wrong with a value, and that it can be put right. */
const mended = (problem: string | undefined) =>
  problem === undefined ? undefined : `${problem}.\nMend it, or remove it`;

const isProvider = (namespace: string): namespace is Provider => Object.hasOwn(packages, namespace);

function nameProblem(provider: Provider, name: string): string | undefined {
  // Every stack has a region: no need to load the package for it.
  if (provider === "aws" && name === "region") return undefined;
  const names = declaredNames(provider);
  if (names.includes(name)) return undefined;
  const hint = Object.hasOwn(settings, name)
    ? ` Did you mean nango:${name}?`
    : didYouMean(name, names, (near) => `${provider}:${near}`);
  return `is no setting of the provider, ${packages[provider]}.${hint} Remove it`;
}

function valueProblem(
  provider: Provider,
  name: string,
  value: string,
  others: Readonly<Record<string, string>>,
): string | undefined {
  // The region is judged with the settings.
  if (provider === "aws" && name === "region") return undefined;
  const shape = provider === "aws" && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape !== undefined) return shapeProblem(shape, value) ?? togetherProblem(name, value, others);
  if (value.trim() === "") return "is empty";
  // Docker's may be certificates, which have several lines.
  return provider === "aws" ? (noTextProblem(value) ?? lineProblem(value)) : undefined;
}

function shapeProblem({ schema, what, example }: Shape, value: string): string | undefined {
  let inside: unknown = value;
  try {
    inside = JSON.parse(value);
  } catch {
    // A word.
  }
  const { error } = schema.safeParse(inside);
  if (error === undefined) return undefined;
  const path = error.issues[0]?.path ?? [];
  const where = path.length === 0 ? "" : ` (look at ${path.join(".")})`;
  return `is not ${what}${/^[[{]/.test(example) ? `, as in ${example}` : ""}${where}`;
}

/** What is wrong with a value of the right shape. */
function togetherProblem(
  name: string,
  value: string,
  others: Readonly<Record<string, string>>,
): string | undefined {
  if (name === "defaultTags") return tagsProblem(defaultTags.parse(JSON.parse(value)).tags ?? {});
  // https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/provider/provider.go
  return name === "forbiddenAccountIds" && others["aws:allowedAccountIds"] !== undefined
    ? "does not go together with aws:allowedAccountIds, which forbids all other accounts already"
    : undefined;
}

function namespaceProblem(namespace: string, name: string): string | undefined {
  const near = nearest(namespace, ["nango", "docker"]) ?? (isNearlyAws(namespace, name) ? "aws" : undefined);
  return near === undefined
    ? undefined
    : `is in no namespace that this stack reads. Did you mean ${near}:${name}? Remove it`;
}

/** So short a name is near to many: what is read from it has to be a setting of the provider, too. */
function isNearlyAws(namespace: string, name: string): boolean {
  return nearest(namespace, ["aws"]) !== undefined && declaredNames("aws").includes(name);
}

/** Whether a key that is none of nango's is one of a provider's: `region`, which is `aws:region`. */
export function providerOf(name: string): Provider | undefined {
  return (Object.keys(packages) as Provider[]).find((provider) => declaredNames(provider).includes(name));
}

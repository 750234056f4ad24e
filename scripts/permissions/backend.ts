import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { UserError } from "../../project/user-error.ts";
import { type Conditions, type Grant, look, run } from "./grant.ts";
import { arn, type Place } from "./place.ts";

/** A stack, as its state is filed. */
export interface Filed {
  readonly project: string;
  readonly stack: string;
}

/**
 * The state of a stack in a bucket, and no other stack's. A preview reads it and takes no lock; everything else locks it,
 * writes it and keeps the one before.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/backend/diy/store.go
 * @param url As `pulumi login` takes it: `s3://<bucket>[/<folder>][?<options>]`.
 * @throws UserError for a backend that is no bucket of S3.
 */
export function backendGrants(
  { region }: Pick<Place, "region">,
  url: string,
  { project, stack }: Filed,
): Grant[] {
  const [, bucket, folder = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[^?/]+)*)\/?(?:\?.*)?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new UserError(
      `--backend is "${url}", which is no bucket of S3: give what "pulumi login" is given, such as s3://my-pulumi-state. Other backends take no permissions in AWS`,
    );
  }
  const bucketArn = `arn:${partitionOf(region).name}:s3:::${bucket}`;
  const under = `${bucketArn}${folder}/.pulumi`;
  const own = [
    `stacks/${project}/${stack}.json*`,
    `stacks/${project}/${stack}.pulumi-tags`,
    ...["history", "backups", "locks/organization"].map((kind) => `${kind}/${project}/${stack}/*`),
  ].map((path) => `${under}/${path}`);
  const ofBackend = `${under}/meta.yaml`;
  return [
    look("s3:ListBucket", [bucketArn]),
    look("s3:GetObject", [...own, ofBackend]),
    run("s3:PutObject DeleteObject", own),
    // The first stack of a bucket writes it.
    run("s3:PutObject", [ofBackend]),
  ];
}

/**
 * The key that encrypts the secrets in the state. Every command decrypts with it; making a stack encrypts.
 * https://github.com/google/go-cloud/blob/v0.37.0/secrets/awskms/kms.go
 * @param key The ARN of a key, or a `secretsprovider` as in a stack's file: `awskms://<ID, alias or ARN>[?<options>]`.
 * @throws UserError for anything else.
 */
export function keyGrants(place: Place, key: string): Grant[] {
  const [, given = ""] = /^awskms:\/\/\/?([^?]+)/.exec(key) ?? [undefined, key];
  const region = /[?&]region=([a-z0-9-]+)/.exec(key)?.[1] ?? place.region;
  const there = { ...place, region };
  const when = contextOf(key);
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(given)) return decrypting(given, when);
  if (/^(mrk-)?[0-9a-f-]{32,36}$/.test(given)) return decrypting(arn(there, "kms", `key/${given}`), when);
  const alias = /(?:^|:)(alias\/[\w/-]+)$/.exec(given)?.[1];
  if (alias !== undefined) {
    return decrypting(arn(there, "kms", "key/*"), {
      ...when,
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias },
    });
  }
  throw new UserError(
    `"${key}" is no key of KMS: give its ARN, as in --secrets-key arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555`,
  );
}

/**
 * What a secret is bound to besides the key.
 * https://github.com/google/go-cloud/blob/v0.37.0/secrets/awskms/kms.go
 */
function contextOf(secretsProvider: string): Conditions {
  const options = new URLSearchParams(secretsProvider.split("?")[1] ?? "");
  const bound = [...options].filter(([name]) => name.startsWith("context_"));
  if (bound.length === 0) return {};
  return {
    StringEquals: Object.fromEntries(
      bound.map(([name, value]) => [`kms:EncryptionContext:${name.slice("context_".length)}`, value]),
    ),
  };
}

function decrypting(on: string, when: Conditions): Grant[] {
  return [look("kms:Decrypt", [on], { when }), run("kms:Encrypt", [on], { when })];
}

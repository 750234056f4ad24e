import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { UserError } from "../../project/user-error.ts";
import { type Grant, look, run } from "./grant.ts";
import { arn, type Place } from "./place.ts";

/**
 * The state in a bucket. A preview reads it and takes no lock; everything else locks it, writes it and keeps the one
 * before. https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/backend/diy/backend.go
 * @param url As `pulumi login` takes it: `s3://<bucket>[/<folder>][?<options>]`.
 * @throws UserError for a backend that is no bucket of S3.
 */
export function backendGrants({ region }: Place, url: string): Grant[] {
  const [, bucket, folder = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[^?/]+)*)\/?(?:\?.*)?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new UserError(
      `--backend is "${url}", which is no bucket of S3: give what "pulumi login" is given, such as s3://my-pulumi-state. Other backends take no permissions in AWS.`,
    );
  }
  const bucketArn = `arn:${partitionOf(region).name}:s3:::${bucket}`;
  const objects = [`${bucketArn}${folder}/.pulumi/*`];
  return [
    look("s3:ListBucket", [bucketArn]),
    look("s3:GetObject", objects),
    run("s3:PutObject DeleteObject", objects),
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
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(given)) return decrypting(given);
  if (/^(mrk-)?[0-9a-f-]{32,36}$/.test(given)) return decrypting(arn(there, "kms", `key/${given}`));
  const alias = /(?:^|:)(alias\/[\w/-]+)$/.exec(given)?.[1];
  if (alias !== undefined) {
    return decrypting(arn(there, "kms", "key/*"), {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias },
    });
  }
  throw new UserError(
    `"${key}" is no key of KMS: give its ARN, as in --secrets-key arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555`,
  );
}

function decrypting(on: string, when: Grant["when"] = {}): Grant[] {
  return [look("kms:Decrypt", [on], { when }), run("kms:Encrypt", [on], { when })];
}

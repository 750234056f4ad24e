import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** A setting of a bucket: its ID is the bucket's name. */
interface OfBucket {
  readonly bucket?: unknown;
}

const named = ({ inputs }: { readonly inputs: OfBucket }) => ({ id: String(inputs.bucket) });

/** `aws.s3` */
export const storageResources = {
  "aws:s3/bucket:Bucket": resource<aws.s3.Bucket, aws.s3.BucketArgs>({
    autoName: { property: "bucket", maximum: 63 },
    outputs: ({ inputs, region, partition, dnsSuffix }) => ({
      arn: `arn:${partition}:s3:::${inputs.bucket}`,
      bucketDomainName: `${inputs.bucket}.s3.${dnsSuffix}`,
      bucketRegionalDomainName: `${inputs.bucket}.s3.${region}.${dnsSuffix}`,
      region,
    }),
    replacedBy: ["bucket", "bucketPrefix", "objectLockEnabled"],
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": resource<
    aws.s3.BucketLifecycleConfiguration,
    aws.s3.BucketLifecycleConfigurationArgs
  >({ outputs: named, replacedBy: ["bucket", "expectedBucketOwner"] }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": resource<
    aws.s3.BucketOwnershipControls,
    aws.s3.BucketOwnershipControlsArgs
  >({ outputs: named, replacedBy: ["bucket"] }),
  "aws:s3/bucketPolicy:BucketPolicy": resource<aws.s3.BucketPolicy, aws.s3.BucketPolicyArgs>({
    outputs: named,
    replacedBy: ["bucket"],
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": resource<
    aws.s3.BucketPublicAccessBlock,
    aws.s3.BucketPublicAccessBlockArgs
  >({ outputs: named, replacedBy: ["bucket"] }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": resource<
    aws.s3.BucketServerSideEncryptionConfiguration,
    aws.s3.BucketServerSideEncryptionConfigurationArgs
  >({ outputs: named, replacedBy: ["bucket", "expectedBucketOwner"] }),
  "aws:s3/bucketVersioning:BucketVersioning": resource<aws.s3.BucketVersioning, aws.s3.BucketVersioningArgs>({
    outputs: named,
    replacedBy: ["bucket", "expectedBucketOwner"],
  }),
};

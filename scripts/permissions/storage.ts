import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import { type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { namePatterns, type Place } from "./place.ts";

const BUCKET = "aws:s3/bucket:Bucket";

const buckets = (place: Place) =>
  namePatterns(place, BUCKET, "bucket").map((name) => `arn:${partitionOf(place.region).name}:s3:::${name}`);

/** What the provider asks of a bucket, whatever of it is set. */
const readBucket = (place: Place): Grant =>
  look(
    "s3:ListBucket GetBucketLocation GetBucketTagging GetBucketAcl GetBucketCORS GetBucketPolicy GetBucketWebsite GetBucketVersioning GetBucketLogging GetBucketRequestPayment GetBucketObjectLockConfiguration GetAccelerateConfiguration GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration",
    buckets(place),
  );

function settingOfBucket(file: string, read: string, write: string): ResourcePermissions {
  return {
    source: provider(`s3/${file}.go`),
    grants: (_, place) => [
      look(`s3:ListBucket ${read}`, buckets(place)),
      make(`s3:${write}`, buckets(place)),
    ],
  };
}

/** `aws.s3` */
export const storage: Readonly<Record<string, ResourcePermissions>> = {
  [BUCKET]: {
    source: provider("s3/bucket.go"),
    grants: (_, place) => [
      make("s3:CreateBucket DeleteBucket PutBucketTagging", buckets(place)),
      // What newer providers call of tags.
      make("s3:TagResource UntagResource", buckets(place)),
      look("s3:ListTagsForResource", buckets(place)),
      readBucket(place),
    ],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": settingOfBucket(
    "bucket_lifecycle_configuration",
    "GetLifecycleConfiguration",
    "PutLifecycleConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": settingOfBucket(
    "bucket_ownership_controls",
    "GetBucketOwnershipControls",
    "PutBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": settingOfBucket(
    "bucket_policy",
    "GetBucketPolicy",
    "PutBucketPolicy DeleteBucketPolicy",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": settingOfBucket(
    "bucket_public_access_block",
    "GetBucketPublicAccessBlock",
    "PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": settingOfBucket(
    "bucket_server_side_encryption_configuration",
    "GetEncryptionConfiguration",
    "PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": settingOfBucket(
    "bucket_versioning",
    "GetBucketVersioning",
    "PutBucketVersioning",
  ),
};

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface StateBucketArgs {
  /** The key that encrypts what lies in it. */
  readonly keyArn: pulumi.Input<string>;
}

/** How long versions of the state are kept that newer ones have replaced. */
const daysOfOldVersions = 90;

/** A bucket for Pulumi's state: every version is kept for a while, and nothing reads or writes it without TLS. */
export class StateBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { keyArn }: StateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:bootstrap:StateBucket", name, {}, opts);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(
      name,
      { tags: { Name: name } },
      // Without it nobody knows what is deployed.
      { ...parent, protect: true, retainOnDelete: true },
    );
    const ofBucket = { bucket: bucket.bucket };
    const versioning = new aws.s3.BucketVersioning(
      name,
      { ...ofBucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        ...ofBucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            // One call of KMS for many objects.
            bucketKeyEnabled: true,
          },
        ],
      },
      parent,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        ...ofBucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketOwnershipControls(
      name,
      { ...ofBucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        ...ofBucket,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: daysOfOldVersions },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-versioning.html
      { ...parent, dependsOn: [versioning] },
    );
    new aws.s3.BucketPolicy(
      name,
      {
        ...ofBucket,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "OnlyWithTls",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      // S3 changes one of the two at a time only.
      { ...parent, dependsOn: [closed] },
    );
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ name: this.name });
  }
}

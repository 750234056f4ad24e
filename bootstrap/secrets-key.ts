import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./identity-provider.ts";

/**
 * The key of KMS that encrypts the secrets in the stacks' states, and the bucket that these lie in. IAM decides who may
 * use it; a stack's secrets are bound to the stack's name, so that who may decrypt those of one stack cannot decrypt those
 * of another. https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
export class SecretsKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { partition, id }: Account, opts?: pulumi.ComponentResourceOptions) {
    super("nango:bootstrap:SecretsKey", name, {}, opts);
    const key = new aws.kms.Key(
      name,
      {
        description: "Secrets in the states of Nango's stacks, and their bucket",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        // Policies of IAM decide. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "PoliciesOfIam",
              Effect: "Allow",
              Principal: { AWS: `arn:${partition}:iam::${id}:root` },
              Action: "kms:*",
              Resource: "*",
            },
          ],
        }),
        tags: { Name: name },
      },
      // Without it the secrets of all stacks are lost.
      { parent: this, protect: true, retainOnDelete: true },
    );
    new aws.kms.Alias(
      name,
      { name: `alias/nango-bootstrap-${pulumi.getStack()}`, targetKeyId: key.keyId },
      { parent: this },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** The secrets provider of a stack, as `pulumi stack init --secrets-provider` takes it. */
export function secretsProvider(keyArn: string, region: string, stack: string): string {
  return `awskms:///${keyArn}?region=${region}&context_stack=${stack}`;
}

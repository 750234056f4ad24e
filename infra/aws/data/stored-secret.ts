import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseAnotherKey } from "../../encryption-key-change.ts";
import { fingerprintIn, fingerprintTag } from "./fingerprint.ts";

export interface StoredSecretArgs {
  /** What is stored: names of environment variables and their values. */
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;
  readonly encryptionKeyFingerprint: pulumi.Input<string>;
  /** Whether another encryption key than the stored one is accepted. */
  readonly allowEncryptionKeyChange: boolean;
  /** Whether Pulumi refuses to delete the secret. */
  readonly protect: boolean;
  /** What may refuse the key first: a key that was refused is not to be remembered. */
  readonly acceptedBy: readonly pulumi.Resource[];
}

/** One secret in Secrets Manager, of whose JSON containers are given single values of one version. */
export class StoredSecret extends pulumi.ComponentResource {
  /** The ARN of the secret. */
  readonly arn: pulumi.Output<string>;
  /** The names of the values in it. */
  readonly names: readonly string[];
  private readonly versionId: pulumi.Output<string>;

  constructor(name: string, args: StoredSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:StoredSecret", name, {}, opts);
    const parent = { parent: this };
    // Named by Pulumi: a fixed name stays taken for the 30 days in which a deleted secret can be recovered.
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        description: `Everything secret that the containers of ${name} are given`,
        tags: { Name: name, [fingerprintTag]: args.encryptionKeyFingerprint },
      },
      {
        ...parent,
        protect: args.protect,
        dependsOn: [...args.acceptedBy],
        hooks: args.allowEncryptionKeyChange ? {} : { beforeUpdate: [refuseAnotherKey(name, fingerprintIn)] },
      },
    );
    // The version before this one stays readable, for the tasks of a deployment that is rolled back.
    const version = new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(args.values)) },
      { ...parent, retainOnDelete: true },
    );
    this.arn = secret.arn;
    this.names = Object.keys(args.values).toSorted();
    this.versionId = version.versionId;
    this.registerOutputs({ arn: this.arn });
  }

  /** Where ECS finds one value of exactly this version, so that a new value is a new deployment. */
  valueFrom(variable: string): pulumi.Output<string> {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    return pulumi.interpolate`${this.arn}:${variable}::${this.versionId}`;
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { GivenSecrets } from "./config/stack-config.ts";
import { apiKeyFrom } from "./nango/api-key.ts";
import { encryptionKeyFingerprint, encryptionKeyFrom } from "./nango/encryption-key.ts";

export interface GeneratedSecretsArgs {
  /** What is used instead of generated values. */
  readonly given: GivenSecrets<pulumi.Output<string>>;
  /** Whether Pulumi refuses to delete what was generated. */
  readonly protect: boolean;
}

/**
 * The secrets that nobody has to think of. All are made, whatever is given or used: a stack that gives one later, or takes
 * it back, or has accounts for a while, deletes nothing and finds the same value again.
 *
 * A resource's ID is never encrypted (https://github.com/pulumi/pulumi/issues/8946), and that of most random resources is
 * their value. That of a RandomPassword is the word "none": whatever form a secret has is derived from one.
 */
export class GeneratedSecrets extends pulumi.ComponentResource {
  /** The base64 of 32 bytes. Secret. */
  readonly encryptionKey: pulumi.Output<string>;
  /** Names the key without telling it. Not secret. */
  readonly encryptionKeyFingerprint: pulumi.Output<string>;
  /** Signs dashboard sessions. Secret. */
  readonly adminKey: pulumi.Output<string>;
  /** The password of the dashboard's one user. Secret. */
  readonly dashboardPassword: pulumi.Output<string>;
  /** The API keys of the environments `prod` and `dev`: UUIDs of version 4. Secret. */
  readonly apiKeys: { readonly prod: pulumi.Output<string>; readonly dev: pulumi.Output<string> };

  constructor(name: string, args: GeneratedSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:index:GeneratedSecrets", name, {}, opts);
    const { given } = args;
    const kept = { parent: this, protect: args.protect };
    const password = (purpose: string, length: number, options: pulumi.CustomResourceOptions = kept) =>
      new random.RandomPassword(`${name}-${purpose}`, { length, special: false }, options).result;
    // Losing the key loses every credential that Nango holds.
    const generatedKey = password("encryption-key", 64, { ...kept, retainOnDelete: true });
    const generatedPassword = password("dashboard-password", 32);
    const generatedApiKeys = {
      prod: password("api-key-prod", 64).apply(apiKeyFrom),
      dev: password("api-key-dev", 64).apply(apiKeyFrom),
    };

    this.encryptionKey = given.encryptionKey ?? generatedKey.apply(encryptionKeyFrom);
    this.encryptionKeyFingerprint = pulumi.unsecret(this.encryptionKey.apply(encryptionKeyFingerprint));
    this.adminKey = password("admin-key", 64);
    this.dashboardPassword = given.dashboardPassword ?? generatedPassword;
    this.apiKeys = {
      prod: given.apiKeys.prod ?? generatedApiKeys.prod,
      dev: given.apiKeys.dev ?? generatedApiKeys.dev,
    };
    this.registerOutputs({ encryptionKeyFingerprint: this.encryptionKeyFingerprint });
  }
}

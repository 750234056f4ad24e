import * as pulumi from "@pulumi/pulumi";
import type { GivenSecrets, Rotations } from "./config/stack-config.ts";
import { generatedPassword } from "./generated-password.ts";
import { apiKeyFrom } from "./nango/api-key.ts";
import { encryptionKeyFingerprint, encryptionKeyFrom } from "./nango/encryption-key.ts";

export interface GeneratedSecretsArgs {
  /** What is used instead of generated values. */
  readonly given: GivenSecrets<pulumi.Output<string>>;
  /** Which value of its kind each secret is. */
  readonly rotations: Pick<Rotations, "dashboard" | "admin" | "api-keys">;
  /** Whether Pulumi refuses to delete what was generated and never made anew. */
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
    const { given, rotations } = args;
    const password = (
      purpose: string,
      length: number,
      generation: number,
      options: pulumi.CustomResourceOptions = {},
    ) =>
      generatedPassword(
        `${name}-${purpose}`,
        { length, special: false, generation },
        // Pulumi replaces nothing that was protected and stays so.
        { parent: this, protect: args.protect && generation === 0, ...options },
      ).result;
    // Losing the key loses every credential that Nango holds, and Nango cannot change it: it has one generation.
    const generatedKey = password("encryption-key", 64, 0, { retainOnDelete: true });
    const dashboardPassword = password("dashboard-password", 32, rotations.dashboard);
    const generatedApiKeys = {
      prod: password("api-key-prod", 64, rotations["api-keys"]).apply(apiKeyFrom),
      dev: password("api-key-dev", 64, rotations["api-keys"]).apply(apiKeyFrom),
    };

    this.encryptionKey = given.encryptionKey ?? generatedKey.apply(encryptionKeyFrom);
    this.encryptionKeyFingerprint = pulumi.unsecret(this.encryptionKey.apply(encryptionKeyFingerprint));
    this.adminKey = password("admin-key", 64, rotations.admin);
    this.dashboardPassword = given.dashboardPassword ?? dashboardPassword;
    this.apiKeys = {
      prod: given.apiKeys.prod ?? generatedApiKeys.prod,
      dev: given.apiKeys.dev ?? generatedApiKeys.dev,
    };
    this.registerOutputs({ encryptionKeyFingerprint: this.encryptionKeyFingerprint });
  }
}

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { encryptionKeyFingerprint } from "./nango/encryption-key.ts";

export interface GeneratedSecretsArgs {
  /** The base64 of 32 bytes; generated when undefined. Plain absence, since it decides which resources there are. */
  readonly encryptionKey: pulumi.Output<string> | undefined;
  /** The one user of the dashboard; undefined when people have accounts of their own. */
  readonly basicAuth: { readonly password: pulumi.Output<string> | undefined } | undefined;
  /** Whether Pulumi refuses to delete the encryption key. */
  readonly protect: boolean;
}

export interface BasicAuthSecrets {
  /** The password of the dashboard. */
  readonly password: pulumi.Output<string>;
  /** The API keys of the environments `prod` and `dev`: UUIDs of version 4. */
  readonly apiKeys: { readonly prod: pulumi.Output<string>; readonly dev: pulumi.Output<string> };
}

/** The secrets that nobody has to think of. */
export class GeneratedSecrets extends pulumi.ComponentResource {
  /** The base64 of 32 bytes. Secret. */
  readonly encryptionKey: pulumi.Output<string>;
  /** Names the key without telling it. Not secret. */
  readonly encryptionKeyFingerprint: pulumi.Output<string>;
  /** Signs dashboard sessions. Secret. */
  readonly adminKey: pulumi.Output<string>;
  /** What the one user of the dashboard has; undefined when people have accounts of their own. Secret. */
  readonly basicAuth: BasicAuthSecrets | undefined;

  constructor(name: string, args: GeneratedSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:index:GeneratedSecrets", name, {}, opts);
    const parent = { parent: this };
    // Losing the key loses every credential that Nango holds: nothing here deletes it.
    this.encryptionKey =
      args.encryptionKey ??
      new random.RandomBytes(
        `${name}-encryption-key`,
        { length: 32 },
        { ...parent, protect: args.protect, retainOnDelete: true },
      ).base64;
    this.encryptionKeyFingerprint = pulumi.unsecret(this.encryptionKey.apply(encryptionKeyFingerprint));
    this.adminKey = new random.RandomPassword(
      `${name}-admin-key`,
      { length: 64, special: false },
      parent,
    ).result;
    this.basicAuth = args.basicAuth && this.basicAuthSecrets(name, args.basicAuth.password);
    this.registerOutputs({ encryptionKeyFingerprint: this.encryptionKeyFingerprint });
  }

  private basicAuthSecrets(name: string, given: pulumi.Output<string> | undefined): BasicAuthSecrets {
    const parent = { parent: this };
    const password =
      given ??
      new random.RandomPassword(`${name}-dashboard-password`, { length: 32, special: false }, parent).result;
    // Not RandomUuid, whose version bits are random too: Nango takes version 4 only.
    // https://github.com/hashicorp/go-uuid/issues/19
    const apiKey = (environment: string) =>
      new random.RandomUuid4(
        `${name}-api-key-${environment}`,
        {},
        // A UUID is no secret to the provider: without this it would stand in the state for everyone to read.
        { ...parent, additionalSecretOutputs: ["result"] },
      ).result;
    return { password, apiKeys: { prod: apiKey("prod"), dev: apiKey("dev") } };
  }
}

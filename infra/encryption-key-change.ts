import * as pulumi from "@pulumi/pulumi";

/** The inputs of a resource before or after a change. */
type Inputs = Readonly<Record<string, unknown>>;

/**
 * Stops a deployment, and its preview, that would give Nango another key than the one its data is encrypted with: a hook
 * before the update of a resource that has the key's fingerprint among its inputs. Whatever runs with the key depends on
 * that resource.
 * @param fingerprintIn where the resource has the fingerprint; undefined where it has none yet, or it is not known yet
 */
export function refuseAnotherKey(
  name: string,
  fingerprintIn: (inputs: Inputs) => unknown,
): pulumi.ResourceHook {
  const read = (inputs: Inputs | undefined) => {
    const fingerprint = inputs === undefined ? undefined : fingerprintIn(inputs);
    return typeof fingerprint === "string" ? fingerprint : undefined;
  };
  return new pulumi.ResourceHook(
    `${name}-refuse-another-encryption-key`,
    (change) => {
      const before = read(change.oldInputs);
      const after = read(change.newInputs);
      if (before === undefined || before === after) return;
      throw new pulumi.RunError(
        `The encryption key of this stack would change from ${before} to ${after ?? "a new one"}. ` +
          "Nango cannot re-encrypt: every credential stored so far would be lost to it, and it would not start. " +
          `Take the new key back: npx pulumi config rm -s ${pulumi.getStack()} nango:encryptionKey, if the old one was generated; else give the old one again. ` +
          "CHANGELOG.md says how to keep a key that an older version of this project generated. " +
          `If the database is new or may be lost: npx pulumi config set -s ${pulumi.getStack()} nango:allowEncryptionKeyChange true`,
      );
    },
    { onDryRun: true },
  );
}

/**
 * Remembers the key's fingerprint where nothing else of the stack does, and refuses another one unless that is allowed.
 * It is the input that is compared: the output of a Stash stays what it first was.
 */
export function rememberedKey(
  name: string,
  args: { readonly fingerprint: pulumi.Input<string>; readonly allowChange: boolean },
  parent: pulumi.CustomResourceOptions,
): pulumi.Stash {
  return new pulumi.Stash(
    `${name}-encryption-key-fingerprint`,
    { input: args.fingerprint },
    {
      ...parent,
      hooks: args.allowChange ? {} : { beforeUpdate: [refuseAnotherKey(name, ({ input }) => input)] },
    },
  );
}

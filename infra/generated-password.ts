import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface GeneratedPasswordArgs extends Omit<random.RandomPasswordArgs, "keepers"> {
  /** Another number than before makes another password. 0 for the first one. */
  readonly generation: number;
}

/** A password that Pulumi makes and keeps in its state until its generation is another one. */
export function generatedPassword(
  name: string,
  { generation, ...args }: GeneratedPasswordArgs,
  opts: pulumi.CustomResourceOptions,
): random.RandomPassword {
  // The first has no keepers: passwords that were made before there were generations stay as they are.
  const keepers = generation === 0 ? {} : { keepers: { generation: String(generation) } };
  return new random.RandomPassword(name, { ...args, ...keepers }, opts);
}

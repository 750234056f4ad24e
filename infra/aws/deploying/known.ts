import type * as pulumi from "@pulumi/pulumi";

/** A value that is known by the time that a hook runs. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve as (value: unknown) => void));
}

/** The value of an output; undefined where it is not known: in a preview, or because `--target` leaves out what it is of. */
export async function ifKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // An output has both, though its type does not say so; a function that is applied to an unknown one is never called.
  const { isKnown, promise } = output as unknown as {
    isKnown: Promise<boolean>;
    promise: () => Promise<T>;
  };
  return (await isKnown) ? await promise() : undefined;
}

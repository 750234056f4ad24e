import type * as pulumi from "@pulumi/pulumi";

/** A value that is known by the time that a hook runs. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve as (value: unknown) => void));
}

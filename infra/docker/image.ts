import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** The only platform that there is an image of Nango for. https://github.com/NangoHQ/nango/issues/5576 */
export const nangoPlatform = "linux/amd64";

/** An image on the engine, pulled when it is not there. It stays when the stack goes: others may use it. */
export function pulledImage(
  name: string,
  args: { readonly reference: string; readonly platform?: string },
  opts: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  const { reference, platform } = args;
  return new docker.RemoteImage(
    name,
    {
      name: reference,
      keepLocally: true,
      ...(platform === undefined ? {} : ({ platform } satisfies Partial<docker.RemoteImageArgs>)),
    },
    opts,
  );
}

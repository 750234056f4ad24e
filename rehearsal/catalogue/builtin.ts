import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { resource } from "./entry.ts";

/** What Pulumi's engine answers itself. */
export const builtinResources = {
  // One more than that of the stack, as for another region.
  "pulumi:providers:aws": resource<aws.Provider, aws.ProviderArgs>({
    outputs: ({ uuid }) => ({ id: uuid() }),
  }),
  "pulumi:index:Stash": resource<pulumi.Stash, pulumi.StashArgs>({
    previewed: true,
    // https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/builtins.go
    outputs: ({ inputs, uuid }) => ({ id: uuid(), output: inputs.input as unknown }),
  }),
};

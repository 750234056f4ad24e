import type * as pulumi from "@pulumi/pulumi";

import { resource } from "./entry.ts";

/** What Pulumi's engine answers itself. */
export const builtinResources = {
  "pulumi:index:Stash": resource<pulumi.Stash, pulumi.StashArgs>({
    previewed: true,
    // https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/builtins.go
    outputs: ({ inputs, uuid }) => ({ id: uuid(), output: inputs.input as unknown }),
  }),
};

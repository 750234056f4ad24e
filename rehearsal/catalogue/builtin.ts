import type * as pulumi from "@pulumi/pulumi";

import { resource } from "./entry.ts";

/** What Pulumi's engine answers itself. */
export const builtinResources = {
  "pulumi:index:Stash": resource<pulumi.Stash, pulumi.StashArgs>({
    inputs: ["input"],
    outputs: ({ inputs, hex }) => ({ id: hex(32), output: inputs.input as unknown }),
  }),
};

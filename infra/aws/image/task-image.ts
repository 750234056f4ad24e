import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "./repository.ts";

/** Nango's image as the tasks of a stack get it. */
export interface TaskImage {
  /** What ECS pulls. */
  readonly reference: pulumi.Input<string>;
  /** What the execution role needs to pull it. */
  readonly pullPermissions: readonly PolicyStatement[];
  /** Fetches the image to where it is pulled from, where that takes a step of its own; awaited before a new one starts. */
  readonly makeAvailable?: () => Promise<void>;
}

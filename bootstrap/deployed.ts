// What is deployed of the stacks: npm run bootstrap reads their states, and hands them on in a file.

import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { StateResource } from "../scripts/pulumi/state.ts";

/** The environment variable that names the file: the resources of each stack that has a state, as JSON. */
export const deployedFile = "NANGO_BOOTSTRAP_DEPLOYED";

/** By stack; those that have no state yet are not in it. */
export type DeployedStacks = Readonly<Record<string, readonly StateResource[]>>;

/** What npm run bootstrap found; nothing where the program runs without it. */
export function deployedStacks(environment: NodeJS.ProcessEnv = process.env): DeployedStacks {
  const file = environment[deployedFile];
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DeployedStacks;
  } catch (error) {
    throw new pulumi.RunError(
      `${deployedFile} names ${file}, which cannot be read (${String(error)}): npm run bootstrap sets it.`,
    );
  }
}

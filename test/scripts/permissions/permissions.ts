import path from "node:path";
import { readProject } from "../../../project/project.ts";
import { type Permissions, permissionsIn } from "../../../scripts/permissions/stack.ts";
import { topologies } from "../../aws/topologies.ts";
import { rehearse } from "../../rehearse.ts";
import type { RehearseOptions } from "../../../rehearsal/rehearse.ts";

const root = path.resolve(import.meta.dirname, "../../..");
/** The program that prepares an account for a pipeline. */
export const bootstrap = {
  stack: "example",
  projectDirectory: path.join(root, "bootstrap"),
  set: { stacks: '["dev"]' },
};

const { dev, production, search, "existing VPC": inVpc, "large, internal, on Spot": large } = topologies;

/** Configurations that together make everything that the program can make in AWS. */
export const configurations: Readonly<Record<string, RehearseOptions>> = {
  dev,
  production,
  search,
  "existing VPC": inVpc,
  "large, internal, on Spot": large,
  "a mirror of the image": { stack: "dev", set: { imageSource: "ecr-mirror" } },
  "an image from a cache": {
    stack: "dev",
    set: { imageSource: "ecr-pull-through", dockerHubUser: "acme", dockerHubToken: "dckr_pat_0123456789" },
  },
  bootstrap,
  "a database of a backup": {
    stack: "dev",
    set: {
      databaseRestoreTime: "latest",
      databaseRestoreSource: "acme-database",
      encryptionKey: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    },
  },
  "a zone by its ID": { stack: "dev", set: { hostedZone: "Z0123456789ABCDEFGHIJ" } },
};

/** What a configuration takes. */
export async function permissions(options: RehearseOptions): Promise<Permissions> {
  const rehearsal = await rehearse({ ...options, mode: "update" });
  if (rehearsal.program.message !== undefined) throw new Error(rehearsal.program.message);
  return permissionsIn(
    readProject(options.projectDirectory ?? root),
    { stack: options.stack, set: options.set ?? {}, account: undefined },
    rehearsal,
  );
}

// What a program wants of a resource, and what that makes of it before anything happens to it.

import type { RecordedResource } from "./record.ts";
import { type Alias, aliasUrns, urnOf } from "../project/urns.ts";

type Decided = "urn" | "id" | "outputs" | "secretOutputs" | "generation" | "createdAs" | "change";
type Inherited = "protect" | "retainOnDelete" | "deletedWith";

/** What the program wants of a resource; undefined where the parent decides. */
export interface Goal extends Omit<RecordedResource, Decided | Inherited | "aliases"> {
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: string | undefined;
  readonly aliases: readonly Alias[];
}

/** The resource that is wanted, with what it has of its parent. */
export function wanted(
  { protect, retainOnDelete, deletedWith, aliases, ...goal }: Goal,
  { project, stack }: { readonly project: string; readonly stack: string },
  parent: string | undefined,
  above: RecordedResource | undefined,
): RecordedResource {
  const { type, name } = goal;
  const identity = { project, stack, type, name, ...(parent === undefined ? {} : { parent }) };
  const urn = urnOf(identity);
  const inheritedWith = deletedWith ?? above?.deletedWith;
  return {
    ...goal,
    urn,
    ...(parent === undefined ? {} : { parent }),
    protect: protect ?? above?.protect ?? false,
    retainOnDelete: retainOnDelete ?? above?.retainOnDelete ?? false,
    ...(inheritedWith === undefined ? {} : { deletedWith: inheritedWith }),
    aliases: aliasUrns(identity, aliases, above?.aliases ?? []),
    outputs: {},
    secretOutputs: [],
    generation: 1,
    createdAs: urn,
  };
}

// What the engine does to a resource, given its previous state: compared by inputs, as the engine compares them.

import { isDeepStrictEqual } from "node:util";

import { resourceEntry } from "./catalogue/index.ts";
import type { Change, RecordedResource, Rehearsal } from "./record.ts";
import { parsePath, withValuesOf, type Properties } from "../project/values.ts";

/** Undefined properties and the order of keys do not count. */
function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify([a])), JSON.parse(JSON.stringify([b])));
}

type Comparable = Pick<
  RecordedResource,
  | "urn"
  | "type"
  | "name"
  | "inputs"
  | "encryptedInputs"
  | "ignoreChanges"
  | "replaceOnChanges"
  | "replaceWith"
  | "replacementTrigger"
  | "deleteBeforeReplace"
  | "retainOnDelete"
>;

/** The inputs that count: what `ignoreChanges` names keeps its previous value. */
export function effectiveInputs(
  next: Pick<Comparable, "inputs" | "ignoreChanges">,
  previous: Pick<Comparable, "inputs"> | undefined,
): Properties {
  return previous
    ? withValuesOf(next.inputs, previous.inputs, next.ignoreChanges.map(parsePath))
    : next.inputs;
}

/** How a resource differs from its previous state, when those that `replaced` names are replaced in the same deployment. */
export function changeOf(
  previous: Comparable | undefined,
  next: Comparable,
  replaced: (urn: string) => boolean,
): Change {
  const { urn, type, name } = next;
  if (!previous)
    return {
      urn,
      type,
      name,
      kind: "create",
      keys: [],
      replaceKeys: [],
      deleteFirst: false,
      retained: false,
    };
  const after = effectiveInputs(next, previous);
  const before = withValuesOf(previous.inputs, after, (previous.encryptedInputs ?? []).map(parsePath));
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !sameJson(before[key], after[key]),
  );
  const replacing = new Set([
    ...(resourceEntry(type)?.replacedBy ?? []),
    ...next.replaceOnChanges.map((path) => String(parsePath(path)[0])),
  ]);
  const replaceKeys = [
    ...keys.filter((key) => replacing.has(key) || replacing.has("*")),
    ...(next.replaceWith.some(replaced) ? ["replaceWith"] : []),
    ...(isTriggered(previous, next) ? ["replacementTrigger"] : []),
  ];
  const kind = replaceKeys.length > 0 ? "replace" : keys.length > 0 ? "update" : "same";
  const deleteFirst = kind === "replace" && (next.deleteBeforeReplace ?? hasNameOfItsOwn(next));
  // The engine goes by what the previous deployment recorded.
  // https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step.go (DeleteStep.Apply)
  const retained = kind === "replace" && previous.retainOnDelete;
  return { urn, type, name, kind, keys, replaceKeys, deleteFirst, retained };
}

/**
 * Whether the program chose the name that Pulumi would else make up: two resources cannot have it, so Pulumi deletes the
 * old one first. https://github.com/pulumi/pulumi-terraform-bridge/blob/v3.110.0/pkg/tfbridge/schema.go
 */
function hasNameOfItsOwn({ type, inputs }: Comparable): boolean {
  const property = resourceEntry(type)?.autoName?.property;
  return property !== undefined && (inputs[property] ?? undefined) !== undefined;
}

/**
 * A trigger that appears or disappears replaces nothing, one that is not known yet does.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step_generator.go (shouldTriggerReplace)
 */
function isTriggered(previous: Comparable, next: Comparable): boolean {
  const [before, after] = [previous.replacementTrigger, next.replacementTrigger];
  return before !== undefined && after !== undefined && !sameJson(before, after);
}

export function deletionOf({ urn, type, name, retainOnDelete }: RecordedResource): Change {
  return {
    urn,
    type,
    name,
    kind: "delete",
    keys: [],
    replaceKeys: [],
    deleteFirst: false,
    retained: retainOnDelete,
  };
}

/**
 * Resources that are deleted, as the engine deletes them: those of a group at the same time, each before what it needs.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step_generator.go (ScheduleDeletes)
 */
export function deletionGroups<Deleted extends Needing>(deleted: readonly Deleted[]): Deleted[][] {
  const groups: Deleted[][] = [];
  let left = deleted;
  while (left.length > 0) {
    const urns = new Set(left.map(({ urn }) => urn));
    const needNothing = left.filter((resource) => !directNeeds(resource).some((urn) => urns.has(urn)));
    groups.unshift(needNothing.toReversed());
    left = left.filter((resource) => !needNothing.includes(resource));
  }
  return groups;
}

type Needing = Pick<RecordedResource, "urn" | "parent" | "dependencies" | "provider" | "deletedWith">;

/** The URNs of what a resource needs itself. */
export function directNeeds({ parent, dependencies, provider, deletedWith }: Omit<Needing, "urn">): string[] {
  const others = [parent, provider?.replace(/::[^:]*$/, ""), deletedWith];
  return [...dependencies, ...others.filter((urn) => urn !== undefined)];
}

/** The URNs of everything that a resource needs, directly or through others. */
export function needsOf(
  resource: RecordedResource,
  resources: ReadonlyMap<string, RecordedResource>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (of: RecordedResource) => {
    for (const urn of directNeeds(of)) {
      if (found.has(urn)) continue;
      found.add(urn);
      const needed = resources.get(urn);
      if (needed) follow(needed);
    }
  };
  follow(resource);
  return found;
}

/** Finds a resource of a previous deployment by its URN or one of its aliases. */
export function previousOf(
  { urn, aliases }: Pick<RecordedResource, "urn" | "aliases">,
  previous: ReadonlyMap<string, RecordedResource>,
): RecordedResource | undefined {
  return [urn, ...aliases].map((candidate) => previous.get(candidate)).find((found) => found !== undefined);
}

/**
 * Every difference between two rehearsals of a stack, in the order of the second one, deletions last. Best between
 * two of the same mode: what a preview does not know yet differs from what an update knows.
 */
export function changesBetween(previous: Rehearsal, next: Rehearsal): Change[] {
  const before = new Map(previous.resources.map((resource) => [resource.urn, resource]));
  const kept = new Set<string>();
  const replaced = new Set<string>();
  const changes = next.resources.map((resource) => {
    const old = previousOf(resource, before);
    if (old) kept.add(old.urn);
    const change = changeOf(old, resource, (urn) => replaced.has(urn));
    if (change.kind === "replace") replaced.add(resource.urn);
    return change;
  });
  const deleted = previous.resources.filter(({ urn }) => !kept.has(urn)).toReversed();
  return [...changes, ...deleted.map(deletionOf)].filter(({ kind }) => kind !== "same");
}

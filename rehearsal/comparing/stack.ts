// Two stacks beside each other.

import { isDeepStrictEqual } from "node:util";

import { changesBetween } from "../changes.ts";
import { maskedRehearsal } from "../mask.ts";
import type { Change, RecordedResource, Rehearsal } from "../record.ts";
import type { RehearseOptions } from "../rehearse.ts";
import { type Rehearsed, type Rehearsing, whole } from "./change.ts";

/** Rehearses a stack and another one, and compares them. */
export async function againstStack(
  { run, options, isDrawn = false }: Rehearsing,
  other: string,
): Promise<Rehearsed> {
  const own = { ...options, mode: "preview" } as const;
  const { set: _, secrets: __, ...plain } = own;
  // Before a deployment: what a deployment makes up differs from stack to stack, and says nothing.
  const [title, ownTitle] = titles(options, other);
  const before = await whole(run({ ...plain, stack: other }), title);
  const rehearsal = await whole(run(own), ownTitle);
  return {
    rehearsal: isDrawn ? await whole(run({ ...own, mode: "update" })) : rehearsal,
    before: isDrawn ? await whole(run({ ...plain, mode: "update", stack: other })) : before,
    comparison: {
      before: { title, rehearsal: maskedRehearsal(before) },
      after: { title: ownTitle, rehearsal: maskedRehearsal(rehearsal) },
      isDeployment: false,
      changes: differencesOf(before, rehearsal),
      keys: [],
      remarks:
        options.stack === other && !isSet({ ...options.set, ...options.secrets })
          ? [
              `Both sides are ${other} as its file says, so that nothing can differ: --set gives it another configuration.`,
            ]
          : [],
    },
  };
}

/** What the sides are called: by the stacks' names, and one stack by where its configuration comes from. */
function titles({ stack, set, secrets }: RehearseOptions, other: string): [title: string, own: string] {
  if (stack !== other) return [other, stack];
  return isSet({ ...set, ...secrets })
    ? [`${other} (its file)`, `${stack} (with --set)`]
    : [other, `${stack} (again)`];
}

const isSet = (set: object = {}) => Object.keys(set).length > 0;

/**
 * What differs between two stacks, of which none follows the other: what a deployment leaves as it is where that stands
 * already, such as a number of tasks or a size of storage, is different, too.
 */
export function differencesOf(one: Rehearsal, other: Rehearsal): Change[] {
  const resources = other.resources.map((resource) => ({ ...resource, ignoreChanges: [] }));
  return changesBetween(asStack(one, other), { ...other, resources });
}

/** A rehearsal as if its stack had the name of another one: what differs by that name alone is the same then. */
function asStack(rehearsal: Rehearsal, other: Rehearsal): Rehearsal {
  const [own, name] = [rehearsal.stack, other.stack];
  const root = `pulumi:pulumi:Stack::${rehearsal.project}-`;
  const text = JSON.stringify(rehearsal.resources)
    .replaceAll(`urn:pulumi:${own}::`, `urn:pulumi:${name}::`)
    .replaceAll(`${root}${own}"`, `${root}${name}"`);
  const resources = JSON.parse(text) as RecordedResource[];
  const names = new Set(rehearsal.resources.map((resource) => resource.name));
  const others = new Map(other.resources.map((resource) => [resource.urn, resource]));
  return {
    ...rehearsal,
    resources: resources.map((resource) => ({
      ...resource,
      inputs: Object.fromEntries(
        Object.entries(resource.inputs).map(([key, value]) => {
          const theirs = others.get(resource.urn)?.inputs[key];
          const isSame = isDeepStrictEqual(withoutName(value, own, names), withoutName(theirs, name, names));
          return [key, isSame ? theirs : value];
        }),
      ),
    })),
  };
}

/**
 * A value without the stack's name, where a text is it or ends in it, and without the digits that Pulumi gives a
 * resource's name; in the JSON of a text, too.
 */
function withoutName(value: unknown, stack: string, names: ReadonlySet<string>): unknown {
  return JSON.parse(JSON.stringify([value]), (_, inner: unknown) => {
    if (typeof inner !== "string") return inner;
    if (inner === stack) return "(stack)";
    if (inner.endsWith(`-${stack}`)) return `${inner.slice(0, -stack.length)}(stack)`;
    if (/^[{[]/.test(inner)) return withoutNameInJson(inner, stack, names);
    return inner
      .split("/")
      .map((part) => {
        const [, name] = /^(.+)-[0-9a-f]{7}$/.exec(part) ?? [];
        return name !== undefined && names.has(name) ? name : part;
      })
      .join("/");
  });
}

function withoutNameInJson(text: string, stack: string, names: ReadonlySet<string>): unknown {
  try {
    return withoutName(JSON.parse(text), stack, names);
  } catch {
    return text;
  }
}

// The resources of a rehearsal as a tree: components are branches, the resources of a component stand below it by type.

import type { RecordedResource } from "./record.ts";
import type { Style } from "./style.ts";
import { inOrder } from "../project/languages.ts";
import { oneLine, wrapped } from "../project/text.ts";
import { shortType, STACK_TYPE } from "../project/urns.ts";

/** `Map.groupBy`, which Node 20 lacks. */
function groupedBy<Key>(
  resources: readonly RecordedResource[],
  keyOf: (resource: RecordedResource) => Key,
): Map<Key, RecordedResource[]> {
  const groups = new Map<Key, RecordedResource[]>();
  for (const resource of resources)
    groups.set(keyOf(resource), [...(groups.get(keyOf(resource)) ?? []), resource]);
  return groups;
}

/** What a resource is called below its component: without the component's name before it. */
function ownName(name: string, parent: string): string {
  return name.startsWith(`${parent}-`) ? name.slice(parent.length + 1) : name;
}

function marks(resource: RecordedResource): string {
  const all = [
    ...(resource.protect && resource.custom ? ["protected"] : []),
    ...(resource.retainOnDelete && resource.custom ? ["kept on delete"] : []),
  ];
  return all.map((mark) => ` [${mark}]`).join("");
}

/** The resources below one component that are no components: a line for each type. */
function leaves(
  parent: RecordedResource,
  resources: readonly RecordedResource[],
  indent: string,
  style: Style,
): string[] {
  // Those that do not wait for each other come in any order.
  const byName = resources.toSorted(
    (a, b) => inOrder(shortType(a.type), shortType(b.type)) || inOrder(a.name, b.name),
  );
  const byType = groupedBy(byName, ({ type }) => shortType(type));
  const column = Math.max(...[...byType.keys()].map((type) => type.length)) + 2;
  return [...byType].flatMap(([type, group]) => {
    const names = group.map(
      (resource) => `${oneLine(ownName(resource.name, parent.name))}${marks(resource)}`,
    );
    const [first = "", ...rest] = wrapped(names.join(", "), style.width - indent.length - column);
    return [
      `${indent}${style.dim(type.padEnd(column))}${first}`,
      ...rest.map((line) => `${indent}${" ".repeat(column)}${line}`),
    ];
  });
}

function branch(
  parent: RecordedResource,
  childrenOf: ReadonlyMap<string | undefined, readonly RecordedResource[]>,
  indent: string,
  style: Style,
): string[] {
  const children = childrenOf.get(parent.urn) ?? [];
  const isBranch = (child: RecordedResource) => !child.custom || childrenOf.has(child.urn);
  const branches = children.filter(isBranch);
  const own = children.filter((child) => !isBranch(child));
  const rail = branches.length > 0 ? "│  " : "   ";
  return [
    ...(own.length > 0 ? leaves(parent, own, indent + rail, style) : []),
    ...branches.flatMap((child, index) => {
      const isLast = index === branches.length - 1;
      const title = `${style.bold(oneLine(child.name))} ${style.dim(shortType(child.type))}${marks(child)}`;
      return [
        `${indent}${isLast ? "└─ " : "├─ "}${title}`,
        ...branch(child, childrenOf, indent + (isLast ? "   " : "│  "), style),
      ];
    }),
  ];
}

/** The lines of the tree. */
export function tree(resources: readonly RecordedResource[], style: Style): string[] {
  const root = resources.find(({ type }) => type === STACK_TYPE);
  if (!root) return ["(no resources)"];
  const childrenOf = groupedBy(resources, ({ parent }) => parent);
  return [style.bold(root.name), ...branch(root, childrenOf, "", style)];
}

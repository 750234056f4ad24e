// The resources of a rehearsal, as a graph to walk.

import type { RecordedResource } from "../record.ts";
import { isRecord } from "../../project/values.ts";

/** Looks up resources by what they are and by what their properties come from. */
export class Graph {
  readonly resources: readonly RecordedResource[];
  private readonly byUrn: ReadonlyMap<string, RecordedResource>;

  constructor(resources: readonly RecordedResource[]) {
    this.resources = resources;
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  all(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resources that a property comes from, of one type. */
  behind({ propertyDependencies }: RecordedResource, property: string, type: string): RecordedResource[] {
    return (propertyDependencies[property] ?? []).flatMap((urn) => {
      const found = this.byUrn.get(urn);
      return found?.type === type ? [found] : [];
    });
  }
}

/** What a resource is called in every stack: its URN without the stack. */
export function idOf({ urn }: Pick<RecordedResource, "urn">): string {
  return urn.replace(/^urn:pulumi:[^:]*::/, "");
}

/** An input that is text or a number, as text; empty for any other. */
export function input({ inputs }: RecordedResource, property: string): string {
  const value = inputs[property];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** An input that is an object; empty for any other. */
export function record({ inputs }: RecordedResource, property: string): Record<string, unknown> {
  const value = inputs[property];
  return isRecord(value) ? value : {};
}

/** `1 task`, `2 tasks` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

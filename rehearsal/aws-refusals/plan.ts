// A deployment as the rules look at it: what it leaves, and what of the previous one is there meanwhile.

import { needsOf, previousOf } from "../changes.ts";
import type { Finding, RecordedResource } from "../record.ts";
import { UNKNOWN, type Properties } from "../../project/values.ts";

/** A rule of AWS: answers what it refuses in a deployment, before AWS does. */
export type Rule = (plan: Plan) => Finding[];

export class Plan {
  /** What the deployment leaves. */
  readonly resources: readonly RecordedResource[];
  /** What is in AWS while new resources are made: Pulumi deletes when everything else is done. */
  readonly standing: readonly RecordedResource[];
  private readonly previous: ReadonlyMap<string, RecordedResource>;
  private readonly byUrn: ReadonlyMap<string, RecordedResource>;

  constructor(resources: readonly RecordedResource[], previous: ReadonlyMap<string, RecordedResource>) {
    this.resources = resources;
    this.previous = previous;
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const gone = this.goneFirst();
    this.standing = [...previous.values()].filter(({ urn }) => !gone.has(urn));
  }

  /** What Pulumi deletes before it makes anything in its place: with it goes what needs it and is replaced, too. */
  private goneFirst(): ReadonlySet<string> {
    const replaced = this.resources.flatMap((after) => {
      const before = after.change?.kind === "replace" ? this.before(after) : undefined;
      return before ? [{ after, before }] : [];
    });
    const first = replaced.filter(({ after }) => after.change?.deleteFirst === true);
    const urns = new Set(first.map(({ before }) => before.urn));
    const dependents = replaced.filter(({ before }) =>
      [...needsOf(before, this.previous)].some((urn) => urns.has(urn)),
    );
    return new Set([...first, ...dependents].map(({ before }) => before.urn));
  }

  ofType(...types: readonly string[]): RecordedResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource as the previous deployment left it. */
  before(resource: RecordedResource): RecordedResource | undefined {
    return previousOf(resource, this.previous);
  }

  /** The resources of a type that stay what they are and change, with their state before. */
  updated(type: string): { readonly after: RecordedResource; readonly before: RecordedResource }[] {
    return this.ofType(type).flatMap((after) => {
      const before = this.before(after);
      return before && after.change?.kind === "update" ? [{ after, before }] : [];
    });
  }

  /** The resources of a type that an input of another one refers to; `of` is of this deployment or of the previous one. */
  references(of: RecordedResource, property: string, type: string): RecordedResource[] {
    const among = this.previous.get(of.urn) === of ? this.previous : this.byUrn;
    return (of.propertyDependencies[property] ?? []).flatMap((urn) => {
      const found = among.get(urn);
      return found?.type === type ? [found] : [];
    });
  }
}

/** One resource in AWS: what a replacement makes is another one, under the same URN. */
export function incarnation({ createdAs, generation }: RecordedResource): string {
  return `${createdAs}#${generation}`;
}

/** An input for comparison: what is not known yet is told apart by what it comes from. */
export function comparable(plan: Plan, resource: RecordedResource, property: string): string {
  const text = JSON.stringify(resource.inputs[property] ?? null);
  if (!text.includes(UNKNOWN)) return text;
  const sources = (resource.propertyDependencies[property] ?? []).map((urn) => {
    const source = plan.resources.find((candidate) => candidate.urn === urn);
    return source ? incarnation(source) : urn;
  });
  return `${text} of ${sources.join()}`;
}

/** A list of texts among the inputs, without those that are not known. */
export function knownTexts(inputs: Properties, property: string): string[] {
  const value = inputs[property];
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string" && item !== UNKNOWN)
    : [];
}

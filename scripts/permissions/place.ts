import { partitionOf } from "../../infra/config/rules/aws-region.ts";
import type { RecordedInvoke, RecordedResource } from "../../rehearsal/rehearse.ts";

/** Where a stack is, and what of it is known before it is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly resources: readonly RecordedResource[];
  /** What the program asked the provider for. */
  readonly invokes: readonly RecordedInvoke[];
  /** The keys of `aws:defaultTags`, which everything that takes tags is given. */
  readonly defaultTagKeys: readonly string[];
  /** The one of `aws:defaultTags` whose value is the stack's name, by which its resources are told from another stack's. */
  readonly stackTag: { readonly key: string; readonly value: string } | undefined;
}

/** An ARN in the stack's account and region; `regional: false` leaves the region out. */
export function arn(place: Place, service: string, resource: string, regional = true): string {
  const { name } = partitionOf(place.region);
  return `arn:${name}:${service}:${regional ? place.region : ""}:${place.account}:${resource}`;
}

/** What an action on `*` can still be held to: requests in the stack's region. */
export function inRegion({ region }: Place) {
  return { when: { StringEquals: { "aws:RequestedRegion": region } } };
}

/** Whether the stack makes a resource of that type. */
export function makes(place: Place, type: string): boolean {
  return place.resources.some((resource) => resource.type === type);
}

/**
 * A name as it will be, with `*` for what a deployment makes up: the digits that Pulumi adds to a name, and what a
 * random resource answers.
 */
export function namePattern(place: Place, resource: RecordedResource, property = "name"): string {
  const given = resource.inputs[property];
  const { [property]: name, [`${property}Prefix`]: prefix } = resource.outputs;
  // A state has an empty one of what has none.
  if (typeof prefix === "string" && prefix !== "" && given === undefined) return `${prefix}*`;
  if (typeof name !== "string") throw new TypeError(`${resource.urn} has no ${property}`);
  if (given === undefined) return name.replace(/[0-9a-f]{7}$/, "*");
  return randomParts(place).reduce((pattern, part) => pattern.replaceAll(part, "*"), name);
}

function randomParts({ resources }: Place): string[] {
  return resources
    .filter(({ type }) => type === "random:index/randomId:RandomId")
    .map(({ outputs }) => String(outputs["hex"]))
    .filter((hex) => /^[0-9a-f]+$/.test(hex));
}

/** The patterns of the names of everything of that type. */
export function namePatterns(place: Place, type: string, property?: string): string[] {
  const found = place.resources.filter((resource) => resource.type === type);
  return [...new Set(found.map((resource) => namePattern(place, resource, property)))];
}

import type { Properties } from "../../project/values.ts";
import type { RecordedResource } from "../record.ts";
import { type AssumptionName, type Assumptions, hoursOfMonth } from "./assumptions.ts";

/** The headings of a bill, in its order. */
export const parts = [
  "tasks",
  "database",
  "Valkey",
  "OpenSearch",
  "load balancer",
  "network",
  "secrets and keys",
  "logs and alarms",
  "storage",
  "firewall",
  "other",
] as const;
export type Part = (typeof parts)[number];

/** Something that a resource is paid for. */
export interface Item {
  readonly part: Part;
  readonly what: string;
  /** In units of the price; undefined where that is not known, and `why` says the reason. */
  readonly quantity: number | undefined;
  readonly unit: string;
  /** The key of the price in a region's list. */
  readonly price: string;
  /** The assumption that the quantity rests on; absent for what is paid whether Nango is used or not. */
  readonly assumed?: AssumptionName;
  readonly why?: string;
}

/** What a rule may look at beside its resource. */
export interface Scene {
  readonly assumptions: Assumptions;
  readonly resources: readonly RecordedResource[];
  /** The resources that a property of a resource comes from. */
  readonly behind: (resource: RecordedResource, property: string) => readonly RecordedResource[];
}

/** What a resource of a type is paid for. */
export type Rule = (inputs: Properties, scene: Scene, resource: RecordedResource) => readonly Item[];

/** What is paid, but cannot be priced: it makes the sum "at least". */
export function unpriced(part: Part, what: string, why: string): Item {
  return { part, what, quantity: undefined, unit: "", price: "", why };
}

/** What is paid for the GB that lie in it, which nothing but an assumption tells. */
export function stored(what: string, price: string, assumed: "bucketGb" | "imageGb"): Rule {
  return (_, { assumptions }) => [
    {
      part: "storage",
      what,
      quantity: (assumptions[assumed] * assumptions.hours) / hoursOfMonth,
      unit: "GB-months",
      price,
      assumed,
    },
  ];
}

/** A property that is text. */
export function textIn(inputs: Properties, property: string): string | undefined {
  const value = inputs[property];
  return typeof value === "string" ? value : undefined;
}

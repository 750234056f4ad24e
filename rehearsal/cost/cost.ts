// What a rehearsed stack costs a month, by AWS's list prices.

import { numberIn } from "../../project/values.ts";
import { type PriceList, pricesOf } from "../../project/prices/prices.ts";
import { titleOf } from "../../project/urns.ts";
import type { RecordedResource, Rehearsal } from "../record.ts";
import { type AssumptionName, type Assumptions, idleMonth, usualMonth } from "./assumptions.ts";
import { type Capacity, capacitiesOf, type MonthlyCost } from "./capacity.ts";
import { computingRules, countedTasks, isIdle, scalingTargetOf, servingIn } from "./computing.ts";
import { dataRules } from "./data.ts";
import { freeTypes } from "./free.ts";
import { managementRules } from "./management.ts";
import { networkRules } from "./network.ts";
import { type Item, type Part, parts, type Rule, type Scene, textIn, unpriced } from "./rule.ts";

/** A line of the bill. Equal ones of several resources are one. */
export interface CostLine {
  readonly part: Part;
  readonly what: string;
  /** The logical names of the resources. */
  readonly of: readonly string[];
  /** In units; undefined where it is not known. */
  readonly quantity: number | undefined;
  readonly unit: string;
  /** US dollars for a unit; undefined where it is not known. */
  readonly price: number | undefined;
  /** US dollars a month; undefined where it is not known. */
  readonly monthly: number | undefined;
  /** The assumption that the quantity rests on; absent for what is paid whether Nango is used or not. */
  readonly assumed?: AssumptionName;
  /** Why it is not known. */
  readonly why?: string;
  /** The day of the price, as far as it is known. */
  readonly asOf?: string;
  /** AWS changes the price with supply. */
  readonly varies?: boolean;
}

export interface Cost extends MonthlyCost {
  readonly stack: string;
  readonly region: string;
  readonly assumptions: Assumptions;
  /** No task runs, so that neither traffic nor logs are assumed. */
  readonly idle?: true;
  /** The program was stopped before it had declared everything, so that lines are missing. */
  readonly stopped?: true;
  readonly lines: readonly CostLine[];
  /** US dollars a month for what the assumptions say, as far as they are known. */
  readonly byUse: number;
  /** What the tasks carry: those that are counted, then the most. Empty where none runs. */
  readonly capacities: readonly Capacity[];
}

const rules: Readonly<Record<string, Rule>> = {
  ...computingRules,
  ...dataRules,
  ...networkRules,
  ...managementRules,
};

/** Whether a type of resources has a price, or a reason that it has none. */
export function isJudged(type: string): boolean {
  return type in rules || type in freeTypes;
}

/** https://www.pulumi.com/docs/iac/packages-and-automation/: a provider is no resource of a cloud. */
const isProvider = (type: string) => type.startsWith("pulumi:providers:");

function itemsOf(resource: RecordedResource, scene: Scene): readonly Item[] {
  const { type, name, inputs, custom } = resource;
  if (!custom || type in freeTypes || isProvider(type)) return [];
  const rule = rules[type];
  if (rule !== undefined) return rule(inputs, scene, resource);
  return [unpriced("other", titleOf({ type, name }), "what this type costs is not known here")];
}

/** The region that a resource names, or its provider, and where neither does, the stack's. */
function regionOf({ inputs, provider }: RecordedResource, { resources }: Scene, region: string): string {
  const own = resources.find(({ urn }) => provider !== undefined && provider.startsWith(`${urn}::`));
  return textIn(inputs, "region") ?? textIn(own?.inputs ?? {}, "region") ?? region;
}

function lineOf(item: Item, of: string, prices: PriceList | undefined, region: string): CostLine {
  const price = prices?.[item.price];
  const { part, what, quantity, unit, assumed } = item;
  const known = { part, what, of: [of], quantity, unit, ...(assumed === undefined ? {} : { assumed }) };
  if (quantity === 0) return { ...known, price: price?.usd, monthly: 0 };
  if (quantity !== undefined && quantity < 0)
    return { ...known, price: price?.usd, monthly: undefined, why: "nothing can be had less than none of" };
  if (quantity === undefined || price === undefined) {
    const why = item.why ?? `no price of it is known here for ${region}`;
    return { ...known, price: undefined, monthly: undefined, why };
  }
  return {
    ...known,
    price: price.usd,
    monthly: quantity * price.usd,
    asOf: price.asOf,
    ...(price.varies === true ? { varies: true } : {}),
  };
}

/** Adds up what is the same of several resources, under the headings of a bill. */
function together(lines: readonly CostLine[]): CostLine[] {
  const sums = new Map<string, CostLine>();
  for (const line of lines) {
    const key = [line.part, line.what, line.unit, line.price, line.why].join("\n");
    const sum = sums.get(key);
    const add = (a: number | undefined, b: number | undefined) =>
      a === undefined || b === undefined ? undefined : a + b;
    sums.set(
      key,
      sum === undefined
        ? line
        : {
            ...sum,
            of: [...sum.of, ...line.of],
            quantity: add(sum.quantity, line.quantity),
            monthly: add(sum.monthly, line.monthly),
          },
    );
  }
  return [...sums.values()].toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part));
}

const total = (lines: readonly CostLine[]) => lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0);

/** What the stack of a rehearsal costs a month, at the prices of a region and with these of the assumptions changed. */
export function costOf(
  rehearsal: Rehearsal,
  region = rehearsal.where.region ?? "a region that is not given",
  given: Partial<Assumptions> = {},
): Cost {
  const { resources } = rehearsal;
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const usual: Scene = {
    assumptions: { ...usualMonth, ...given },
    resources,
    behind: ({ propertyDependencies }, property) =>
      (propertyDependencies[property] ?? []).flatMap((urn) => byUrn.get(urn) ?? []),
  };
  const idle = isIdle(usual);
  const scene: Scene = idle ? { ...usual, assumptions: { ...idleMonth, ...given } } : usual;
  const linesOf = (resource: RecordedResource) => {
    const there = regionOf(resource, scene, region);
    const prices = pricesOf(there);
    const where = there === region ? "" : ` in ${there}`;
    return itemsOf(resource, scene).map((item) =>
      lineOf({ ...item, what: `${item.what}${where}` }, resource.name, prices, there),
    );
  };
  const lines = together(resources.flatMap(linesOf));
  const stopped = rehearsal.program.exitCode !== 0;
  const [used, fixed] = [true, false].map((use) =>
    lines.filter(({ assumed }) => (assumed !== undefined) === use),
  );
  const sums = {
    fixed: total(fixed ?? []),
    byUse: total(used ?? []),
    complete: !stopped && lines.every(({ monthly }) => monthly !== undefined),
    ...scalingOf(scene, linesOf),
  };
  return {
    stack: rehearsal.stack,
    region,
    assumptions: scene.assumptions,
    ...(idle ? { idle } : {}),
    ...(stopped ? { stopped } : {}),
    lines,
    ...sums,
    capacities: capacitiesOf(scene, sums),
  };
}

function scalingOf(
  scene: Scene,
  linesOf: (resource: RecordedResource) => readonly CostLine[],
): Pick<Cost, "scaling"> {
  const service = servingIn(scene);
  if (service === undefined) return {};
  const target = scalingTargetOf(service, scene)?.inputs ?? {};
  const [from, to] = [numberIn(target, "minCapacity"), numberIn(target, "maxCapacity")];
  const running = countedTasks(service, scene) ?? 0;
  if (from === undefined || to === undefined || running === 0 || isIdle(scene)) return {};
  const taskMonthly = total(linesOf(service).filter(({ part }) => part === "tasks")) / running;
  return { scaling: { from, to, taskMonthly } };
}

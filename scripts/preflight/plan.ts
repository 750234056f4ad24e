import type { RecordedInvoke, RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";
import type { StackState, StateResource } from "../pulumi/state.ts";

/** What a deployment is going to make, as its rehearsal says, and what of it is there. */
export class Plan {
  readonly resources: readonly RecordedResource[];
  private readonly invokes: readonly RecordedInvoke[];
  private readonly outputs: Rehearsal["outputs"];
  private readonly deployed: ReadonlyMap<string, StateResource>;

  constructor(
    { resources, invokes, outputs }: Pick<Rehearsal, "resources" | "invokes" | "outputs">,
    state: StackState | undefined,
  ) {
    this.resources = resources;
    this.invokes = invokes;
    this.outputs = outputs;
    this.deployed = new Map((state?.resources ?? []).map((resource) => [resource.urn, resource]));
  }

  ofType(type: string): readonly RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resource as the last deployment left it; undefined for one that is new. */
  before({ urn, aliases }: RecordedResource): StateResource | undefined {
    return [urn, ...aliases].map((name) => this.deployed.get(name)).find((found) => found !== undefined);
  }

  /** What is not there yet. */
  get fresh(): readonly RecordedResource[] {
    return this.resources.filter((resource) => this.before(resource) === undefined);
  }

  /** Whether all inputs of these names are what they were at the last deployment. */
  isAsBefore(resource: RecordedResource, ...names: readonly string[]): boolean {
    const before = this.before(resource);
    return before !== undefined && names.every((name) => same(before.inputs?.[name], resource.inputs[name]));
  }

  /** The values of an argument of a function of the provider that the program calls. */
  asked(token: string, argument: string): readonly string[] {
    const values = this.invokes.flatMap((invoke) =>
      invoke.token === token ? [invoke.arguments[argument]] : [],
    );
    return [...new Set(values.filter((value) => typeof value === "string"))];
  }

  /** The host names at which users reach Nango, by HTTPS. */
  get hosts(): readonly string[] {
    const urls = [this.outputs["url"], this.outputs["connectUrl"]];
    const hosts = urls.flatMap((url) =>
      typeof url === "string" && url.startsWith("https://") ? [new URL(url).hostname] : [],
    );
    return [...new Set(hosts)];
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A list of texts among the inputs of a resource. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

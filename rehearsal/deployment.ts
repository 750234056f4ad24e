// The engine's side of a deployment: takes what the program registers, checks it as the engine does, and decides what
// happens to each resource. Knows nothing of gRPC and of processes.

import { refusedByAws } from "./aws-refusals.ts";
import { NotFound } from "./catalogue/not-found.ts";
import { changeOf, deletionGroups, deletionOf, effectiveInputs, needsOf, previousOf } from "./changes.ts";
import { textFindings, unknownFindings } from "./checks.ts";
import { type Goal, wanted } from "./goal.ts";
import { Hooks } from "./hooks.ts";
import { answerFunction, checkResource, stateOf, type Answers, type Surroundings } from "./provider.ts";
import type { Change, Finding, Message, Mode, RecordedInvoke, RecordedResource } from "./record.ts";
import { Protection, Refusal } from "./refusal.ts";
import { entry, toSet } from "../infra/config/remedy.ts";
import { STACK_TYPE } from "../project/urns.ts";
import { UNKNOWN, type Properties } from "../project/values.ts";

export interface DeploymentOptions {
  readonly project: string;
  readonly stack: string;
  readonly mode: Mode;
  /** Region of the default AWS provider. */
  readonly region: string;
  readonly runHooks: boolean;
  readonly answers: Answers;
}

/** The deployment ended before the program did. */
export class Stopped extends Error {}

const AFTER_HOOKS = { create: "afterCreate", replace: "afterCreate", update: "afterUpdate" } as const;
const BEFORE_HOOKS = { create: "beforeCreate", replace: "beforeCreate", update: "beforeUpdate" } as const;

export class Deployment {
  readonly hooks: Hooks;
  readonly invokes: RecordedInvoke[] = [];
  readonly messages: Message[] = [];
  readonly debugMessages: string[] = [];
  readonly findings: Finding[] = [];
  private readonly options: DeploymentOptions;
  private readonly registered = new Map<string, RecordedResource>();
  private previous: ReadonlyMap<string, RecordedResource> = new Map();
  private following = Promise.resolve();
  private readonly withOutputs = new Set<string>();
  private readonly deletions: Change[] = [];
  private readonly stopping = new AbortController();

  constructor(options: DeploymentOptions) {
    this.options = options;
    this.hooks = new Hooks(options.mode, options.runHooks);
  }

  /**
   * Says what the previous deployment leaves, once it has ended: nothing but the stack itself, which is always there, is
   * registered before. Stops where it fails.
   */
  follow(previous: Promise<readonly RecordedResource[]>): void {
    this.following = previous.then(
      async (left) => {
        this.previous = new Map(left.map((resource) => [resource.urn, resource]));
        for (const resource of this.resources)
          this.registered.set(resource.urn, await this.perform(this.compared(resource)));
      },
      () => {
        this.stop();
        throw new Stopped();
      },
    );
    // Told to what waits for it.
    this.following.catch(() => {});
  }

  get resources(): RecordedResource[] {
    return [...this.registered.values()];
  }

  /** The differences to the previous deployment. */
  get changes(): Change[] {
    const changes = this.resources.flatMap(({ change }) =>
      change && change.kind !== "same" ? [change] : [],
    );
    return this.previous.size > 0 ? [...changes, ...this.deletions] : [];
  }

  /** The stack itself, once the program has registered it. */
  get root(): RecordedResource | undefined {
    return this.resources.find(({ type }) => type === STACK_TYPE);
  }

  /** Aborts when the engine gives up: the program is to be ended. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Takes a resource and does what a deployment would do with it. */
  async register(goal: Goal): Promise<RecordedResource> {
    if (goal.type !== STACK_TYPE) await this.following;
    const resource = this.describe(goal);
    const goOn = this.options.mode === "preview" && !this.registered.has(resource.urn);
    return this.refusing(resource, goOn ? resource : undefined, async () => {
      if (this.registered.has(resource.urn))
        throw new Refusal(`duplicate resource URN '${resource.urn}': give the resource a name of its own`);
      this.registered.set(resource.urn, resource);
      this.checkReferences(resource);
      this.report(resource, textFindings(resource.inputs));
      if (this.options.mode === "update")
        this.report(resource, unknownFindings(resource.inputs, resource.propertyDependencies));
      const settled = await this.perform(resource);
      this.registered.set(resource.urn, settled);
      return settled;
    });
  }

  /** Takes the outputs of a component, or of the stack. */
  async registerOutputs(urn: string, outputs: Properties, secretOutputs: readonly string[]): Promise<void> {
    await this.following;
    await this.refusing({ urn }, undefined, async () => {
      const resource = this.registered.get(urn);
      if (!resource) throw new Refusal(`outputs for the unknown resource '${urn}'`);
      if (this.withOutputs.has(urn)) throw new Refusal("its outputs are registered twice");
      this.withOutputs.add(urn);
      this.report(resource, textFindings(outputs));
      if (this.options.mode === "update") this.report(resource, unknownFindings(outputs));
      const settled = { ...resource, outputs, secretOutputs };
      this.registered.set(urn, settled);
      await this.runAfterHooks(settled);
    });
  }

  /** Answers a function. */
  async invoke(token: string, inputs: Properties, provider: string): Promise<Properties> {
    await this.following;
    return this.refusing({}, undefined, async () => {
      this.invokes.push({ token, arguments: inputs });
      if (unknownFindings(inputs).length > 0)
        throw new Refusal(`${token} is called with arguments that are not known`);
      return answerFunction(token, inputs, this.surroundings(provider));
    });
  }

  /** The program has registered everything: what it left out is deleted. */
  async finish(): Promise<void> {
    await this.following;
    this.findings.push(...refusedByAws(this.resources, this.previous));
    const kept = new Set(this.resources.map((resource) => previousOf(resource, this.previous)?.urn));
    const left = [...this.previous.values()].filter(({ urn }) => !kept.has(urn));
    const staying = new Set<string>();
    for (const before of deletionGroups(left).flat()) {
      // What a resource needs that cannot be deleted stays with it.
      if (staying.has(before.urn)) continue;
      this.deletions.push(deletionOf(before));
      if (!(await this.delete(before))) for (const urn of needsOf(before, this.previous)) staying.add(urn);
    }
  }

  /** Deletes a resource that the program has left out; answers whether it is gone. */
  private async delete(before: RecordedResource): Promise<boolean> {
    return this.refusing(before, this.options.mode === "preview" ? false : undefined, async () => {
      await this.hooks.run("beforeDelete", { before });
      if (before.protect) throw new Protection(`cannot be deleted because it is protected. ${this.wayOut()}`);
      await this.hooks.run("afterDelete", { before });
      return true;
    });
  }

  /** How protection is lifted in this project: `pulumi state unprotect` would leave the protection that RDS has itself. */
  private wayOut(): string {
    const { stack } = this.options;
    return `${toSet("If its loss is meant, say so", stack, entry("allowDataLoss", "true"))}, then npm run up -- ${stack} with nothing else changed, and then this change`;
  }

  /** What the engine knows of a resource before anything happens to it. */
  private describe(goal: Goal): RecordedResource {
    const parent = goal.parent ?? (goal.type === STACK_TYPE ? undefined : this.root?.urn);
    const above = parent === undefined ? undefined : this.registered.get(parent);
    return this.compared(wanted(goal, this.options, parent, above));
  }

  /** A resource with what becomes of the one that was deployed before. */
  private compared(resource: RecordedResource): RecordedResource {
    if (this.previous.size === 0) return resource;
    const before = previousOf(resource, this.previous);
    const compared = {
      ...resource,
      inputs: effectiveInputs(resource, before),
      change: changeOf(before, resource, (urn) => this.registered.get(urn)?.change?.kind === "replace"),
    };
    if (!before) return compared;
    return compared.change.kind === "replace"
      ? { ...compared, generation: before.generation + 1 }
      : { ...compared, generation: before.generation, createdAs: before.createdAs };
  }

  private checkReferences({ parent, dependencies, provider }: RecordedResource): void {
    for (const urn of [...(parent === undefined ? [] : [parent]), ...dependencies])
      if (!this.registered.has(urn)) throw new Refusal(`refers to the unknown resource '${urn}'`);
    if (provider === undefined) return;
    const [urn, id] = splitReference(provider);
    const known = this.registered.get(urn);
    if (!known || (id !== UNKNOWN && id !== known.id))
      throw new Refusal(`refers to the unknown provider '${provider}'`);
  }

  /** Creates, updates, replaces or keeps a resource. */
  private async perform(resource: RecordedResource): Promise<RecordedResource> {
    const before = previousOf(resource, this.previous);
    const kind = resource.change?.kind ?? "create";
    if (resource.custom) this.report(resource, checkResource(resource, this.options.answers));
    if (before && kind === "same") {
      const { id, outputs, secretOutputs } = before;
      return { ...resource, ...(id === undefined ? {} : { id }), outputs, secretOutputs };
    }
    if (kind === "replace" && resource.protect && before?.protect)
      throw new Protection(
        `cannot be replaced (${resource.change?.replaceKeys.join(", ")}) because it is protected. ${this.wayOut()}`,
      );
    const staying = kind === "update" ? before : undefined;
    if (kind !== "same" && kind !== "delete")
      await this.hooks.run(BEFORE_HOOKS[kind], { before: staying, after: resource });
    if (!resource.custom) return resource;
    const state = stateOf(resource, staying, this.surroundings(resource.provider));
    const settled = { ...resource, ...state };
    await this.runAfterHooks(settled);
    return settled;
  }

  /** The change is made when they run: a failure fails the deployment, but not the resource. */
  private async runAfterHooks(resource: RecordedResource): Promise<void> {
    const kind = resource.change?.kind ?? "create";
    if (kind === "same" || kind === "delete") return;
    const before = kind === "update" ? previousOf(resource, this.previous) : undefined;
    await this.refusing(resource, null, async () => {
      await this.hooks.run(AFTER_HOOKS[kind], { before, after: resource, outputs: true });
      return null;
    });
  }

  /** Where a provider works: in its own region, without a provider in the default one's. */
  private surroundings(provider: string | undefined): Surroundings {
    const { mode, answers, region: defaultRegion } = this.options;
    const [urn] = splitReference(provider ?? "");
    const region = this.registered.get(urn)?.inputs["region"];
    const known = typeof region === "string" && region !== UNKNOWN;
    const untouched = [...this.previous.values()].filter(({ urn }) => !this.registered.has(urn));
    const resources = [...this.resources, ...untouched];
    return { mode, answers, resources, region: known ? region : defaultRegion };
  }

  /** Notes what is wrong with the properties of a resource. */
  private report({ urn }: { readonly urn?: string }, findings: readonly Finding[]): void {
    for (const finding of findings) this.findings.push({ ...finding, ...(urn === undefined ? {} : { urn }) });
  }

  /** Makes a refusal a finding. It ends the deployment, unless there is something to go on with. */
  private async refusing<T>(
    { urn }: { readonly urn?: string },
    goOnWith: T | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    if (this.stopped.aborted) throw new Stopped();
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stopped || error instanceof NotFound) throw error;
      const message =
        error instanceof Refusal ? error.message : `the rehearsal itself failed: ${describeError(error)}`;
      this.findings.push({
        message,
        ...(urn === undefined ? {} : { urn }),
        ...(error instanceof Protection ? { isProtection: true } : {}),
      });
      if (goOnWith !== undefined) return goOnWith;
      this.stop();
      throw new Stopped();
    }
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function splitReference(provider: string): [urn: string, id: string] {
  const at = provider.lastIndexOf("::");
  return [provider.slice(0, at), provider.slice(at + 2)];
}

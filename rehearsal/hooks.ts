// Resource hooks: the engine calls back into the program's own process.

import type { Callback, Moment } from "./callback.ts";
import type { HookKind, HookRun, Mode, RecordedHook } from "./record.ts";
import { Refusal } from "./refusal.ts";

/** The hooks that a program registers, and the record of those that ran. */
export class Hooks {
  readonly runs: HookRun[] = [];
  private readonly mode: Mode;
  private readonly enabled: boolean;
  private readonly registered = new Map<string, { hook: RecordedHook; callback: Callback }>();

  constructor(mode: Mode, enabled: boolean) {
    this.mode = mode;
    this.enabled = enabled;
  }

  get all(): RecordedHook[] {
    return Array.from(this.registered.values(), ({ hook }) => hook);
  }

  register(hook: RecordedHook, callback: Callback): void {
    this.registered.set(hook.name, { hook, callback });
  }

  /**
   * Runs a resource's hooks of one kind, in a preview only those that ask for it. Throws a `Refusal` when one fails.
   */
  async run(kind: HookKind, moment: Moment): Promise<void> {
    const resource = moment.after ?? moment.before;
    if (!this.enabled || !resource) return;
    for (const name of resource.hooks[kind] ?? []) {
      const found = this.registered.get(name);
      if (!found) throw new Refusal(`hook '${name}' was not registered`);
      if (this.mode === "preview" && !found.hook.onDryRun) continue;
      const { call } = await import("./callback.ts");
      const error = await call(found.callback, moment);
      this.runs.push({ hook: name, kind, urn: resource.urn, ...(error === undefined ? {} : { error }) });
      if (error !== undefined && !found.hook.ignoreErrors)
        throw new Refusal(`hook '${name}' (${kind}) failed: ${error}`);
    }
  }
}

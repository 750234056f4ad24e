// What the tasks of a stack carry, beside what they cost.

import { numberIn } from "../../project/values.ts";
import { plannedCallsPerMinute } from "../../infra/nango/api-rate-limit.ts";
import { countedTasks, isIdle, servingIn } from "./computing.ts";
import { taskShare } from "./office-hours.ts";
import type { Scene } from "./rule.ts";

/** What is paid in a month, as far as a million calls share it. */
export interface MonthlyCost {
  /** US dollars a month that are paid whether Nango is used or not, as far as they are known. */
  readonly fixed: number;
  /** False where something is not known: the sums are the least then. */
  readonly complete: boolean;
  /** Scaling by load: each task more costs so much a month, in the hours that the stack is there. */
  readonly scaling?: { readonly from: number; readonly to: number; readonly taskMonthly: number };
}

/** A number of tasks, with what they carry. */
export interface Capacity {
  readonly tasks: number;
  /** API calls, as planned: some 60 % of what was measured. */
  readonly callsPerMinute: number;
  /** US dollars for a million calls where the tasks are used to this the whole month; undefined where a price is unknown. */
  readonly perMillion: number | undefined;
}

/** Of the tasks that are counted, and where the stack scales, of the most; empty where no task runs. */
export function capacitiesOf(scene: Scene, { fixed, complete, scaling }: MonthlyCost): Capacity[] {
  const service = servingIn(scene);
  const [definition] = service === undefined ? [] : scene.behind(service, "taskDefinition");
  const cpu = numberIn(definition?.inputs ?? {}, "cpu");
  const running = service === undefined ? 0 : (countedTasks(service, scene) ?? 0);
  if (cpu === undefined || running === 0 || isIdle(scene)) return [];
  const counts = scaling === undefined || scaling.to <= running ? [running] : [running, scaling.to];
  return counts.map((tasks) => {
    const callsPerMinute = tasks * plannedCallsPerMinute(cpu);
    const monthly = fixed + (tasks - running) * (scaling?.taskMonthly ?? 0);
    const millions = (callsPerMinute * 60 * scene.assumptions.hours * taskShare(scene)) / 1_000_000;
    return { tasks, callsPerMinute, perMillion: complete && millions > 0 ? monthly / millions : undefined };
  });
}

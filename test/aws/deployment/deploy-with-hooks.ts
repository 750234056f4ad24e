import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { rehearse } from "../../rehearse.ts";
import { type Scenario, startStubbedAws, type StubbedCall } from "../../stubbed-aws.ts";

/** Another version of Nango. */
export const newImage = { image: `nangohq/nango-server@sha256:${"ab".repeat(32)}` };

/** A deployment whose hooks really run, against an ECS that behaves as the scenario says, and what that ECS was asked. */
export async function deployWithHooks(
  scenario: Omit<Scenario, "container">,
  options: Partial<RehearseOptions> = {},
): Promise<{ readonly rehearsal: Rehearsal; readonly calls: readonly StubbedCall[] }> {
  const stub = await startStubbedAws({ container: "migrate", ...scenario });
  try {
    const { environment, calls } = stub;
    const rehearsal = await rehearse({
      stack: "dev",
      mode: "update",
      runHooks: true,
      environment,
      ...options,
    });
    return { rehearsal, calls };
  } finally {
    await stub.close();
  }
}

/** The tasks that were started. */
export function started(calls: readonly StubbedCall[]): readonly StubbedCall[] {
  return calls.filter(({ operation }) => operation === "RunTask");
}

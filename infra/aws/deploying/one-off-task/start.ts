import { randomUUID } from "node:crypto";
import type { ECS, RunTaskRequest } from "@aws-sdk/client-ecs";
import { call, describeError } from "./calls.ts";
import type { Clock } from "./clock.ts";
import { diagnose } from "./reasons.ts";

const pausesInSeconds = [2, 4, 8, 16, 32];

/**
 * Starts the task and returns its ARN. A refusal that tends to pass (no capacity, a role that IAM does not yet show
 * everywhere) is met with up to five more requests within about a minute.
 *
 * @throws Error with the reason that ECS gives.
 */
export async function startTask(
  ecs: ECS,
  request: RunTaskRequest,
  clock: Clock,
  log: (line: string) => void,
): Promise<string> {
  for (const pause of [...pausesInSeconds, undefined]) {
    const answer = await requestTask(ecs, request, clock);
    if (typeof answer === "string") return answer;
    if (pause === undefined || diagnose(answer.reason)?.transient !== true) throw new Error(answer.reason);
    log(`ECS did not take the task (${answer.reason}); asking again in ${pause} s.`);
    await clock.sleep(pause * 1000);
  }
  throw new Error("unreachable: the last round returns or throws");
}

/**
 * One request, with a token of its own: when its answer is lost, the repeated call gets the task that the first one
 * started. An answered refusal needs a new token, for the same one would be answered the same.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
async function requestTask(
  ecs: ECS,
  request: RunTaskRequest,
  clock: Clock,
): Promise<string | { reason: string }> {
  const clientToken = randomUUID();
  try {
    const answer = await call(clock, (abortSignal) =>
      ecs.runTask({ ...request, clientToken }, { abortSignal }),
    );
    const arn = answer.tasks?.[0]?.taskArn;
    if (arn !== undefined) return arn;
    const reasons = (answer.failures ?? []).map(({ reason, detail, arn }) =>
      [reason, detail, arn].filter(Boolean).join(" "),
    );
    return { reason: reasons.length === 0 ? "ECS gives no reason" : reasons.join("; ") };
  } catch (error) {
    return { reason: describeError(error) };
  }
}

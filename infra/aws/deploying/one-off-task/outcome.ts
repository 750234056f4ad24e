import type { Container, Task } from "@aws-sdk/client-ecs";
import { diagnose } from "./reasons.ts";

/** How a stopped task ended. */
export type Outcome = { readonly succeeded: true } | Failure;

interface Failure {
  readonly succeeded: false;
  /** What happened, to follow "The ... failed: "; without a full stop. */
  readonly what: string;
  /** What to do, as a sentence. */
  readonly remedy: string | undefined;
  /** Whether no container ran, so that there is no log, and whether another try may well do better. */
  readonly neverStarted: boolean;
  readonly transient: boolean;
  /** The container whose log tells more. */
  readonly container: string;
}

/** Judges a stopped task by its container `name`; the other containers only prepare or accompany it. */
export function judge(task: Task, name: string): Outcome {
  const containers = task.containers ?? [];
  const main = containers.find((container) => container.name === name);
  if (main?.exitCode === 0) return { succeeded: true };
  const culprit = hasFailed(main) ? main : containers.find(hasFailed);
  return culprit === undefined ? stopped(task, name) : exited(culprit, name);
}

function hasFailed(container: Container | undefined): container is Container {
  return container?.exitCode !== undefined && container.exitCode !== 0;
}

function exited(container: Container, main: string): Failure {
  const culprit = container.name ?? main;
  const before = culprit === main ? "" : ` before "${main}" could start`;
  const reason = container.reason === undefined ? "" : `: ${container.reason}`;
  return {
    succeeded: false,
    what: `the container "${culprit}" exited with code ${container.exitCode}${before}${reason}`,
    remedy: diagnose(container.reason ?? "")?.remedy ?? exitCodeRemedy(container.exitCode),
    neverStarted: false,
    transient: false,
    container: culprit,
  };
}

/** https://tldp.org/LDP/abs/html/exitcodes.html: 128 + n is a death by signal n. */
function exitCodeRemedy(exitCode: number | undefined): string | undefined {
  if (exitCode === 137) return "It was killed (SIGKILL), mostly for want of memory: give the task more.";
  if (exitCode === 143) return "It was told to stop (SIGTERM): find out who stopped the task.";
  if (exitCode === 126 || exitCode === 127)
    return "The command is not in the image: check the image and its tag.";
  return undefined;
}

function stopped(task: Task, name: string): Failure {
  const reasons = [task.stoppedReason, ...(task.containers ?? []).map((container) => container.reason)];
  const reason = [...new Set(reasons.filter((text) => text !== undefined && text !== ""))].join("; ");
  const diagnosis = diagnose(reason);
  const neverStarted = task.startedAt === undefined;
  const said = reason === "" ? "ECS gives no reason" : reason;
  const byHand = task.stopCode === "UserInitiated";
  return {
    succeeded: false,
    what: byHand
      ? `the task was stopped from outside: ${said}`
      : `the task ${neverStarted ? "never started" : "was stopped"}: ${said}`,
    remedy: diagnosis?.remedy,
    neverStarted,
    transient: neverStarted && !byHand && diagnosis?.transient === true,
    container: name,
  };
}

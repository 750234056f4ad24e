import { existsSync, readFileSync } from "node:fs";
import type { AwsPlace } from "../../infra/config/aws-command.ts";
import { titleOfUrn } from "../../project/urns.ts";
import { limitsMet } from "./account-limits.ts";
import { waysPastProtection } from "./protection.ts";
import type { StackState } from "./state.ts";

/** What the CLI writes into its event log, as far as it is looked at. */
interface EngineEvent {
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/apitype/events.go */
export function readEvents(file: string): EngineEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // The CLI may have been killed while it wrote the last one.
  return lines.filter((line) => line.endsWith("}")).flatMap((line) => parsed(line) ?? []);
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

/** A run of the CLI that failed. */
export interface FailedRun {
  readonly stack: string;
  /** The command of ours: `up`, `preview` or `destroy`. */
  readonly command: string;
  readonly target: "aws" | "docker";
  readonly place: AwsPlace;
  /** Whether the CLI was told to stop while it ran. Its log does not say so: it ends with a cancelEvent in any case. */
  readonly wasInterrupted: boolean;
  readonly events: readonly EngineEvent[];
  /** As it is afterwards. */
  readonly state: StackState | undefined;
}

/** What the CLI's own words leave out in this project, or lead the wrong way with. */
export function explanations(run: FailedRun): string[] {
  const errors = run.events
    .map(({ diagnosticEvent: event }) => event)
    .filter((event) => event !== undefined && event.severity === "error")
    .map((event) => event?.message ?? "");
  // https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/resource/deploy/step.go
  const metProtection = errors.some((text) => /is protected|marked for protection|unprotect/.test(text));
  // The hook dies with the program that it runs in.
  const wasStopped =
    (run.wasInterrupted && run.command === "up") ||
    errors.some((text) => /hook .* failed: .*(code = (Unavailable|Canceled)|EOF)/s.test(text));
  return [
    ...(metProtection ? [protection(run)] : []),
    ...(wasStopped ? [interruption(run)] : []),
    ...(run.target === "aws" ? limitsMet(run, errors) : []),
    ...pendingOperations(run.stack, run.state),
  ];
}

function protection({ stack, command, target }: FailedRun): string {
  const byHand =
    target === "aws"
      ? "`pulumi state unprotect` is no way: RDS has a protection of its own, which it leaves."
      : "`pulumi state unprotect` is no way: the next deployment protects it again.";
  return (
    `Protection is lifted by nango:allowDataLoss in this project, not by a flag in the program. ${byHand} ` +
    `If nothing is to be lost, take the change back. If it is meant:\n` +
    waysPastProtection(stack, `npm run ${command === "destroy" ? "destroy" : "up"} -- ${stack}`)
  );
}

function interruption({ stack, target }: FailedRun): string {
  const where = target === "aws" ? "in AWS, as a task of its own" : "in its container";
  return (
    `The update was interrupted. A migration that had begun goes on ${where}: nothing has to be stopped or cleaned up, and ` +
    `the next "npm run up -- ${stack}" finds it and waits for it.`
  );
}

/** What Pulumi had begun and does not know the end of, and the way to tell it. */
export function pendingOperations(stack: string, state: StackState | undefined): string[] {
  const pending = state?.pendingOperations ?? [];
  if (pending.length === 0) return [];
  const lines = pending.map(({ type, resource }) => `  ${type} ${titleOfUrn(resource.urn)}`);
  const asks = pending.some(({ type }) => type === "creating")
    ? " Of what was being created it asks whether it is there: look, and give its ID, or let it be forgotten (without a terminal: --clear-pending-creates forgets all)."
    : "";
  return [
    `Pulumi does not know how this ended ("pending operation", docs/troubleshoot.md):\n${lines.join("\n")}\n` +
      `Let it look before the next update: npx pulumi refresh -s ${stack}.${asks}`,
  ];
}

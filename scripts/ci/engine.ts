// A look at a stack by Pulumi and AWS that changes nothing, and what it says would change.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Project } from "../../project/project.ts";
import { titleOfUrn } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import { handOver } from "../pulumi/cli.ts";
import { explanations, readEvents } from "../pulumi/explanation.ts";
import { readyCli } from "../pulumi/ready.ts";
import { placeIn } from "../pulumi/settings.ts";
import { notInBackend, readState } from "../pulumi/state.ts";
import type { Report, ReportedChange } from "./report.ts";

/** What is about to happen to a resource, as the engine tells it; secrets are words in it. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly keys?: readonly string[] | undefined;
  readonly diffs?: readonly string[] | undefined;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null | undefined;
  readonly old?: StepState | null | undefined;
  readonly new?: StepState | null | undefined;
}

interface StepState {
  /** False for components. */
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/apitype/events.go */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata?: Step };
  readonly resOutputsEvent?: { readonly metadata?: Step };
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string };
}

const KINDS: Readonly<Record<string, ReportedChange["kind"]>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "create",
};

/** What a look showed. */
export interface Look {
  readonly exitCode: number;
  readonly report: Report;
  /** The same for the same changes, and another one for others. */
  readonly fingerprint: string;
}

/**
 * Runs the CLI's preview, or a refresh that only looks, with what it prints in the log.
 * @throws UserError where something is missing for it.
 */
export async function look(
  project: Project,
  stack: string,
  args: readonly [command: "preview" | "refresh", ...flags: string[]],
): Promise<Look> {
  const { cli, settings } = await readyCli(project, stack, { reachesCloud: true });
  if ((await readState(cli, stack)) === undefined) throw new UserError(notInBackend(stack, settings.backend));

  const folder = mkdtempSync(path.join(tmpdir(), "nango-ci-"));
  try {
    const log = path.join(folder, "events.json");
    const [command, ...flags] = args;
    const all = [command, "--stack", stack, "--non-interactive", ...flags, "--event-log", log];
    const { code, wasInterrupted } = await handOver(cli, all, { PULUMI_DEBUG_COMMANDS: "true" });
    const events = readEvents(log) as EngineEvent[];
    const target = settings.config[`${project.name}:target`] === "docker" ? "docker" : "aws";
    const failed = {
      stack,
      command,
      target,
      place: placeIn(settings.config),
      events: readEvents(log),
      state: undefined,
      wasInterrupted,
    } as const;
    return lookOf(
      stack,
      command === "refresh" ? found(events) : events,
      code,
      code === 0 ? [] : explanations(failed),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a refresh, what came of it: before each step it is a refresh of something, whatever it will find. */
export function found(events: readonly EngineEvent[]): EngineEvent[] {
  return events.flatMap(({ diagnosticEvent, resOutputsEvent: result }) => [
    ...(diagnosticEvent === undefined ? [] : [{ diagnosticEvent }]),
    ...(result === undefined ? [] : [{ resourcePreEvent: result }]),
  ]);
}

/** Whether it is more than a group of others, or a provider. */
function isResource({ type, new: after, old: before }: Step): boolean {
  return (after ?? before)?.custom !== false && !type.startsWith("pulumi:");
}

/** What the events of a look say. @param explained What is to be said of its failure. */
export function lookOf(
  stack: string,
  events: readonly EngineEvent[],
  exitCode: number,
  explained: readonly string[] = [],
): Look {
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const changing = steps.filter(({ op }) => Object.hasOwn(KINDS, op));
  const said = (severity: string) => [
    ...new Set(
      events.flatMap(({ diagnosticEvent: event }) =>
        event?.severity === severity ? [plain(event.message)] : [],
      ),
    ),
  ];
  return {
    exitCode,
    fingerprint: fingerprintOf(changing),
    report: {
      of: "preview",
      stack,
      facts: [],
      findings: exitCode === 0 ? [] : [...said("error"), ...explained],
      warnings: said("warning"),
      meanings: [],
      environment: [],
      changes: changing.filter(isResource).map((step) => ({
        kind: KINDS[step.op]!,
        resource: titleOfUrn(step.urn),
        why: [...(step.op === "replace" ? (step.keys ?? []) : pathsOf(step))],
        fate: "",
      })),
      lines: [],
    },
  };
}

function pathsOf({ detailedDiff, diffs = [] }: Step): readonly string[] {
  return isRecord(detailedDiff) && Object.keys(detailedDiff).length > 0 ? Object.keys(detailedDiff) : diffs;
}

/** The CLI's colours are tags, `<{%reset%}>`, in its event log. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}

/** Whose new values are known before it happens; of what is created there is nothing that they could differ from. */
const WITH_VALUES = ["update", "replace"];

/** What happens to which resource, because of what, and to which values. */
function fingerprintOf(steps: readonly Step[]): string {
  const lines = steps.map((step) => {
    const { op, urn } = step;
    const values = WITH_VALUES.includes(op) ? sorted(step.new?.inputs) : null;
    return JSON.stringify([op, urn, [...pathsOf(step)].toSorted(), values]);
  });
  return createHash("sha256").update(lines.toSorted().join("\n")).digest("hex").slice(0, 16);
}

/** The digits that Pulumi adds to a name that it makes up, others each time. */
const MADE_UP = /(?<=^[\w.-]*-)[0-9a-f]{7}$/;

/** A value with its keys in order, whatever order the engine wrote them in, and without made up digits. */
function sorted(value: unknown): unknown {
  if (typeof value === "string") return value.replace(MADE_UP, "*");
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key])]),
  );
}

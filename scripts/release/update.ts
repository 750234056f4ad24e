// Today's program, rehearsed as an update of a stack that an earlier release deployed.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Project } from "../../project/project.ts";
import { parseAsPulumi, stringifyForPulumi } from "../../project/yaml.ts";
import { shortType, typeOf, nameOf } from "../../project/urns.ts";
import { deploymentChanges } from "../../rehearsal/change-list.ts";
import { keepsData } from "../../rehearsal/effects.ts";
import { findingText } from "../../rehearsal/report.ts";
import type { Change, RecordedResource, Rehearsal, rehearse } from "../../rehearsal/rehearse.ts";
import type { ReleasedStack } from "./record.ts";

/** Rehearses the update of a stack, with the configuration that it had. */
export async function rehearseUpdate(
  project: Project,
  stack: string,
  { configuration, resources }: ReleasedStack,
  rehearsing: typeof rehearse,
): Promise<Rehearsal> {
  const folder = mkdtempSync(path.join(tmpdir(), "released-"));
  try {
    const today = parseAsPulumi(readFileSync(path.join(project.directory, "Pulumi.yaml"), "utf8")) as object;
    const main = path.join(project.workingDirectory, project.entry === "." ? "" : project.entry);
    mkdirSync(path.join(folder, "stacks"));
    writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      stringifyForPulumi({ ...today, main, stackConfigDir: "stacks" }),
    );
    writeFileSync(
      path.join(folder, "stacks", `Pulumi.${stack}.yaml`),
      stringifyForPulumi({ config: configuration }),
    );
    // In a preview only hooks run that were made for one: they refuse what must not change, and reach nothing.
    const previous = { mode: "update", resources } as const;
    return await rehearsing({ stack, projectDirectory: folder, previous, runHooks: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an update must not do to whoever has the stack; empty for nothing. */
export function harmsOf(update: Rehearsal, { resources }: ReleasedStack): string[] {
  const before = new Map(resources.map((resource) => [resource.urn, resource]));
  const { message } = update.program;
  const lost = update.changes.filter(
    (change) =>
      (change.kind === "delete" || change.kind === "replace") && isKept(change, before.get(change.urn)),
  );
  return [
    ...(message === undefined ? [] : [message]),
    ...lost.map(
      ({ kind, urn }) =>
        `${kind}s ${shortType(typeOf(urn))} ${nameOf(urn)}, which holds data or is protected. A resource that only ` +
        "has another name or parent takes an alias (https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/).",
    ),
    ...update.findings.map(findingText),
  ];
}

function isKept(change: Change, before: RecordedResource | undefined): boolean {
  return keepsData(change) || before?.protect === true;
}

/** The changes, a line each, for a reviewer. */
export function changeLines(update: Rehearsal): string[] {
  return deploymentChanges(update).map(
    ({ kind, resource, why }) => `  ${kind} ${resource}${why.length === 0 ? "" : ` (${why.join(", ")})`}`,
  );
}

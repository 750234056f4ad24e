// The rehearsals of a pull request: each stack by this version of the project, as an update of what another deploys.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { type Project, readProject, stackNames } from "../../project/project.ts";
import { contrasted } from "../../project/text.ts";
import { UserError } from "../../project/user-error.ts";
import { deploymentChanges } from "../../rehearsal/change-list.ts";
import { maskedRehearsal, type rehearse, type Rehearsal } from "../../rehearsal/rehearse.ts";
import { type Comparison, type Difference, environmentDifferences } from "../../rehearsal/comparison.ts";
import { meanings } from "../../rehearsal/comparison-text.ts";
import { findingText } from "../../rehearsal/report.ts";
import { styleOf } from "../../rehearsal/style.ts";
import { summaryOf, warningsOf } from "../../rehearsal/summary.ts";
import { tree } from "../../rehearsal/tree.ts";
import type { Report, ReportedChange } from "./report.ts";

type Rehearsing = typeof rehearse;

/** Reports on every stack that differs; all of them without another version. */
export async function rehearsals(
  project: Project,
  base: string | undefined,
  rehearsing: Rehearsing,
): Promise<Report[]> {
  const before = base === undefined ? undefined : await installed(readProject(base), project);
  const all: Report[] = [];
  for (const stack of stackNames(project).toSorted()) {
    const previous = before === undefined ? undefined : await deployedBy(before, stack, rehearsing);
    const rehearsal = await rehearsing({
      stack,
      projectDirectory: project.directory,
      // In a preview only hooks run that were made for one: they refuse what must not change, and reach nothing.
      ...(previous === undefined ? {} : { previous, runHooks: true }),
    });
    const report = reportOf(rehearsal, previous);
    if (before === undefined || previous === undefined || differs(report)) all.push(report);
  }
  return all;
}

function differs({ changes, findings }: Report): boolean {
  return changes.length > 0 || findings.length > 0;
}

/** Another version with its packages, which are the same ones where its lock is. */
async function installed(base: Project, project: Project): Promise<Project> {
  const modules = (where: Project) => path.join(where.directory, "node_modules");
  const lock = (where: Project) => readFileSync(path.join(where.directory, "package-lock.json"), "utf8");
  if (existsSync(modules(base))) return base;
  if (lock(base) === lock(project)) symlinkSync(modules(project), modules(base), "junction");
  else
    await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: base.directory,
      shell: true,
    });
  return base;
}

/** The stack as the other version deploys it; undefined where it has none, or one that it cannot deploy. */
async function deployedBy(
  base: Project,
  stack: string,
  rehearsing: Rehearsing,
): Promise<Rehearsal | undefined> {
  if (!stackNames(base).includes(stack)) return undefined;
  const rehearsal = await rehearsing({ stack, mode: "update", projectDirectory: base.directory });
  return rehearsal.program.message === undefined && rehearsal.findings.length === 0 ? rehearsal : undefined;
}

/** Columns of the tree. */
const WIDTH = 120;

function reportOf(bare: Rehearsal, previous: Rehearsal | undefined): Report {
  const rehearsal = maskedRehearsal(bare);
  const { stack, program, findings, resources, changes } = rehearsal;
  const comparison: Comparison | undefined = previous && {
    before: { title: "before", rehearsal: maskedRehearsal(previous) },
    after: { title: "after", rehearsal },
    isDeployment: true,
    changes,
    keys: [],
    remarks: [],
  };
  return {
    of: "rehearsal",
    stack,
    facts:
      program.message === undefined
        ? summaryOf(rehearsal, comparison).map(({ title, text }) => ({ title, text }))
        : [],
    findings: [...(program.message === undefined ? [] : [program.message]), ...findings.map(findingText)],
    warnings: warningsOf(rehearsal),
    meanings: comparison === undefined ? [] : meanings(rehearsal, []),
    environment: comparison === undefined ? [] : environmentDifferences(comparison).map(differenceText),
    changes: deploymentChanges(rehearsal).flatMap(({ kind, resource, why, fate }): ReportedChange[] =>
      kind === "same" ? [] : [{ kind, resource, why: [...why], fate }],
    ),
    lines: tree(resources, styleOf({ color: false, width: WIDTH })),
  };
}

function differenceText({ of, what, before = "nothing", after = "nothing" }: Difference): string {
  const [was, is] = contrasted([before, after], WIDTH);
  return `${of}, ${what}: ${was}, and then ${is}`;
}

/** @throws UserError when one of the reports has a finding. */
export function refuseFindings(all: readonly Report[]): void {
  const refused = all.filter(({ findings }) => findings.length > 0).map(({ stack }) => stack);
  if (refused.length > 0) throw new UserError(`A deployment would be refused: ${refused.join(", ")}.`);
}

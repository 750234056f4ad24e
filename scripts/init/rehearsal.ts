import { hanging } from "../../project/text.ts";
import { UserError } from "../../project/user-error.ts";
import type { Project } from "../../project/project.ts";
import type { Rehearsal, rehearse } from "../../rehearsal/rehearse.ts";
import { summaryOf, warningsOf } from "../../rehearsal/summary.ts";

export type Rehearse = typeof rehearse;

/**
 * Rehearses a new stack; returns what came of it in a few lines.
 * @throws UserError with what the program refuses.
 */
export async function rehearsed(project: Project, stack: string, rehearse: Rehearse): Promise<string> {
  const rehearsal = await rehearse({ stack, projectDirectory: project.directory });
  const { message } = rehearsal.program;
  if (message !== undefined) throw new UserError(message);
  return summary(rehearsal);
}

const width = 100;

function summary(rehearsal: Rehearsal): string {
  const facts = summaryOf(rehearsal);
  const column = Math.max(...facts.map(({ title }) => title.length)) + 2;
  return [
    "Rehearsed, without asking any cloud:",
    ...facts.flatMap(({ title, text }) => hanging(`  ${title.padEnd(column)}`, text, width)),
    ...warningsOf(rehearsal).flatMap((text) => hanging("warning: ", text, width)),
    ...rehearsal.findings.flatMap(({ message }) => hanging("finding: ", message, width)),
  ].join("\n");
}

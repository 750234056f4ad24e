import { bareStackName, type Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { rehearse, type Rehearsal, type RehearseOptions } from "../../rehearsal/rehearse.ts";
import { maskedRehearsal } from "../../rehearsal/mask.ts";
import { policyTexts } from "../../rehearsal/report.ts";
import { rehearsed } from "../permissions/stack.ts";

/**
 * What the policies that have to be kept say against a stack, with the way out; undefined where they are kept, and where
 * the program does not come to its end, which Pulumi tells.
 */
export async function brokenPolicies(
  { directory }: Project,
  stack: string,
  rehearsing: typeof rehearse = rehearse,
): Promise<string | undefined> {
  const name = bareStackName(stack);
  const options: RehearseOptions = { stack: name, mode: "update", projectDirectory: directory };
  const rehearsal = await rehearsed(options, rehearsing).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (rehearsal === undefined || rehearsal.program.exitCode !== 0) return undefined;
  const { violations, ...policies } = maskedRehearsal(rehearsal).policies;
  const mandatory = violations.filter(({ level }) => level === "mandatory");
  return mandatory.length === 0
    ? undefined
    : text(name, { ...policies, violations: mandatory, accepted: [] });
}

function text(stack: string, policies: Rehearsal["policies"]): string {
  return [
    `Policies are broken that have to be kept, and npm run up -- ${stack} deploys nothing:`,
    ...policyTexts({ policies }).map((line) => `- ${line}`),
    `To accept one, say why in policy/own.ts. --skip-policies lets them be broken.`,
  ].join("\n");
}

import { assignments } from "../../project/assignments.ts";
import { type CommandLine, type Flag, wrong } from "../../project/command.ts";
import { bareStackName } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { adviceByFlags } from "../../rehearsal/flags.ts";
import { costOf } from "../../rehearsal/cost/cost.ts";
import { costMarkdown, costText } from "../../rehearsal/cost/text.ts";
import { escaped } from "../../rehearsal/markdown-text.ts";
import { findingText } from "../../rehearsal/report.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { assumptionsIn, cost } from "./arguments.ts";

/**
 * What `npm run cost` prints.
 * @param run how a stack is rehearsed
 * @throws UserError for what a person can put right
 */
export async function bill(
  line: CommandLine<Readonly<Record<string, Flag>>>,
  run: typeof rehearse = rehearse,
): Promise<string> {
  const values: Readonly<Record<string, unknown>> = line.values;
  const { set, json, markdown } = values;
  const assumptions = assumptionsIn(values);
  if (json === true && markdown === true) throw wrong(cost, "--json and --markdown exclude each other");
  const options = {
    stack: bareStackName(line.positionals[0] ?? ""),
    mode: "update",
    set: assignments(cost, "--set", Array.isArray(set) ? set : []),
  } as const;
  const deployed = await run(options);
  const isStopped = deployed.program.exitCode !== 0 && deployed.program.message === undefined;
  // A preview goes on where a deployment stops, so that one type that is not known here does not hide all others.
  const rehearsal = isStopped ? await run({ ...options, mode: "preview" }) : deployed;
  const { message } = rehearsal.program;
  const refused = rehearsal.findings.map(
    (finding) => `A deployment would be refused: ${findingText(finding)}`,
  );
  // What a program says in the end may follow from a number that AWS never takes.
  if (message !== undefined && refused.length > 0) throw new UserError(refused.join("\n"));
  if (message !== undefined) throw new UserError(adviceByFlags(message, options.stack, options.set));
  const counted = costOf(rehearsal, rehearsal.where.region, assumptions);
  if (json === true) return JSON.stringify(counted, null, 2);
  return markdown === true
    ? [costMarkdown(counted), ...refused.map(escaped)].join("\n\n")
    : [costText(counted), ...(refused.length === 0 ? [] : [refused.join("\n")])].join("\n\n");
}

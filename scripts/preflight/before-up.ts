import { bareStackName, type Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { Result } from "../checks/check.ts";
import { rows, type Screen } from "../checks/report.ts";
import { standardSurroundings } from "./command.ts";
import { preflight } from "./preflight.ts";
import { isOfPolicies } from "./policies.ts";
import { telling } from "./telling.ts";
import { couldNotBeAsked } from "./unasked.ts";

const standardColumns = 120;

/** A deployment that is about to begin. */
export interface Coming {
  /** As the stack was called. */
  readonly stack: string;
  readonly canAsk: boolean;
  /** Whether policies may be broken. @default false */
  readonly skipsPolicies?: boolean;
}

/**
 * Looks before a deployment for what it would fail at.
 * @returns What is to be said before it goes on, in a line where all is well.
 * @throws UserError with what is in the way.
 */
export async function beforeUp(
  project: Project,
  { stack, canAsk, skipsPolicies = false }: Coming,
  screen: { readonly color: boolean; readonly columns: number | undefined },
  look: typeof preflight = preflight,
): Promise<string> {
  const all = await look(project, stack, { ...standardSurroundings, canAsk });
  const results = skipsPolicies ? all.filter((result) => !isOfPolicies(result)) : all;
  const { columns = standardColumns } = screen;
  return told(bareStackName(stack), results, { ...screen, columns });
}

function why(bad: readonly Result[]): string {
  return bad.every(isOfPolicies) ? "a policy is broken that has to be kept" : "this would fail";
}

/** What leaves out what was found, and no more. */
function flagsPast(bad: readonly Result[]): string[] {
  return [
    ...(bad.every(isOfPolicies) ? [] : ["--skip-preflight"]),
    ...(bad.some(isOfPolicies) ? ["--skip-policies"] : []),
  ];
}

function told(stack: string, results: readonly Result[], screen: Screen): string {
  const bad = results.filter(({ verdict }) => verdict === "bad");
  const warnings = results.filter(({ verdict }) => verdict === "warning");
  const again = `npm run preflight -- ${stack}`;
  if (bad.length > 0)
    throw new UserError(
      [
        ...rows(telling.page, [...bad, ...warnings], screen),
        "",
        `Nothing was deployed, since ${why(bad)}. ${again} looks again; npm run up -- ${stack} ${flagsPast(bad).join(" ")} deploys all the same.`,
      ].join("\n"),
    );
  const looked = results.filter(({ verdict }) => verdict === "good").length;
  const unasked = warnings.filter(({ says }) => says.startsWith(couldNotBeAsked));
  const others = warnings.filter((warning) => !unasked.includes(warning));
  const line = `Preflight: ${looked} ${looked === 1 ? "thing is" : "things are"} in order${unasked.length === 0 ? "" : `, ${unasked.length} could not be asked (${again})`}.`;
  return `${[...(others.length === 0 ? [] : rows(telling.page, others, screen)), line].join("\n")}\n`;
}

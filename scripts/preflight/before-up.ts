import { bareStackName, type Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { Result } from "../checks/check.ts";
import { rows, type Screen } from "../checks/report.ts";
import { standardSurroundings } from "./command.ts";
import { preflight } from "./preflight.ts";
import { telling } from "./telling.ts";
import { couldNotBeAsked } from "./unasked.ts";

const standardColumns = 120;

/** A deployment that is about to begin. */
export interface Coming {
  /** As the stack was called. */
  readonly stack: string;
  readonly canAsk: boolean;
}

/**
 * Looks before a deployment for what it would fail at.
 * @returns What is to be said before it goes on, in a line where all is well.
 * @throws UserError with what is in the way.
 */
export async function beforeUp(
  project: Project,
  { stack, canAsk }: Coming,
  screen: { readonly color: boolean; readonly columns: number | undefined },
  look: typeof preflight = preflight,
): Promise<string> {
  const results = await look(project, stack, { ...standardSurroundings, canAsk });
  const { columns = standardColumns } = screen;
  return told(bareStackName(stack), results, { ...screen, columns });
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
        `Nothing was deployed, since this would fail. ${again} looks again; npm run up -- ${stack} --skip-preflight deploys all the same.`,
      ].join("\n"),
    );
  const looked = results.filter(({ verdict }) => verdict === "good").length;
  const unasked = warnings.filter(({ says }) => says.startsWith(couldNotBeAsked));
  const others = warnings.filter((warning) => !unasked.includes(warning));
  const line = `Preflight: ${looked} ${looked === 1 ? "thing is" : "things are"} in order${unasked.length === 0 ? "" : `, ${unasked.length} could not be asked (${again})`}.`;
  return `${[...(others.length === 0 ? [] : rows(telling.page, others, screen)), line].join("\n")}\n`;
}

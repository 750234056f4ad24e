import { type CommandLine, wrong } from "../../project/command.ts";
import { readProject } from "../../project/project.ts";
import { doctor } from "./arguments.ts";
import { addressIn, examine, subjectOf } from "./examine.ts";
import { isHealthy, table } from "../checks/report.ts";
import { json, telling } from "./telling.ts";
import type { Network } from "./site/site.ts";

/** What a command line runs in. */
export interface Surroundings {
  /** The project's folder. */
  readonly directory: string;
  /** Where the table is shown; undefined columns for a file. */
  readonly screen: { readonly color: boolean; readonly columns?: number | undefined };
  /** @default the machine's own */
  readonly network?: Network;
}

const standardColumns = 120;

/** Runs `npm run doctor`: what it prints, and its exit code. */
export async function examined(
  { values, positionals }: CommandLine<(typeof doctor)["flags"]>,
  { directory, screen, network }: Surroundings,
): Promise<{ readonly output: string; readonly exitCode: 0 | 1 }> {
  const [stack] = positionals;
  const { url, slow = false } = values;
  if (stack === undefined && url === undefined) throw wrong(doctor, "Neither a stack nor --url is there");
  const address = url === undefined ? undefined : addressIn(url);
  const subject = await subjectOf(readProject(directory), { stack, address, slow }, network);
  const results = await examine(subject);
  const { origin } = subject.site.url;
  const heading = [
    `Nango at ${origin}${stack === undefined || subject.unread !== undefined ? "" : `, stack ${stack}`}`,
    ...(subject.unread === undefined
      ? []
      : ["", `Without the stack, since it cannot be read: ${subject.unread}`]),
  ].join("\n");
  const { color, columns = standardColumns } = screen;
  return {
    output:
      values.json === true ? json(origin, results) : table(telling, heading, results, { color, columns }),
    exitCode: isHealthy(results) ? 0 : 1,
  };
}

import { runCommandLine, type Surroundings } from "../../rehearsal/command-line.ts";
import { architecture } from "./architecture.ts";
import { terminal } from "./terminal.ts";
import { themes } from "./theme.ts";

const COLUMNS = 106;

/** Every picture, by the name of its file. */
export async function pictures(
  rehearse: NonNullable<Surroundings["rehearse"]>,
): Promise<Record<string, string>> {
  const first = shortened(await printedBy([], rehearse));
  const change = await printedBy(["dev", "--change", "nango:size=medium"], rehearse);
  const drawn = await Promise.all(
    themes.map(async (theme) => ({
      [`architecture-${theme.name}.svg`]: await architecture(theme),
      [`rehearsal-${theme.name}.svg`]: terminal(
        { command: "npm start", printed: first, columns: COLUMNS },
        theme,
      ),
      [`change-${theme.name}.svg`]: terminal(
        { command: "npm start -- dev --change nango:size=medium", printed: change, columns: COLUMNS },
        theme,
      ),
    })),
  );
  return Object.assign({}, ...drawn) as Record<string, string>;
}

/** What `npm start` prints on a terminal with these arguments. */
async function printedBy(
  args: readonly string[],
  rehearse: NonNullable<Surroundings["rehearse"]>,
): Promise<string> {
  const printed: string[] = [];
  const out = { columns: COLUMNS, write: (text: string) => printed.push(text) };
  const err = { write: (text: string) => process.stderr.write(text) };
  const code = await runCommandLine(args, { out, err }, { environment: { FORCE_COLOR: "1" }, rehearse });
  if (code !== 0) throw new Error(`npm start -- ${args.join(" ")} ended with ${code}`);
  return printed.join("");
}

/** How much of the resources there is room for. */
const SHOWN = 22;

/** The beginning and the end, and how many lines are left out between. */
function shortened(printed: string): string {
  const sections = printed.trimEnd().split("\n\n");
  const beginning = sections.slice(0, 3).join("\n\n").split("\n");
  const end = sections.at(-1)?.split("\n") ?? [];
  const left = printed.trimEnd().split("\n").length - SHOWN - end.length - 1;
  return [...beginning.slice(0, SHOWN), `\u001b[2m⋮ ${left} more lines\u001b[0m`, "", ...end].join("\n");
}

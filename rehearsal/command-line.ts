// The command line of a rehearsal: rehearses a stack and shows what came of it.

import path from "node:path";

import { assignments } from "../project/assignments.ts";
import {
  type Command,
  type CommandLine,
  EXIT_USAGE,
  helpOn,
  readCommandLine,
  UsageError,
  wrong,
} from "../project/command.ts";
import { stackArgument } from "../project/stack-argument.ts";
import { harmless, harmlessInColours } from "../project/text.ts";
import { UserError } from "../project/user-error.ts";
import { writeFile } from "../project/write-file.ts";
import { bareStackName } from "../project/project.ts";
import type { Architecture } from "./architecture/architecture.ts";
import type { Rehearsed, Rehearsing } from "./comparing/change.ts";
import { adviceByFlags, overridesOf } from "./flags.ts";
import type { MarkdownOptions } from "./markdown.ts";
import { maskedRehearsal, rehearse, type Rehearsal, type RehearseOptions } from "./rehearse.ts";
import { findingText, report } from "./report.ts";
import { type Screen, takesColors } from "./style.ts";
import { isStopped } from "./summary.ts";

/** Where the output goes. */
export interface Streams {
  readonly out: Screen;
  readonly err: Screen;
}

export const EXIT = { fine: 0, findings: 1, failed: 2, usage: EXIT_USAGE } as const;

/** What `npm start` takes. */
export const start = {
  script: "start",
  does:
    "Rehearses a stack: runs its program against a pretended engine and shows the resources, the outputs and every " +
    "warning of a deployment. Needs no account, no login and no network, and changes nothing.",
  arguments: [{ ...stackArgument, optional: true, does: `${stackArgument.does} Default: dev.` }],
  flags: {
    update: {
      type: "boolean",
      does: "Fills in, plausibly, what only a deployment knows, such as host names and IDs.",
      without: 'Without it they are "known after deployment".',
      // An option of npm's that begins alike.
      takenAs: ["update_notifier"],
    },
    set: {
      type: "string",
      multiple: true,
      value: "key=value",
      does: "Rehearses another configuration than that of the file: nango:size=medium.",
      without: "Default: the file as it is.",
    },
    change: {
      type: "string",
      multiple: true,
      value: "key=value",
      does: "Takes the stack for deployed, and shows what this change would do to it: what restarts, what is lost, what AWS would refuse, and each resource that it creates, updates, replaces or deletes.",
      without: "Default: a first deployment.",
    },
    against: {
      type: "string",
      value: "stack|file|ref",
      does: "Compares the stack: with another stack, with what is deployed by a file that pulumi stack export wrote, or with this stack under another version of the project, a branch, tag or commit. Resources, policies, posture, environments, costs and time.",
      without: "Default: nothing is compared.",
    },
    env: {
      type: "boolean",
      does: "Shows what each container runs, and its environment; secrets as a word.",
      without: "Without it containers are only named.",
    },
    project: {
      type: "string",
      value: "folder",
      does: "Rehearses another program than Nango's, which is bootstrap: what npm run bootstrap makes (docs/bootstrap.md). The stack is ci then, unless one is named.",
      without: "Default: Nango's.",
    },
    markdown: {
      type: "boolean",
      does: "Prints Markdown, for a comment on a pull request.",
      without: "Default: text for a terminal, in colours where it is one or FORCE_COLOR is set.",
    },
    report: {
      type: "string",
      value: "file",
      does: "Writes a page to look at: the architecture, costs, time, posture, environments and resources, and with --change what differs in each. One file that needs no network. What only a deployment knows is made up in it, as with --update.",
      without: "Default: no file.",
    },
    json: {
      type: "string",
      value: "file",
      does: "Writes all that was recorded to a file, as JSON, without secrets (docs/rehearse.md).",
      without: "Default: no file.",
    },
  },
  examples: [
    ["npm start -- production", "what a first deployment of the stack production makes"],
    [
      "npm start -- dev --change nango:size=medium",
      "what a larger size would do to dev, once it is deployed",
    ],
  ],
  exitCodes: {
    [EXIT.fine]: "Nothing speaks against a deployment.",
    [EXIT.findings]:
      "Something would stop it: it is listed under Findings, or a policy is broken (docs/policies.md).",
    [EXIT.failed]: "The configuration is wrong, the program failed, or there is no such stack.",
  },
} as const satisfies Command;

/** What a command line runs in. */
export interface Surroundings {
  /** @default empty */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default this project */
  readonly projectDirectory?: string;
  /** How a stack is rehearsed. */
  readonly rehearse?: typeof rehearse;
}

/** What `--json` writes: the same for the same stack, while the order in which resources are registered varies. */
function dataOf(rehearsal: Rehearsal): string {
  const resources = rehearsal.resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  return `${JSON.stringify({ ...rehearsal, resources }, null, 2)}\n`;
}

/** Runs `npm start` with the arguments; answers its exit code. */
export async function runCommandLine(
  given: readonly string[],
  { out, err }: Streams,
  { environment = {}, projectDirectory, rehearse: run = rehearse }: Surroundings = {},
): Promise<number> {
  try {
    const { help, values, positionals } = readCommandLine<(typeof start)["flags"]>(start, given, environment);
    if (help) {
      out.write(helpOn(start, out.columns));
      return EXIT.fine;
    }
    const { options, compared } = wishIn(values, positionals, projectDirectory);
    const flagged = { ...options.set, ...options.secrets };
    const advised = (message: string) => adviceByFlags(message, options.stack, flagged, compared.changed);
    const rehearsed = await shownWhile(`Rehearsing ${options.stack} …`, err, () =>
      rehearsedBy({ run, options, isDrawn: values.report !== undefined }, compared),
    ).catch((error: unknown) => {
      throw error instanceof UserError ? new UserError(advised(error.message)) : error;
    });
    const { comparison } = rehearsed;
    const rehearsal = maskedRehearsal(rehearsed.rehearsal);
    if (values.json !== undefined) writeFile(values.json, dataOf(rehearsal));
    const { message } = rehearsal.program;
    if (message !== undefined) {
      const whole = [message, ...rehearsal.findings.map((finding) => listed(findingText(finding)))].join(
        "\n",
      );
      throw new UserError(advised(comparison === undefined ? whole : `${comparison.after.title}: ${whole}`));
    }
    if (values.report !== undefined) {
      writeFile(values.report, await pageOf(rehearsed, rehearsal));
      err.write(`The report is in ${values.report}\n`);
    }
    const shown = { env: values.env, comparison };
    const screen = { color: takesColors(out, environment), width: out.columns };
    const text =
      values.markdown === true
        ? await markdownOf(rehearsed, { ...shown, rehearsal })
        : report(rehearsal, { ...shown, ...screen });
    out.write(`${harmlessInColours(text)}\n`);
    return isStopped(rehearsal) ? EXIT.findings : EXIT.fine;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    err.write(`${harmless(error.message)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

type Values = CommandLine<(typeof start)["flags"]>["values"];

/** An item of the list in which a program tells what is wrong with its configuration. */
const listed = (text: string) => `  - ${text.replaceAll("\n", "\n    ")}`;

/** What is to be rehearsed, and compared with what. @throws UsageError */
function wishIn(
  values: Values,
  [named]: readonly string[],
  projectDirectory: string | undefined,
): { readonly options: RehearseOptions; readonly compared: Compared } {
  const { change, against, update, report: page, project } = values;
  // The account that npm run bootstrap prepares where none is named.
  const stack = named ?? (project === undefined ? "dev" : "ci");
  if (change !== undefined && against !== undefined)
    throw wrong(start, "--change and --against are two comparisons: give one of them");
  for (const flag of ["json", "report"] as const)
    if (values[flag] === "-" || values[flag] === "")
      throw wrong(start, `--${flag} takes the name of a file, which "${values[flag]}" is not`);
  const folder = project === undefined ? projectDirectory : path.resolve(projectDirectory ?? ".", project);
  const compares = change !== undefined || against !== undefined;
  return {
    options: {
      stack: bareStackName(stack),
      mode: update === true || (page !== undefined && !compares) ? "update" : "preview",
      ...overridesOf(assignments(start, "--set", values.set ?? [])),
      ...(folder === undefined ? {} : { projectDirectory: folder }),
    },
    compared: {
      changed: change === undefined ? undefined : assignments(start, "--change", change),
      against,
    },
  };
}

/** Shows a line on a terminal for as long as something takes, and nothing elsewhere. */
async function shownWhile<T>(line: string, screen: Screen, work: () => Promise<T>): Promise<T> {
  if (screen.isTTY !== true) return work();
  screen.write(line);
  try {
    return await work();
  } finally {
    screen.write("\r\u001B[K");
  }
}

/** What is compared with, of which one at most is given. */
interface Compared {
  readonly changed: Readonly<Record<string, string>> | undefined;
  readonly against: string | undefined;
}

/** What compares is loaded when something is. */
async function rehearsedBy(rehearsing: Rehearsing, { changed, against }: Compared): Promise<Rehearsed> {
  if (changed !== undefined) {
    const { rehearseChange } = await import("./comparing/change.ts");
    return rehearseChange(rehearsing, changed);
  }
  if (against !== undefined) {
    const { rehearseAgainst } = await import("./comparing/against.ts");
    return rehearseAgainst(rehearsing, against);
  }
  return { rehearsal: await rehearsing.run(rehearsing.options) };
}

/** The architecture, with what differs from what it is compared with. */
async function drawn({ rehearsal, before }: Rehearsed): Promise<Architecture> {
  const { compared } = await import("./architecture/architecture.ts");
  const { architectureOf } = await import("./architecture/rehearsed.ts");
  const own = architectureOf(rehearsal);
  return before === undefined ? own : compared(architectureOf(before), own);
}

/** The page, whose makers are loaded for it alone. */
async function pageOf(rehearsed: Rehearsed, rehearsal: Rehearsal): Promise<string> {
  const { page } = await import("./page/page.ts");
  const { comparison, before } = rehearsed;
  const architecture = await drawn(rehearsed);
  return page({ rehearsal, architecture, comparison, before: before && maskedRehearsal(before) });
}

/** The Markdown; the same. */
async function markdownOf(
  rehearsed: Rehearsed,
  { rehearsal, ...shown }: MarkdownOptions & { readonly rehearsal: Rehearsal },
): Promise<string> {
  const { markdown } = await import("./markdown.ts");
  return markdown(rehearsal, { ...shown, architecture: await drawn(rehearsed) });
}

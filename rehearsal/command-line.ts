// The command line of a rehearsal: rehearses a stack and shows what came of it.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { mistakeIn } from "../project/arguments.ts";
import { UserError } from "../project/user-error.ts";
import { bareStackName } from "../project/project.ts";
import { maskedRehearsal, rehearse, type RehearseOptions } from "./rehearse.ts";
import { report } from "./report.ts";

/** Where the output goes; a terminal says so, and how wide it is. */
export interface Streams {
  readonly out: Screen;
  readonly err: Screen;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export const EXIT = { fine: 0, findings: 1, failed: 2, usage: 64 } as const;

const USAGE = "npm start -- [stack] [--update] [--set key=value]... [--change key=value]... [--json file]";

/** The command line is wrong; the message says how. */
class UsageError extends Error {}

/** Runs `npm start` with the arguments; answers its exit code. The project is this one, unless it is given. */
export async function runCommandLine(
  given: readonly string[],
  { out, err }: Streams,
  projectDirectory?: string,
): Promise<number> {
  try {
    const values = readArguments(given);
    if (values === "help") {
      out.write(`Usage: ${USAGE}\n`);
      return EXIT.fine;
    }
    const { json, change, ...asked } = values;
    const options = { ...asked, ...(projectDirectory === undefined ? {} : { projectDirectory }) };
    const rehearsal = maskedRehearsal(
      await (change === undefined ? rehearse(options) : rehearseChange(options, change)),
    );
    if (json !== undefined) writeJson(json, rehearsal);
    const { message } = rehearsal.program;
    if (message !== undefined) throw new UserError(message);
    out.write(
      `${report(rehearsal, { color: out.isTTY, width: out.columns, changesOnly: change !== undefined })}\n`,
    );
    return rehearsal.findings.length > 0 ? EXIT.findings : EXIT.fine;
  } catch (error) {
    if (error instanceof UsageError) {
      err.write(`${error.message}. Usage: ${USAGE}\n`);
      return EXIT.usage;
    }
    if (!(error instanceof UserError)) throw error;
    err.write(`${error.message}\n`);
    return EXIT.failed;
  }
}

type Settings = Readonly<Record<string, string>>;

/** Rehearses the deployment of a stack, and then what another configuration would do to it. */
async function rehearseChange(options: RehearseOptions, change: Settings) {
  const previous = await rehearse({ ...options, mode: "update" });
  const { message } = previous.program;
  if (message !== undefined) throw new UserError(message);
  // In a preview only hooks run that were made for one: they refuse what must not change, and reach nothing.
  return rehearse({
    ...options,
    set: { ...options.set, ...change },
    previous,
    runHooks: options.mode !== "update",
  });
}

function readArguments(
  given: readonly string[],
): (RehearseOptions & { readonly json?: string; readonly change?: Settings }) | "help" {
  const { values, positionals } = parsed(given);
  if (values.help === true) return "help";
  if (positionals.length > 1) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  return {
    stack: bareStackName(positionals[0] ?? "dev"),
    mode: values.update === true ? "update" : "preview",
    set: assignments("--set", values.set ?? []),
    ...(values.change === undefined ? {} : { change: assignments("--change", values.change) }),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

function assignments(option: string, texts: readonly string[]): Settings {
  const read = (text: string): [key: string, value: string] => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new UsageError(`${option} takes key=value, not '${text}'`);
    return [key, value];
  };
  return Object.fromEntries(texts.map(read));
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        update: { type: "boolean" },
        json: { type: "string" },
        set: { type: "string", multiple: true },
        change: { type: "string", multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError(mistakeIn(error));
  }
}

function writeJson(file: string, content: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

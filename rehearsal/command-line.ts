// The command line of a rehearsal: rehearses a stack and shows what came of it.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { Problem } from "./problem.ts";
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

const USAGE = "npm start -- [stack] [--update] [--set key=value]... [--json file]";

/** The command line is wrong; the message says how. */
class UsageError extends Error {}

/** Runs `npm start` with the arguments; answers its exit code. The project is this one, unless it is given. */
export async function runCommandLine(
  given: readonly string[],
  { out, err }: Streams,
  projectDirectory?: string,
): Promise<number> {
  try {
    const { json, ...options } = readArguments(given);
    const rehearsal = await rehearse({
      ...options,
      ...(projectDirectory === undefined ? {} : { projectDirectory }),
    });
    if (json !== undefined) writeJson(json, maskedRehearsal(rehearsal));
    const { message } = rehearsal.program;
    if (message !== undefined) throw new Problem(message);
    out.write(`${report(rehearsal, { color: out.isTTY, width: out.columns })}\n`);
    return rehearsal.findings.length > 0 ? EXIT.findings : EXIT.fine;
  } catch (error) {
    if (error instanceof UsageError) {
      err.write(`${error.message}. Usage: ${USAGE}\n`);
      return EXIT.usage;
    }
    if (!(error instanceof Problem)) throw error;
    err.write(`${error.message}\n`);
    return EXIT.failed;
  }
}

function readArguments(given: readonly string[]): RehearseOptions & { readonly json?: string } {
  const { values, positionals } = parsed(given);
  if (positionals.length > 1) throw new UsageError(`one stack at a time, not ${positionals.join(" and ")}`);
  return {
    stack: positionals[0] ?? "dev",
    mode: values.update === true ? "update" : "preview",
    set: Object.fromEntries((values.set ?? []).map(readAssignment)),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

function readAssignment(assignment: string): [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (key === undefined || value === undefined)
    throw new UsageError(`--set takes key=value, not '${assignment}'`);
  return [key, value];
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        update: { type: "boolean" },
        json: { type: "string" },
        set: { type: "string", multiple: true },
      },
    });
  } catch (error) {
    // Node's message goes on with advice on positional arguments.
    throw new UsageError(error instanceof Error ? error.message.replace(/\. .*$/s, "") : String(error));
  }
}

function writeJson(file: string, content: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw new Problem(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

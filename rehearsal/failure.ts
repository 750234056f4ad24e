// Why a program failed, in its own words.

import path from "node:path";
import { stripVTControlCharacters } from "node:util";

import type { ProgramResult } from "./program.ts";
import type { Message } from "./record.ts";

const ANNOUNCEMENT = /^Running program '.*' failed with an unhandled exception:\n/;
const FRAME = /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^()]*:\d+:\d+)\)?$/;

/** The place in the project where an error was thrown. */
function ownFrame(lines: readonly string[], directory: string): string | undefined {
  return lines
    .flatMap((line) => FRAME.exec(line)?.[1] ?? [])
    .map((frame) => path.relative(directory, frame))
    .find((frame) => !frame.startsWith("..") && !frame.includes("node_modules"));
}

/** An error that the runner logged: its message, without the stack; of an exception, where it was thrown. */
function messageOf(logged: string, directory: string): string {
  const text = stripVTControlCharacters(logged);
  if (!ANNOUNCEMENT.test(text)) return text.trim();
  const lines = text.replace(ANNOUNCEMENT, "").split("\n");
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  const message = (end < 0 ? lines : lines.slice(0, end))
    .join("\n")
    .replace(/^Error: /, "")
    .trim();
  const frame = ownFrame(lines, directory);
  return frame === undefined ? message : `${message}\n  at ${frame}`;
}

/** Why a program failed; undefined when it did not. */
export function failureOf(
  { exitCode, stderr }: ProgramResult,
  messages: readonly Message[],
  directory: string,
): string | undefined {
  if (exitCode === 0) return undefined;
  const errors = messages
    .filter(({ severity }) => severity === "error")
    .map(({ text }) => messageOf(text, directory));
  if (errors.length > 0) return [...new Set(errors)].join("\n");
  const printed = stripVTControlCharacters(stderr).trim();
  return printed === "" ? `the program ended with exit code ${exitCode}` : printed;
}

import { readFileSync } from "node:fs";

/**
 * A script as Linux runs it, whatever line ends the checkout gave it: a shell takes a carriage return for a part of the
 * last word, and a task definition that differs by them would be another one on each colleague's machine.
 */
export function readScript(file: URL): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}

import { appendFileSync, writeFileSync } from "node:fs";
import { UserError } from "./user-error.ts";

/** Writes a file that somebody named. @throws UserError with why it cannot be written. */
export function writeFile(file: string, content: string): void {
  told(file, () => writeFileSync(file, content));
}

/** Adds to the end of a file that somebody named. @throws UserError with why it cannot be written. */
export function appendFile(file: string, content: string): void {
  told(file, () => appendFileSync(file, content));
}

function told(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

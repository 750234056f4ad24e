import { type Command, wrong } from "./command.ts";

/**
 * Reads what an option of a command says as a whole number from 1 on.
 * @param most The largest that is legal.
 * @throws UsageError for any other text
 */
export function wholeNumber(command: Command, option: string, text: string, most: number): number {
  const number = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= most))
    throw wrong(command, `${option} takes a whole number from 1 to ${most}, not '${text}'`);
  return number;
}

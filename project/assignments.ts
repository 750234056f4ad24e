import { type Command, wrong } from "./command.ts";

/**
 * Reads what an option of a command says as `key=value`, once or several times.
 * @throws UsageError for any other text
 */
export function assignments(
  command: Command,
  option: string,
  texts: readonly string[],
): Readonly<Record<string, string>> {
  const read = (text: string): [key: string, value: string] => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw wrong(command, `${option} takes key=value, not '${text}'`);
    return [key, value];
  };
  return Object.fromEntries(texts.map(read));
}

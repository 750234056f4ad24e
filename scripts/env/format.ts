import { UserError } from "../../project/user-error.ts";

type Values = Readonly<Record<string, string>>;

/** Writes an environment in a format, sorted by name. */
type Writer = (values: Values, service: string) => string;

export type Format = "dotenv" | "json" | "compose";

/** @throws UserError for a value that the format cannot hold. */
export const formats: Readonly<Record<Format, Writer>> = {
  dotenv: (values) =>
    sorted(values)
      .map(([name, value]) => `${name}=${dotenvValue(name, value)}\n`)
      .join(""),
  json: (values) => `${JSON.stringify(Object.fromEntries(sorted(values)), null, 2)}\n`,
  compose: (values, service) =>
    [
      "services:",
      `  ${service}:`,
      "    environment:",
      ...sorted(values).map(([name, value]) => `      ${name}: ${composeValue(value)}`),
      "",
    ].join("\n"),
};

function sorted(values: Values): [string, string][] {
  const entries = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of entries) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new UserError(`"${name}" is not the name of an environment variable.`);
    if (/[\0\p{Cs}]/u.test(value)) {
      throw new UserError(`${name} holds a character that no environment variable can hold.`);
    }
  }
  return entries;
}

/**
 * A value as npm's dotenv reads it. It undoes no escape but \n and \r in double quotes, so quotes are chosen by what the
 * value does not hold. A backslash before a closing quote may hide that quote from it.
 * https://github.com/motdotla/dotenv/blob/v17.2.3/lib/main.js#L8-L48
 */
function dotenvValue(name: string, value: string): string {
  const hidesQuote = value.endsWith("\\");
  const candidates: [possible: boolean, text: () => string][] = [
    [!hidesQuote && !/['\r]/.test(value), () => `'${value}'`],
    [!hidesQuote && !/"|\\[nr]/.test(value), () => `"${value.replaceAll("\r", "\\r")}"`],
    [!hidesQuote && !/[`\r]/.test(value), () => `\`${value}\``],
    [/^[^\s'"`#](?:[^\n\r\u2028\u2029#]*[^\s#])?$/.test(value), () => value],
  ];
  const found = candidates.find(([possible]) => possible);
  if (found === undefined) {
    throw new UserError(
      `${name} cannot be written in the format dotenv, which has no quotes for its value: take --format json or --format compose.`,
    );
  }
  return found[1]();
}

/** A value as a Compose file holds it: $ starts a variable unless doubled, and some characters are no text in YAML. */
function composeValue(value: string): string {
  return JSON.stringify(value.replaceAll("$", "$$$$")).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

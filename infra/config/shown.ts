/** The most characters of a value that a message repeats. */
const mostCharacters = 200;

const pemPattern = /-----BEGIN ([A-Z0-9 ]+)-----/;

/** Whether a text holds a private key, as one is pasted by mistake. */
export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/.test(text);
}

/**
 * A value as a message may repeat it: quoted, cut, and without what nobody wants in a terminal or a pipeline's log,
 * which are keys and certificates in PEM, and the credentials in URLs.
 */
export function shown(value: string): string {
  if (holdsPrivateKey(value)) return "(a private key, not shown)";
  const [, kind] = pemPattern.exec(value) ?? [];
  if (kind !== undefined) return `(PEM of ${value.length} characters, not shown)`;
  const open = value.replace(/:\/\/.*@/gs, "://(credentials)@");
  return open.length > mostCharacters
    ? `${quoted(`${open.slice(0, mostCharacters)}...`)} (${value.length} characters)`
    : quoted(open);
}

/** A text in quotes, in which whatever nobody sees stands as JSON writes it: `a\u200bb` looks like `ab`. */
function quoted(text: string): string {
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) =>
    character.split("").map(code).join(""),
  );
}

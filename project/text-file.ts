import { readFileSync } from "node:fs";

/**
 * The text of a file in UTF-8, or in UTF-16 behind a byte order mark, as PowerShell writes it.
 * @throws Error for one in another encoding
 */
export function readTextFile(file: string): string {
  const bytes = readFileSync(file);
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not in UTF-8: save it in that encoding");
  }
}

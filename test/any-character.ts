import fc from "fast-check";

/**
 * Any character of Unicode, as fast-check's own unit "binary", which keeps a table of all of them: half a second, and 100 MB
 * as long as the tests run.
 */
export const anyCharacter = fc
  .nat(0x10ffff - 0x800)
  // Halves of a pair are no characters.
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

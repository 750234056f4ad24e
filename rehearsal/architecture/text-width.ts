// How wide a text is in a sans-serif font, estimated: no font is at hand where a page is written.

/** Widths in ems of DejaVu Sans, which is wider than most system fonts. https://dejavu-fonts.github.io */
const narrow = /[ijlI.,:;|'!()[\]{}]/;
const wide = /[mwMW@%]/;
const capital = /[A-Z]/;

function em(character: string): number {
  if (narrow.test(character)) return 0.34;
  if (wide.test(character)) return 0.92;
  return capital.test(character) ? 0.7 : 0.6;
}

/** Pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  const ems = Array.from(text, em).reduce((sum, width) => sum + width, 0);
  return ems * size * (bold ? 1.1 : 1);
}

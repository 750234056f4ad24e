// How text looks in a terminal.

import { styleText } from "node:util";

type Paint = (text: string) => string;

export interface Style {
  /** Columns. */
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
}

/** A style with colours, or one for a file. */
export function styleOf({ color, width }: { readonly color: boolean; readonly width: number }): Style {
  const paint =
    (format: "bold" | "dim" | "red" | "yellow"): Paint =>
    (text) =>
      color ? styleText(format, text) : text;
  return { width, bold: paint("bold"), dim: paint("dim"), red: paint("red"), yellow: paint("yellow") };
}

/** Breaks a text at spaces into lines of at most that many columns. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** One line of at most that many columns, whatever the text. */
export function cut(text: string, columns: number): string {
  const line = text.replaceAll("\n", "\\n");
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

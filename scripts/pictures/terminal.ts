// A terminal as a picture: what a command printed, with its colours.

import anser from "anser";
import { escaped } from "../../rehearsal/page/html.ts";
import type { Theme } from "./theme.ts";

export interface Terminal {
  /** The command line. */
  readonly command: string;
  /** What it printed, with the escape sequences of its colours. */
  readonly printed: string;
  /** How many columns it had. */
  readonly columns: number;
}

const FONT = 13;
/** The letters of a monospaced font are 0.6 of its size wide; where they are not, `textLength` makes them so. */
const LETTER = FONT * 0.6;
const LINE = 17.5;
const MARGIN = 20;
/** The bar with the three buttons. */
const BAR = 34;

/** The picture as SVG. */
export function terminal({ command, printed, columns }: Terminal, theme: Theme): string {
  const lines = [`\u001b[32m$\u001b[0m \u001b[1m${command}\u001b[0m`, "", ...printed.trimEnd().split("\n")];
  const width = Math.ceil(columns * LETTER + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>A terminal after ${escaped(command)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${theme.surface}" stroke="${theme.line}" stroke-opacity="0.5"/>`,
    ...[theme.red, theme.yellow, theme.green].map(
      (colour, index) => `<circle cx="${MARGIN + index * 19}" cy="18" r="5.5" fill="${colour}"/>`,
    ),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace" font-size="${FONT}" fill="${theme.text}">`,
    ...lines.flatMap((line, index) => texts(line, BAR + (index + 0.8) * LINE, theme)),
    "</g>",
    "</svg>",
  ].join("\n")}\n`;
}

/** The pieces of a line, each in its place and colour. Between columns the picture is empty, since XML keeps no spaces. */
function texts(line: string, y: number, theme: Theme): string[] {
  let column = 0;
  return anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true }).flatMap((piece) => {
    const { content, fg, decorations } = piece;
    const start = column;
    column += content.length;
    const attributes = [
      ...colour(fg, decorations.includes("dim"), theme),
      ...(decorations.includes("bold") ? ['font-weight="600"'] : []),
    ];
    return Array.from(content.matchAll(/\S+(?: \S+)*/g), ({ 0: words, index }) => {
      const x = MARGIN + (start + index) * LETTER;
      const place = `x="${round(x)}" y="${round(y)}" textLength="${round(words.length * LETTER)}" lengthAdjust="spacingAndGlyphs"`;
      return `<text ${[place, ...attributes].join(" ")}>${escaped(words)}</text>`;
    });
  });
}

function colour(name: string | null, isDim: boolean, theme: Theme): string[] {
  const fill = {
    "ansi-red": theme.red,
    "ansi-yellow": theme.yellow,
    "ansi-green": theme.green,
  }[name ?? ""];
  if (fill !== undefined) return [`fill="${fill}"`];
  return isDim ? [`fill="${theme.faint}"`] : [];
}

const round = (value: number) => Number(value.toFixed(1));

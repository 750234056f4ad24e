// How text looks in a terminal.

import { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Paint = (text: string) => string;

/** Where text is shown: a terminal says so, and how wide it is. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const FORMATS = ["bold", "dim", "red", "yellow", "green"] as const;

export interface Style extends Readonly<Record<(typeof FORMATS)[number], Paint>> {
  /** Columns. */
  readonly width: number;
}

/**
 * Whether a screen gets colours: a terminal that has some, and whatever it is where FORCE_COLOR says so. Node itself
 * judges what FORCE_COLOR, NO_COLOR, NODE_DISABLE_COLORS and TERM mean.
 * https://nodejs.org/docs/latest-v20.x/api/tty.html#writestreamgetcolordepthenv
 */
export function takesColors({ isTTY = false }: Screen, environment: NodeJS.ProcessEnv): boolean {
  const depth = WriteStream.prototype.getColorDepth(environment);
  return depth > 1 && (isTTY || environment["FORCE_COLOR"] !== undefined);
}

/** A style with colours, or one for a file. */
export function styleOf({ color, width }: { readonly color: boolean; readonly width: number }): Style {
  // Whether the stream is a terminal is decided already.
  const paint = (format: (typeof FORMATS)[number]): Paint =>
    color ? (text) => styleText(format, text, { validateStream: false }) : (text) => text;
  return {
    width,
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    yellow: paint("yellow"),
    green: paint("green"),
  };
}

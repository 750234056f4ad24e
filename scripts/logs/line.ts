import { harmless, withoutColours } from "../../project/text.ts";

/** What a container printed. */
export interface Line {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The container; on AWS `server/0a1b2c3d`, with the task. */
  readonly source: string;
  readonly message: string;
}

/** Which lines are shown. */
export interface Wish {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly text: string | undefined;
  /** The beginning of a task's ID. */
  readonly task: string | undefined;
  readonly migration: boolean;
  readonly follow: boolean;
}

/** What runs in the one-off task. */
export const oneOffContainers: readonly string[] = ["write-certificates", "redis", "logs-store", "migrate"];

/**
 * A line as it is printed: without Nango's colours, and with control characters as `\u001b`, since whoever makes Nango log
 * what they like could drive the terminal of those who read it.
 */
export function printed({ time, source, message }: Line): string {
  const text = harmless(withoutColours(message)).replaceAll("\n", String.raw`\n`);
  return `${new Date(time).toISOString()} ${source} ${text}\n`;
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** The moment that `1h` or a date means, in milliseconds since 1970; undefined for what is neither, or lies ahead. */
export function moment(text: string, now: number): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const time =
    count !== undefined
      ? now - Number(count) * units[unit]!
      : /^\d{4}-\d\d-\d\d/.test(text)
        ? Date.parse(text)
        : Number.NaN;
  // CloudWatch knows no time before that of 0.
  return time <= now ? Math.max(time, 0) : undefined;
}

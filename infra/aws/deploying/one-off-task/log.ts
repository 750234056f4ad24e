import { stripVTControlCharacters } from "node:util";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { describeError } from "./calls.ts";
import type { Clock } from "./clock.ts";

const lineCount = 20;
const longestLine = 500;

/** The end of a container's log, or why there is none to show. */
export interface LogEnd {
  readonly lines: readonly string[];
  /** Set when `lines` is empty: the reason, as a sentence. */
  readonly missing?: string;
}

/**
 * The last lines of a log stream. CloudWatch shows them seconds after they were written, the last ones last, so it is
 * read until two readings agree. Never throws: a log that cannot be read must not hide the failure that it explains.
 */
export async function logEnd(
  logs: CloudWatchLogs,
  logGroupName: string,
  logStreamName: string,
  clock: Clock,
): Promise<LogEnd> {
  let end: LogEnd = { lines: [], missing: "The log is still empty." };
  for (let reading = 0; reading < 6; reading++) {
    if (reading > 0) await clock.sleep(1000);
    const before = end.lines;
    try {
      const answer = await logs.getLogEvents(
        { logGroupName, logStreamName, limit: lineCount, startFromHead: false },
        { abortSignal: AbortSignal.timeout(10_000) },
      );
      const lines = (answer.events ?? []).map(({ message }) => printable(message ?? ""));
      if (lines.length > 0) end = { lines };
    } catch (error) {
      if (end.lines.length === 0)
        end = { lines: [], missing: `The log could not be read: ${describeError(error)}` };
    }
    if (end.lines.length > 0 && end.lines.join("\n") === before.join("\n")) return end;
  }
  return end;
}

/** One line of at most 500 characters that does nothing to a terminal. */
function printable(message: string): string {
  const line = stripVTControlCharacters(message)
    .replace(/\p{Cc}+/gu, " ")
    .trimEnd();
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}

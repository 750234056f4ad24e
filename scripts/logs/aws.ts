import { setTimeout } from "node:timers/promises";
import type { CloudWatchLogs, FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { logStreamPrefix } from "../../infra/aws/service/log-streams.ts";
import { type Line, oneOffContainers, type Wish } from "./line.ts";

/** The IAM actions that it takes. */
export const permissions = ["logs:FilterLogEvents"];

/** How long it waits before it asks again. Milliseconds. */
const pause = 2000;
/** How much later than a newer line an older one may still arrive. Milliseconds. */
const lateness = 30_000;

/** Shows the lines of a log group in the order of their times, page by page; while it follows, for ever. */
export async function showLogGroup(
  logs: CloudWatchLogs,
  logGroupName: string,
  wish: Wish,
  show: (line: Line) => void,
  wait: () => Promise<unknown> = () => setTimeout(pause),
): Promise<void> {
  const seen = new Map<string, number>();
  let startTime = wish.since;
  const take = (events: readonly FilteredLogEvent[]) => {
    for (const event of events) {
      const { eventId = JSON.stringify(event), timestamp = 0 } = event;
      if (seen.has(eventId)) continue;
      if (wish.follow) seen.set(eventId, timestamp);
      const line = lineOf(event, wish);
      if (line !== undefined) show(line);
    }
  };
  for (;;) {
    const filter = {
      logGroupName,
      startTime,
      ...(wish.text !== undefined && { filterPattern: phrase(wish.text) }),
    };
    if (wish.migration) {
      const found: FilteredLogEvent[] = [];
      // Streams are found by one beginning of their names.
      for (const container of oneOffContainers) {
        const logStreamNamePrefix = `${logStreamPrefix}/${container}/`;
        for await (const events of pages(logs, { ...filter, logStreamNamePrefix }))
          found.push(...events.filter(({ logStreamName }) => logStreamName?.startsWith(logStreamNamePrefix)));
      }
      take(found.toSorted((one, other) => (one.timestamp ?? 0) - (other.timestamp ?? 0)));
    } else for await (const events of pages(logs, filter)) take(events);
    if (!wish.follow) return;
    const newest = Math.max(wish.since, ...seen.values());
    startTime = Math.max(wish.since, newest - lateness);
    for (const [id, time] of seen) if (time < startTime) seen.delete(id);
    await wait();
  }
}

async function* pages(
  logs: CloudWatchLogs,
  filter: Parameters<CloudWatchLogs["filterLogEvents"]>[0],
): AsyncGenerator<readonly FilteredLogEvent[]> {
  let nextToken: string | undefined;
  do {
    const answer = await logs.filterLogEvents({ ...filter, ...(nextToken !== undefined && { nextToken }) });
    yield answer.events ?? [];
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
}

/** The most characters of a pattern. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export const longestPattern = 1024;

/**
 * A pattern that finds a text as it stands.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForLogEvents.html
 */
export function phrase(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Undefined for a line of another task. Streams are called `nango/<container>/<task>`. */
function lineOf({ logStreamName = "", timestamp = 0, message = "" }: FilteredLogEvent, { task }: Wish) {
  const [, container = logStreamName, id = ""] = logStreamName.split("/");
  if (task !== undefined && !id.startsWith(task)) return undefined;
  return { time: timestamp, source: `${container}/${id.slice(0, 8)}`, message: message.trimEnd() };
}

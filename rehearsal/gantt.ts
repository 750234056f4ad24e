// When what takes its time in a deployment is done: as text, and as a chart of Mermaid.
// https://mermaid.js.org/syntax/gantt.html

import { decidingSpans, type Schedule, type Span } from "./duration.ts";
import type { Style } from "./style.ts";
import { shortType, titleOf } from "../project/urns.ts";

/** What happens to what. */
function spanTitle({ kind, type, name }: Span): string {
  return `${kind} ${titleOf({ type, name })}`;
}

/** The widest that bars are, in columns. */
const MOST_COLUMNS = 48;

/** A line for each span, with a bar; none where a single one says all. */
export function ganttText(schedule: Schedule, style: Style): string[] {
  const { spans, minutes } = schedule;
  if (spans.length < 2) return [];
  const titles = spans.map(spanTitle);
  const times = spans.map(({ start, end }) => `${start} to ${end}`);
  const [title, time] = [titles, times].map((texts) => Math.max(...texts.map(({ length }) => length)));
  const room = style.width - (title ?? 0) - (time ?? 0) - 4;
  const columns = Math.min(MOST_COLUMNS, room);
  const place = (minute: number) => Math.round((minute / minutes) * columns);
  const lines = spans.map(({ start, end, decides }, index) => {
    const left = `${(titles[index] ?? "").padEnd(title ?? 0)}  ${(times[index] ?? "").padStart(time ?? 0)}`;
    if (columns < 10) return left;
    const bar = (decides ? "█" : "░").repeat(Math.max(1, place(end) - place(start)));
    return `${left}  ${" ".repeat(place(start))}${decides ? bar : style.dim(bar)}`;
  });
  const isMixed = columns >= 10 && decidingSpans(schedule).length < spans.length;
  return [...lines, ...(isMixed ? [style.dim("█ decides how long it takes, ░ is done meanwhile")] : [])];
}

/** A name as Mermaid takes it: a colon ends it, and `#` and `;` begin and end what it reads otherwise. */
const plain = (text: string) => text.replaceAll(/[^\w .,/()-]/gu, " ");

/** Hours and minutes after midnight, which is when it begins. */
const clock = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** The lines of a Gantt chart; none where nothing takes long. What decides is critical in it. */
export function ganttMermaid({ spans }: Schedule): string[] {
  if (spans.length === 0) return [];
  const lines = spans.map(({ start, end, decides, kind, type, name: named }) => {
    const name = plain(`${kind} ${shortType(type)} ${named}`);
    return `  ${name} :${decides ? "crit, " : ""}${clock(start)}, ${end - start}m`;
  });
  return ["gantt", "  dateFormat HH:mm", "  axisFormat %H:%M", ...lines];
}

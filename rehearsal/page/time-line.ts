// When what takes its time is made or changed, as Gantt charts that are tables.

import { idOf } from "../architecture/graph.ts";
import { type Comparison, scheduleOf, shiftText, timeShift } from "../comparison.ts";
import { decidingSpans, firstDeployment, type Schedule, type Span } from "../duration.ts";
import type { Rehearsal } from "../record.ts";
import { shortType, titleOf } from "../../project/urns.ts";
import { badge, bar, type Cell, type Section, table } from "./section.ts";
import { type Html, html } from "./html.ts";

/** The ticks of the axis: at most eight, at whole minutes. */
function ticks(total: number): Html {
  const step = [1, 2, 5, 10, 20, 30, 60].find((minutes) => total / minutes <= 8) ?? 120;
  const all = Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
  return html`<span class="hidden">when</span
    ><span class="axis" aria-hidden="true"
      >${all.map(
        (minute) =>
          html`<span
            class="${minute === total ? "end" : ""}"
            style="--from:${Math.round((minute / total) * 1000) / 10}%"
            >${minute}</span
          >`,
      )}</span
    >`;
}

const figure = (minutes: number) => minutes.toLocaleString("en-US", { maximumFractionDigits: 1 });
const about = (minutes: number) => `about ${figure(minutes)} minute${minutes === 1 ? "" : "s"}`;

interface Row {
  readonly span: Span;
  /** What stands between the resource and its times. @default nothing */
  readonly says?: Cell;
  readonly isGone?: boolean;
}

function gantt(caption: string, says: string | undefined, rows: readonly Row[], minutes: number): Html {
  const columns = says === undefined ? [] : [says];
  return table({
    caption,
    head: ["resource", ...columns, "starts", "takes", ticks(minutes)],
    rows: rows.map(({ span: { type, name, start, end, decides }, says: said = "", isGone = false }) => [
      html`${name} <span class="type">${shortType(type)}</span>`,
      ...columns.map(() => said),
      figure(start),
      figure(end - start),
      html`${bar((end - start) / minutes, { from: start / minutes, tone: isGone ? "gone" : decides ? "deciding" : "" })}${
        decides ? html`<span class="hidden">decides</span>` : ""
      }`,
    ]),
    figures: says === undefined ? [1, 2] : [2, 3],
    kind: "gantt",
  });
}

function key(meanwhile: string, more: Html | string = ""): Html {
  return html`<p class="note">
    <span class="key deciding"></span> decides the time <span class="key"></span> ${meanwhile} meanwhile.
    ${more} The minutes are typical ones of AWS.
  </p>`;
}

const tones = { create: "good", update: "warn", replace: "bad", delete: "bad" } as const;

/** The chain in words: what comes after what. */
function chainText(schedule: Schedule): string {
  return decidingSpans(schedule)
    .map(({ kind, type, name, start, end }) => `${kind} ${titleOf({ type, name })} (${figure(end - start)})`)
    .join(", then ");
}

/** The deployment of what changes. */
function change(schedule: Schedule, count: number): Html {
  const { spans, minutes } = schedule;
  if (minutes === 0)
    return html`<p class="lead">
      ${count === 0 ? "Nothing changes." : "The change takes seconds: nothing in it is known to take long."}
    </p>`;
  return html`<p class="lead">The change takes ${about(minutes)}: ${chainText(schedule)}.</p>
    ${gantt(
      "When what changes is done, in minutes",
      "change",
      spans.map((span) => ({ span, says: badge(span.kind, tones[span.kind]) })),
      minutes,
    )}
    ${key("done", "What takes seconds is not shown.")}`;
}

/** Of two first deployments: what is made at another time, and what only one of them makes. */
function bothRows(before: Schedule, after: Schedule): Row[] {
  const [old, young] = [before, after].map(({ spans }) => new Map(spans.map((span) => [idOf(span), span])));
  const same = (one: Span, other: Span) => one.start === other.start && one.end === other.end;
  return [
    ...after.spans.map((span): Row => {
      const was = old?.get(idOf(span));
      if (was === undefined) return { span, says: badge("new", "good") };
      return same(span, was) ? { span } : { span, says: `was ${figure(was.start)} to ${figure(was.end)}` };
    }),
    ...before.spans
      .filter((span) => young?.has(idOf(span)) === false)
      .map((span): Row => ({ span: { ...span, decides: false }, says: badge("gone", "bad"), isGone: true })),
  ];
}

function first({ resources }: Rehearsal, comparison: Comparison | undefined): Html {
  const own = firstDeployment(resources);
  const quick = resources.filter(({ custom }) => custom).length - own.spans.length;
  const old = comparison === undefined ? undefined : firstDeployment(comparison.before.rehearsal.resources);
  return html`${gantt(
    "When what takes long is made in a first deployment, in minutes",
    old === undefined ? undefined : "differs",
    old === undefined ? own.spans.map((span) => ({ span })) : bothRows(old, own),
    Math.max(own.minutes, old?.minutes ?? 0),
  )}
  ${key("made", html`${quick} more resources take seconds.`)}`;
}

/** The section; undefined where nothing is known to take long. */
export function timeSection(rehearsal: Rehearsal, comparison?: Comparison): Section | undefined {
  const { minutes } = firstDeployment(rehearsal.resources);
  const shift = comparison === undefined ? undefined : timeShift(comparison);
  const schedule = comparison === undefined ? undefined : scheduleOf(comparison);
  if (minutes === 0 && shift === undefined && (schedule?.minutes ?? 0) === 0) return undefined;
  const both =
    shift === undefined || comparison === undefined ? about(minutes) : shiftText(shift, comparison);
  const content =
    comparison !== undefined && schedule !== undefined
      ? html`${change(schedule, comparison.changes.length)}
        ${
          shift === undefined
            ? ""
            : html`<details>
                <summary>A first deployment <span class="faint">${both}</span></summary>
                ${first(rehearsal, comparison)}
              </details>`
        }`
      : html`<p class="lead">
            A first deployment takes ${both}${comparison === undefined ? ": the" : ". The"} longest chain of
            resources that wait for each other decides it, everything else is made meanwhile.
          </p>
          ${first(rehearsal, comparison)}`;
  return { id: "time", title: "Time", content };
}

// When each resource is made in a first deployment, as a Gantt chart that is a table.

import { directNeeds } from "../changes.ts";
import { type Comparison, timeShift } from "../comparison.ts";
import { creationMinutes, longestChain, minutesOf } from "../duration.ts";
import type { RecordedResource, Rehearsal } from "../record.ts";
import { shortType } from "../../project/urns.ts";
import { bar, type Section, table } from "./section.ts";
import { type Html, html } from "./html.ts";

interface Span {
  readonly resource: RecordedResource;
  /** Minutes after the beginning. */
  readonly start: number;
  readonly end: number;
}

/** Each resource begins when the last one that it needs is made. */
function spansOf(resources: readonly RecordedResource[]): Span[] {
  const ends = new Map<string, number>();
  return resources.map((resource) => {
    const start = Math.max(0, ...directNeeds(resource).map((urn) => ends.get(urn) ?? 0));
    const end = start + creationMinutes(resource);
    ends.set(resource.urn, end);
    return { resource, start, end };
  });
}

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

/** The section; undefined where nothing is known to take long. */
export function timeSection({ resources }: Rehearsal, comparison?: Comparison): Section | undefined {
  const chain = longestChain(resources);
  const total = minutesOf(chain);
  if (total === 0) return undefined;
  const spans = spansOf(resources).filter(({ start, end }) => end > start);
  const deciding = (resource: RecordedResource) =>
    chain.some(({ type, name }) => type === resource.type && name === resource.name);
  const quick = resources.filter(({ custom }) => custom).length - spans.length;
  const shift = comparison === undefined ? undefined : timeShift(comparison);
  const figure = (minutes: number) => minutes.toLocaleString("en-US", { maximumFractionDigits: 1 });
  return {
    id: "time",
    title: "Time",
    content: html`<p class="lead">
        A first deployment takes about ${figure(total)} minutes: the longest chain of resources that wait for
        each other decides it, everything else is made meanwhile.
      </p>
      ${
        shift === undefined
          ? ""
          : html`<p>
              ${comparison?.before.title}: ${shift.before}. ${comparison?.after.title}: ${shift.after}.
            </p>`
      }
      ${table({
        caption: "When what takes long is made, in minutes",
        head: ["resource", "starts", "takes", ticks(total)],
        rows: spans.map(({ resource, start, end }) => [
          html`${resource.name} <span class="type">${shortType(resource.type)}</span>`,
          figure(start),
          figure(end - start),
          html`${bar((end - start) / total, { from: start / total, tone: deciding(resource) ? "deciding" : "" })}${
            deciding(resource) ? html`<span class="hidden">decides</span>` : ""
          }`,
        ]),
        figures: [1, 2],
        kind: "gantt",
      })}
      <p class="note">
        <span class="key deciding"></span> decides the time <span class="key"></span> made meanwhile. ${quick}
        more resources take seconds. The minutes are typical ones of AWS.
      </p>`,
  };
}

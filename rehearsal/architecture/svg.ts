// An architecture as a picture.

import { type Architecture, labelOf, type Part, type Status } from "./architecture.ts";
import { type Box, drawnText, type Layout, layoutOf, type Point, type } from "./layout.ts";
import { textWidth } from "./text-width.ts";
import { type Html, html } from "../page/html.ts";

const round = (value: number) => Math.round(value * 10) / 10;

/** A line with rounded corners. */
function path(points: readonly Point[], radius = 8): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const steps = rest.map((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${round(point.x)} ${round(point.y)}`;
    const before = toward(point, points[index] ?? first, radius);
    const after = toward(point, next, radius);
    return `L${round(before.x)} ${round(before.y)}Q${round(point.x)} ${round(point.y)} ${round(after.x)} ${round(after.y)}`;
  });
  return `M${round(first.x)} ${round(first.y)}${steps.join("")}`;
}

/** A point on the way to another one, at most half of it away. */
function toward(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function rectangle({ x, y, width, height }: Box, name: string, radius: number): Html {
  return html`<rect
    class="${name}"
    x="${round(x)}"
    y="${round(y)}"
    width="${round(width)}"
    height="${round(height)}"
    rx="${radius}"
  />`;
}

function label(x: number, y: number, name: string, text: string): Html {
  return html`<text class="${name}" x="${round(x)}" y="${round(y)}">${drawnText(text)}</text>`;
}

function zones({ zones }: Part, x: number, y: number): Html[] {
  if (zones.length === 0) return [];
  return [
    label(x, y + 14, "about", zones.length === 1 ? "zone" : "zones"),
    ...zones.map((zone, index) => {
      const left = x + 42 + index * (type.chip + 6);
      const width = type.chip;
      return html`${rectangle({ x: left, y, width, height: type.chip }, "zone", 5)}
        <text class="zone-name" x="${round(left + width / 2)}" y="${round(y + 14)}">${zone}</text>`;
    }),
  ];
}

/** A word on the upper edge of a card. */
function flag(status: Status | undefined, { x, y, width }: Box): Html {
  if (status === undefined) return html``;
  const size = { width: Math.ceil(textWidth(status, type.text, true)) + 16, height: 20 };
  const left = x + width - size.width - 8;
  return html`<g class="flag"
    >${rectangle({ x: left, y: y - 10, ...size }, "pill", 10)}
    <text class="port" x="${round(left + size.width / 2)}" y="${round(y + 4)}">${status}</text></g
  >`;
}

function drawnPart(part: Part & { readonly box: Box }): Html {
  const { box, role, title, about, status } = part;
  const left = box.x + type.inset;
  const top = box.y + type.inset + type.title - 3;
  return html`<g class="part ${role} ${status}">
    ${rectangle(box, "card", 8)} ${label(left, top, "title", title)}
    ${about.map((line, index) => label(left, top + (index + 1) * type.line + 2, "about", line))}
    ${zones(part, left, top + about.length * type.line + 12)} ${flag(status, box)}
  </g>`;
}

function drawnPlace({ title, about, within, box }: Layout["places"][number]): Html {
  const left = box.x + 18;
  return html`<g class="place ${within === undefined ? "outer" : "inner"}">
    ${rectangle(box, "ground", within === undefined ? 14 : 10)} ${label(left, box.y + 25, "heading", title)}
    ${about.map((line, index) => label(left, box.y + 25 + (index + 1) * type.line, "about", line))}
  </g>`;
}

function drawnTalk(talk: Layout["talks"][number]): Html {
  return html`<g class="talk ${talk.aside === true ? "aside" : ""} ${talk.status}">
    <path d="${path(talk.path)}" marker-end="url(#${talk.aside === true ? "arrow-aside" : "arrow"})" />
  </g>`;
}

function drawnLabel({ label: box, ...talk }: Layout["talks"][number]): Html {
  if (box === undefined) return html``;
  return html`<g class="ports"
    >${rectangle(box, "pill", 10)}
    <text class="port" x="${round(box.x + box.width / 2)}" y="${round(box.y + 14)}">${labelOf(talk)}</text></g
  >`;
}

function marker(id: string): Html {
  return html`<marker
    id="${id}"
    viewBox="0 0 8 8"
    refX="7"
    refY="4"
    markerUnits="userSpaceOnUse"
    markerWidth="12"
    markerHeight="12"
    orient="auto"
    ><path d="M0 .8 7.2 4 0 7.2Z"
  /></marker>`;
}

/** The picture as SVG, coloured by the classes of the page around it. */
export async function architectureSvg(
  architecture: Architecture,
  title: string,
  description: string,
): Promise<Html> {
  const { width, height, places, parts, talks } = await layoutOf(architecture);
  return html`<svg
    class="architecture"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="picture-title picture-description"
  >
    <title id="picture-title">${title}</title>
    <desc id="picture-description">${description}</desc>
    <defs>${marker("arrow")}${marker("arrow-aside")}</defs>
    ${places.map(drawnPlace)} ${talks.map(drawnTalk)} ${parts.map(drawnPart)} ${talks.map(drawnLabel)}
  </svg>`;
}

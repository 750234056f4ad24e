// An architecture as a flowchart of Mermaid, which GitHub draws in a comment.
// https://mermaid.js.org/syntax/flowchart.html

import { type Architecture, labelOf, type Part, type Talk } from "./architecture.ts";

/** A text in quotes: what means something to Mermaid or to HTML is written by its number. */
function quoted(lines: readonly string[]): string {
  const safe = (text: string) => text.replaceAll(/[^\w ,.:/-]/gu, (sign) => `#${sign.codePointAt(0)};`);
  return `"${lines.map(safe).join("<br>")}"`;
}

function node(part: Part, name: string): string {
  const zones = part.zones.length === 0 ? [] : [`zones ${part.zones.join(", ")}`];
  const status = part.status === undefined ? [] : [part.status.toUpperCase()];
  const text = quoted([part.title, ...part.about, ...zones, ...status]);
  if (part.role === "outside") return `${name}([${text}])`;
  return part.role === "data" ? `${name}[(${text})]` : `${name}[${text}]`;
}

function arrow(talk: Talk, nameOf: (id: string) => string): string {
  const text = [labelOf(talk), talk.status ?? ""].filter((word) => word !== "").join(" ");
  const line = talk.aside === true ? "-.->" : "-->";
  return `${nameOf(talk.from)} ${line}${text === "" ? "" : `|${quoted([text])}|`} ${nameOf(talk.to)}`;
}

/** The lines of a flowchart. */
export function mermaid({ places, parts, talks }: Architecture): string[] {
  const names = new Map([...places, ...parts].map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string) => names.get(id) ?? "unknown";
  const within = (place: string | undefined, indent: string): string[] => [
    ...parts.filter((part) => part.within === place).map((part) => indent + node(part, nameOf(part.id))),
    ...places
      .filter((one) => one.within === place)
      .flatMap(({ id, title, about }) => [
        `${indent}subgraph ${nameOf(id)} [${quoted([title, ...about])}]`,
        ...within(id, `${indent}  `),
        `${indent}end`,
      ]),
  ];
  return ["flowchart TB", ...within(undefined, "  "), ...talks.map((talk) => `  ${arrow(talk, nameOf)}`)];
}

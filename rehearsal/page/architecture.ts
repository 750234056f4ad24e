// Who talks to whom, as a picture and as a table.

import type { Architecture } from "../architecture/architecture.ts";
import { architectureSvg } from "../architecture/svg.ts";
import { badge, type Section, table } from "./section.ts";
import { html } from "./html.ts";

function portsText(ports: readonly string[]): string {
  if (ports.length === 0) return "";
  return ports.includes("any") ? " on any port" : ` on port ${ports.join(" and ")}`;
}

const tones = { new: "good", changed: "warn", gone: "bad" } as const;

/** The section; undefined for a stack in which nobody talks. */
export async function architectureSection(
  architecture: Architecture,
  stack: string,
): Promise<Section | undefined> {
  const { parts, places, talks } = architecture;
  if (talks.length === 0) return undefined;
  const differs = [...parts, ...talks].some(({ status }) => status !== undefined);
  const title = (id: string) => parts.find((part) => part.id === id)?.title ?? id;
  const placeOf = (id: string) => {
    const part = parts.find((one) => one.id === id);
    const place = places.find((one) => one.id === part?.within)?.title;
    return [place ?? "", part !== undefined && part.zones.length > 0 ? `zones ${part.zones.join(", ")}` : ""]
      .filter((text) => text !== "")
      .join(", ");
  };
  const description = talks.map(({ from, to, ports }) => `${title(from)} to ${title(to)}${portsText(ports)}`);
  const svg = await architectureSvg(
    architecture,
    `The architecture of ${stack}`,
    `${description.join(". ")}. The table below says the same.`,
  );
  return {
    id: "architecture",
    title: "Architecture",
    content: html`<p class="lead">
        Who talks to whom and on which ports, as security groups, routes, target groups and the addresses in
        the environments say it.
      </p>
      <figure>
        <div class="scroll" role="region" aria-label="Picture of the architecture" tabindex="0">${svg}</div>
        <figcaption class="note">
          ${talks.some(({ aside }) => aside) ? "Dashed: through AWS's own interfaces." : ""}
          ${differs ? "What is new, changed or gone says so." : ""}
        </figcaption>
      </figure>
      <details>
        <summary>The same as a table</summary>
        ${table({
          caption: "Who talks to whom",
          head: ["from", "to", "where that is", "ports", "known by", ...(differs ? ["differs"] : [])],
          rows: talks.map(({ from, to, ports, by, status }) => [
            title(from),
            title(to),
            placeOf(to),
            ports.join(", "),
            by.join("; "),
            ...(differs ? [status === undefined ? "" : badge(status, tones[status])] : []),
          ]),
        })}
      </details>`,
  };
}

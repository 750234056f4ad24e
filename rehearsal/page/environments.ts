// What containers run, and what they are given.

import { type Comparison, environmentDifferences } from "../comparison.ts";
import { shownContainers, type ShownContainer } from "../containers.ts";
import type { Rehearsal } from "../record.ts";
import { anchor, badge, type Section, table } from "./section.ts";
import { type Html, html } from "./html.ts";

const SECRET = "(secret)";

function value(text: string | undefined): Html {
  if (text === undefined) return html`<span class="faint">not there</span>`;
  return text === SECRET ? badge("secret") : html`<code>${text}</code>`;
}

function container({ component, name, image, command, environment }: ShownContainer): Html {
  const variables = environment.map((line) => {
    const [variable = ""] = line.split("=", 1);
    return [html`<code>${variable}</code>`, value(line.slice(variable.length + 1))];
  });
  return html`<details id="${anchor(`container ${component} ${name}`)}">
    <summary>${name} <span class="faint">of ${component}, ${environment.length} variables</span></summary>
    <dl class="facts">
      <div>
        <dt>image</dt>
        <dd><code>${image}</code></dd>
      </div>
      ${
        command.length === 0
          ? ""
          : html`<div>
              <dt>command</dt>
              <dd><code>${command.join(" ")}</code></dd>
            </div>`
      }
    </dl>
    ${
      variables.length === 0
        ? ""
        : table({
            caption: `The environment of ${name} of ${component}`,
            head: ["variable", "value"],
            rows: variables,
          })
    }
  </details>`;
}

/** The section; undefined for a stack without containers. */
export function environmentSection({ resources }: Rehearsal, comparison?: Comparison): Section | undefined {
  const all = shownContainers(resources);
  if (all.length === 0) return undefined;
  const different = comparison === undefined ? [] : environmentDifferences(comparison);
  const differences =
    comparison === undefined
      ? ""
      : different.length === 0
        ? html`<p>They are the same on both sides.</p>`
        : table({
            caption: "What differs in the environments",
            head: ["container", "variable", comparison.before.title, comparison.after.title],
            rows: different.map(({ of, what, before, after }) => [
              of,
              html`<code>${what}</code>`,
              value(before),
              value(after),
            ]),
          });
  return {
    id: "environments",
    title: "Environments",
    content: html`<p class="lead">
        What each container runs and is given. Secrets come from where only the task may read them, and are no
        text here.
      </p>
      ${differences}${all.map(container)}`,
  };
}

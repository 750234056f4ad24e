// A rehearsal as a page: one file that needs nothing else, no network and no script.

import { readFileSync } from "node:fs";
import path from "node:path";

import type { Architecture } from "../architecture/architecture.ts";
import type { Comparison } from "../comparison.ts";
import type { Rehearsal } from "../record.ts";
import { findingText, notesOf } from "../report.ts";
import { disclaimer, summaryOf, warningsOf } from "../summary.ts";
import { isRecord, type Properties } from "../../project/values.ts";
import { architectureSection } from "./architecture.ts";
import { costSection } from "./costs.ts";
import { environmentSection } from "./environments.ts";
import { Html, html } from "./html.ts";
import { postureSection } from "./posture.ts";
import { changeSection, resourceSection } from "./resources.ts";
import { linked, type Section } from "./section.ts";
import { timeSection } from "./time-line.ts";

/** What a page is made of. */
export interface PageContent {
  /** Without secrets. */
  readonly rehearsal: Rehearsal;
  readonly architecture: Architecture;
  /** @default what the stack is, and nothing that it is compared with */
  readonly comparison?: Comparison | undefined;
  /** The other side, as far as `rehearsal` is known. @default that of the comparison */
  readonly before?: Rehearsal | undefined;
}

function messages(title: string, texts: readonly string[], tone: string): Html {
  if (texts.length === 0) return html``;
  return html`<section class="messages ${tone}" aria-label="${title}">
    <h3>${title}</h3>
    <ul class="texts">
      ${texts.map((text) => html`<li>${linked(text)}</li>`)}
    </ul>
  </section>`;
}

function summary({ rehearsal, comparison }: PageContent): Section {
  const facts = summaryOf(rehearsal, comparison).map(({ title, text, alarms = false }) => ({
    title,
    alarms,
    text: title === "Costs" ? text.replace(/; npm run cost.*$/, "") : text,
  }));
  const findings = rehearsal.findings.map(findingText);
  return {
    id: "summary",
    title: "Summary",
    content: html`<dl class="facts">
        ${facts.map(
          ({ title, text, alarms }) =>
            html`<div${alarms ? html` class="alarms"` : ""}><dt>${title}</dt><dd>${linked(text)}</dd></div>`,
        )}
      </dl>
      ${messages("Findings", findings, "bad")} ${messages("Warnings", warningsOf(rehearsal), "warn")}
      ${messages("Notes", notesOf(rehearsal), "plain")}`,
  };
}

function outputRows(values: Properties): Html {
  return html`<dl class="facts">
    ${Object.entries(values).map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>
            ${
              isRecord(value)
                ? outputRows(value)
                : html`<code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`
            }
          </dd>
        </div>`,
    )}
  </dl>`;
}

function outputs({ outputs }: Rehearsal): Section | undefined {
  if (Object.keys(outputs).length === 0) return undefined;
  return { id: "outputs", title: "Outputs", content: outputRows(outputs) };
}

const styles = readFileSync(path.join(import.meta.dirname, "page.css"), "utf8");

/** The whole file. */
export async function page(content: PageContent): Promise<string> {
  const { rehearsal, architecture, comparison, before = comparison?.before.rehearsal } = content;
  const { stack, project } = rehearsal;
  const sections = [
    summary(content),
    comparison === undefined ? undefined : changeSection(comparison),
    await architectureSection(architecture, stack),
    costSection(rehearsal, comparison),
    timeSection(rehearsal, comparison),
    postureSection(rehearsal, before),
    environmentSection(rehearsal, comparison),
    resourceSection(rehearsal, comparison),
    outputs(rehearsal),
  ].filter((section) => section !== undefined);
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${stack}: rehearsal of ${project}</title>
        <style>
          ${new Html(styles)}
        </style>
      </head>
      <body>
        <a class="skip" href="#summary">To the content</a>
        <header>
          <p class="kind">Rehearsal</p>
          <h1>${stack}</h1>
          <p class="disclaimer">
            ${disclaimer} Host names, addresses and IDs that only a deployment knows are made up.
          </p>
        </header>
        <nav aria-label="Contents">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main>
          ${sections.map(
            ({ id, title, content: own }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${own}
              </section> `,
          )}
        </main>
        <footer>
          <p>Written by <code>npm start -- ${stack} --report</code>.</p>
        </footer>
      </body>
    </html> `;
  return text.text;
}

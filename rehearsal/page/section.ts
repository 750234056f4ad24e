// The building blocks of the page.

import { type Html, html } from "./html.ts";

/** A part of the page with a heading of its own, which the contents lead to. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

/** A text whose web addresses are links. */
export function linked(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s()<>|`"']*[^\s()<>|`"'.,;:])/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))}`;
}

export type Cell = Html | string | number;

export interface Table {
  /** What it lists; another text for each table of a page. */
  readonly caption: string;
  readonly head: readonly Cell[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Cell[])[];
  /** Rows below them that sum them up. @default none */
  readonly sums?: readonly (readonly Cell[])[];
  /** The columns of figures, by number from 0. @default none */
  readonly figures?: readonly number[];
  /** Classes of the table. @default none */
  readonly kind?: string;
}

function row(cells: readonly Cell[], figures: readonly number[]): Html {
  return html`<tr>
    ${cells.map((cell, column) => {
      const name = figures.includes(column) ? html` class="figure"` : "";
      return column === 0 ? html`<th scope="row" ${name}>${cell}</th>` : html`<td${name}>${cell}</td>`;
    })}
  </tr>`;
}

/** An anchor made of a text. */
export function anchor(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** A table that scrolls sideways where it is wider than the screen, by keyboard, too. */
export function table({ caption, head, rows, sums = [], figures = [], kind = "" }: Table): Html {
  const id = `table-${anchor(caption)}`;
  return html`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
    <table class="${kind}">
      <caption id="${id}">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((cell, column) => html`<th scope="col" ${figures.includes(column) ? html` class="figure"` : ""}>${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((cells) => row(cells, figures))}
      </tbody>
      ${
        sums.length === 0
          ? ""
          : html`<tfoot>
              ${sums.map((cells) => row(cells, figures))}
            </tfoot>`
      }
    </table>
  </div>`;
}

/** The same without the columns in which nothing stands; nothing where there are no rows. */
export function filledTable({ head, rows, ...of }: Pick<Table, "caption" | "head" | "rows">): Html {
  const isFilled = (column: number) => rows.some((cells) => String(cells[column] ?? "") !== "");
  const filled = (cells: readonly Cell[]) => cells.filter((_, column) => isFilled(column));
  return rows.length === 0 ? html`` : table({ ...of, head: filled(head), rows: rows.map(filled) });
}

/** A word in a frame; the tone says how grave it is. */
export function badge(text: string, tone: "plain" | "good" | "warn" | "bad" = "plain"): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** From 0 to 1, as a bar; `from` where it begins. */
export function bar(share: number, { from = 0, tone = "" }: { from?: number; tone?: string } = {}): Html {
  const percent = (value: number) => Math.round(value * 1000) / 10;
  return html`<span class="bar ${tone}" style="--from:${percent(from)}%;--size:${percent(share)}%"></span>`;
}

// What the stack costs a month.

import { costOf, type Cost, type CostLine } from "../cost/cost.ts";
import { parts } from "../cost/rule.ts";
import { dollars, quantityText, remarks, sumOf, usedAssumptions } from "../cost/text.ts";
import { assumptionTexts, optionOf, valueText } from "../cost/assumptions.ts";
import { type Comparison, costDifferences, costLineDifferences, costShift, signed } from "../comparison.ts";
import type { Rehearsal } from "../record.ts";
import { bar, linked, type Section, table } from "./section.ts";
import { type Html, html } from "./html.ts";

const money = (amount: number | undefined) => (amount === undefined ? "unknown" : dollars(amount));

/** A bar for each heading of the bill, the largest as long as the column. */
function byPart({ lines }: Cost): Html {
  const sums = parts
    .map((part) => ({ part, own: lines.filter((line) => line.part === part) }))
    .filter(({ own }) => own.length > 0)
    .map(({ part, own }) => ({
      part,
      sum: own.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0),
      complete: own.every(({ monthly }) => monthly !== undefined),
    }))
    .toSorted((a, b) => b.sum - a.sum);
  const most = Math.max(0.01, ...sums.map(({ sum }) => sum));
  return table({
    caption: "A month by what it is for",
    head: ["part", "a month", html`<span class="hidden">share</span>`],
    rows: sums.map(({ part, sum, complete }) => [
      part,
      `${complete ? "" : "at least "}${dollars(sum)}`,
      bar(sum / most),
    ]),
    figures: [1],
    kind: "bars",
  });
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function lineRow({ part, what, quantity, unit, price, monthly, assumed }: CostLine) {
  return [
    what,
    part,
    quantity === undefined ? "" : quantityText(quantity, unit),
    price === undefined ? "" : `$${price}`,
    assumed === undefined ? "" : html`<span class="faint">${assumptionTexts[assumed]}</span>`,
    money(monthly),
  ];
}

function differences(comparison: Comparison): Html {
  const { before, after } = comparison;
  const changed = costDifferences(comparison);
  const shift = costShift(comparison);
  if (changed.length === 0 || shift === undefined) return html`<p>Costs are the same on both sides.</p>`;
  const lines = costLineDifferences(comparison);
  const side = (line: CostLine | undefined) =>
    line === undefined
      ? ""
      : html`${money(line.monthly)}
        ${line.quantity === undefined ? "" : html`<span class="was">${quantityText(line.quantity, line.unit)}</span>`}`;
  return html`${table({
      caption: "What differs a month",
      head: ["part", before.title, after.title, "difference"],
      rows: changed.map(({ part, before: was, after: is }) => [part, money(was), money(is), signed(was, is)]),
      sums: [["everything", shift.before, shift.after, ""]],
      figures: [1, 2, 3],
    })}
    <details>
      <summary>What differs, line by line <span class="faint">${lines.length}</span></summary>
      ${table({
        caption: "The lines of the bill that differ",
        head: ["what", "part", before.title, after.title, "difference"],
        rows: lines.map(({ what, part, before: was, after: is }) => [
          what,
          part,
          side(was),
          side(is),
          signed(was === undefined ? 0 : was.monthly, is === undefined ? 0 : is.monthly),
        ]),
        figures: [2, 3, 4],
      })}
    </details>`;
}

/** The section; undefined for a stack that pays nothing to AWS. */
export function costSection(rehearsal: Rehearsal, comparison?: Comparison): Section | undefined {
  const cost = costOf(rehearsal);
  if (cost.lines.length === 0) return undefined;
  const assumed = usedAssumptions(cost).map(
    (name) =>
      html`<li>
        <code>--${optionOf(name)} ${cost.assumptions[name] ?? "…"}</code> ${assumptionTexts[name]}${
          cost.assumptions[name] === undefined ? `: ${valueText(name, cost.assumptions)}` : ""
        }
      </li>`,
  );
  return {
    id: "costs",
    title: "Costs",
    content: html`<p class="lead">
        ${capital(sumOf(cost))}, of which ${dollars(cost.fixed)} are paid whether Nango is used or not, and
        ${dollars(cost.byUse)} for what is assumed below.
      </p>
      ${comparison === undefined ? "" : differences(comparison)} ${byPart(cost)}
      <details>
        <summary>Line by line</summary>
        ${table({
          caption: "The bill of a month, line by line",
          head: ["what", "part", "quantity", "price", "assumed", "a month"],
          rows: cost.lines.map(lineRow),
          sums: [
            ["fixed", "", "", "", "", dollars(cost.fixed)],
            ["by use, as assumed", "", "", "", "", dollars(cost.byUse)],
          ],
          figures: [2, 3, 5],
        })}
      </details>
      <details>
        <summary>Assumptions</summary>
        <p>Flags of <code>npm run cost -- ${rehearsal.stack}</code> change them:</p>
        <ul>
          ${assumed}
        </ul>
      </details>
      ${remarks(cost).map((text) => html`<p class="note">${linked(text)}</p>`)}`,
  };
}

// Who gets in, who may do what, what is kept how, and which policies are kept.

import { Graph } from "../architecture/graph.ts";
import { type Grant, grantsOf } from "../posture/grants.ts";
import { type Keeper, keepersOf, type Word } from "../posture/keepers.ts";
import { type OpenPort, openPortsOf } from "../posture/open-ports.ts";
import type { Rehearsal } from "../record.ts";
import { shortType } from "../../project/urns.ts";
import { policyTables } from "./policies.ts";
import { badge, type Cell, filledTable, type Section, type Table } from "./section.ts";
import { Html, html } from "./html.ts";

/** A row, by what it is about: rows of one key are the same thing on both sides. */
interface Row {
  readonly key: string;
  readonly cells: readonly Cell[];
}

function portRow({ ports, from, isOpen, to, by }: OpenPort): Row {
  const who = from.includes("/") ? html`${badge("any address", "warn")} ${from}` : badge(from, "warn");
  const cells = [ports, isOpen ? who : from, to, by];
  return { key: [ports, from, to, by].join("\n"), cells };
}

/** Actions by the service that they belong to: `logs: PutLogEvents, CreateLogStream`. */
function actionsText(actions: readonly string[]): Html {
  const services = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))];
  return html`${services.map((service) => {
    const own = actions
      .filter((action) => action.startsWith(`${service}:`))
      .map((action) => action.slice(service.length + 1));
    return html`<span class="action"><strong>${service}</strong> ${own.join(", ")}</span>`;
  })}`;
}

function onText(resource: string): Html {
  if (resource === "*") return badge("any resource", "warn");
  return resource.startsWith("arn:") ? html`<code>${resource}</code>` : html`${resource}`;
}

function grantRow({ role, about, takenBy, isDenied, actions, words, on, condition }: Grant): Row {
  const what = words ?? actionsText(actions);
  const cells = [
    html`${role} <span class="faint">${about}</span>`,
    takenBy,
    html`${isDenied ? badge("denied", "good") : ""} ${what}`,
    html`${on.map((one) => html`<span class="action">${onText(one)}</span>`)}`,
    condition === undefined ? "" : html`<code>${condition}</code>`,
  ];
  return { key: cells.map(String).join("\n"), cells };
}

function wordCell({ text, isGood }: Word): Cell {
  return isGood === undefined ? text : badge(text, isGood ? "good" : "warn");
}

function keeperRow({ type, name, atRest, backups, whenAZoneFails, againstDeletion }: Keeper): Row {
  const words = [atRest, backups, whenAZoneFails, againstDeletion].map(wordCell);
  return {
    key: `${type} ${name}`,
    cells: [html`${name} <span class="type">${shortType(type)}</span>`, ...words],
  };
}

const plainText = (cell: Cell | undefined) => new Html(String(cell ?? "").replaceAll(/<[^>]*>/g, ""));

/** The rows of a table, with what is new, changed and gone. */
function compared(of: Omit<Table, "rows">, rows: readonly Row[], before: readonly Row[] | undefined): Html {
  if (before === undefined) return filledTable({ ...of, rows: rows.map(({ cells }) => cells) });
  const old = new Map(before.map((row) => [row.key, row.cells]));
  const young = new Set(rows.map(({ key }) => key));
  const all = [
    ...rows.map(({ key, cells }): Cell[] => {
      const was = old.get(key);
      if (was === undefined) return [...cells, badge("new", "good")];
      const isSame = (column: number) => String(was[column]) === String(cells[column]);
      return cells.every((_, column) => isSame(column))
        ? [...cells, ""]
        : [
            ...cells.map((cell, column) =>
              isSame(column) ? cell : html`${cell} <span class="was">was ${plainText(was[column])}</span>`,
            ),
            badge("changed", "warn"),
          ];
    }),
    ...before.filter(({ key }) => !young.has(key)).map(({ cells }) => [...cells, badge("gone", "bad")]),
  ];
  return filledTable({ ...of, head: [...of.head, "differs"], rows: all });
}

/**
 * The section.
 * @param before With what it is compared. Default: with nothing
 */
export function postureSection(rehearsal: Rehearsal, before?: Rehearsal): Section {
  const young = new Graph(rehearsal.resources);
  const old = before === undefined ? undefined : new Graph(before.resources);
  const shown = <T>(read: (graph: Graph) => T[], row: (one: T) => Row, of: Omit<Table, "rows">) =>
    compared(of, read(young).map(row), old === undefined ? undefined : read(old).map(row));
  return {
    id: "posture",
    title: "Posture",
    content: html`${policyTables(rehearsal.policies, before?.policies)}
    ${shown(openPortsOf, portRow, { caption: "Open ports", head: ["port", "from", "to", "by"] })}
    ${shown(grantsOf, grantRow, {
      caption: "Who may do what in AWS",
      head: ["role", "taken by", "may", "on", "if"],
    })}
    ${shown(keepersOf, keeperRow, {
      caption: "What keeps data",
      head: ["resource", "at rest", "backups", "when a zone fails", "against deletion"],
    })}`,
  };
}

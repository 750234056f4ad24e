// Every resource, below the component that it belongs to, and what a change does to it.

import { idOf } from "../architecture/graph.ts";
import { changeCounts, listedChanges } from "../change-list.ts";
import type { Comparison } from "../comparison.ts";
import type { RecordedResource, Rehearsal } from "../record.ts";
import { meanings } from "../comparison-text.ts";
import { shortType, STACK_TYPE, typeOf } from "../../project/urns.ts";
import { badge, filledTable, linked, type Section } from "./section.ts";
import { type Html, html } from "./html.ts";

const tones = { create: "good", update: "warn", replace: "bad", delete: "bad", same: "plain" } as const;

/** What a resource is called whatever the stack's name is. */
const keyOf = (urn: string) => (typeOf(urn) === STACK_TYPE ? STACK_TYPE : idOf({ urn }));

interface Tree {
  /** By the key of the parent. */
  readonly childrenOf: ReadonlyMap<string, readonly RecordedResource[]>;
  /** What differs in a resource, by its key. */
  readonly differences: ReadonlyMap<string, Html>;
}

function marks({ urn, protect, retainOnDelete, custom }: RecordedResource, { differences }: Tree): Html[] {
  const difference = differences.get(keyOf(urn));
  return [
    ...(difference === undefined ? [] : [difference]),
    ...(protect && custom ? [badge("protected")] : []),
    ...(retainOnDelete && custom ? [badge("kept on delete")] : []),
  ];
}

function leaves(resources: readonly RecordedResource[], tree: Tree): Html {
  const types = [...new Set(resources.map(({ type }) => type))];
  return html`${types.map(
    (type) =>
      html`<li class="leaf">
        <span class="type">${shortType(type)}</span>
        <ul>
          ${resources
            .filter((resource) => resource.type === type)
            .map((resource) => html`<li>${resource.name} ${marks(resource, tree)}</li>`)}
        </ul>
      </li>`,
  )}`;
}

function branch(parent: RecordedResource, tree: Tree): Html {
  const children = tree.childrenOf.get(keyOf(parent.urn)) ?? [];
  const isBranch = (child: RecordedResource) => !child.custom || tree.childrenOf.has(keyOf(child.urn));
  return html`<ul>
    ${leaves(
      children.filter((child) => !isBranch(child)),
      tree,
    )}${children.filter(isBranch).map(
      (child) =>
        html`<li class="branch">
          <strong>${child.name}</strong>
          <span class="type">${shortType(child.type)}</span>
          ${marks(child, tree)}${branch(child, tree)}
        </li>`,
    )}
  </ul>`;
}

/** The resources of before that are there no more. */
function goneOf({ changes, before }: Comparison): RecordedResource[] {
  const gone = new Set(changes.filter(({ kind }) => kind === "delete").map(({ urn }) => keyOf(urn)));
  return before.rehearsal.resources.filter(({ urn }) => gone.has(keyOf(urn)));
}

/** What differs in each resource, in a badge. */
function differencesOf({ changes, isDeployment, before, after }: Comparison): Map<string, Html> {
  const labels = { create: `only ${after.title}`, delete: `only ${before.title}` } as const;
  return new Map(
    changes.map(({ urn, kind }) => [
      keyOf(urn),
      isDeployment
        ? badge(kind, tones[kind])
        : badge(
            kind === "create" || kind === "delete" ? labels[kind] : "differs",
            tones[kind === "replace" ? "update" : kind],
          ),
    ]),
  );
}

/** The section. */
export function resourceSection({ resources }: Rehearsal, comparison?: Comparison): Section {
  const gone = comparison === undefined ? [] : goneOf(comparison);
  const all = [...resources, ...gone];
  const keys = new Set(all.map(({ urn }) => keyOf(urn)));
  const childrenOf = new Map<string, RecordedResource[]>();
  for (const resource of all) {
    if (resource.parent === undefined) continue;
    const key = keys.has(keyOf(resource.parent)) ? keyOf(resource.parent) : STACK_TYPE;
    childrenOf.set(key, [...(childrenOf.get(key) ?? []), resource]);
  }
  const differences = comparison === undefined ? new Map<string, Html>() : differencesOf(comparison);
  const root = resources.find(({ type }) => type === STACK_TYPE);
  const count = resources.filter(({ custom }) => custom).length;
  return {
    id: "resources",
    title: "Resources",
    content: html`<p class="lead">
        ${count} resources, each below the component that it belongs
        to.${comparison === undefined ? "" : " What differs says so, and what is gone stands among them."}
      </p>
      ${
        root === undefined
          ? html`<p>There are none.</p>`
          : html`<div class="tree">
              <p><strong>${root.name}</strong></p>
              ${branch(root, { childrenOf, differences })}
            </div>`
      }`,
  };
}

/** What differs between two sides, resource by resource. */
export function changeSection(comparison: Comparison): Section {
  const { after, isDeployment, keys, remarks } = comparison;
  const listed = listedChanges(comparison);
  const told = meanings(after.rehearsal, keys);
  return {
    id: "changes",
    title: isDeployment ? "Changes" : "Differences",
    content: html`<p class="lead">${changeCounts(comparison)}.</p>
      ${
        told.length === 0
          ? ""
          : html`<h3>What it does</h3>
              <ul class="texts">
                ${told.map((text) => html`<li>${linked(text)}</li>`)}
              </ul>`
      }
      ${remarks.map((text) => html`<p class="note">${linked(text)}</p>`)}
      ${
        listed.length === 0
          ? html`<p>No resource differs.</p>`
          : filledTable({
              caption: "Resources that differ",
              head: ["resource", "change", "because of", "mind"],
              rows: listed.map(({ kind, label, resource, why, fate }) => [
                resource,
                badge(label, isDeployment ? tones[kind] : "plain"),
                html`${why.map((key, index) => html`${index > 0 ? ", " : ""}<code>${key}</code>`)}`,
                fate === "" ? "" : badge(fate, "bad"),
              ]),
            })
      }`,
  };
}

// Every resource, below the component that it belongs to, and what a change does to it.

import { changeCounts, listedChanges } from "../change-list.ts";
import type { Comparison } from "../comparison.ts";
import type { ChangeKind, RecordedResource, Rehearsal } from "../record.ts";
import { meanings } from "../report.ts";
import { shortType, STACK_TYPE } from "../../project/urns.ts";
import { badge, linked, type Section, table } from "./section.ts";
import { type Html, html } from "./html.ts";

const tones = { create: "good", update: "warn", replace: "bad", delete: "bad", same: "plain" } as const;

function marks({ protect, retainOnDelete, custom }: RecordedResource, kind: ChangeKind | undefined): Html[] {
  return [
    ...(kind === undefined || kind === "same" ? [] : [badge(kind, tones[kind])]),
    ...(protect && custom ? [badge("protected")] : []),
    ...(retainOnDelete && custom ? [badge("kept on delete")] : []),
  ];
}

interface Tree {
  readonly childrenOf: ReadonlyMap<string | undefined, readonly RecordedResource[]>;
  readonly kindOf: (urn: string) => ChangeKind | undefined;
}

function leaves(resources: readonly RecordedResource[], { kindOf }: Tree): Html {
  const types = [...new Set(resources.map(({ type }) => type))];
  return html`${types.map(
    (type) =>
      html`<li class="leaf">
        <span class="type">${shortType(type)}</span>
        <ul>
          ${resources
            .filter((resource) => resource.type === type)
            .map((resource) => html`<li>${resource.name} ${marks(resource, kindOf(resource.urn))}</li>`)}
        </ul>
      </li>`,
  )}`;
}

function branch(parent: RecordedResource, tree: Tree): Html {
  const children = tree.childrenOf.get(parent.urn) ?? [];
  const isBranch = (child: RecordedResource) => !child.custom || tree.childrenOf.has(child.urn);
  return html`<ul>
    ${leaves(
      children.filter((child) => !isBranch(child)),
      tree,
    )}${children.filter(isBranch).map(
      (child) =>
        html`<li class="branch">
          <strong>${child.name}</strong>
          <span class="type">${shortType(child.type)}</span>
          ${marks(child, tree.kindOf(child.urn))}${branch(child, tree)}
        </li>`,
    )}
  </ul>`;
}

/** The section. */
export function resourceSection({ resources }: Rehearsal, comparison?: Comparison): Section {
  const childrenOf = new Map<string | undefined, RecordedResource[]>();
  for (const resource of resources)
    childrenOf.set(resource.parent, [...(childrenOf.get(resource.parent) ?? []), resource]);
  const kinds = new Map(comparison?.changes.map(({ urn, kind }) => [urn, kind]));
  const root = resources.find(({ type }) => type === STACK_TYPE);
  const count = resources.filter(({ custom }) => custom).length;
  return {
    id: "resources",
    title: "Resources",
    content: html`<p class="lead">${count} resources, each below the component that it belongs to.</p>
      ${
        root === undefined
          ? html`<p>There are none.</p>`
          : html`<div class="tree">
              <p><strong>${root.name}</strong></p>
              ${branch(root, { childrenOf, kindOf: (urn) => kinds.get(urn) })}
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
          : table({
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

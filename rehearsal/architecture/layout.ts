// Where everything of an architecture is drawn, in pixels: laid out by the Eclipse Layout Kernel.
// https://eclipse.dev/elk/reference/algorithms/org-eclipse-elk-layered.html

import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
// The API alone would look for a worker.
import elk from "elkjs/lib/elk.bundled.js";

import { type Architecture, labelOf, type Part, type Place, type Talk } from "./architecture.ts";
import { cut } from "../../project/text.ts";
import { textWidth } from "./text-width.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Everything with its coordinates from the upper left corner of the picture. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: readonly (Place & { readonly box: Box })[];
  readonly parts: readonly (Part & { readonly box: Box })[];
  readonly talks: readonly (Talk & { readonly path: readonly Point[]; readonly label?: Box })[];
}

/** Sizes of type and of the room around it. */
export const type = { title: 14, text: 12, port: 12, line: 18, inset: 14, chip: 20 } as const;

/** A text as a picture has room for it; the table beside it has the whole. */
export const drawnText = (text: string) => cut(text, 64);

/** The room that the heading of a place takes: above what lies in it, or to the left of that in the innermost places. */
function headingOf({ title, about }: Place): { width: number; height: number } {
  const widths = [textWidth(title, type.text, true), ...about.map(lineWidth)];
  return { width: Math.ceil(Math.max(...widths)), height: 16 + about.length * type.line };
}

function lineWidth(line: string): number {
  return textWidth(drawnText(line), type.text);
}

function sizeOf({ title, about, zones }: Part): { width: number; height: number } {
  const texts = [textWidth(drawnText(title), type.title, true), ...about.map(lineWidth)];
  const zonesWidth = zones.length === 0 ? 0 : 42 + zones.length * (type.chip + 6);
  const lines = type.title + 4 + about.length * type.line + (zones.length > 0 ? type.chip + 8 : 0);
  return {
    width: Math.ceil(Math.max(130, zonesWidth, ...texts)) + 2 * type.inset,
    height: lines + 2 * type.inset - 4,
  };
}

/** Innermost places are bands below each other, with their headings in one column. */
function isBand(place: Place, { places }: Architecture): boolean {
  return !places.some(({ within }) => within === place.id);
}

function nodeOf(place: Place, architecture: Architecture): ElkNode {
  const places = architecture.places.filter(({ within }) => within === place.id);
  const parts = architecture.parts.filter(({ within }) => within === place.id);
  const heading = headingOf(place);
  const bands = architecture.places.filter((one) => isBand(one, architecture));
  const column = Math.max(...bands.map((band) => headingOf(band).width));
  const padding = isBand(place, architecture)
    ? `[top=22,left=${column + 44},bottom=22,right=24]`
    : `[top=${heading.height + 30},left=20,bottom=20,right=20]`;
  return {
    id: place.id,
    children: [...places.map((inner) => nodeOf(inner, architecture)), ...parts.map(leafOf)],
    layoutOptions: {
      "elk.padding": padding,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      // Of a layout downwards ELK takes the height first.
      "elk.nodeSize.minimum": `(${heading.height + 36},0)`,
    },
  };
}

/** Talks aside leave to the right, so that they run beside the bands and not through their headings. */
const sideOf = (id: string) => `${id}-aside`;

function leafOf(part: Part): ElkNode {
  return {
    id: part.id,
    ...sizeOf(part),
    ...(part.role === "tasks"
      ? {
          ports: [{ id: sideOf(part.id), width: 0, height: 0, layoutOptions: { "elk.port.side": "EAST" } }],
          layoutOptions: { "elk.portConstraints": "FIXED_SIDE" },
        }
      : {}),
  };
}

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": "[top=4,left=4,bottom=4,right=4]",
  "elk.spacing.nodeNode": "24",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "16",
  "elk.spacing.edgeLabel": "2",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "16",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
} as const;

/** How far down something stands: what is outside above, then the places in their order, AWS's own services below. */
function rankOf(id: string, { places, parts }: Architecture): number {
  const part = parts.find((one) => one.id === id);
  if (part?.within === undefined) return part?.role === "service" ? places.length : -1;
  return places.findIndex((place) => place.id === part.within);
}

/** Whether a talk leads upwards: ELK is handed the other direction, since it decides by that what stands above. */
function isUpward({ from, to }: Talk, architecture: Architecture): boolean {
  return rankOf(from, architecture) > rankOf(to, architecture);
}

function edgeOf(talk: Talk, index: number, architecture: Architecture): ElkExtendedEdge {
  const [source, target] = isUpward(talk, architecture) ? [talk.to, talk.from] : [talk.from, talk.to];
  const text = labelOf(talk);
  const width = Math.ceil(textWidth(text, type.port)) + 14;
  return {
    id: String(index),
    sources: [talk.aside === true ? sideOf(source) : source],
    targets: [target],
    ...(text === ""
      ? {}
      : {
          labels: [
            {
              id: `${index}-ports`,
              text,
              width,
              height: 20,
              layoutOptions: { "elk.edgeLabels.inline": "true" },
            },
          ],
        }),
  };
}

async function laidOut(architecture: Architecture): Promise<ElkNode> {
  const { places, parts, talks } = architecture;
  const outside = parts.filter(({ within }) => within === undefined);
  const below = outside.filter(({ role }) => role === "service");
  const above = outside.filter((part) => !below.includes(part));
  return new elk.default().layout({
    id: "all",
    layoutOptions: options,
    children: [
      ...above.map((part) => ({
        ...leafOf(part),
        layoutOptions: { "elk.layered.layering.layerConstraint": "FIRST" },
      })),
      ...places.filter(({ within }) => within === undefined).map((place) => nodeOf(place, architecture)),
      ...below.map(leafOf),
    ],
    edges: talks.map((talk, index) => edgeOf(talk, index, architecture)),
  });
}

interface Found {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly edges: ReadonlyMap<string, ElkExtendedEdge>;
}

/** Coordinates from the corner of the whole, where ELK counts from the node around. */
function absolute(root: ElkNode): Found {
  const boxes = new Map<string, Box>();
  const edges = new Map<string, ElkExtendedEdge>();
  const walk = (node: ElkNode, left: number, top: number) => {
    const { x = 0, y = 0, width = 0, height = 0 } = node;
    const box = { x: left + x, y: top + y, width, height };
    boxes.set(node.id, box);
    for (const edge of node.edges ?? []) edges.set(edge.id, edge);
    for (const child of node.children ?? []) walk(child, box.x, box.y);
  };
  walk(root, 0, 0);
  return { boxes, edges };
}

/** An edge's coordinates count from the innermost node around both of its ends. */
function placedTalk(
  talk: Talk,
  edge: ElkExtendedEdge | undefined,
  { boxes, upward }: Pick<Found, "boxes"> & { readonly upward: boolean },
) {
  const container = (edge as { container?: string } | undefined)?.container;
  const { x, y } = boxes.get(container ?? "all") ?? { x: 0, y: 0 };
  const moved = (point: Point) => ({ x: point.x + x, y: point.y + y });
  const downward = (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map(moved),
  );
  const path = upward ? downward.toReversed() : downward;
  const [label] = edge?.labels ?? [];
  if (label === undefined) return { ...talk, path };
  const { width = 0, height = 0 } = label;
  return { ...talk, path, label: { ...moved({ x: label.x ?? 0, y: label.y ?? 0 }), width, height } };
}

/** The leftmost and the rightmost edge of boxes. */
function extent(boxes: readonly Box[]): [left: number, right: number] {
  return [Math.min(...boxes.map(({ x }) => x)), Math.max(...boxes.map(({ x, width }) => x + width))];
}

const areBelow = (one: Box, other: Box) => one.y + one.height <= other.y || other.y + other.height <= one.y;

/** Lays out an architecture: outside above, below it the tiers of the network, each as wide as the widest. */
export async function layoutOf(architecture: Architecture): Promise<Layout> {
  const root = await laidOut(architecture);
  const bands = architecture.places.filter((place) => isBand(place, architecture));
  const { boxes, edges } = absolute(root);
  const boxOf = (id: string) => boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  // What no line orders may come to lie side by side.
  const isAlone = (id: string) =>
    bands.every((band) => band.id === id || areBelow(boxOf(id), boxOf(band.id)));
  const [left, right] = extent(bands.map(({ id }) => boxOf(id)));
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    places: architecture.places.map((place) => ({
      ...place,
      box:
        isBand(place, architecture) && isAlone(place.id)
          ? { ...boxOf(place.id), x: left, width: right - left }
          : boxOf(place.id),
    })),
    parts: architecture.parts.map((part) => ({ ...part, box: boxOf(part.id) })),
    talks: architecture.talks.map((talk, index) =>
      placedTalk(talk, edges.get(String(index)), { boxes, upward: isUpward(talk, architecture) }),
    ),
  };
}

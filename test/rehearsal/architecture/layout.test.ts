import { expect, test } from "vitest";

import { architectureOf } from "../../../rehearsal/architecture/rehearsed.ts";
import { type Box, layoutOf, type Point } from "../../../rehearsal/architecture/layout.ts";
import { deployed, type Topology } from "../../aws/topologies.ts";
import { deployed as deployedOnDocker } from "../../docker/topologies.ts";

const topologies: readonly Topology[] = ["dev", "search", "plain HTTP", "existing databases", "existing VPC"];

const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

/** Whether a point lies on the edge of a box. */
function touches({ x, y }: Point, box: Box): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) < 1;
  const across = x >= box.x - 1 && x <= box.x + box.width + 1;
  const along = y >= box.y - 1 && y <= box.y + box.height + 1;
  return (
    (across && (near(y, box.y) || near(y, box.y + box.height))) ||
    (along && (near(x, box.x) || near(x, box.x + box.width)))
  );
}

async function drawn(topology: Topology | "local") {
  const rehearsal = topology === "local" ? deployedOnDocker("local") : deployed(topology);
  return layoutOf(architectureOf(await rehearsal));
}

test.each([...topologies, "local" as const])(
  "%s: nothing overlaps, and everything lies where it belongs",
  async (topology) => {
    const { width, height, places, parts, talks } = await drawn(topology);
    const whole = { x: 0, y: 0, width, height };
    for (const [index, part] of parts.entries()) {
      expect(inside(part.box, whole), part.title).toBe(true);
      const place = places.find(({ id }) => id === part.within);
      if (place) expect(inside(part.box, place.box), `${part.title} in ${place.title}`).toBe(true);
      for (const other of parts.slice(index + 1))
        expect(apart(part.box, other.box), `${part.title}, ${other.title}`).toBe(true);
    }
    for (const { label } of talks)
      if (label) for (const { box, title } of parts) expect(apart(label, box), title).toBe(true);
  },
);

test.each([...topologies, "local" as const])(
  "%s: each line leads from the one part to the other",
  async (topology) => {
    const { parts, talks } = await drawn(topology);
    const boxOf = (id: string) => parts.find((part) => part.id === id)!.box;
    for (const { from, to, path } of talks) {
      expect(touches(path[0]!, boxOf(from)), `${from} -> ${to}`).toBe(true);
      expect(touches(path.at(-1)!, boxOf(to)), `${from} -> ${to}`).toBe(true);
    }
  },
);

test("a long text is cut, and places that no line orders are not drawn over each other", async () => {
  const place = (id: string) => ({ id, title: id, about: [], within: "vpc" });
  const part = (id: string, within?: string) => ({
    id,
    role: within === undefined ? ("outside" as const) : ("data" as const),
    title: id.repeat(100),
    about: [id.repeat(100)],
    zones: [],
    ...(within === undefined ? {} : { within }),
  });
  const { places, parts, width } = await layoutOf({
    places: [{ id: "vpc", title: "VPC", about: [] }, place("one"), place("other")],
    parts: [part("o"), part("a", "one"), part("b", "other")],
    talks: ["a", "b"].map((to) => ({ from: "o", to, ports: ["1"], by: [] })),
  });
  const [one, other] = ["one", "other"].map((id) => places.find((given) => given.id === id)!.box);
  expect(apart(one!, other!)).toBe(true);
  expect(Math.max(...parts.map(({ box }) => box.width))).toBeLessThan(800);
  expect(width).toBeLessThan(2000);
});

test("tiers lie below each other, as wide as the widest, in the order of the way in", async () => {
  const { places } = await drawn("search");
  const tiers = places.filter(({ within }) => within !== undefined);
  expect(tiers.map(({ title }) => title)).toEqual(["Public subnets", "Private subnets", "Isolated subnets"]);
  expect(new Set(tiers.map(({ box }) => `${box.x} ${box.width}`)).size).toBe(1);
  const tops = tiers.map(({ box }) => box.y);
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
});

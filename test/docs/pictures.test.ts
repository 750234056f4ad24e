import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pictures } from "../../scripts/pictures/all.ts";
import { rehearse } from "../rehearse.ts";
import { root } from "./pages.ts";

const folder = path.join(root, "docs/pictures");

// Mended by `npm run pictures`.
test("the pictures show what is drawn and printed today", async () => {
  const drawn = await pictures(rehearse);
  expect(readdirSync(folder).toSorted()).toEqual(Object.keys(drawn).toSorted());
  for (const [name, svg] of Object.entries(drawn))
    expect(readFileSync(path.join(folder, name), "utf8") === svg, `${name}: npm run pictures`).toBe(true);
});

test("pictures ask for nothing from elsewhere, and have a title for who does not see them", () => {
  for (const name of readdirSync(folder)) {
    const svg = readFileSync(path.join(folder, name), "utf8");
    expect(svg.replaceAll(/xmlns(?::\w+)?="[^"]*"/g, "")).not.toMatch(
      /(?:href|src|url\()\s*=?\s*["']?https?:|<script|<foreignObject/,
    );
    expect(svg).toMatch(/<title>[^<]{20,}<\/title>/);
  }
});

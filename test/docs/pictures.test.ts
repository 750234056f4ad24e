import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pictures } from "../../scripts/pictures/all.ts";
import { rehearse } from "../rehearse.ts";
import { root } from "./pages.ts";

const folder = path.join(root, "docs/pictures");
const vectors = readdirSync(folder).filter((name) => name.endsWith(".svg"));

// Mended by `npm run pictures`.
test("the pictures show what is drawn and printed today", async () => {
  const drawn = await pictures(rehearse);
  expect(vectors.toSorted()).toEqual(Object.keys(drawn).toSorted());
  for (const [name, svg] of Object.entries(drawn))
    expect(readFileSync(path.join(folder, name), "utf8") === svg, `${name}: npm run pictures`).toBe(true);
});

test("pictures ask for nothing from elsewhere, and have a title for who does not see them", () => {
  for (const name of vectors) {
    const svg = readFileSync(path.join(folder, name), "utf8");
    expect(svg.replaceAll(/xmlns(?::\w+)?="[^"]*"/g, "")).not.toMatch(
      /(?:href|src|url\()\s*=?\s*["']?https?:|<script|<foreignObject/,
    );
    expect(svg).toMatch(/<title>[^<]{20,}<\/title>/);
  }
});

// Drawn by `npm run browser -- --draw`, which takes a browser.
test("the pictures of the report are there for both themes, and small", () => {
  const others = readdirSync(folder).filter((name) => !vectors.includes(name));
  expect(others.toSorted()).toEqual(["report-dark.png", "report-light.png"]);
  for (const name of others) expect(statSync(path.join(folder, name)).size, name).toBeLessThan(150_000);
});

// Draws the pictures of the pages into docs/pictures, each on light and on dark paper.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { rehearse } from "../rehearsal/rehearse.ts";
import { pictures } from "./pictures/all.ts";

for (const [name, svg] of Object.entries(await pictures(rehearse)))
  writeFileSync(path.join("docs/pictures", name), svg);

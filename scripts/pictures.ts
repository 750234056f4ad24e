// Draws the pictures of the pages into docs/pictures, each on light and on dark paper.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../project/run-command.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import { commands } from "./commands.ts";
import { pictures } from "./pictures/all.ts";

const FOLDER = "docs/pictures";

export default runCommand(commands.pictures, process.argv.slice(2), async () => {
  const drawn = Object.entries(await pictures(rehearse));
  for (const [name, svg] of drawn) writeFileSync(path.join(FOLDER, name), svg);
  console.log(`${drawn.length} pictures in ${FOLDER}.`);
  return 0;
});

// npm run upgrade -- <stack> [version] [--allow-downgrade] [--offline]
//
// Shows the releases of Nango and what a stack has; with a version, writes it into the stack's file.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { upgrade } from "./upgrade/upgrade.ts";

export default runCommand(commands.upgrade, process.argv.slice(2), async (line) => {
  console.log(await upgrade(line, { directory: process.cwd() }));
  return 0;
});

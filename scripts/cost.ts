// npm run cost -- <stack>
//
// Shows what a stack costs a month.

import { runCommand } from "../project/run-command.ts";
import { harmless } from "../project/text.ts";
import { commands } from "./commands.ts";
import { bill } from "./cost/bill.ts";

export default runCommand(commands.cost, process.argv.slice(2), async (line) => {
  console.log(harmless(await bill(line)));
  return 0;
});

// npm run env -- <stack> [--service <container>] [--format dotenv|json|compose] [--deployed [--show-secrets]]
//
// Prints the environment that a stack gives a container: the rehearsed one, or that of a deployed stack.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { printed } from "./env/command.ts";

export default runCommand(commands.env, process.argv.slice(2), async (line) => {
  process.stdout.write(await printed(line));
  return 0;
});

// npm run preflight -- <stack> [--json] [--permissions]
//
// Looks for what a deployment would fail at. It changes nothing.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { preflighted } from "./preflight/command.ts";

const { stdout } = process;
const standardColumns = 120;

export default runCommand(commands.preflight, process.argv.slice(2), async (line) => {
  const { output, exitCode } = await preflighted(line, {
    directory: process.cwd(),
    screen: { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? standardColumns },
  });
  stdout.write(output);
  return exitCode;
});

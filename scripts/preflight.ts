// npm run preflight -- <stack> [--json] [--permissions]
//
// Looks for what a deployment would fail at. It changes nothing.

import { wrong } from "../project/command.ts";
import { runCommand } from "../project/run-command.ts";
import { stackArgument } from "../project/stack-argument.ts";
import { commands } from "./commands.ts";
import { permissions } from "./preflight/actions.ts";
import { preflighted } from "./preflight/command.ts";

const { stdout } = process;
const standardColumns = 120;

await runCommand(commands.preflight, process.argv.slice(2), async (line) => {
  if (line.values.permissions === true) {
    stdout.write(`${permissions().join("\n")}\n`);
    return 0;
  }
  if (line.positionals.length === 0)
    throw wrong(commands.preflight, `<stack> is missing: one of ${stackArgument.among().join(", ")}`);
  const { output, exitCode } = await preflighted(line, {
    directory: process.cwd(),
    screen: { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns ?? standardColumns },
  });
  stdout.write(output);
  return exitCode;
});

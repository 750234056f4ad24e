// npm run doctor -- [stack] [--url url] [--slow] [--json] [--permissions]
//
// Looks at a running Nango, from outside and through AWS's API. It changes nothing.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { examined } from "./doctor/command.ts";

const { stdout } = process;

export default runCommand(commands.doctor, process.argv.slice(2), async (line) => {
  const { output, exitCode } = await examined(line, {
    directory: process.cwd(),
    screen: { color: stdout.isTTY && stdout.hasColors(), columns: stdout.columns },
  });
  stdout.write(output);
  return exitCode;
});

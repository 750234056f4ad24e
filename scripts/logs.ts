// npm run logs -- <stack> [--since 1h] [--filter text] [--task id] [--migration] [--follow]
//
// Shows what the containers of a stack printed. It changes nothing.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { shown } from "./logs/command.ts";

const { stdout, stderr } = process;
// Whoever reads the lines, such as `head`, may have enough of them.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

export default runCommand(commands.logs, process.argv.slice(2), async (line) => {
  await shown(line, {
    directory: process.cwd(),
    print: (text) => void stdout.write(text),
    remark: (text) => void stderr.write(text),
  });
  return 0;
});

// npm run shell -- <stack> [--container server]
//
// Opens a shell in a running container of a stack.

import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { handTerminalTo } from "./pulumi/cli.ts";
import { opening } from "./shell/command.ts";

const { stdin, stdout, env } = process;

export default runCommand(commands.shell, process.argv.slice(2), async (line) => {
  const opened = await opening(line, {
    directory: process.cwd(),
    hasTerminal: stdin.isTTY && stdout.isTTY,
  });
  const [command, ...args] = opened.words;
  return (await handTerminalTo(command, args, { ...env, ...opened.variables })).code;
});

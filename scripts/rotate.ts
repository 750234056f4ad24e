// npm run rotate -- <stack> <secret> [--yes] [--write]
//
// Makes a generated secret anew: raises its number in the stack's file, and deploys.

import { fileURLToPath } from "node:url";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { handTerminalTo } from "./pulumi/cli.ts";
import { rotated } from "./rotate/command.ts";

const { stdin, stdout, execPath, execArgv, env } = process;

await runCommand(commands.rotate, process.argv.slice(2), (line) =>
  rotated(line, {
    directory: process.cwd(),
    canAsk: stdin.isTTY && stdout.isTTY,
    say: (text) => void stdout.write(text),
    up: async (stack, flags) => {
      const script = fileURLToPath(new URL("pulumi.ts", import.meta.url));
      return (await handTerminalTo(execPath, [...execArgv, script, "up", stack, ...flags], env)).code;
    },
    network: {},
  }),
);

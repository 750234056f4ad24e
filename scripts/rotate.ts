// npm run rotate -- <stack> <secret> [--yes] [--write]
//
// Makes a generated secret anew: raises its number in the stack's file, and deploys.

import { readFileSync } from "node:fs";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { handTerminalTo } from "./pulumi/cli.ts";
import { rotated } from "./rotate/command.ts";

const { stdin, stdout, execPath, env } = process;

export default runCommand(commands.rotate, process.argv.slice(2), (line) =>
  rotated(line, {
    directory: process.cwd(),
    canAsk: stdin.isTTY && stdout.isTTY,
    say: (text) => void stdout.write(text),
    up: async (stack, flags) => {
      const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { up: string } };
      // As npm would run it, which is `node` and its arguments.
      const [, ...words] = scripts.up.split(" ");
      return (await handTerminalTo(execPath, [...words, stack, ...flags], env)).code;
    },
    network: {},
  }),
);

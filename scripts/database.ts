// npm run database -- <stack> [psql|dump|restore|tunnel] [--records] [--file path] [--write]
//
// Reaches the database of a deployed stack.

import { closeSync, openSync } from "node:fs";
import * as prompts from "@clack/prompts";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { reached } from "./database/command.ts";
import { handTerminalTo } from "./pulumi/cli.ts";

const { stdin, stdout, stderr, env } = process;

// A dump is for nobody else on this machine.
process.umask(0o077);

// The task that was started is stopped first.
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interruption.abort());

export default runCommand(commands.database, process.argv.slice(2), (line) =>
  reached(line, {
    directory: process.cwd(),
    canAsk: stdin.isTTY && stdout.isTTY,
    // Beside what psql prints, which may be for a program.
    say: (text) => void stderr.write(text),
    confirmed: async (message) =>
      (await prompts.confirm({ message, initialValue: false, output: stderr })) === true,
    run: async ([command, ...args], { input, output } = {}) => {
      const from = input === undefined ? undefined : openSync(input, "r");
      const to = output === undefined ? undefined : openSync(output, "wx", 0o600);
      try {
        return (await handTerminalTo(command, args, env, [from ?? "inherit", to ?? "inherit", "inherit"]))
          .code;
      } finally {
        for (const descriptor of [from, to]) if (descriptor !== undefined) closeSync(descriptor);
      }
    },
    signal: interruption.signal,
  }),
);

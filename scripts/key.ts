// npm run key -- <stack> [--yes] [--check]
//
// Prints the encryption key of a deployed stack, or says whether a kept one is it. It changes nothing.

import { text } from "node:stream/consumers";
import * as prompts from "@clack/prompts";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { shownOrChecked } from "./key/command.ts";

const { stdin, stdout, stderr } = process;
// The question goes beside the answer, which may be for a program.
const beside = { output: stderr };

export default runCommand(commands.key, process.argv.slice(2), async (line) => {
  const { output, remarks, exitCode } = await shownOrChecked(line, {
    directory: process.cwd(),
    canAsk: stdin.isTTY && stdout.isTTY,
    confirmed: async (message) =>
      (await prompts.confirm({ message, initialValue: false, ...beside })) === true,
    keptKey: async () => {
      if (!stdin.isTTY) return text(stdin);
      const typed = await prompts.password({ message: "The key that you kept", ...beside });
      return prompts.isCancel(typed) ? "" : (typed ?? "");
    },
  });
  stdout.write(output);
  stderr.write(remarks);
  return exitCode;
});

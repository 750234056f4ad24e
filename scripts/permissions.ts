// npm run permissions -- <stack>
//
// Prints the IAM policy that a stack's configuration takes. Remarks go to standard error, so that the output can be a file.

import { readProject } from "../project/project.ts";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { printed } from "./permissions/command.ts";

await runCommand(commands.permissions, process.argv.slice(2), async (line) => {
  const { output, remarks } = await printed(line, readProject(process.cwd()));
  process.stdout.write(output);
  for (const remark of remarks) console.error(remark);
  return 0;
});

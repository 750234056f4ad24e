// npm run permissions -- <stack>
//
// Prints the IAM policy that a stack's configuration takes, or asks whether a role has it. Remarks go to standard error, so that the output can be a file.

import { readProject } from "../project/project.ts";
import { runCommand } from "../project/run-command.ts";
import { commands } from "./commands.ts";
import { heldBy, printed } from "./permissions/command.ts";

export default runCommand(commands.permissions, process.argv.slice(2), async (line) => {
  if (line.values.held === true) {
    const { lacking, output } = await heldBy(line, readProject(process.cwd()));
    process.stdout.write(`${output}\n`);
    return lacking.length === 0 ? 0 : 1;
  }
  const { output, remarks } = await printed(line, readProject(process.cwd()));
  process.stdout.write(output);
  for (const remark of remarks) console.error(remark);
  return 0;
});

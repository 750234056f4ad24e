// npm run bootstrap -- [stack] [flags]
//
// Prepares an AWS account for a pipeline: writes the file of a new bootstrap stack, deploys it with the Pulumi CLI, keeps its
// state in the bucket that it makes, and says what comes next.

import { readProject } from "../project/project.ts";
import { runCommand } from "../project/run-command.ts";
import { run } from "./bootstrap/run.ts";
import { commands } from "./commands.ts";

export default runCommand(commands.bootstrap, process.argv.slice(2), (line) =>
  run(line, readProject(process.cwd())),
);

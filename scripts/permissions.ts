// npm run permissions -- <stack>
//
// Prints the IAM policy that a stack's configuration takes.

import { EXIT_USAGE, UsageError } from "../project/command.ts";
import { readProject } from "../project/project.ts";
import { UserError } from "../project/user-error.ts";
import { permissionsCommand } from "./permissions/command.ts";

try {
  const { env: environment, argv } = process;
  const { output, remarks } = await permissionsCommand(argv.slice(2), readProject(process.cwd()), {
    environment,
  });
  process.stdout.write(output);
  for (const remark of remarks) console.error(remark);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
}

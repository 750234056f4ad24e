// npm run upgrade -- <stack> [version] [--allow-downgrade] [--offline]
//
// Shows the releases of Nango and what a stack has; with a version, writes it into the stack's file.

import { UserError } from "../project/user-error.ts";
import { upgrade } from "./upgrade/upgrade.ts";

try {
  console.log(await upgrade(process.argv.slice(2), { directory: process.cwd() }));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

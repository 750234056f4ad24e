// npm run ci:<what>: what the workflows in .github/workflows do, and pipelines elsewhere (docs/ci.md).

import { runCommand } from "../project/run-command.ts";
import { ciCommands } from "./ci/arguments.ts";
import { ciActions } from "./ci/actions.ts";

const [name = "", ...given] = process.argv.slice(2);
if (!Object.hasOwn(ciCommands, name))
  throw new TypeError(`"${name}" is none of ${Object.keys(ciCommands).join(", ")}`);
const key = name as keyof typeof ciCommands;
export default runCommand(ciCommands[key], given, ({ positionals, values }) =>
  ciActions[key]({ positionals, values, directory: process.cwd(), environment: process.env }),
);

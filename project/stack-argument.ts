import type { Argument } from "./command.ts";
import { readProject, stackNames } from "./project.ts";

/** The stack that a command is about. */
export const stackArgument = {
  name: "stack",
  does: "The stack: stacks/Pulumi.<stack>.yaml holds its configuration.",
  among: () => stackNames(readProject(process.cwd())).toSorted(),
} as const satisfies Argument;

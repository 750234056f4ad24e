// What `npm start -- <stack> --against` names, and the comparison with it.

import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { bareStackName, type Project, readProject, stackNames } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import type { Rehearsed, Rehearsing } from "./change.ts";
import { againstStack } from "./stack.ts";
import { againstState } from "./state.ts";
import { againstVersion, commitOf } from "./version.ts";

/** The folder of Pulumi.yaml. */
const ownDirectory = fileURLToPath(new URL("../..", import.meta.url));

const isFile = (text: string) => existsSync(text) && statSync(text).isFile();

/**
 * Rehearses a stack, and compares it: with another stack of that name, else with the state in a file of that name, else
 * with the project as git has it under that name. `./name` is a file in any case, and `refs/heads/name` a branch.
 */
export async function rehearseAgainst(rehearsing: Rehearsing, other: string): Promise<Rehearsed> {
  const project = readProject(rehearsing.options.projectDirectory ?? ownDirectory);
  const isStack = isStackOf(project, other);
  const [file, commit] = [isFile(other), commitOf(project.directory, other)];
  const also = [
    ...(isStack && file ? [`The file of that name is ./${other}.`] : []),
    ...((isStack || file) && commit !== undefined ? [`What git calls so is ${other}^0.`] : []),
  ];
  const compared = isStack
    ? againstStack(rehearsing, bareStackName(other))
    : file
      ? againstState(rehearsing, other, project)
      : commit === undefined
        ? Promise.reject(nothing(project, other))
        : againstVersion(rehearsing, { ref: other, commit }, project);
  return remarked(
    await compared,
    also.map((text) => `"${other}" is taken for ${isStack ? "the stack" : "the file"}. ${text}`),
  );
}

/** By its name, or by its full one: a slash alone stands in the names of files and branches, too. */
function isStackOf(project: Project, text: string): boolean {
  const name = bareStackName(text);
  const isNamed = text === name || text.endsWith(`/${project.name}/${name}`);
  return isNamed && stackNames(project).includes(name);
}

function remarked(rehearsed: Rehearsed, remarks: readonly string[]): Rehearsed {
  const { comparison } = rehearsed;
  if (comparison === undefined || remarks.length === 0) return rehearsed;
  return { ...rehearsed, comparison: { ...comparison, remarks: [...comparison.remarks, ...remarks] } };
}

function nothing(project: Project, other: string): UserError {
  return new UserError(
    `--against "${other}" names nothing that there is: a stack (${stackNames(project).toSorted().join(", ")}), a file that ` +
      `npx pulumi stack export --file wrote, or a branch, tag or commit of this project${withoutGit(project)}`,
  );
}

/** Why git names none of these, where it has nothing of the project at all. */
function withoutGit({ directory }: Project): string {
  return commitOf(directory, "HEAD") === undefined
    ? `. git knows none of them here: it is not installed, or has no commit of ${directory}`
    : "";
}

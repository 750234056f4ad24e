import { type Project, readStackConfiguration, stackNames } from "../project/project.ts";
import type { KnownStack } from "./configuration.ts";

/** The stacks of a project, as their files have them. */
export function knownStacks(project: Project): KnownStack[] {
  return stackNames(project)
    .toSorted()
    .map((name) => {
      const target = readStackConfiguration(project, name)[`${project.name}:target`];
      return { name, target: target === "docker" ? "docker" : "aws" };
    });
}

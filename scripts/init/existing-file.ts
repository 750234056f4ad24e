import { readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../project/user-error.ts";
import type { Project } from "../../project/project.ts";
import { textOf } from "../../project/yaml.ts";
import { unfilled } from "../pulumi/checks.ts";
import { readSettings } from "../pulumi/settings.ts";
import { configurationIn, configurationOf, type Given } from "./answers.ts";
import type { Surroundings } from "./questions/question.ts";

/** Whether the file of a stack still has an example's values. One that cannot be read is none. */
export function isExample(
  { project, environment }: Pick<Surroundings, "project" | "environment">,
  stack: string,
): boolean {
  try {
    return unfilled(project.name, stack, readSettings(project, stack, environment)) !== undefined;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/**
 * What is answered by the file that a stack has already.
 * @param given What flags say, which must not differ from the file: it is never overwritten.
 * @throws UserError for a file that still has an example's values, and for flags that differ.
 */
export function answersOfFile(
  project: Project,
  stack: string,
  given: Given,
  environment: NodeJS.ProcessEnv,
): Given {
  const settings = readSettings(project, stack, environment);
  const file = path.join(project.stacksDirectory, `Pulumi.${stack}.yaml`);
  const name = path.relative(project.directory, file);
  const config = configurationIn(readFileSync(file, "utf8"));
  const differing = Object.entries(configurationOf(given)).filter(
    ([key, value]) => textOf(config[key] ?? "(not set)") !== textOf(value),
  );
  if (differing.length > 0) {
    const lines = differing.map(
      ([key, value]) => `  ${key}: ${textOf(config[key] ?? "(not set)")}, not ${textOf(value)}`,
    );
    throw new UserError(
      `${name} is there already, and is never overwritten. It differs from the flags:\n${lines.join("\n")}\n` +
        `Give the new stack another name, edit the file, or go on with it as it is: npm run init -- ${stack}`,
    );
  }
  const left = unfilled(project.name, stack, settings);
  if (left !== undefined) throw new UserError(`${name} is there already, and is never overwritten. ${left}`);
  const region = config["aws:region"];
  // A stack that is made keeps what encrypts its secrets, of which a file names all but a passphrase.
  const secretsProvider = settings.secretsProvider ?? (settings.wasMade ? "passphrase" : undefined);
  return {
    stack,
    target: config["nango:target"] === "docker" ? "docker" : "aws",
    ...(typeof region === "string" && { region }),
    ...(secretsProvider !== undefined && { secretsProvider }),
  };
}

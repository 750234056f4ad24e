// The file of a new bootstrap stack.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileOf, namespace } from "../../bootstrap/configuration.ts";
import { knownStacks } from "../../bootstrap/known-stacks.ts";
import { isPlaceholder } from "../../infra/config/rules/placeholder-domain.ts";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { wrong } from "../../project/command.ts";
import { UserError } from "../../project/user-error.ts";
import { bootstrap } from "./arguments.ts";
import { withIds } from "./repository-ids.ts";

/** What the command line says of a file that is to be written. */
export interface Wishes {
  readonly github: string | undefined;
  readonly gitlab: string | undefined;
  readonly stack: readonly string[] | undefined;
  readonly branch: string | undefined;
  readonly region: string | undefined;
}

/**
 * The text of a new file.
 * @throws UserError that says what has to be given.
 */
export async function newFile(
  project: Project,
  account: string,
  wishes: Wishes,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const github = wishes.github ?? (wishes.gitlab === undefined ? originOnGitHub(project) : undefined);
  const stacks = wishes.stack ?? ownStacks(project);
  const lacking = [
    ...(github === undefined && wishes.gitlab === undefined
      ? ["whose jobs get the roles: --github <owner>/<repository>, or --gitlab <group>/<project>@<ID>"]
      : []),
    ...(stacks.length === 0 ? ["which stacks the pipeline deploys: --stack <stack>, once for each"] : []),
  ];
  if (lacking.length > 0)
    throw new UserError(`There is no ${fileOf(account)} yet. To write it, say ${lacking.join(", and ")}.`);
  if (github !== undefined && !/^[\w-]+(@\d+)?\/[\w.-]+$/.test(github.replace(/@\d+$/, "")))
    throw wrong(
      bootstrap,
      `--github takes <owner>/<repository>, such as acme/nango, or both with their IDs, not "${github}"`,
    );
  const region = wishes.region ?? regionOf(project, stacks) ?? "us-east-1";
  // Whoever can push a branch has what its previews have.
  const previewed = stacks.filter((name) => !/prod/i.test(name));
  return [
    "# What a pipeline is given in one AWS account. Commit this file. docs/bootstrap.md",
    "config:",
    "  # Where the bucket for states and the key for secrets are.",
    `  aws:region: ${region}`,
    ...(github === undefined
      ? []
      : [
          "  # The repository whose jobs get the roles, and its owner, with the IDs that nobody else ever gets.",
          `  ${namespace}:github: ${await withIds(github, environment)}`,
        ]),
    ...(wishes.gitlab === undefined
      ? []
      : [
          "  # The project whose jobs get the roles, with its ID.",
          `  ${namespace}:gitlab: ${wishes.gitlab}`,
        ]),
    "  # The branch whose jobs deploy.",
    `  ${namespace}:branch: ${wishes.branch ?? "main"}`,
    "  # The stacks of this account that the pipeline deploys, in that order.",
    `  ${namespace}:stacks: [${stacks.join(", ")}]`,
    "  # Those of them that pull requests may preview. Whoever may push a branch can read their secrets.",
    `  ${namespace}:pullRequests: [${previewed.join(", ")}]`,
    "",
  ].join("\n");
}

/** The stacks on AWS that are not examples. */
function ownStacks(project: Project): string[] {
  return knownStacks(project)
    .filter(({ target }) => target === "aws")
    .map(({ name }) => name)
    .filter((name) => {
      const domain = readStackConfiguration(project, name)[`${project.name}:domain`];
      return !(typeof domain === "string" && isPlaceholder(domain));
    });
}

function regionOf(project: Project, [first]: readonly string[]): string | undefined {
  if (first === undefined || !existsSync(path.join(project.stacksDirectory, `Pulumi.${first}.yaml`)))
    return undefined;
  const region = readStackConfiguration(project, first)["aws:region"];
  return typeof region === "string" ? region : undefined;
}

function originOnGitHub({ directory }: Project): string | undefined {
  try {
    const url = execFileSync("git", ["remote", "get-url", "origin"], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /github\.com[:/]([\w-]+\/[\w.-]+?)(?:\.git)?\s*$/.exec(url)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a bootstrap stack has a file. */
export function hasFile(project: Project, stack: string): boolean {
  return existsSync(path.join(project.directory, fileOf(stack)));
}

/** The text of its file. */
export function fileText(project: Project, stack: string): string {
  return readFileSync(path.join(project.directory, fileOf(stack)), "utf8");
}

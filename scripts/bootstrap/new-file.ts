// The file of a new bootstrap stack.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import {
  type BootstrapConfig,
  fileOf,
  type Given,
  type KnownStack,
  namespace,
  parseConfiguration,
} from "../../bootstrap/configuration.ts";
import { knownStacks } from "../../bootstrap/known-stacks.ts";
import { ConfigurationError } from "../../infra/config/problem.ts";
import { isPlaceholder } from "../../infra/config/rules/placeholder-domain.ts";
import { type Project, readStackConfiguration } from "../../project/project.ts";
import { wrong } from "../../project/command.ts";
import { UserError } from "../../project/user-error.ts";
import { parseAsPulumi, textOf } from "../../project/yaml.ts";
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
  const known = knownStacks(project);
  // Whoever can push a branch has what its previews have. A stack that is none is complained of once.
  const previewed = stacks.filter((name) => !/prod/i.test(name) && known.some((one) => one.name === name));
  const { gitlab, branch = "main" } = wishes;
  const text = (repository: string | undefined) =>
    fileWith({ region, github: repository, gitlab, branch, stacks, previewed });
  if (github === undefined) return legal(account, text(undefined), known);
  // Nobody is asked for the IDs of what would be refused.
  legal(account, text("owner@1/repository@2"), known);
  return text(await withIds(github, environment));
}

/** What stands in a file. */
interface Content {
  readonly region: string;
  readonly github: string | undefined;
  readonly gitlab: string | undefined;
  readonly branch: string;
  readonly stacks: readonly string[];
  readonly previewed: readonly string[];
}

function fileWith({ region, github, gitlab, branch, stacks, previewed }: Content): string {
  const listed = (names: readonly string[]) => `[${names.map(scalar).join(", ")}]`;
  return [
    "# What a pipeline is given in one AWS account. Commit this file. docs/bootstrap.md",
    "config:",
    "  # Where the bucket for states and the key for secrets are.",
    `  aws:region: ${scalar(region)}`,
    ...(github === undefined
      ? []
      : [
          "  # The repository whose jobs get the roles, and its owner, with the IDs that nobody else ever gets.",
          `  ${namespace}:github: ${scalar(github)}`,
        ]),
    ...(gitlab === undefined
      ? []
      : [
          "  # The project whose jobs get the roles, with its ID.",
          `  ${namespace}:gitlab: ${scalar(gitlab)}`,
        ]),
    "  # The branch whose jobs deploy.",
    `  ${namespace}:branch: ${scalar(branch)}`,
    "  # The stacks of this account that the pipeline deploys, in that order.",
    `  ${namespace}:stacks: ${listed(stacks)}`,
    "  # Those of them that pull requests may preview. Whoever may push a branch can read their secrets.",
    `  ${namespace}:pullRequests: ${listed(previewed)}`,
    "",
  ].join("\n");
}

/** A text that YAML takes for nothing else. */
function scalar(value: string): string {
  const isPlain = /^[A-Za-z_][\w.@/-]*$/.test(value) && parseAsPulumi(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

/** The text of a file that is legal. @throws UserError with what is wrong. */
function legal(account: string, text: string, known: readonly KnownStack[]): string {
  const { config } = parseAsPulumi(text) as { config: Readonly<Record<string, unknown>> };
  const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, textOf(value)]));
  legalConfiguration({ stack: account, values }, known);
  return text;
}

/** The configuration of a bootstrap stack. @throws UserError with everything that is wrong. */
export function legalConfiguration(given: Given, known: readonly KnownStack[]): BootstrapConfig {
  try {
    return parseConfiguration(given, known);
  } catch (error) {
    throw error instanceof ConfigurationError ? new UserError(error.message) : error;
  }
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

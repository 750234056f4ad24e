// The project on disk: Pulumi.yaml and where its stacks are, read as the Pulumi CLI reads them.

import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";

import { distance } from "fastest-levenshtein";
import { YAMLError } from "yaml";

import { readTextFile } from "./text-file.ts";
import { cut } from "./text.ts";
import { UserError } from "./user-error.ts";
import { isRecord } from "./values.ts";
import { parseAsPulumi, type Reread, rereadIn } from "./yaml.ts";

export interface Project {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly directory: string;
  /** Where the program runs, and what is run there. */
  readonly workingDirectory: string;
  readonly entry: string;
  /** Arguments of node itself, before the program. */
  readonly nodeArguments: readonly string[];
  /** What the runtime options add to the program's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The `config:` block: declarations by key. */
  readonly declarations: Readonly<Record<string, unknown>>;
  /** The folder of the stacks' files. */
  readonly stacksDirectory: string;
  /** The lowest version of the CLI that it takes, such as 3.230.0. */
  readonly minimumVersion: string;
  /** The URL of the state backend that it names itself. */
  readonly backendUrl: string | undefined;
}

/** What files hold, by their text: two runs of a program read the same. */
const parsed = new Map<string, unknown>();

function parseOnce(text: string): unknown {
  if (!parsed.has(text)) parsed.set(text, parseAsPulumi(text) ?? {});
  return parsed.get(text);
}

function readYaml(file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parseOnce(readTextFile(file));
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${whyUnread(error)}`);
  }
  if (holdsItself(content))
    throw new UserError(`cannot read ${file}: an alias in it stands for what it is a part of`);
  if (!isRecord(content)) throw new UserError(`cannot read ${file}: it holds no keys`);
  return content;
}

function whyUnread(error: unknown): string {
  if (error instanceof YAMLError && error.code === "MULTIPLE_DOCS")
    return "it holds several documents, and Pulumi reads the first one alone: remove the line --- and what follows it";
  return error instanceof Error ? error.message : String(error);
}

/** Whether a value lies somewhere in itself, as `&a [*a]` does in YAML. */
function holdsItself(value: unknown, within: readonly unknown[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  return within.includes(value) || Object.values(value).some((part) => holdsItself(part, [...within, value]));
}

/** Splits like a shell, without expansions. */
function splitWords(text: string): string[] {
  return Array.from(text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g), ([word]) => word.replaceAll(/["']/g, ""));
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/pkg/engine/project.go#L45 */
function workingDirectoryAndEntry(directory: string, main: unknown): [string, string] {
  if (typeof main !== "string" || main === "") return [directory, "."];
  const target = path.resolve(directory, main);
  if (!existsSync(target)) throw new UserError(`Pulumi.yaml: main: ${main} does not exist`);
  return statSync(target).isDirectory() ? [target, "."] : [path.dirname(target), path.basename(target)];
}

/** Reads Pulumi.yaml of a folder; throws a `UserError` for what the Pulumi CLI would refuse. */
export function readProject(folder: string): Project {
  if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}`);
  const directory = realpathSync(folder);
  const file = path.join(directory, "Pulumi.yaml");
  if (!existsSync(file)) throw new UserError(`there is no Pulumi.yaml in ${directory}`);
  const { name, runtime, main, config, stackConfigDir, requiredPulumiVersion, backend } = readYaml(file);
  if (typeof name !== "string" || name === "") throw new UserError(`${file} gives no name`);
  const runtimeName = isRecord(runtime) ? runtime["name"] : runtime;
  if (runtimeName !== "nodejs")
    throw new UserError(`${file}: the runtime must be nodejs, not ${String(runtimeName)}`);
  const options = isRecord(runtime) && isRecord(runtime["options"]) ? runtime["options"] : {};
  const [workingDirectory, entry] = workingDirectoryAndEntry(directory, main);
  return {
    name,
    directory,
    workingDirectory,
    entry,
    nodeArguments: splitWords(String(options["nodeargs"] ?? "")),
    environment: options["typescript"] === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" },
    declarations: isRecord(config) ? config : {},
    stacksDirectory: path.resolve(directory, typeof stackConfigDir === "string" ? stackConfigDir : "."),
    minimumVersion: /\d+\.\d+\.\d+/.exec(String(requiredPulumiVersion))?.[0] ?? "0.0.0",
    backendUrl: isRecord(backend) && typeof backend["url"] === "string" ? backend["url"] : undefined,
  };
}

/**
 * The CLI looks for a stack's file with the extension of Pulumi.yaml only.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/go/common/workspace/paths.go
 */
const STACK_FILE = /^Pulumi\.(.+)\.yaml$/;

/** In Pulumi Cloud a stack may be called by its full name, organization/project/stack: its last part names the file. */
export function bareStackName(stack: string): string {
  return stack.replace(/^.*\//, "");
}

/**
 * What Pulumi says against a stack's name.
 * https://github.com/pulumi/pulumi/blob/v3.274.1/sdk/go/common/tokens/stack_name.go#L54
 */
export function stackNameProblem(name: string): string | undefined {
  if (name === "") return "a stack needs a name";
  const refused = /[^A-Za-z0-9_.-]/u.exec(name)?.[0];
  if (refused !== undefined)
    return `"${cut(name, 60)}" holds "${refused}"; letters, digits, hyphens, underscores and dots are legal`;
  return name.length > 100 ? `the name has ${name.length} characters; 100 is the most` : undefined;
}

/** The names of the stacks that have a file. */
export function stackNames(project: Project): string[] {
  if (!existsSync(project.stacksDirectory)) return [];
  return readdirSync(project.stacksDirectory).flatMap((file) => STACK_FILE.exec(file)?.[1] ?? []);
}

/** The path of a stack's file. */
export function stackFileOf({ stacksDirectory }: Project, stack: string): string {
  return path.join(stacksDirectory, `Pulumi.${stack}.yaml`);
}

/** What a stack's file holds, which can be read; throws a `UserError` otherwise. */
export function readStackDocument(project: Project, stack: string): Readonly<Record<string, unknown>> {
  return readYaml(stackFileOf(project, stack));
}

/** The texts in the configuration of a stack's file, which can be read, that reach the program as others. */
export function rereadTexts(project: Project, stack: string): Reread[] {
  return rereadIn(readTextFile(stackFileOf(project, stack)), "config");
}

/** The way to a stack that has no file. */
function beginning(project: Project, stack: string): string {
  const [, meant] = STACK_FILE.exec(stack) ?? [];
  if (meant !== undefined) return `A stack is called without the rest of its file's name: ${meant}`;
  const begins = project.name === "nango-bootstrap" ? "npm run bootstrap" : "npm run init";
  return `To begin it: ${begins} -- ${stack}`;
}

/** The `config:` of a stack's file; throws a `UserError` that names the stacks there are when it has none. */
export function readStackConfiguration(project: Project, stack: string): Readonly<Record<string, unknown>> {
  const file = stackFileOf(project, stack);
  const name = path.basename(file);
  const problem = stackNameProblem(stack);
  if (problem !== undefined || !existsSync(file)) {
    const nearestFirst = stackNames(project).sort((a, b) => distance(a, stack) - distance(b, stack));
    const known =
      nearestFirst.length > 0 ? `the stacks are ${nearestFirst.join(", ")}` : "there are no stacks";
    if (problem !== undefined) throw new UserError(`${problem}: ${known}`);
    const folder = path.relative(project.directory, project.stacksDirectory);
    const misnamed = `Pulumi.${stack}.yml`;
    const remark = existsSync(path.join(project.stacksDirectory, misnamed))
      ? `(${path.join(folder, misnamed)} must be called ${name})`
      : `(${path.join(folder, "Pulumi.<stack>.yaml")}). ${beginning(project, stack)}`;
    throw new UserError(`there is no stack '${stack}': ${known} ${remark}`);
  }
  const { config = null } = readYaml(file);
  if (config === null) return {};
  if (!isRecord(config))
    throw new UserError(`cannot read ${file}: its config is ${JSON.stringify(config)}, not keys with values`);
  return config;
}

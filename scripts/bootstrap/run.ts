import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type BootstrapConfig, fileOf } from "../../bootstrap/configuration.ts";
import { deployedFile, type DeployedStacks } from "../../bootstrap/deployed.ts";
import { knownStacks } from "../../bootstrap/known-stacks.ts";
import type { BootstrapOutputs } from "../../bootstrap/outputs.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import {
  type Project,
  readProject,
  readStackConfiguration,
  stackNameProblem,
} from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { configurationOf } from "../../rehearsal/configuration.ts";
import { ask, handOver } from "../pulumi/cli.ts";
import { readyCli } from "../pulumi/ready.ts";
import { readState } from "../pulumi/state.ts";
import { bootstrap } from "./arguments.ts";
import { moveState } from "./move-state.ts";
import { hasFile, legalConfiguration, newFile } from "./new-file.ts";
import { nextSteps } from "./next-steps.ts";

type Line = CommandLine<typeof bootstrap.flags>;

/** A bootstrap stack, with what was found out about it. */
interface Chosen {
  readonly cli: string;
  readonly project: Project;
  /** The folder of its program. */
  readonly folder: string;
  readonly stack: string;
  readonly config: BootstrapConfig;
  /** Where its state lies: a folder at first, then the bucket that it made. */
  readonly backend: string;
}

/**
 * `npm run bootstrap`; answers the exit code.
 * @throws UserError with what is wrong.
 */
export async function run({ values, positionals: [stack = "ci"] }: Line, project: Project): Promise<number> {
  refuseName(stack);
  const isNew = await begin(values, project, stack);
  const chosen = await choose(project, stack).catch((error: unknown) => {
    // Else the same command line would meet its own file once it is mended.
    if (isNew) rmSync(path.join(project.directory, fileOf(stack)));
    throw error;
  });
  if (isNew) process.stderr.write(`Wrote ${fileOf(stack)}: commit it.\n`);
  const { config } = chosen;
  await select(chosen);
  if (values.variables !== true) {
    const code = await deploy(chosen, values);
    if (code !== 0 || values["preview-only"] === true) return code;
  }
  const outputs = await outputsOf(chosen);
  if (config.backend === undefined) await keepState(chosen, outputs);
  process.stdout.write(`\n${nextSteps(config, outputs, project.name)}`);
  return 0;
}

/** @throws UserError for an account that cannot be called so. */
function refuseName(stack: string): void {
  const problem =
    stack === "example"
      ? `"example" is the example, ${fileOf(stack)}, whose repository is nobody's`
      : stackNameProblem(stack);
  if (problem !== undefined)
    throw wrong(bootstrap, `${problem}. Take another name for the account, or none, which is ci`);
}

/**
 * Reads a bootstrap stack, and finds what its deployment takes.
 * @throws UserError with what is wrong or missing.
 */
async function choose(project: Project, stack: string): Promise<Chosen> {
  const program = readProject(path.join(project.directory, "bootstrap"));
  const config = configurationIn(program, project, stack);
  const backend = config.backend ?? localBackend(program.directory);
  const environment = environmentFor(backend, readStackConfiguration(program, stack)["aws:profile"]);
  Object.assign(process.env, environment);
  const { cli } = await readyCli(program, stack, { reachesCloud: true });
  return { cli, project, folder: program.directory, stack, config, backend };
}

/** Writes the file of a stack that has none; answers whether it did. */
async function begin(values: Line["values"], project: Project, stack: string): Promise<boolean> {
  const { github, gitlab, stack: stacks, branch, region } = values;
  const wishes = { github, gitlab, stack: stacks, branch, region };
  if (!hasFile(project, stack)) {
    const text = await newFile(project, stack, wishes, process.env);
    writeFileSync(path.join(project.directory, fileOf(stack)), text, { flag: "wx" });
    return true;
  }
  const given = Object.entries(wishes).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (given.length > 0)
    throw new UserError(
      `${given.join(", ")}: ${fileOf(stack)} is there already. Change it there, and run npm run bootstrap without.`,
    );
  return false;
}

/** What is wrong with the file is said before anybody needs credentials. */
function configurationIn(program: Project, project: Project, stack: string): BootstrapConfig {
  const { values } = configurationOf(program, stack, readStackConfiguration(program, stack), {
    set: {},
    secrets: {},
  });
  return legalConfiguration({ stack, values }, knownStacks(project));
}

/** Where the state lies as long as there is no bucket. */
function localBackend(directory: string): string {
  const folder = path.join(directory, "state");
  mkdirSync(folder, { recursive: true });
  return pathToFileURL(folder).href;
}

/** Nothing in the state is secret: in the folder any passphrase will do. */
function environmentFor(backend: string, profile: unknown): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: backend,
    ...(backend.startsWith("file:")
      ? { PULUMI_CONFIG_PASSPHRASE: process.env["PULUMI_CONFIG_PASSPHRASE"] ?? "" }
      : {}),
    // The backend asks AWS as whoever the provider is.
    ...(typeof profile === "string" ? { AWS_PROFILE: profile } : {}),
  };
}

async function select({ cli, folder, stack }: Chosen): Promise<void> {
  const selected = await ask(cli, ["-C", folder, "stack", "select", stack, "--create", "--non-interactive"]);
  if (selected.code !== 0) throw new UserError(selected.stderr.trimEnd());
}

async function deploy(chosen: Chosen, values: Line["values"]): Promise<number> {
  const { cli, folder, stack } = chosen;
  const command =
    values["preview-only"] === true ? ["preview"] : ["up", ...(values.yes === true ? ["--yes"] : [])];
  const found = mkdtempSync(path.join(tmpdir(), "nango-bootstrap-"));
  try {
    const file = path.join(found, "deployed.json");
    writeFileSync(file, JSON.stringify(await deployedIn(chosen)));
    process.env[deployedFile] = file;
    return (await handOver(cli, ["-C", folder, ...command, "--stack", stack])).code;
  } finally {
    rmSync(found, { recursive: true });
  }
}

/** What is there of the stacks whose states lie in the bucket: their roles go on reaching what goes with the next deployment. */
async function deployedIn({ cli, config }: Chosen): Promise<DeployedStacks> {
  if (config.backend === undefined) return {};
  const states = await Promise.all(
    config.stacks.map(async (stack) => [stack, await readState(cli, stack)] as const),
  );
  return Object.fromEntries(
    states.flatMap(([stack, state]) => (state === undefined ? [] : [[stack, state.resources]])),
  );
}

async function outputsOf({ cli, folder, stack }: Chosen): Promise<BootstrapOutputs> {
  const { code, stdout, stderr } = await ask(cli, [
    "-C",
    folder,
    "stack",
    "output",
    "--json",
    "--stack",
    stack,
  ]);
  if (code !== 0) throw new UserError(stderr.trimEnd());
  const outputs = JSON.parse(stdout) as Partial<BootstrapOutputs>;
  if (outputs.pipeline === undefined)
    throw new UserError(`The account is not prepared yet: npm run bootstrap -- ${stack}`);
  return outputs as BootstrapOutputs;
}

/** From the first deployment on, the state lies in the bucket, where everybody finds it who may. */
async function keepState(
  { cli, folder, stack, config, backend }: Chosen,
  outputs: BootstrapOutputs,
): Promise<void> {
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  await moveState(stack, backend, outputs, config.region, file, async (where, args) => {
    process.env["PULUMI_BACKEND_URL"] = where;
    return ask(cli, ["-C", folder, ...args]);
  });
  const local = path.join(folder, "state");
  if (existsSync(local)) rmSync(local, { recursive: true });
  process.stderr.write(
    `\nThe state of the bootstrap lies in ${outputs.backend} now. ${fileOf(stack)} says so: commit it.\n`,
  );
}

// npm run preview|up|destroy|outputs -- <stack> [flags of the Pulumi CLI]
//
// Hands over to the Pulumi CLI once everything that it needs is there, and adds what the CLI cannot know of this project.
// `npx pulumi up -s <stack>` does the same without.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Command } from "../project/command.ts";
import { runCommand } from "../project/run-command.ts";
import { UserError } from "../project/user-error.ts";
import { commands } from "./commands.ts";
import { bareStackName, type Project, readProject } from "../project/project.ts";
import { afterUp, isForPeople } from "./pulumi/after-up.ts";
import { unfilled } from "./pulumi/checks.ts";
import { handOver } from "./pulumi/cli.ts";
import {
  lostVolumes,
  lostVolumesText,
  refreshing,
  saysWhetherToRefresh,
  takenPorts,
} from "./pulumi/docker-checks.ts";
import { type DockerEngine, findEngine } from "./pulumi/docker-engine.ts";
import { explanations, type FailedRun, readEvents } from "./pulumi/explanation.ts";
import { makeStack } from "./pulumi/make-stack.ts";
import { hasOutputs, readOutputs, unknownOutputs, withoutOutputs } from "./pulumi/outputs.ts";
import { refuseProtected } from "./pulumi/protection.ts";
import { refuseStackFile } from "../rehearsal/stack-file.ts";
import { readyCli } from "./pulumi/ready.ts";
import { placeIn, type Settings } from "./pulumi/settings.ts";
import { shownOutputs } from "./pulumi/shown-outputs.ts";
import { notInBackend, readState, type StackState } from "./pulumi/state.ts";

/** A stack, with what was found out about it. */
interface Chosen {
  readonly cli: string;
  readonly project: Project;
  /** As it was called, which may be by its full name. */
  readonly stack: string;
  readonly flags: readonly string[];
  /** `--skip-preflight` */
  readonly skipsPreflight: boolean;
  /** `--skip-policies` */
  readonly skipsPolicies: boolean;
  readonly settings: Settings;
  readonly target: "aws" | "docker";
  /** Whether the Pulumi CLI can ask for a passphrase. */
  readonly canAsk: boolean;
  /** The engine of a stack on Docker, where the command needs one. */
  readonly engine: DockerEngine | undefined;
}

/** What each command does; it returns the exit code. */
const actions: Readonly<Record<string, (chosen: Chosen) => Promise<number>>> = {
  preview,
  up,
  destroy,
  outputs,
};

const [name = "", ...given] = process.argv.slice(2);
const action = actions[name];
const command: Command | undefined = Object.hasOwn(commands, name)
  ? commands[name as keyof typeof commands]
  : undefined;
if (action === undefined || command === undefined)
  throw new TypeError(`"${name}" is none of ${Object.keys(actions).join(", ")}`);
export default runCommand(command, given, ({ positionals: [stack = ""], values, passedOn }) =>
  run(action, stack, passedOn, {
    skipsPreflight: "skip-preflight" in values,
    skipsPolicies: "skip-policies" in values,
  }),
);

async function run(
  action: (chosen: Chosen) => Promise<number>,
  stack: string,
  flags: readonly string[],
  skips: Pick<Chosen, "skipsPreflight" | "skipsPolicies">,
): Promise<number> {
  const project = readProject(process.cwd());
  const canAsk = process.stdin.isTTY && process.stdout.isTTY && !flags.includes("--non-interactive");
  // The others look at AWS or change it.
  const reachesCloud = action !== outputs;
  const { cli, settings } = await readyCli(project, stack, { reachesCloud, canAsk });
  if (action === up || action === preview) refuseStackFile(project, bareStackName(stack));
  const target = settings.config[`${project.name}:target`] === "docker" ? "docker" : "aws";
  const left = action === up ? unfilled(project.name, stack, settings) : undefined;
  if (left !== undefined) process.stderr.write(`warning: ${left}\n`);

  const engine =
    target === "docker" && reachesCloud ? await findEngine(settings.config, process.env) : undefined;
  return action({ cli, project, stack, flags, ...skips, settings, target, canAsk, engine });
}

async function deploy(command: "preview" | "up", chosen: Chosen): Promise<number> {
  const { cli, stack, settings, engine } = chosen;
  const code = await makeStack(cli, stack, settings);
  if (code !== 0) return code;
  if (engine === undefined) return watched(command, chosen);
  await checkEngine(command, { ...chosen, engine });
  return watched(command, { ...chosen, flags: refreshing(chosen.flags) });
}

/** @throws UserError for what a stack on Docker would meet on its engine when it is half deployed. */
async function checkEngine(command: string, chosen: Chosen & { engine: DockerEngine }): Promise<void> {
  const { cli, project, flags, settings, engine } = chosen;
  const on = { engine, stack: bareStackName(chosen.stack) };
  const taken = command === "up" ? await takenPorts(on, project.name, settings.config) : [];
  if (taken.length > 0) throw new UserError(taken.join("\n"));
  const state = await readState(cli, chosen.stack);
  const lost = state === undefined || saysWhetherToRefresh(flags) ? [] : await lostVolumes(on, state);
  if (lost.length > 0) throw new UserError(lostVolumesText(on, lost));
}

/** The same as Pulumi's own policy pack does: the preview is shown whole, and fails where a policy is broken. */
async function preview(chosen: Chosen): Promise<number> {
  // Pulumi takes its time.
  const judging = chosen.skipsPolicies ? Promise.resolve(undefined) : policiesOf(chosen);
  const [code, broken] = await Promise.all([deploy("preview", chosen), judging]);
  if (broken === undefined) return code;
  process.stderr.write(`\n${broken}\n`);
  return code === 0 ? 1 : code;
}

/** What is broken; loaded for deployments alone. */
async function policiesOf({ project, stack }: Chosen): Promise<string | undefined> {
  const { brokenPolicies } = await import("./pulumi/policies.ts");
  return brokenPolicies(project, stack);
}

async function up(chosen: Chosen): Promise<number> {
  const { cli, project, stack, flags, settings } = chosen;
  await lookFirst(chosen);
  const code = await deploy("up", chosen);
  if (code !== 0 || !isForPeople(flags)) return code;
  const setting = (key: string) => settings.config[`${project.name}:${key}`];
  const stopped = String(setting("stopped")) === "true";
  const email = setting("alarmEmail");
  const alarmEmail = typeof email === "string" && email !== "none" ? email : undefined;
  // The deployment ended well, whether they can be read or not.
  const outputs = await readOutputs(cli, stack).catch(() => ({}));
  process.stdout.write(afterUp({ stack, directory: project.directory, outputs, stopped, alarmEmail }));
  return 0;
}

/** @throws UserError with what is in the way of a deployment. */
async function lookFirst(chosen: Chosen): Promise<void> {
  const { project, stack, target, canAsk, skipsPreflight, skipsPolicies } = chosen;
  // The engine of a stack on Docker is looked at anyway.
  if (skipsPreflight || target === "docker") {
    const broken = skipsPolicies ? undefined : await policiesOf(chosen);
    if (broken !== undefined) throw new UserError(broken);
    return;
  }
  const { stderr } = process;
  // It loads the SDK of AWS, which only deployments need.
  const { beforeUp } = await import("./preflight/before-up.ts");
  const said = await beforeUp(
    project,
    { stack, canAsk, skipsPolicies },
    { color: stderr.isTTY && stderr.hasColors(), columns: stderr.columns },
  );
  stderr.write(said);
}

async function destroy(chosen: Chosen): Promise<number> {
  const state = await stateThatIs(chosen);
  refuseProtected(chosen.stack, state);
  return watched("destroy", chosen);
}

/** @throws UserError for a stack that the backend does not have. */
async function stateThatIs({ cli, stack, settings }: Chosen): Promise<StackState> {
  const state = await readState(cli, stack);
  if (state === undefined) throw new UserError(notInBackend(stack, settings.backend));
  return state;
}

async function outputs(chosen: Chosen): Promise<number> {
  const { cli, stack, flags, settings, target } = chosen;
  const state = await stateThatIs(chosen);
  if (hasOutputs(state)) {
    const forPeople = flags.every((flag) => flag === "--show-secrets");
    if (!forPeople) {
      const { code } = await handOver(cli, ["stack", "output", "--stack", stack, ...flags]);
      const remark = code === 0 ? undefined : unknownOutputs(state, flags);
      if (remark !== undefined) process.stderr.write(`${remark}\n`);
      return code;
    }
    process.stdout.write(shownOutputs(await readOutputs(cli, stack, flags)));
    return 0;
  }
  throw new UserError(withoutOutputs(bareStackName(stack), state, target, placeIn(settings.config)));
}

/** Runs the CLI, and after a failure explains what it said. */
async function watched(command: FailedRun["command"], chosen: Chosen): Promise<number> {
  const { cli, stack, flags, target, engine, settings } = chosen;
  const run = { stack, command, target, place: placeIn(settings.config) };
  // The plugin and the program's own calls of `docker` would look in different places.
  const docker = engine === undefined ? {} : { DOCKER_HOST: engine.host, DOCKER_CONTEXT: undefined };
  const folder = mkdtempSync(path.join(tmpdir(), "nango-pulumi-"));
  try {
    const eventLog = path.join(folder, "events.json");
    const args = [command, "--stack", stack, ...flags, "--event-log", eventLog];
    // The flag is one of those that the CLI has for debugging only, though its own automation API relies on it, too.
    const { code, wasInterrupted } = await handOver(cli, args, { PULUMI_DEBUG_COMMANDS: "true", ...docker });
    if (code === 0) return 0;
    const events = readEvents(eventLog);
    const state = command === "preview" ? undefined : await readState(cli, stack).catch(() => undefined);
    for (const text of explanations({ ...run, events, state, wasInterrupted }))
      process.stderr.write(`\n${text}\n`);
    return code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

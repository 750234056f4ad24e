import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rotatable, type Rotatable } from "../../infra/config/settings/secrets.ts";
import { type CommandLine, wrong } from "../../project/command.ts";
import { type Project, readProject } from "../../project/project.ts";
import { nameOf } from "../../project/urns.ts";
import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";
import type { Network } from "../doctor/site/site.ts";
import { ask } from "../pulumi/cli.ts";
import { type DeployedStack, readDeployedStack } from "../pulumi/deployed-stack.ts";
import { readState, type StackState } from "../pulumi/state.ts";
import { rotate } from "./arguments.ts";
import { keepOldValues } from "./old-values.ts";
import { encryptionKeyRefusal, type RotatedStack, rotations } from "./secrets.ts";

export interface Surroundings {
  /** The project's folder. */
  readonly directory: string;
  /** Whether a person reads standard output and can answer. */
  readonly canAsk: boolean;
  readonly say: (text: string) => void;
  /** Runs `npm run up`; answers its exit code. */
  readonly up: (stack: string, flags: readonly string[]) => Promise<number>;
  /** How the stack's own address is reached. */
  readonly network: Network;
}

/** A secret of a stack that is made anew. */
interface Chosen {
  readonly project: Project;
  /** As it was called, which may be by its full name. */
  readonly stack: string;
  readonly deployed: DeployedStack;
  readonly secret: Rotatable;
}

/**
 * Runs `npm run rotate`.
 * @returns The exit code.
 * @throws UserError for what cannot be made anew, and for a stack that cannot be read; nothing is changed then.
 */
export async function rotated(
  { values, positionals: [stack = "", secret = ""] }: CommandLine<(typeof rotate)["flags"]>,
  surroundings: Surroundings,
): Promise<number> {
  const { yes = false, write = false } = values;
  if (yes && write) throw wrong(rotate, "--write deploys nothing: --yes is not for it");
  const project = readProject(surroundings.directory);
  const chosen = { project, stack, secret: readSecret(secret) };
  const deployed = await readDeployedStack(project, stack);
  const refusal = rotations[chosen.secret].refusal(about(deployed, project));
  if (refusal !== undefined) throw new UserError(refusal);
  if (!yes && !write && !surroundings.canAsk)
    throw new UserError(
      "Whether to deploy is asked at a terminal, and this is none: add --yes, or --write for a review.",
    );
  surroundings.say(announcement({ ...chosen, deployed }));
  return write
    ? written({ ...chosen, deployed }, surroundings)
    : deploy({ ...chosen, deployed }, yes ? ["--yes"] : [], surroundings);
}

/** @throws UserError */
function readSecret(secret: string): Rotatable {
  const known = rotatable.find((name) => name === secret);
  if (known !== undefined) return known;
  if (/^(encryption-?)?key$/i.test(secret)) throw new UserError(encryptionKeyRefusal);
  throw wrong(rotate, `"${secret}" is none of ${rotatable.join(", ")}`);
}

function about({ name, target, state, config }: DeployedStack, project: Project): RotatedStack {
  return {
    name,
    target,
    setting: (key) => {
      const value = config[`${project.name}:${key}`];
      return value === undefined || ["none", "generated"].includes(String(value)) ? undefined : String(value);
    },
    generates: (resource) => generatorsIn(state).has(resource),
  };
}

/** The generation of each generated password, by the name of its resource. */
function generatorsIn({ resources }: StackState): ReadonlyMap<string, number> {
  const generators = resources.filter(
    ({ type, delete: goes }) => type.endsWith(":RandomPassword") && goes !== true,
  );
  return new Map(
    generators.map(({ urn, inputs }) => {
      const keepers = inputs?.["keepers"];
      return [nameOf(urn), Number(isRecord(keepers) ? (keepers["generation"] ?? 0) : 0)];
    }),
  );
}

/** The number of a secret in the configuration, and the one that the last deployment began with. */
function generations({ project, deployed, secret }: Chosen): {
  readonly configured: number;
  readonly made: number;
} {
  const all = deployed.config[`${project.name}:rotate`];
  const configured = Number(isRecord(all) ? (all[secret] ?? 0) : 0);
  const [resource = ""] = rotations[secret].resources[deployed.target];
  return { configured, made: generatorsIn(deployed.state).get(resource) ?? configured };
}

/** One that is in the file already, and did not come to its end, is taken to it. */
function nextGeneration(chosen: Chosen): number {
  const { configured, made } = generations(chosen);
  return configured === made && !isUnderWay(chosen) ? configured + 1 : configured;
}

/** Whether the old token is accepted beside one that was made: another one now would have the tasks' own refused. */
function isUnderWay(chosen: Chosen): boolean {
  const { project, deployed } = chosen;
  return goesInTwo(chosen) && String(deployed.config[`${project.name}:acceptOldRedisToken`]) === "true";
}

function announcement(chosen: Chosen): string {
  const { secret, deployed } = chosen;
  const { what, consequences } = rotations[secret];
  const { made } = generations(chosen);
  const next = nextGeneration(chosen);
  return [
    next === made
      ? `Goes on with ${what} of ${deployed.name}, which is made anew (nango:rotate.${secret}: ${made}).`
      : `Makes ${what} of ${deployed.name} anew (nango:rotate.${secret}: ${made} -> ${next}).`,
    ...consequences[deployed.target].map((line) => `- ${line}`),
    "",
    "",
  ].join("\n");
}

/** On ElastiCache the old token goes in a deployment of its own, once no task uses it. */
function goesInTwo({ secret, deployed }: Chosen): boolean {
  return secret === "redis" && deployed.target === "aws";
}

const acceptOld = "nango:acceptOldRedisToken";

async function configure(chosen: Chosen): Promise<void> {
  await config(chosen, ["set", "--path", `nango:rotate.${chosen.secret}`, String(nextGeneration(chosen))]);
  if (goesInTwo(chosen)) await config(chosen, ["set", acceptOld, "true"]);
}

/** @throws UserError with the CLI's words. */
async function config({ deployed, stack }: Chosen, words: readonly string[]): Promise<void> {
  const { code, stderr } = await ask(deployed.cli, [
    "config",
    ...words,
    "--stack",
    stack,
    "--non-interactive",
  ]);
  if (code !== 0) throw new UserError(stderr.trimEnd());
}

async function written(chosen: Chosen, { say }: Surroundings): Promise<number> {
  const { deployed } = chosen;
  await configure(chosen);
  const removal = `npx pulumi config rm -s ${deployed.name} ${acceptOld}`;
  say(
    `Written into ${stackFile(chosen)}; nothing is deployed. npm run up -- ${deployed.name} does it.` +
      (goesInTwo(chosen) ? ` Afterwards have the old token refused: ${removal}, and deploy again.` : "") +
      "\n",
  );
  return 0;
}

function stackFile({ project, deployed }: Chosen): string {
  return path.join(project.stacksDirectory, `Pulumi.${deployed.name}.yaml`);
}

async function deploy(chosen: Chosen, flags: readonly string[], surroundings: Surroundings): Promise<number> {
  const { deployed, stack } = chosen;
  const { say, up } = surroundings;
  const file = stackFile(chosen);
  const oldValues = await keepOldValues(deployed, stack, chosen.secret);
  const before = readFileSync(file, "utf8");
  await configure(chosen);
  const changed = readFileSync(file, "utf8");
  const code = await up(stack, flags);
  if (code !== 0) {
    if (await hasBegun(chosen)) {
      say(
        `\nThe new value is made, but the deployment did not end well: mend what it says, and go on with npm run ${goesInTwo(chosen) ? `rotate -- ${deployed.name} ${chosen.secret}` : `up -- ${deployed.name}`}. ` +
          "Until then what runs may have the old value, which may be refused.\n",
      );
      return code;
    }
    // Nothing came of it, so that the next deployment of something else does not do it unasked.
    if (readFileSync(file, "utf8") === changed) writeFileSync(file, before);
    say(`\nNothing is made anew, and ${file} is as it was.\n`);
    return code;
  }
  if (goesInTwo(chosen)) {
    say("\nAll tasks have the new token. Now the old one is refused:\n");
    await config(chosen, ["rm", acceptOld]);
    const second = await up(stack, flags);
    if (second !== 0) {
      say(`\nThe old token is still accepted: npm run up -- ${deployed.name} ends that.\n`);
      return second;
    }
  }
  const proof = await oldValues.refused(surroundings.network);
  const made = `Made anew: ${rotations[chosen.secret].what} of ${deployed.name}. Commit ${file}: a deployment from the file of before makes another value.`;
  say(`${["", made, ...proof.lines].join("\n")}\n`);
  return proof.ok ? 0 : 1;
}

/** Whether the deployment came to the new value. */
async function hasBegun(chosen: Chosen): Promise<boolean> {
  const state = await readState(chosen.deployed.cli, chosen.stack).catch(() => undefined);
  if (state === undefined) return true;
  const [resource = ""] = rotations[chosen.secret].resources[chosen.deployed.target];
  return generatorsIn(state).get(resource) === nextGeneration(chosen);
}

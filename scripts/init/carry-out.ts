// From answers to a stack that can be deployed.

import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../project/user-error.ts";
import type { Project } from "../../project/project.ts";
import { findCli, handOver } from "../pulumi/cli.ts";
import { makeStack, StackInUse } from "../pulumi/make-stack.ts";
import { readSettings } from "../pulumi/settings.ts";
import { type Answers, type Given, none } from "./answers.ts";
import { type Rehearse, rehearsed } from "./rehearsal.ts";
import { expanded, settingIn } from "./state.ts";

/** What is to be done. */
export interface Plan {
  readonly project: Project;
  readonly answers: Given & Pick<Answers, "stack">;
  /** The text of the stack's file; undefined for one that is there already. */
  readonly fileText: string | undefined;
  /** The state backend; undefined where that is decided later. */
  readonly backend: string | undefined;
  /** Whether that backend has to be logged in to. */
  readonly needsLogin: boolean;
  /** Whether the Pulumi CLI can ask. */
  readonly canAsk: boolean;
  tell(line: string): void;
}

/** The stack's file, as messages name it. */
export function fileOf({ project, answers }: Pick<Plan, "project" | "answers">): string {
  return path.relative(project.directory, path.join(project.stacksDirectory, `Pulumi.${answers.stack}.yaml`));
}

/**
 * Writes the stack's file, makes the stack and rehearses it.
 * @throws UserError that says how far it came, and how to go on.
 */
export async function carryOut(plan: Plan, rehearse: Rehearse): Promise<void> {
  const { answers, project, fileText, backend, tell } = plan;
  const { stack } = answers;
  const file = path.join(project.directory, fileOf(plan));
  if (fileText !== undefined) {
    writeNew(file, fileText);
    tell(`Wrote ${fileOf(plan)}.`);
  } else tell(`${fileOf(plan)} is left as it is.`);
  try {
    if (backend !== undefined) await makeInBackend(plan, backend);
  } catch (error) {
    if (error instanceof StackInUse) {
      rmSync(file);
      throw new UserError(`${error.message} Give the new one another name. ${fileOf(plan)} is gone again.`);
    }
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message.trimEnd()}\n\n${fileOf(plan)} is written, and its stack is not made yet. Once that is mended, go on: ${resumption(plan)}`,
    );
  }
  tell(await rehearsed(project, stack, rehearse));
}

/** Writes a file that was not there when it was asked for. @throws UserError if it is by now. */
function writeNew(file: string, text: string, mode = 0o666): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode });
  } catch (error) {
    throw new UserError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The command that goes on from a file that is written. */
function resumption({ answers }: Plan): string {
  const { stack, backend, secretsProvider } = answers;
  const flags = [
    ["backend", backend],
    ["secrets-provider", secretsProvider],
  ].flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} '${value}'`]));
  return ["npm run init --", stack, ...flags].join(" ");
}

async function makeInBackend(plan: Plan, backend: string): Promise<void> {
  const { project, answers, fileText, needsLogin, canAsk, tell } = plan;
  const { stack, secretsProvider } = answers;
  const before = readSettings(project, stack, process.env);
  const cli = await findCli(before.minimumVersion, process.env);
  givePassphrase(plan);
  // The state and the key may lie in the account of that profile, too.
  const { profile = none } = answers;
  if (profile !== none) process.env["AWS_PROFILE"] = profile;
  if (needsLogin) {
    tell(`Logging in to ${backend}.`);
    const { code } = await handOver(cli, ["login", backend, ...(canAsk ? [] : ["--non-interactive"])]);
    if (code !== 0) throw new UserError(`The Pulumi CLI could not log in to ${backend}.`);
  }
  const settings = readSettings(project, stack, process.env);
  const chosen = { ...settings, secretsProvider: settings.secretsProvider ?? secretsProvider };
  const code = await makeStack(cli, stack, chosen, { isNew: fileText !== undefined });
  if (code !== 0) throw new UserError(`The Pulumi CLI could not make the stack "${stack}" in ${backend}.`);
  tell(`Stack "${stack}" is in ${backend}.`);
}

/** Gives the CLI the file of the passphrase, which is made if there is none. */
function givePassphrase({ answers, tell }: Plan): void {
  const { passphraseFile = none } = answers;
  if (passphraseFile === none) return;
  const file = expanded(passphraseFile);
  if (!existsSync(file)) {
    writeNew(file, randomBytes(32).toString("base64url"), 0o600);
    tell(`Wrote a new passphrase into ${file}. Keep a copy where you keep passwords.`);
  }
  process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] = file;
}

/** What to do next, command by command; what has to be set before goes first. */
export function nextSteps({ answers, backend }: Plan): string {
  const { stack, passphraseFile = none, profile = none, secretsProvider = "" } = answers;
  const settings = [
    ...(passphraseFile === none ? [] : settingIn("PULUMI_CONFIG_PASSPHRASE_FILE", expanded(passphraseFile))),
    ...(profile !== none && [backend ?? "", secretsProvider].some((url) => /^(s3|awskms):/.test(url))
      ? settingIn("AWS_PROFILE", profile)
      : []),
  ];
  return [
    ...(settings.length > 0
      ? ["In each terminal, by its shell:", ...settings.map((line) => `  ${line}`)]
      : []),
    "Next:",
    ...(backend === undefined
      ? [`  npm run init -- ${stack}       chooses a state backend and makes the stack`]
      : []),
    `  npm start -- ${stack}          shows all that would be made`,
    `  npm run up -- ${stack}         deploys it`,
  ].join("\n");
}

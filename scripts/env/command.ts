import { type CommandLine, wrong } from "../../project/command.ts";
import { bareStackName, readProject, readStackConfiguration } from "../../project/project.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";
import { commands } from "../commands.ts";
import type { ContainerEnvironment } from "./container-environment.ts";
import { deployedEnvironment } from "./deployed.ts";
import { formats, type Format } from "./format.ts";
import { rehearsedEnvironment } from "./rehearsed.ts";

/**
 * What `npm run env` prints to standard output; remarks go to standard error, so that the output can be a file.
 * @param rehearsing How a stack is rehearsed.
 */
export async function printed(
  { positionals: [stack = ""], values: wish }: CommandLine<typeof commands.env.flags>,
  rehearsing: typeof rehearse = rehearse,
): Promise<string> {
  const { service, format, deployed = false } = wish;
  const showSecrets = wish["show-secrets"] ?? false;
  if (!isFormat(format)) throw wrong(commands.env, `There is no format "${format}"`);
  if (showSecrets && !deployed)
    throw wrong(commands.env, "A rehearsal has no secrets to show: --show-secrets goes with --deployed");
  const project = readProject(process.cwd());
  const name = bareStackName(stack);
  readStackConfiguration(project, name);
  const environment = deployed
    ? await deployedEnvironment(project, { stack, service })
    : await rehearsedEnvironment(project, { stack: name, service }, rehearsing);
  const values = { ...environment.plain, ...(showSecrets ? environment.secret : placeholders(environment)) };
  const text = formats[format](values, service);
  if (!deployed) console.error("Rehearsed: what only a deployment knows, such as host names, is made up.");
  if (!showSecrets && Object.keys(environment.secret).length > 0) {
    console.error(`Secrets are placeholders${deployed ? "; --show-secrets prints them" : ""}.`);
  }
  return text;
}

function placeholders({ secret }: ContainerEnvironment): Record<string, string> {
  return Object.fromEntries(Object.keys(secret).map((name) => [name, `placeholder-for-${name}`]));
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

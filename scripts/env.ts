// npm run env -- <stack> [--service <container>] [--format dotenv|json|compose] [--deployed [--show-secrets]]
//
// Prints the environment that a stack gives a container: the rehearsed one, or that of a deployed stack.

import { type CommandLine, wrong } from "../project/command.ts";
import { runCommand } from "../project/run-command.ts";
import { bareStackName, readProject, readStackConfiguration } from "../project/project.ts";
import { commands } from "./commands.ts";
import type { ContainerEnvironment } from "./env/container-environment.ts";
import { deployedEnvironment } from "./env/deployed.ts";
import { formats, type Format } from "./env/format.ts";
import { rehearsedEnvironment } from "./env/rehearsed.ts";

await runCommand(commands.env, process.argv.slice(2), async ({ positionals: [stack = ""], values }) => {
  process.stdout.write(await print(stack, values));
  return 0;
});

type Wish = CommandLine<typeof commands.env.flags>["values"];

/** Returns what goes to standard output; remarks go to standard error, so that the output can be a file. */
async function print(stack: string, { service, format, deployed = false, ...wish }: Wish): Promise<string> {
  const showSecrets = wish["show-secrets"] ?? false;
  if (!isFormat(format)) throw wrong(commands.env, `There is no format "${format}"`);
  if (showSecrets && !deployed)
    throw wrong(commands.env, "A rehearsal has no secrets to show: --show-secrets goes with --deployed");
  const project = readProject(process.cwd());
  const name = bareStackName(stack);
  readStackConfiguration(project, name);
  const environment = deployed
    ? await deployedEnvironment(project, { stack, service })
    : await rehearsedEnvironment(project, { stack: name, service });
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

// npm run env -- <stack> [--service <container>] [--format dotenv|json|compose] [--deployed [--show-secrets]]
//
// Prints the environment that a stack gives a container: the rehearsed one, or that of a deployed stack.

import { parseArgs } from "node:util";
import { mistakeIn } from "../project/arguments.ts";
import { UserError } from "../project/user-error.ts";
import { bareStackName, readProject, readStackConfiguration, stackNames } from "../project/project.ts";
import type { ContainerEnvironment } from "./env/container-environment.ts";
import { deployedEnvironment } from "./env/deployed.ts";
import { formats, type Format } from "./env/format.ts";
import { rehearsedEnvironment } from "./env/rehearsed.ts";

interface Wish {
  readonly stack: string;
  readonly service: string;
  readonly format: Format;
  readonly deployed: boolean;
  readonly showSecrets: boolean;
}

try {
  process.stdout.write(await print(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** Returns what goes to standard output; remarks go to standard error, so that the output can be a file. */
async function print(args: readonly string[]): Promise<string> {
  const project = readProject(process.cwd());
  const wish = readArguments(args, stackNames(project));
  if (typeof wish === "string") return `${wish}\n`;
  const { stack, service, format, deployed, showSecrets } = wish;
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

/** Returns the usage where that is what was asked for. */
function readArguments(args: readonly string[], stacks: readonly string[]): Wish | string {
  const usage = `Usage: npm run env -- <stack> [--service <container>] [--format ${Object.keys(formats).join("|")}] [--deployed [--show-secrets]], with one of the stacks ${stacks.toSorted().join(", ")}.`;
  const wrong = (what: string) => new UserError(`${what}\n${usage}`);
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        service: { type: "string", default: "server" },
        format: { type: "string", default: "dotenv" },
        deployed: { type: "boolean", default: false },
        "show-secrets": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw wrong(`${mistakeIn(error)}.`);
  }
  const { positionals, values } = parsed;
  const { service, format, deployed, "show-secrets": showSecrets } = values;
  if (values.help) return usage;
  const [stack, ...others] = positionals;
  if (stack === undefined || others.length > 0) throw new UserError(usage);
  if (!isFormat(format)) throw wrong(`There is no format "${format}".`);
  if (showSecrets && !deployed)
    throw wrong("A rehearsal has no secrets to show: --show-secrets goes with --deployed.");
  return { stack, service, format, deployed, showSecrets };
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

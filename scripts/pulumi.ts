// npm run preview|up|destroy|outputs -- <stack> [flags of the Pulumi CLI]
//
// Hands over to the Pulumi CLI once everything that it needs is there. `npx pulumi up -s <stack>` does the same without.

import { Problem } from "../rehearsal/problem.ts";
import { type Project, readProject, stackNames } from "../rehearsal/project.ts";
import { missing } from "./pulumi/checks.ts";
import { ask, findCli, handOver } from "./pulumi/cli.ts";
import { readSettings, type Settings } from "./pulumi/settings.ts";

/** What each command is to the CLI, and whether it may make the stack, and whether it reaches the cloud. */
const commands: Readonly<
  Record<string, { args: readonly string[]; makesStack: boolean; reachesCloud: boolean }>
> = {
  preview: { args: ["preview"], makesStack: true, reachesCloud: true },
  up: { args: ["up"], makesStack: true, reachesCloud: true },
  destroy: { args: ["destroy"], makesStack: false, reachesCloud: true },
  outputs: { args: ["stack", "output"], makesStack: false, reachesCloud: false },
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main([name = "", stack, ...flags]: string[]): Promise<number> {
  const command = commands[name];
  const project = readProject(process.cwd());
  if (command === undefined || stack === undefined || stack.startsWith("-")) throw usage(project, name);
  const settings = readSettings(project, stack, process.env);
  const canAsk = process.stdin.isTTY && process.stdout.isTTY && !flags.includes("--non-interactive");
  const { reachesCloud } = command;
  const lines = await missing(settings, {
    project: project.name,
    stack,
    environment: process.env,
    canAsk,
    reachesCloud,
  });
  if (lines.length > 0) throw new Problem(lines.join("\n"));

  const cli = await findCli(settings.minimumVersion, process.env);
  if (command.makesStack) {
    const code = await makeStack(cli, stack, settings);
    if (code !== 0) return code;
  }
  return handOver(cli, [...command.args, "--stack", stack, ...flags]);
}

function usage(project: Project, name: string): Problem {
  const command = name in commands ? name : Object.keys(commands).join("|");
  return new Problem(
    `Usage: npm run ${command} -- <stack> [flags of the Pulumi CLI], with one of the stacks ${stackNames(project).sort().join(", ")}.`,
  );
}

/**
 * Makes the stack in the backend if the backend does not have it. The CLI would ask and make it with a passphrase,
 * removing another `secretsprovider` from the stack's file.
 * https://github.com/pulumi/pulumi/blob/1b5949891b3cefcb9974752b24a5ecef0acc86c8/pkg/secrets/passphrase/manager.go#L312-L322
 */
async function makeStack(cli: string, stack: string, settings: Settings): Promise<number> {
  const { backend, secretsProvider, wasMade } = settings;
  const answer = await ask(cli, ["stack", "select", stack, "--non-interactive"]);
  if (answer.code === 0) return 0;
  if (!/no stack named/.test(answer.stderr)) {
    process.stderr.write(answer.stderr);
    return answer.code;
  }
  const args = [
    "stack",
    "init",
    stack,
    ...(secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider]),
  ];
  if (wasMade) {
    throw new Problem(
      `Stack "${stack}" was made before, for its file holds a salt or key, but not in the state backend ${backend}: ` +
        `choose the backend that has it (npx pulumi login <url>), or make it anew: npx pulumi ${args.join(" ")}`,
    );
  }
  process.stderr.write(`Stack "${stack}" is new in the state backend ${backend}: making it.\n`);
  return handOver(cli, args);
}

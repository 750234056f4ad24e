import {
  type Command,
  type CommandLine,
  EXIT_USAGE,
  type Flag,
  helpOn,
  readCommandLine,
  UsageError,
} from "./command.ts";
import { harmless } from "./text.ts";
import { UserError } from "./user-error.ts";

/**
 * Runs a command of package.json with this process's arguments, and sets its exit code: prints the help where that is asked
 * for, and what a person can put right as one message.
 * @param work Answers the exit code; undefined is 0.
 */
export async function runCommand<Flags extends Readonly<Record<string, Flag>>>(
  command: Command<Flags>,
  given: readonly string[],
  work: (line: CommandLine<Flags>) => Promise<number | undefined> | number | undefined,
): Promise<void> {
  try {
    const line = readCommandLine(command, given, process.env);
    if (line.help) process.stdout.write(helpOn(command, process.stdout.columns));
    else if (line.permissions) await printPermissions(command, line.positionals[0]);
    else process.exitCode = (await work(line)) ?? 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${harmless(error.message)}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  }
}

/** Prints the IAM actions that a command takes. @throws UserError where they depend on a stack that cannot be read. */
export async function printPermissions(
  { permissions }: Pick<Command, "permissions">,
  stack: string | undefined,
): Promise<void> {
  const actions = (await permissions?.(stack)) ?? [];
  process.stdout.write(actions.map((action) => `${action}\n`).join(""));
  if (actions.length === 0) process.stderr.write("It takes no permissions in AWS.\n");
}

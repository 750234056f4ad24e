import type { Project } from "../../project/project.ts";
import { UserError } from "../../project/user-error.ts";
import { missing } from "./checks.ts";
import { findCli } from "./cli.ts";
import { readSettings, type Settings } from "./settings.ts";

/** What is about to be done with a stack. */
export interface Purpose {
  /** Whether resources of the stack will be looked at or changed. */
  readonly reachesCloud: boolean;
  /** Whether the Pulumi CLI can ask for a passphrase. @default false */
  readonly canAsk?: boolean;
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The Pulumi CLI for a stack, with the stack's settings, once all is there that the CLI needs for it.
 * @throws UserError with everything that is missing, a line each.
 */
export async function readyCli(
  project: Project,
  stack: string,
  { reachesCloud, canAsk = false, environment = process.env }: Purpose,
): Promise<{ readonly cli: string; readonly settings: Settings }> {
  const settings = readSettings(project, stack, environment);
  const run = { project: project.name, stack, environment, canAsk, reachesCloud };
  const lines = await missing(settings, run);
  if (lines.length > 0) throw new UserError(lines.join("\n"));
  return { cli: await findCli(settings.minimumVersion, process.env), settings };
}

// What a process that runs programs is asked, and what it answers.

import { environmentOf, type ProgramOptions } from "../rehearsal/program.ts";
import type { Rehearsal, RehearseOptions } from "../rehearsal/rehearse.ts";

/** What a program is run with. */
export interface Run {
  /** The folder of the program, `index.ts`. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** Address of the monitor and the engine. */
  readonly address: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What a program of these options is run with. */
export function runOf(options: ProgramOptions): Run {
  const { project, stack, mode, address, configuration } = options;
  return {
    folder: project.workingDirectory,
    project: project.name,
    stack,
    preview: mode === "preview",
    address,
    environment: { ...environmentOf(options), PULUMI_NODEJS_ROOT_DIRECTORY: project.directory },
    configuration: configuration.values,
    secretKeys: configuration.secretKeys,
  };
}

/** What is rehearsed with the engine's side in the program's process, too. */
export interface Whole {
  readonly options: RehearseOptions;
  /** The caller's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where what comes of it is to be kept. */
  readonly file: string | undefined;
}

/** What came of it: nothing, when it is kept, and when it could not be rehearsed. */
export interface Rehearsed {
  readonly rehearsal?: Rehearsal;
}

/**
 * Whether a program ended with an error that it did not tell: what is left of one before it, which its engine gave up, may
 * have been in its way.
 */
export function endedSilently({ program: { message = "" } }: Rehearsal): boolean {
  return message.startsWith("the program ended with exit code");
}

/** How it ended. */
export interface Ended {
  /** 32 when the program failed and said why, as with the runner. */
  readonly exitCode: number;
  readonly stdout: string;
}

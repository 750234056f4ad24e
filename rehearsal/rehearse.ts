// A rehearsal: the program of a stack, unmodified, run against an engine that only pretends.

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { configurationOf, DEFAULT_REGION, type Configuration } from "./configuration.ts";
import { Deployment } from "./deployment.ts";
import { consequencesOf } from "./effects.ts";
import { failureOf } from "./failure.ts";
import { runProgram, type ProgramOptions, type ProgramResult } from "./program.ts";
import { judge, type Judgement, noPolicies, policyBook } from "../policy/judgement.ts";
import { type Project, readProject, readStackConfiguration } from "../project/project.ts";
import type { Answers } from "./provider.ts";
import { standIns } from "./stand-ins.ts";
import { stackFileProblems } from "./stack-file.ts";
import type { Message, Mode, Rehearsal, Where } from "./record.ts";
import { serve } from "./serve.ts";

export { changesBetween } from "./changes.ts";
export { maskedRehearsal } from "./mask.ts";
export { UserError } from "../project/user-error.ts";
export type { Answer, Answers } from "./provider.ts";
export type * from "./record.ts";
export { UNKNOWN, type Properties } from "../project/values.ts";

type Previous = Pick<Rehearsal, "mode" | "resources">;

export interface RehearseOptions {
  /** Name of the stack: `Pulumi.<stack>.yaml` is read. */
  readonly stack: string;
  /** @default "preview" */
  readonly mode?: Mode;
  /** Configuration instead of the stack's own, as text; a key without a namespace belongs to the project. */
  readonly set?: Readonly<Record<string, string>>;
  /** The same, marked as secret. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Folder of Pulumi.yaml. @default the project that this file is part of */
  readonly projectDirectory?: string;
  /**
   * Runs the program's resource hooks, as the engine does around each change; in a preview only those that ask for
   * it. Mind what they reach: see `environment`. @default false
   */
  readonly runHooks?: boolean;
  /** More environment variables for the program, such as the address of a stubbed AWS. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers that go before the catalogue's, by resource type token (what it adds to the inputs) or function token. */
  readonly answers?: Answers;
  /**
   * An update that this one follows: its resources are kept, updated, replaced or deleted. While it still goes on, this
   * program starts, and waits for its end. If it fails, so does this.
   */
  readonly previous?: Previous | Promise<Previous>;
  /** How the program is run. @default in a process of its own, as Pulumi's language host does it */
  readonly run?: (options: ProgramOptions, deployment: Deployment) => Promise<ProgramResult>;
}

function printedLines(stdout: string): Message[] {
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((text) => ({ severity: "info", text }));
}

function whereOf(project: string, values: Configuration["values"]): Where {
  const { [`${project}:target`]: target, [`${project}:size`]: size, "aws:region": region } = values;
  return {
    ...(target === undefined ? {} : { target }),
    ...(region === undefined || target === "docker" ? {} : { region }),
    ...(size === undefined || target === "docker" ? {} : { size }),
  };
}

/** What the policies say of resources, under a configuration that may give promises up on purpose. */
export function judgementOf(
  { name: project, directory }: Project,
  { values }: Configuration,
  judged: Pick<Rehearsal, "resources">,
): Judgement {
  return judge(
    judged,
    (name) => values[`${project}:${name}`],
    // A project of another kind, such as one of the tests', promises nothing.
    existsSync(path.join(directory, "policy")) ? policyBook() : noPolicies,
  );
}

/** What a deployment follows, once that has ended. */
async function ended(previous: RehearseOptions["previous"]): Promise<Previous | undefined> {
  const deployed = await previous;
  if (deployed && deployed.mode !== "update")
    throw new TypeError("a deployment can only follow a rehearsed update");
  return deployed;
}

/**
 * Runs the program of a stack and records everything that it asks Pulumi for. It reaches no cloud. Throws a `UserError`
 * for what the Pulumi CLI refuses before it starts a program: no such stack, missing configuration.
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { stack, mode = "preview", set = {}, secrets = {}, run = runProgram } = options;
  const project = readProject(options.projectDirectory ?? fileURLToPath(new URL("..", import.meta.url)));
  const configuration = configurationOf(project, stack, readStackConfiguration(project, stack), {
    set,
    secrets,
  });
  const deployment = new Deployment({
    project: project.name,
    stack,
    mode,
    region: configuration.values["aws:region"] ?? DEFAULT_REGION,
    runHooks: options.runHooks ?? false,
    answers: options.answers ?? {},
  });
  const notes = standIns(project, stack, configuration, secrets);
  const following = ended(options.previous);
  deployment.follow(following.then((previous) => previous?.resources ?? []));
  const server = await serve(deployment);
  try {
    const result = await run(
      {
        project,
        stack,
        mode,
        configuration,
        address: server.address,
        environment: options.environment ?? {},
        signal: deployment.stopped,
      },
      deployment,
    );
    const previous = await following;
    const message = deployment.stopped.aborted
      ? undefined
      : failureOf(result, deployment.messages, project.directory);
    const { outputs = {}, secretOutputs = [] } = deployment.root ?? {};
    const rehearsal = {
      project: project.name,
      stack,
      where: whereOf(project.name, configuration.values),
      mode,
      resources: deployment.resources,
      invokes: deployment.invokes,
      hooks: deployment.hooks.all,
      hookRuns: deployment.hooks.runs,
      outputs,
      secretOutputs,
      debugMessages: deployment.debugMessages,
      messages: [
        ...notes.map((text): Message => ({ severity: "info", text })),
        ...deployment.messages,
        ...printedLines(result.stdout),
      ],
      findings: [
        ...stackFileProblems(project, stack, { set, secrets }).map((text) => ({ message: text })),
        ...deployment.findings,
      ],
      changes: deployment.changes,
      // What stands in for a value may be what is wrong.
      program: {
        exitCode: result.exitCode,
        ...(message === undefined ? {} : { message: [message, ...notes].join("\n") }),
      },
    };
    return {
      ...rehearsal,
      consequences: previous ? consequencesOf(rehearsal, previous.resources) : [],
      policies: judgementOf(project, configuration, rehearsal),
    };
  } finally {
    server.close();
  }
}

import { awsCommand } from "../../../config/aws-command.ts";
import { describeError } from "./calls.ts";
import { logEnd } from "./log.ts";
import { diagnose } from "./reasons.ts";
import type { Run } from "./run.ts";

/** Ends a run: what happened, as a sentence without its full stop, and where to look. */
export class TaskFailed extends Error {
  readonly remedy: string | undefined;
  /** The container whose log tells more, and its task; absent when none ran. */
  readonly ran: { readonly arn: string; readonly container: string } | undefined;

  constructor(what: string, remedy?: string, ran?: TaskFailed["ran"]) {
    super(what);
    this.remedy = remedy;
    this.ran = ran;
  }
}

/** The whole message: what happened, what to do, what it means for the service, and the end of the log. */
export async function explanation(task: Run, error: unknown): Promise<string> {
  const { what, remedy, ran } = summary(task, error);
  const consequence =
    task.deployment === "create"
      ? "The service was not created."
      : "The service was not changed: the version that ran before keeps serving.";
  const log = ran === undefined ? [] : await endOfLog(task, ran);
  return [`${what}.`, ...(remedy === undefined ? [] : [remedy]), consequence, ...log].join("\n");
}

function summary(task: Run, error: unknown): Pick<TaskFailed, "ran" | "remedy"> & { what: string } {
  if (error instanceof TaskFailed) return { what: error.message, remedy: error.remedy, ran: error.ran };
  const said = describeError(error);
  return {
    what: `The ${task.purpose} could not be started: ${said}`,
    remedy: diagnose(said)?.remedy,
    ran: undefined,
  };
}

async function endOfLog(task: Run, ran: NonNullable<TaskFailed["ran"]>): Promise<string[]> {
  const stream = `${task.logStreamPrefix}/${ran.container}/${idOf(ran.arn)}`;
  const { lines, missing } = await logEnd(task.logs, task.logGroup, stream, task.clock);
  const shown =
    missing === undefined ? ["The end of its log:", ...lines.map((line) => `    ${line}`)] : [missing];
  const words = ["logs", "tail", task.logGroup, "--log-stream-names", stream, "--since", "1d"];
  return [...shown, `The whole log: ${await commandFor(task, words)}`];
}

/** A command of the AWS CLI against the account and region of the run. */
export async function commandFor({ ecs, provider }: Run, words: readonly string[]): Promise<string> {
  return awsCommand(words, { region: await ecs.config.region(), profile: provider.profile });
}

/** The part of a task's ARN that names its log stream. */
export function idOf(taskArn: string): string {
  return taskArn.replace(/^.*\//, "");
}

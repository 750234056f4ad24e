// What people see of a job: the summary page and annotations of GitHub Actions, or the log elsewhere.

import { appendFile } from "../../project/write-file.ts";

/**
 * Puts Markdown on the job's summary page.
 * @param isInLog Whether the log says the same. Without it the Markdown goes there where there is no page.
 */
export function summarize(
  markdown: string,
  environment: NodeJS.ProcessEnv = process.env,
  isInLog: boolean = false,
): void {
  const page = environment["GITHUB_STEP_SUMMARY"] ?? "";
  if (page !== "") appendFile(page, `${markdown}\n\n`);
  else if (!isInLog) process.stderr.write(`${markdown}\n`);
}

/** Gives the job an output, by which other jobs go on. */
export function giveOutput(name: string, value: string, environment: NodeJS.ProcessEnv = process.env): void {
  const file = environment["GITHUB_OUTPUT"] ?? "";
  if (/\n/.test(value)) throw new TypeError(`the output ${name} has several lines`);
  if (file !== "") appendFile(file, `${name}=${value}\n`);
}

/**
 * Marks the job with a line, in the form that GitHub Actions reads from a log.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotate(
  kind: "notice" | "warning" | "error",
  text: string,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  process.stdout.write(environment["GITHUB_ACTIONS"] === "true" ? `::${kind}::${escaped}\n` : `${text}\n`);
}

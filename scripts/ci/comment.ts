// The comment on a pull request. It runs with the right to write it, on reports that anybody may have made: which pull
// request it is, is told by GitHub, and every text of a report is shown as it is.

import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../project/user-error.ts";
import type { Report } from "./report.ts";
import { reportsText } from "./report-text.ts";

/** By which the comment is found again. */
const MARKER = "<!-- nango: what a pull request would deploy -->";

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run */
const event = z.object({
  workflow_run: z.object({
    event: z.string(),
    html_url: z.string(),
    head_sha: z.string().regex(/^[0-9a-f]{40}$/),
    head_branch: z.string(),
    head_repository: z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) }),
  }),
});

const pulls = z.array(
  z.object({
    number: z.number(),
    head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  }),
);

const comments = z.array(
  z.object({ id: z.number(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullable() }),
);

/** GitHub, as a job of its Actions reaches it. */
export interface GitHub {
  /** Such as https://api.github.com. */
  readonly api: string;
  /** owner/name */
  readonly repository: string;
  readonly token: string;
}

/** What a job has to be told of by GitHub. */
const needed = ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_EVENT_PATH"] as const;

/**
 * Who is reached, and the event that a job runs for.
 * @throws UserError where the variables of GitHub Actions are not there, or no use.
 */
export function workflowRun(environment: NodeJS.ProcessEnv): { github: GitHub; event: unknown } {
  const [api = "", repository = "", token = "", file = ""] = needed.map((name) => environment[name]);
  const empty = needed.filter((name) => (environment[name] ?? "") === "");
  if (empty.length > 0)
    throw new UserError(
      `${empty.join(", ")} not set: this runs in GitHub Actions, in a workflow for workflow_run, which sets all but ` +
        "GITHUB_TOKEN; that is given to the step, as in .github/workflows/comment.yml.",
    );
  if (!URL.canParse(api))
    throw new UserError(`GITHUB_API_URL = "${api}" is no URL, such as https://api.github.com.`);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UserError(`GITHUB_REPOSITORY = "${repository}" is no repository: <owner>/<name>.`);
  try {
    return { github: { api, repository, token }, event: JSON.parse(readFileSync(file, "utf8")) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new UserError(`GITHUB_EVENT_PATH = "${file}" is no file with the event as JSON: ${said}`);
  }
}

/** Calls GitHub's API. @throws UserError with what it answered. */
async function call(github: GitHub, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${github.api}/repos/${github.repository}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${github.token}`,
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    const said =
      error instanceof Error ? `${error.message} ${String(error.cause ?? "")}`.trim() : String(error);
    throw new UserError(`${github.api} did not answer ${method} ${path}: ${said}. Run the job again.`);
  });
  if (response.ok) return response.json();
  const answer = (await response.text()).slice(0, 300);
  throw new UserError(`GitHub answered ${response.status} to ${method} ${path}: ${answer}`);
}

/**
 * Posts the reports, or brings the comment up to date.
 * @param payload The event of the workflow that posts.
 * @returns what to print.
 */
export async function postComment(github: GitHub, payload: unknown, all: readonly Report[]): Promise<string> {
  const parsed = event.safeParse(payload);
  if (!parsed.success || parsed.data.workflow_run.event !== "pull_request")
    return "This run is not about a pull request: there is nothing to comment.";
  const run = parsed.data.workflow_run;
  const number = await pullRequestOf(github, run);
  if (number === undefined)
    return `No open pull request has ${run.head_sha} as its newest commit: there is nothing to comment.`;
  const body = commentText(all, run);
  const existing = await commentOn(github, number);
  if (existing === undefined) {
    if (all.length === 0) return "No stack changes: there is nothing to comment.";
    await call(github, "POST", `/issues/${number}/comments`, { body });
    return `Commented on #${number}.`;
  }
  await call(github, "PATCH", `/issues/comments/${existing}`, { body });
  return `The comment on #${number} is up to date.`;
}

type Run = z.infer<typeof event>["workflow_run"];

/** The event of a fork's run names no pull request: the one whose newest commit it ran for. */
async function pullRequestOf(github: GitHub, run: Run): Promise<number | undefined> {
  const head = encodeURIComponent(`${run.head_repository.owner.login}:${run.head_branch}`);
  const open = pulls.parse(await call(github, "GET", `/pulls?state=open&per_page=100&head=${head}`));
  return open.find(
    ({ head: { sha, repo } }) => sha === run.head_sha && repo?.full_name === run.head_repository.full_name,
  )?.number;
}

const PAGES = 10;

async function commentOn(github: GitHub, number: number): Promise<number | undefined> {
  for (let page = 1; page <= PAGES; page += 1) {
    const found = comments.parse(
      await call(github, "GET", `/issues/${number}/comments?per_page=100&page=${page}`),
    );
    // A person who writes the marker would have their own words replaced.
    const own = found.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(MARKER) === true);
    if (own !== undefined) return own.id;
    if (found.length < 100) return undefined;
  }
  return undefined;
}

function commentText(all: readonly Report[], { head_sha: sha, html_url: url }: Run): string {
  const what =
    all.length === 0
      ? "No stack changes."
      : "What this pull request would deploy. A rehearsal runs the program of the pull request and asks nobody; what it says is only as true as that program.";
  return [
    MARKER,
    `## Stacks at ${sha.slice(0, 12)}`,
    what,
    ...(all.length === 0 ? [] : [reportsText(all)]),
    `[The run](${safeUrl(url)})`,
  ].join("\n\n");
}

function safeUrl(url: string): string {
  return /^https:\/\/[\w.-]+\/[\w./-]+$/.test(url) ? url : "https://github.com";
}

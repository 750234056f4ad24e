// Which job gets which role: the event that starts it, its permissions and conditions, and the trust policies of the roles,
// taken together.
import { describe, expect, test } from "vitest";
import { issuersFor, type Purpose, purposes, trustPolicy } from "../../bootstrap/trust.ts";
import { gitHubToken, letsIn } from "../bootstrap/claims.ts";
import { runs } from "./expression.ts";
import { type Job, type Workflow, workflows } from "./workflow.ts";

const stacks = ["dev", "production"];
const config = {
  region: "eu-central-1",
  github: { owner: "acme", ownerId: "1234567", name: "nango", id: "456789012" },
  gitlab: undefined,
  branch: "main",
  stacks,
  pullRequests: ["dev"],
  backend: undefined,
};

/** What starts a run, and from where. */
interface Start {
  readonly event: "pull_request" | "push" | "schedule" | "workflow_dispatch" | "workflow_run";
  readonly ref: string;
  /** The repository of a pull request's branch. */
  readonly from?: string;
}

const starts: Readonly<Record<string, Start>> = {
  "a fork's pull request": { event: "pull_request", ref: "refs/pull/7/merge", from: "mallory/nango" },
  "a branch's pull request": { event: "pull_request", ref: "refs/pull/7/merge", from: "acme/nango" },
  "a push to main": { event: "push", ref: "refs/heads/main" },
  "a night": { event: "schedule", ref: "refs/heads/main" },
  "somebody on main": { event: "workflow_dispatch", ref: "refs/heads/main" },
  "somebody on another branch": { event: "workflow_dispatch", ref: "refs/heads/mine" },
  "the end of another run": { event: "workflow_run", ref: "refs/heads/main" },
};

/** The jobs that a workflow runs, with those of the workflows that it calls. */
function jobsOf(
  one: Workflow,
  where = one.file,
): (readonly [where: string, job: Job, all: Workflow["jobs"]])[] {
  return Object.entries(one.jobs).flatMap(([id, job]) => {
    const called = workflows.find(({ file }) => job.uses === `./.github/workflows/${file}`);
    return called === undefined
      ? [[`${where}: ${id}`, job, one.jobs] as const]
      : jobsOf(called, `${where}: ${id}: ${called.file}`);
  });
}

/** Whether a job, and whatever it waits for, is not left out by a condition on the event. */
function isReached(job: Job, all: Workflow["jobs"], contexts: object): boolean {
  const needs = [job.needs ?? []].flat();
  const own = runs(job.if, { ...contexts, needs: { stacks: { outputs: { stacks: '["dev"]' } } } });
  return own && needs.every((id) => isReached(all[id]!, all, contexts));
}

function policyOf(purpose: Purpose, stack: string) {
  return trustPolicy(
    issuersFor(config).map(({ host, conditions }) => ({
      providerArn: `arn:aws:iam::123456789012:oidc-provider/${host}`,
      conditions: conditions(purpose, stack),
    })),
  );
}

/** The roles that jobs can have when something starts them, as `<where>: <purpose> <stack>`. */
function rolesFor({ event, ref, from }: Start): string[] {
  const started = workflows.filter(({ on }) => event in on);
  const contexts = {
    vars: { NANGO_PIPELINE: "{}" },
    github: {
      repository: "acme/nango",
      event: {
        pull_request: { head: { repo: { full_name: from ?? "" } }, user: { login: "ada" } },
        workflow_run: { event: "pull_request", conclusion: "success" },
      },
    },
  };
  // GitHub lets no job of a fork's pull request ask for a token, whatever its permissions say.
  // https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
  const mayAsk = event !== "pull_request" || from === "acme/nango";
  return started.flatMap((one) =>
    jobsOf(one).flatMap(([where, job, all]) => {
      if (!mayAsk || job.permissions?.["id-token"] !== "write" || !isReached(job, all, contexts)) return [];
      return stacks.flatMap((stack) =>
        purposes
          .filter((purpose) => {
            const environment = job.environment === undefined ? {} : { environment: stack };
            return letsIn(policyOf(purpose, stack), gitHubToken({ ref, event, ...environment }));
          })
          .map((purpose) => `${where}: ${purpose} ${stack}`),
      );
    }),
  );
}

describe.each(Object.entries(starts))("%s", (name, start) => {
  const roles = rolesFor(start);
  const kinds = [...new Set(roles.map((role) => role.split(": ").at(-1)!))].toSorted();

  test("reaches the roles that it should", () => {
    const looking = ["drift dev", "drift production", "preview dev", "preview production"];
    const expected: Readonly<Record<string, readonly string[]>> = {
      "a branch's pull request": ["preview dev"],
      "a push to main": ["deploy dev", "deploy production", ...looking],
      "a night": looking,
      "somebody on main": ["deploy dev", "deploy production", ...looking],
    };
    expect(kinds).toEqual([...(expected[name] ?? [])].toSorted());
  });
});

test("each role that a job assumes is one that AWS gives it", () => {
  const assumed = workflows.flatMap((one) =>
    jobsOf(one).flatMap(([where, job]) =>
      (job.steps ?? []).flatMap((step) => {
        const purpose = /\.roles\.(\w+)/.exec(String(step.with?.["role-to-assume"] ?? ""))?.[1];
        return purpose === undefined ? [] : [[where, purpose] as const];
      }),
    ),
  );
  const given = Object.values(starts).flatMap(rolesFor);
  expect(assumed.length).toBeGreaterThan(5);
  for (const [where, purpose] of assumed)
    if (!where.startsWith("stack.yml")) expect(given, where).toContain(`${where}: ${purpose} dev`);
});

test("a fork's pull request reaches no role even where GitHub were to give it a token", () => {
  const job = workflows.find(({ file }) => file === "pull-request.yml")!.jobs;
  const fork = starts["a fork's pull request"]!;
  const contexts = {
    vars: { NANGO_PIPELINE: "{}" },
    github: {
      repository: "acme/nango",
      event: { pull_request: { head: { repo: { full_name: fork.from } }, user: { login: "mallory" } } },
    },
  };
  expect(isReached(job["preview"]!, job, contexts)).toBe(false);
  const token = gitHubToken(
    { ref: fork.ref, event: "pull_request" },
    { owner: "mallory", ownerId: "9", id: "8" },
  );
  for (const stack of stacks)
    for (const purpose of purposes) expect(letsIn(policyOf(purpose, stack), token)).toBe(false);
});

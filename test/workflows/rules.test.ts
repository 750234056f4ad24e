// What must hold of every workflow, whoever writes the next one.
import { describe, expect, test } from "vitest";
import { allJobs, allSteps, workflow, workflows } from "./workflow.ts";

/** What a job may write, and nothing else may. Each has its reason in the file. */
const WRITES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "comment.yml: comment": { "pull-requests": "write" },
  "deploy.yml: deploy": { "id-token": "write" },
  "nightly.yml: drift": { "id-token": "write" },
  "pull-request.yml: preview": { "id-token": "write" },
  "release.yml: publish": { contents: "write" },
  "restore-drill.yml: drill": { "id-token": "write" },
  "rollback.yml: deploy": { "id-token": "write" },
  "stack.yml: deploy": { "id-token": "write" },
  "stack.yml: plan": { "id-token": "write" },
  "upgrade.yml: upgrade": { contents: "write", "pull-requests": "write" },
};

const writesOf = (permissions: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(permissions).filter(([, level]) => level !== "read"));

const roleOf = (steps: (typeof allJobs)[number]["job"]["steps"]) =>
  steps?.flatMap(
    ({ with: given }) => /\.roles\.(\w+)/.exec(String(given?.["role-to-assume"] ?? ""))?.[1] ?? [],
  ) ?? [];

describe("rights", () => {
  test("are given to jobs alone, each what it needs", () => {
    for (const { file, permissions } of workflows) expect(permissions, file).toEqual({});
    for (const { where, job } of allJobs) {
      expect(job.permissions, where).toBeDefined();
      expect(writesOf(job.permissions), where).toEqual(WRITES[where] ?? {});
    }
  });

  test("to credentials are those of jobs that assume a role, or call one that does", () => {
    for (const { where, job } of allJobs) {
      const assumes = roleOf(job.steps).length > 0 || job.uses === "./.github/workflows/stack.yml";
      expect(job.permissions?.["id-token"] === "write", where).toBe(assumes);
    }
  });

  // AWS trusts the deploying role to an environment, and the others to what has none: docs/bootstrap.md.
  test("to deploy are behind an environment, to look are not", () => {
    const assuming = allJobs.flatMap(({ where, job }) =>
      roleOf(job.steps).map(
        (role) => `${where} ${role} ${job.environment === undefined ? "bare" : "environment"}`,
      ),
    );
    expect(assuming.toSorted()).toEqual(
      [
        "nightly.yml: drift drift bare",
        "pull-request.yml: preview preview bare",
        "restore-drill.yml: drill deploy environment",
        "stack.yml: deploy deploy environment",
        "stack.yml: plan preview bare",
      ].filter((line) => workflows.some(({ file }) => line.startsWith(file))),
    );
  });

  test("are held by no secret of the repository", () => {
    for (const { file, text } of workflows) expect(text, file).not.toMatch(/\bsecrets\b/);
  });
});

describe("what a fork can send", () => {
  test("meets no workflow with rights and its code", () => {
    for (const { file, on } of workflows) {
      expect(Object.keys(on), file).not.toContain("pull_request_target");
      expect(Object.keys(on), file).not.toContain("issue_comment");
    }
  });

  test("is not what the workflow with the right to comment runs", () => {
    const { comment } = workflow("comment.yml").jobs;
    const checkouts = comment!.steps!.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    // Without a ref it is the default branch.
    expect(checkouts.map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
    expect(comment!.steps!.flatMap(({ run }) => run ?? [])).toEqual([
      "npm ci --no-audit --no-fund",
      'npm run --silent ci:comment -- "$REPORTS"',
      "npm run --silent ci:next -- comment",
    ]);
  });

  test("is no part of a script", () => {
    for (const { where, step } of allSteps) expect(step.run ?? "", where).not.toContain("${{");
  });

  test("finds no cache that a job with rights would read", () => {
    for (const { where, job, step } of allSteps.filter(({ step }) =>
      step.uses?.startsWith("actions/setup-node@"),
    ))
      if (Object.keys(writesOf(job.permissions)).length > 0 && !where.startsWith("pull-request.yml"))
        expect(step.with, where).toMatchObject({ "package-manager-cache": false });
  });
});

describe("actions", () => {
  const uses = allSteps.filter(({ step }) => step.uses !== undefined);

  test("are few, and each is one commit with its version beside it", () => {
    const lines = workflows.flatMap(({ text }) => text.match(/uses: .*/g) ?? []);
    const remote = [...new Set(lines.filter((line) => !line.includes("./.github/")))].toSorted();
    for (const line of remote) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(remote.map((line) => /uses: (.*)@/.exec(line)?.[1])).toEqual([
      "actions/checkout",
      "actions/download-artifact",
      "actions/setup-node",
      "actions/upload-artifact",
      "aws-actions/configure-aws-credentials",
    ]);
  });

  test("leave no token behind for what runs later", () => {
    for (const { where, step } of uses.filter(({ step }) => step.uses?.startsWith("actions/checkout@")))
      expect(step.with?.["persist-credentials"], where).toBe(false);
  });
});

describe("jobs", () => {
  const withSteps = allJobs.filter(({ job }) => job.steps !== undefined);

  test("end by themselves", () => {
    for (const { where, job } of withSteps) {
      expect(job["timeout-minutes"], where).toBeGreaterThan(0);
      expect(job["timeout-minutes"], where).toBeLessThanOrEqual(180);
    }
  });

  test("that change a stack wait for each other, and are not cancelled", () => {
    const { plan, deploy } = workflow("stack.yml").jobs;
    const lock = { group: "nango-stack-${{ inputs.stack }}", "cancel-in-progress": false };
    expect([plan!.concurrency, deploy!.concurrency]).toEqual([lock, lock]);
    for (const {
      workflow: { file, concurrency },
      where,
      job,
    } of allJobs.filter(({ job }) => job.environment)) {
      expect(job.concurrency ?? concurrency, where).toMatchObject({
        group: expect.stringContaining("stack"),
      });
      expect([undefined, false], file).toContain(concurrency?.["cancel-in-progress"]);
    }
  });

  test("of runs that may be cancelled write nothing", () => {
    const cancelled = workflows.filter(
      (one) => ![undefined, false].includes(one.concurrency?.["cancel-in-progress"] as false),
    );
    expect(cancelled.map(({ file }) => file)).toEqual(["check.yml", "pull-request.yml"]);
    for (const { jobs } of cancelled)
      for (const job of Object.values(jobs))
        expect(Object.keys(writesOf(job.permissions))).not.toContain("contents");
  });

  test("run in bash, which ends at the first error, in the project's folder", () => {
    for (const {
      workflow: { file, text },
    } of withSteps) {
      expect(text, file).toMatch(/shell: bash/);
      if (file !== "release.yml")
        expect(text, file).toContain("working-directory: ${{ inputs.directory || '.' }}");
    }
  });

  test("have a name, and so have steps that run something", () => {
    for (const { where, job } of allJobs) expect(job.name, where).toMatch(/\S/);
    for (const { where, step } of allSteps)
      if (step.run !== undefined) expect(step.name, where).toMatch(/\S/);
  });

  test("that need the pipeline's roles are reached only with its variable", () => {
    for (const { where, workflow: one, job } of withSteps) {
      if (!JSON.stringify(job).includes("fromJSON(vars.NANGO_PIPELINE)")) continue;
      const isCalled = Object.keys(one.on).join() === "workflow_call";
      expect(isCalled || [job.needs].flat().includes("stacks"), where).toBe(true);
    }
  });
});

describe("adopters", () => {
  test.each([
    "check.yml",
    "pull-request.yml",
    "comment.yml",
    "deploy.yml",
    "stack.yml",
    "nightly.yml",
    "upgrade.yml",
    "rollback.yml",
    "restore-drill.yml",
  ])("can call %s from a repository that has the project in a folder", (file) => {
    expect(workflow(file).on["workflow_call"]?.inputs).toHaveProperty("directory");
  });
});

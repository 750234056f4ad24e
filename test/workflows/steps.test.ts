import { describe, expect, test } from "vitest";
import { readCommandLine } from "../../project/command.ts";
import { commands } from "../../scripts/commands.ts";
import { jobs } from "../../scripts/ci/next.ts";
import type { Contexts } from "./expression.ts";
import { runJob, type RanJob } from "./run-job.ts";
import { allJobs, workflow, type Job } from "./workflow.ts";

const role = (name: string) => `arn:aws:iam::123456789012:role/nango-ci/nango-ci-${name}`;
const stack = (name: string, pullRequests: boolean) => ({
  account: "123456789012",
  region: "eu-central-1",
  environment: name,
  backend: "s3://nango-state?region=eu-central-1",
  pullRequests,
  roles: { preview: role(`${name}-preview`), deploy: role(`${name}-deploy`), drift: role(`${name}-drift`) },
});
const pipeline = JSON.stringify({ dev: stack("dev", true), production: stack("production", false) });

const pullRequest = (from: string, author = "ada") => ({
  head: { repo: { full_name: from } },
  base: { sha: "b".repeat(40) },
  user: { login: author },
});

/** A run in which everything is there, on main or for a pull request. */
function contexts(changes: Contexts = {}): Contexts {
  return {
    github: {
      repository: "acme/nango",
      ref: "refs/heads/main",
      ref_name: "v9.0.0",
      sha: "a".repeat(40),
      token: "token",
      workspace: "/workspace",
      event_name: "push",
      event: {
        pull_request: pullRequest("acme/nango"),
        workflow_run: { event: "pull_request", conclusion: "success", head_sha: "c".repeat(40), id: 7 },
      },
    },
    vars: { NANGO_PIPELINE: pipeline },
    inputs: { stack: "dev", commit: "HEAD~1", version: "1.6.12", directory: "." },
    matrix: { stack: "dev", node: "24" },
    needs: {
      stacks: { outputs: { stacks: '["dev","production"]' } },
      plan: { outputs: { fingerprint: "5f3c" } },
      judge: { outputs: { commit: "d".repeat(40) } },
    },
    ...changes,
  };
}

const prints = { "ci:stacks": '["dev","production"]\n', upgrade: "Written.\n" };
const outputs = { plan: { fingerprint: "5f3c" }, judge: { commit: "d".repeat(40) } };
const withSteps = allJobs.filter(({ job }) => job.steps !== undefined);

/** The words behind the script's name, of a call of npm. */
function ofNpm(call: readonly string[]): { script: string; args: readonly string[] } | undefined {
  const [program, ...words] = call;
  if (program !== "npm") return undefined;
  const names = words.filter((word) => word !== "--silent");
  const script = (names[0] === "run" ? names[1] : names[0]) ?? "";
  const at = words.indexOf("--");
  return { script, args: at === -1 ? [] : words.slice(at + 1) };
}

describe.each(withSteps.map((one) => [one.where, one.job] as const))("%s", (_, job) => {
  const ran = runJob(job, contexts(), { prints, outputs });

  test("runs to its end", () => {
    expect(ran.steps.filter(({ failed }) => failed)).toEqual([]);
    expect(ran.ran).toBe(true);
    expect(ran.calls.length).toBeGreaterThan(1);
  });

  test("calls commands of package.json as they want to be called", () => {
    for (const call of ran.calls) {
      const { script, args } = ofNpm(call) ?? {};
      if (script === undefined || ["ci", "test", "types"].includes(script)) continue;
      expect(Object.keys(commands)).toContain(script);
      expect(() => readCommandLine(commands[script as keyof typeof commands], args ?? [], {})).not.toThrow();
    }
  });

  // Whatever fails: each step that runs a command, one by one.
  test.each(ran.calls.flatMap((call) => ofNpm(call)?.script ?? []).filter((script) => script !== "ci"))(
    "says what to do when %s fails",
    (script) => {
      const failing = runJob(job, contexts(), { prints, outputs, fails: [script] });
      expect(failing.failed).toBe(true);
      const said = failing.calls
        .map(ofNpm)
        .flatMap((call) => (call?.script === "ci:next" ? [call.args[0]] : []));
      // The list of stacks fails by a variable that is wrong, and says so itself.
      expect(said).toEqual(script === "ci:stacks" && said.length === 0 ? [] : [expect.toBeOneOf([...jobs])]);
    },
  );
});

describe("a deployment", () => {
  const { plan, deploy } = workflow("stack.yml").jobs;
  const run = (job: Job, fails: readonly string[], commit = "") =>
    runJob(job, contexts({ inputs: { stack: "dev", commit, directory: "." } }), { prints, fails, outputs });
  const scriptsOf = ({ calls }: RanJob) =>
    calls.flatMap((call) => {
      const { script, args } = ofNpm(call) ?? {};
      return script === undefined || script === "ci" ? [] : [[script, ...(args ?? [])].join(" ")];
    });
  const scripts = (fails: readonly string[]) => scriptsOf(run(deploy!, fails));
  const tip = "ci:tip /workspace/.tip/.";

  test("does what was approved, and then looks", () => {
    expect(scripts([])).toEqual([
      "permissions dev --held",
      "ci:preview dev --expect 5f3c",
      tip,
      "up dev --yes --skip-preview --non-interactive",
      "doctor dev",
    ]);
  });

  test("of something else than was approved does not happen", () => {
    expect(scripts(["ci:preview"]).slice(1)).toEqual([
      "ci:preview dev --expect 5f3c",
      "ci:next deploy --stack dev",
    ]);
  });

  test("of what the branch has no longer does not happen, at the plan and after the approval", () => {
    expect(scriptsOf(run(plan!, []))).toEqual([tip, "ci:preview dev"]);
    expect(scriptsOf(run(plan!, ["ci:tip"]))).toEqual([tip, "ci:next preview --stack dev"]);
    expect(scripts(["ci:tip"]).slice(2)).toEqual([tip, "ci:next deploy --stack dev"]);
  });

  test("is held against the branch as it is in that moment", () => {
    for (const job of [plan!, deploy!]) {
      const steps = run(job, []).steps.map(({ step }) => step);
      const at = steps.findIndex((step) => step.run?.includes("ci:tip"));
      expect(steps[at - 1]?.with).toMatchObject({ ref: "${{ github.ref }}", path: ".tip" });
    }
    const judge = workflow("rollback.yml").jobs["judge"]!.steps!;
    expect(judge[0]?.with).toMatchObject({ ref: "${{ github.ref }}", "fetch-depth": 0 });
  });

  test("of an earlier commit is no mistake where Roll back asks for it", () => {
    const back = [plan!, deploy!].map((job) => run(job, ["ci:tip"], "d".repeat(40)));
    for (const { failed, steps } of back) {
      expect(failed).toBe(false);
      expect(steps.filter(({ ran, step }) => ran && step.with?.["path"] === ".tip")).toEqual([]);
    }
    expect(back.flatMap(scriptsOf)).not.toContain(tip);
    expect(workflow("rollback.yml").jobs["deploy"]!.with).toHaveProperty("commit");
    expect(workflow("deploy.yml").jobs["deploy"]!.with).not.toHaveProperty("commit");
  });

  test("that is not well afterwards is told from one that failed", () => {
    expect(scripts(["up"]).at(-1)).toBe("ci:next deploy --stack dev");
    expect(scripts(["doctor"]).slice(-3)).toEqual(["doctor dev", "doctor dev", "ci:next doctor --stack dev"]);
  });
});

describe("without the variable of the pipeline", () => {
  const bare = { vars: { NANGO_PIPELINE: "" }, inputs: { directory: ".", stack: "" } };

  test.each(["deploy.yml", "nightly.yml"])("%s says so, has no stacks and is green", (file) => {
    const { stacks, ...others } = workflow(file).jobs;
    const ran = runJob(stacks!, contexts(bare), { prints: { "ci:stacks": "[]\n" } });
    expect(ran).toMatchObject({ failed: false, outputs: { stacks: "[]" } });
    expect(ran.summary).toMatch(/NANGO_PIPELINE is not set.*npm run bootstrap/);
    const needs = { stacks: { outputs: ran.outputs }, check: {} };
    for (const job of Object.values(others).filter((one) => [one.needs].flat().includes("stacks")))
      expect(runJob(job, contexts({ ...bare, needs })).ran).toBe(false);
  });

  test("a pull request is rehearsed, and not previewed", () => {
    const { rehearse, stacks } = workflow("pull-request.yml").jobs;
    expect(runJob(stacks!, contexts(bare)).ran).toBe(false);
    expect(runJob(rehearse!, contexts(bare))).toMatchObject({ ran: true, failed: false });
  });
});

describe("a pull request", () => {
  const { stacks, preview, rehearse } = workflow("pull-request.yml").jobs;
  const from = (repository: string, author?: string) => {
    const { github, ...others } = contexts();
    const event = { pull_request: pullRequest(repository, author) };
    return { ...others, github: { ...(github as object), event_name: "pull_request", event } };
  };

  test("of a branch of the repository is previewed", () => {
    expect(runJob(stacks!, from("acme/nango"), { prints: { "ci:stacks": '["dev"]\n' } }).outputs).toEqual({
      stacks: '["dev"]',
    });
    expect(runJob(preview!, from("acme/nango")).ran).toBe(true);
  });

  test.each([
    ["a fork", "mallory/nango", "mallory"],
    ["a fork that was deleted", "", "mallory"],
    ["Dependabot", "acme/nango", "dependabot[bot]"],
  ])("of %s is rehearsed only", (_, repository, author) => {
    expect(runJob(stacks!, from(repository, author)).ran).toBe(false);
    expect(runJob(rehearse!, from(repository, author)).ran).toBe(true);
    expect([preview!.needs, rehearse!.permissions]).toEqual(["stacks", { contents: "read" }]);
  });
});

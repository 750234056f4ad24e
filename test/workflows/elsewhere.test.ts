// The pipelines of docs/ci, for those who have others than GitHub's workflows.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { LangVariant, parse as parseShell } from "sh-syntax";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readCommandLine } from "../../project/command.ts";
import { commands } from "../../scripts/commands.ts";
import { npmRun } from "../docs/commands.ts";
import { commandsOf } from "../docs/shell.ts";
import { readWorkflow, root, workflow } from "./workflow.ts";

const folder = path.join(root, "docs/ci");
const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

interface GitLabJob {
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly after_script?: readonly string[];
  readonly extends?: string | readonly string[];
  readonly needs?: readonly string[];
  readonly stage?: string;
  readonly timeout?: string;
  readonly rules?: readonly unknown[];
  readonly environment?: string;
  readonly resource_group?: string;
  readonly id_tokens?: object;
  readonly interruptible?: boolean;
}

const {
  stages,
  default: standard,
  workflow: rules,
  ...jobs
} = parse(read("gitlab-ci.yml")) as {
  stages: string[];
  default: GitLabJob;
  workflow: object;
} & Record<string, GitLabJob>;
const gitlab = jobs as Readonly<Record<string, GitLabJob>>;

/** A job with what it extends. */
function whole(name: string): GitLabJob {
  const { extends: parents = [], ...own } = gitlab[name]!;
  return Object.assign({}, ...[parents].flat().map(whole), own) as GitLabJob;
}

const gitlabLines = [standard, ...Object.values(gitlab)].flatMap((job) => [
  ...(job.before_script ?? []),
  ...(job.script ?? []),
  ...(job.after_script ?? []),
]);

const build = parse(read("buildspec.yml")) as {
  env: { variables: Record<string, string>; "exported-variables": string[] };
  phases: Record<string, { commands: string[] }>;
};
const jenkins = read("Jenkinsfile");

/** What each pipeline gives a shell. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  "gitlab-ci.yml": gitlabLines,
  "buildspec.yml": Object.values(build.phases).flatMap((phase) => phase.commands),
  Jenkinsfile: [...jenkins.matchAll(/\bsh(?:\(script:)? '([^']*)'/g)].map(([, line = ""]) => line),
};

test("every file is one of those that are looked at here", () => {
  expect(readdirSync(folder).toSorted()).toEqual(["github-caller.yml", ...Object.keys(scripts)].toSorted());
});

describe.each(Object.entries(scripts))("what %s gives a shell", (_, lines) => {
  test("is shell", async () => {
    expect(lines.length).toBeGreaterThan(3);
    await parseShell(lines.join("\n"), { variant: LangVariant.LangBash });
  });

  test("calls commands of package.json as they want to be called", () => {
    const called = commandsOf(lines.join("\n")).filter(({ words }) => words[0] === "npm");
    const known = called.flatMap(({ words }) => {
      const { script, args } = npmRun(words);
      if (["ci", "test"].includes(script)) return [];
      expect(Object.keys(commands)).toContain(script);
      expect(() => readCommandLine(commands[script as keyof typeof commands], args, {})).not.toThrow();
      return [script];
    });
    expect(known).toEqual(
      expect.arrayContaining(["ci:variables", "ci:preview", "ci:drift", "up", "doctor", "ci:next"]),
    );
  });

  test("deploys what was approved, and looks afterwards", () => {
    const text = lines.join("\n");
    const [approved, deployed, looked] = ["--expect", 'up -- "$STACK" --yes --skip-preview', "doctor --"].map(
      (part) => text.indexOf(part),
    );
    expect(approved).toBeGreaterThan(0);
    expect(deployed).toBeGreaterThan(approved!);
    expect(text.indexOf("doctor --", deployed)).toBeGreaterThan(deployed!);
    expect(looked).toBeGreaterThan(0);
  });
});

describe("GitLab's pipeline", () => {
  const names = Object.keys(gitlab).filter((name) => !name.startsWith("."));

  test("has jobs in its stages, which end by themselves, each for a kind of run", () => {
    expect(rules).toBeDefined();
    for (const name of names) {
      const job = whole(name);
      expect(stages, name).toContain(job.stage);
      expect(job.timeout, name).toMatch(/^\d+ (?:minutes|hours)$/);
      expect(job.rules, name).toBeDefined();
      for (const needed of job.needs ?? []) expect(names, name).toContain(needed);
    }
  });

  test("deploys one at a time, behind an environment, and never stops what deploys", () => {
    const deploying = names.filter((name) => whole(name).script?.some((line) => line.includes(" up -- ")));
    expect(deploying).toEqual(["deploy dev", "deploy production"]);
    for (const name of deploying)
      expect(whole(name)).toMatchObject({
        environment: name.replace("deploy ", ""),
        resource_group: "nango-$STACK",
      });
    expect(standard.interruptible).toBe(false);
  });

  test("gives identity tokens to jobs alone that start with the pipeline's variable", () => {
    const withToken = names.filter((name) => whole(name).id_tokens !== undefined);
    expect(withToken.length).toBeGreaterThan(4);
    for (const name of withToken)
      expect(JSON.stringify(whole(name).rules), name).toContain("NANGO_PIPELINE == null");
    for (const name of ["check", "rehearse", "certificates"]) expect(withToken).not.toContain(name);
  });
});

test("CodeBuild's build has its phases, and hands the fingerprint on", () => {
  expect(Object.keys(build.phases)).toEqual(["install", "build", "post_build"]);
  expect(build.env["exported-variables"]).toEqual(["FINGERPRINT"]);
  expect(Object.keys(build.env.variables)).toEqual(["WHAT", "STACK", "FINGERPRINT"]);
});

/** Braces and brackets that are open at the end of Groovy, outside of texts and comments. */
function open(groovy: string): string[] {
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  const stack: string[] = [];
  const code = groovy.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/[^\n]*/g, "''");
  for (const [sign] of code.matchAll(/[()[\]{}]/g)) {
    if (pairs[sign] === undefined) stack.push(sign);
    else if (stack.pop() !== pairs[sign]) return [`${sign} closes nothing`];
  }
  return /['"]/.test(code.replaceAll("''", "")) ? [...stack, "a quote"] : stack;
}

test("the Jenkinsfile is whole: stages with steps, times, and an approval before production", () => {
  expect(open(jenkins)).toEqual([]);
  expect(open("a { '}' // {\n}")).toEqual([]);
  expect(open("a { (")).toEqual(["{", "("]);
  const stagesOf = [...jenkins.matchAll(/stage\('([^']+)'\)/g)].map(([, name]) => name);
  expect(stagesOf).toEqual([
    "Check",
    "Rehearse",
    "Drift",
    "Plan dev",
    "dev",
    "Plan production",
    "Approve production",
    "production",
  ]);
  // Each stack as it was planned, and no other one's plan.
  const stageText = (name: string) =>
    jenkins.split("    stage('").find((one) => one.startsWith(`${name}'`)) ?? "";
  for (const name of ["dev", "production"]) {
    expect(stageText(`Plan ${name}`)).toContain(`withStack('${name}')`);
    expect(stageText(`Plan ${name}`)).toContain(`stash name: 'plan-${name}'`);
    expect(stageText(name)).toMatch(
      new RegExp(`unstash 'plan-${name}'.*withStack\\('${name}'\\).*--expect.*up -- .*--skip-preview`, "s"),
    );
  }
  expect(jenkins).toContain("disableConcurrentBuilds()");
  expect(jenkins.match(/options \{ timeout/g)).toHaveLength(stagesOf.length - 1);
});

test("GitHub reads the workflow that calls those of the project, with inputs that they have", async () => {
  const { context, value } = parseWorkflow(
    { name: "github-caller.yml", content: read("github-caller.yml") },
    new NoOperationTraceWriter(),
  );
  await convertWorkflowTemplate(context, value!);
  expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  const caller = readWorkflow(path.join(folder, "github-caller.yml"));
  for (const [id, job] of Object.entries(caller.jobs)) {
    const file = /^acme\/nango\/\.github\/workflows\/(.+)@0{40}$/.exec(job.uses ?? "")?.[1] ?? "";
    expect(existsSync(path.join(root, ".github/workflows", file)), id).toBe(true);
    const called = workflow(file);
    const inputs = called.on["workflow_call"]?.inputs ?? {};
    expect(Object.keys(inputs), id).toEqual(expect.arrayContaining(Object.keys(job.with ?? {})));
    // A called workflow has no more rights than its caller gives.
    for (const one of Object.values(called.jobs))
      expect(job.permissions, id).toMatchObject(one.permissions ?? {});
  }
});

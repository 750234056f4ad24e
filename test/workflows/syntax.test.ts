// What GitHub's own parser says of the workflows, and a shell's of what they run. actionlint and shellcheck say more:
// npm run lint:workflows.
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { LangVariant, parse as parseShell } from "sh-syntax";
import { expect, test } from "vitest";
import { allSteps, workflows } from "./workflow.ts";

async function errorsOf(file: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

test.each(workflows.map(({ file, text }) => [file, text] as const))("GitHub reads %s", async (file, text) => {
  expect(await errorsOf(file, text)).toEqual([]);
});

test("GitHub's parser sees what it does not know, in keys and in expressions", async () => {
  const job = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n";
  expect(await errorsOf("a.yml", job)).toEqual([]);
  expect(await errorsOf("a.yml", job.replace("runs-on", "runs-in"))).not.toEqual([]);
  expect(await errorsOf("a.yml", `${job}        if: vars.A = 1\n`)).not.toEqual([]);
  expect(await errorsOf("a.yml", `${job}        if: varz.A == 1\n`)).not.toEqual([]);
});

test("every script is bash", async () => {
  const scripts = allSteps.flatMap(({ step }) => step.run ?? []);
  expect(scripts.length).toBeGreaterThan(20);
  // One after another in one text: the parser takes its time to start.
  await parseShell(scripts.join("\n"), { variant: LangVariant.LangBash });
  await expect(parseShell("if true; do", { variant: LangVariant.LangBash })).rejects.toThrow();
});

test("every script quotes what it is given", () => {
  for (const { where, step } of allSteps)
    expect(
      (step.run ?? "").replaceAll(/"[^"]*"/g, "").replaceAll(/\$\(|\$\{STACK:\+[^}]*\}/g, ""),
      where,
    ).not.toMatch(/\$\w|\$\{/);
});

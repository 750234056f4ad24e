import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { ciActions } from "../../../scripts/ci/actions.ts";
import { certificateLines, regionsOf } from "../../../scripts/ci/certificates.ts";
import { nextStep } from "../../../scripts/ci/next.ts";
import { annotate, giveOutput, summarize } from "../../../scripts/ci/summary.ts";

const root = path.resolve(import.meta.dirname, "../../..");

describe("the certificates of RDS", () => {
  test("are looked at in the regions of the stacks", () => {
    expect(regionsOf(readProject(root))).toContain("eu-central-1");
  });

  test("last, or are told", () => {
    expect(certificateLines(["eu-central-1"], 180, new Date("2026-11-26"))).toEqual([
      { text: "eu-central-1: 3 certificates, the first expires on 2061-05-21", lasts: true },
    ]);
    const late = new Date("2061-05-01");
    expect(certificateLines(["eu-central-1"], 180, late)[0]).toMatchObject({ lasts: false });
    expect(certificateLines(["mars-1"], 1)).toEqual([{ text: "mars-1: none is valid", lasts: false }]);
  });
});

test("a summary, an output and an annotation go where GitHub reads them", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "summary-"));
  const said: string[] = [];
  const written = vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const [page, output] = [path.join(folder, "page"), path.join(folder, "output")];
    const environment = { GITHUB_STEP_SUMMARY: page, GITHUB_OUTPUT: output, GITHUB_ACTIONS: "true" };
    summarize("### A", environment);
    giveOutput("name", "value", environment);
    annotate("error", "50 % of\n::error::lines", environment);
    expect(readFileSync(page, "utf8")).toBe("### A\n\n");
    expect(readFileSync(output, "utf8")).toBe("name=value\n");
    expect(said).toEqual(["::error::50 %25 of%0A::error::lines\n"]);
    expect(() => giveOutput("name", "a\nother=b", environment)).toThrow("several lines");
  } finally {
    written.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

test("what to do is known of every job, and names the stack", () => {
  expect(nextStep("deploy", "dev")).toContain("npx pulumi cancel -s dev");
  expect(() => nextStep("constructor")).toThrow("is none of check, report");
});

test("a tag that is no release is refused", () => {
  const notes = (tag: string) =>
    ciActions["ci:notes"]({ positionals: [tag], values: {}, directory: root, environment: {} });
  expect(() => notes("v0.0.1")).toThrow("is not the version of package.json");
});

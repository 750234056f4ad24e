import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { ciActions } from "../../../scripts/ci/actions.ts";
import { certificateLines, regionsOf } from "../../../scripts/ci/certificates.ts";
import { workflowRun } from "../../../scripts/ci/comment.ts";
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

test("what the log says is not said in it twice where there is no page", () => {
  const said: string[] = [];
  const keep = (text: unknown) => said.push(String(text)) > 0;
  const written = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation(keep),
  );
  try {
    void ciActions["ci:next"]({ positionals: ["newer"], values: {}, directory: root, environment: {} });
    expect(said).toEqual([`${nextStep("newer")}\n`]);
  } finally {
    for (const spy of written) spy.mockRestore();
  }
});

test("what to do is known of every job, and names the stack", () => {
  expect(nextStep("deploy", "dev")).toContain("npx pulumi cancel -s dev");
  const next = (job: string) =>
    ciActions["ci:next"]({ positionals: [job], values: {}, directory: root, environment: {} });
  expect(() => next("constructor")).toThrow("There are the jobs check, report");
});

describe("what GitHub tells a job", () => {
  const file = path.join(root, "package.json");
  const told = {
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_REPOSITORY: "acme/nango",
    GITHUB_TOKEN: "token",
    GITHUB_EVENT_PATH: file,
  };

  test("is read", () => {
    expect(workflowRun(told)).toMatchObject({
      github: { repository: "acme/nango" },
      event: { name: "nango-pulumi" },
    });
  });

  test.each<[NodeJS.ProcessEnv, string]>([
    [{ GITHUB_TOKEN: "", GITHUB_EVENT_PATH: undefined }, "GITHUB_TOKEN, GITHUB_EVENT_PATH not set"],
    [{ GITHUB_EVENT_PATH: "/nowhere" }, 'GITHUB_EVENT_PATH = "/nowhere" is no file with the event'],
    [{ GITHUB_EVENT_PATH: import.meta.filename }, "is no file with the event as JSON: "],
    [{ GITHUB_REPOSITORY: "acme" }, 'GITHUB_REPOSITORY = "acme" is no repository: <owner>/<name>'],
    [{ GITHUB_API_URL: "api" }, 'GITHUB_API_URL = "api" is no URL'],
  ])("and that is refused: %j", (other, says) => {
    expect(() => workflowRun({ ...told, ...other })).toThrow(says);
  });
});

test("a file that cannot be written is named", () => {
  expect(() => summarize("### A", { GITHUB_STEP_SUMMARY: "/nowhere/page" })).toThrow(
    "cannot write /nowhere/page: ENOENT",
  );
});

test("a tag that is no release is refused", () => {
  const notes = (tag: string) =>
    ciActions["ci:notes"]({ positionals: [tag], values: {}, directory: root, environment: {} });
  expect(() => notes("v0.0.1")).toThrow("is not the version of package.json");
});

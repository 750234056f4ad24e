import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type Project, readProject } from "../../project/project.ts";
import { refuseStackFile, stackFileProblems } from "../../rehearsal/stack-file.ts";
import { refusal } from "../refusal.ts";

let project: Project;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), "stack-file-"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: nango\nruntime: nodejs\nstackConfigDir: stacks\n");
  mkdirSync(path.join(folder, "stacks"));
  project = readProject(folder);
});
afterEach(() => rmSync(project.directory, { recursive: true }));

const problems = (lines: string, ...overrides: Parameters<typeof stackFileProblems>[2][]) => {
  writeFileSync(path.join(project.directory, "stacks/Pulumi.dev.yaml"), `config:\n${lines}\n`);
  return stackFileProblems(project, "dev", ...overrides);
};

test("a tag without quotes that YAML takes for a number is refused, with both ways out", () => {
  expect(problems("  aws:defaultTags: {tags: {CostCenter: 01234, Owner: me, Year: 2026}}")).toEqual([
    "aws:defaultTags at tags.CostCenter: without quotes Pulumi reads 01234 as the number 668.\n" +
      'Write it in quotes in stacks/Pulumi.dev.yaml: "01234". If 668 is meant, write that.',
  ]);
  expect(refusal(() => refuseStackFile(project, "dev"))).toContain("01234");
});

test.each([
  [
    "  nango:environment: {X: True}",
    'Pulumi reads True as the truth value true.\nWrite it in quotes in stacks/Pulumi.dev.yaml: "True"',
  ],
  ["  environment: {X: 1.50}", "nango:environment at X: without quotes Pulumi reads 1.50 as the number 1.5"],
  [
    "  nango:config:dashboardUser: 1e3",
    "nango:dashboardUser: without quotes Pulumi reads 1e3 as the number 1000.\nWrite it in quotes",
  ],
  [
    "  nango:availabilityZones: 02",
    "Pulumi reads 02 as the number 2.\nWrite the number that is meant in stacks/Pulumi.dev.yaml in digits alone",
  ],
  [
    "  nango:allowedCidrs: [1_0]",
    "nango:allowedCidrs at [0]: without quotes Pulumi reads 1_0 as the number 10",
  ],
])("so is %s", (lines, message) => {
  expect(problems(lines)).toEqual([expect.stringContaining(message)]);
});

test.each([
  "  nango:dashboardPassword: 0123",
  "  nango:environment: {SOME_TOKEN: 0123}",
  "  aws:secretKey: 0123",
  "  aws:assumeRoles: [{externalId: 0123}]",
])("what may be secret is not repeated: %s", (lines) => {
  const [problem = "", ...rest] = problems(lines);
  expect(rest).toEqual([]);
  expect(problem).toContain(
    "without quotes Pulumi takes it for a number, and hands over another text.\nWrite it in quotes",
  );
  expect(problem).not.toMatch(/0123|83/);
});

test.each([
  "  nango:spot: True",
  "  nango:replicas: 2",
  "  nango:environment: {X: '01', Y: 15, Z: true, W: yes}",
  "  acme:mode: 0644",
])("fine is %s", (lines) => {
  expect(problems(lines)).toEqual([]);
});

test("what the command line gives in its place is not judged", () => {
  const lines = "  nango:environment: {X: 01}\n  nango:rotate: {redis: 01, search: 02}";
  expect(problems(lines, { set: { environment: "{}", "rotate.redis": "2" }, secrets: {} })).toEqual([
    expect.stringContaining("nango:rotate at search"),
  ]);
});

test("a key under two names, of which Pulumi takes either, is refused", () => {
  expect(
    problems("  size: medium\n  nango:size: large\n  nango:config:spot: true\n  nango:nat: single"),
  ).toEqual([
    "nango:size stands in stacks/Pulumi.dev.yaml 2 times, as size and nango:size: Pulumi takes now the one and now the other.\n" +
      "Remove all but one of these lines.",
  ]);
  expect(problems("  size: medium\n  nango:size: large", { set: { size: "small" }, secrets: {} })).toEqual(
    [],
  );
});

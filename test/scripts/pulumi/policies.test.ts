import { expect, test, vi } from "vitest";
import { readProject } from "../../../project/project.ts";
import { UserError } from "../../../project/user-error.ts";
import { policyResults } from "../../../scripts/preflight/policies.ts";
import { brokenPolicies } from "../../../scripts/pulumi/policies.ts";
import type { Rehearsal, rehearse } from "../../../rehearsal/rehearse.ts";
import { rehearsal, resource } from "../../rehearsal/recorded.ts";
import { projectsOfTheirOwn, run } from "./fake-cli.ts";

projectsOfTheirOwn();

const database = resource("aws:rds/instance:Instance", "data");
const violation = (level: "mandatory" | "advisory") => ({
  policy: `${level}-one`,
  level,
  urn: database.urn,
  message: "is open",
  remedy: "Close it.",
});
const judged = (policies: Partial<Rehearsal["policies"]>, more: Partial<Rehearsal> = {}) =>
  rehearsal([database], {
    policies: { kept: ["tagged"], unknown: [], violations: [], accepted: [], ...policies },
    ...more,
  });
const both = judged({ violations: [violation("mandatory"), violation("advisory")] });

const told = (answer: () => Promise<Rehearsal>) => brokenPolicies(readProject("."), "acme/nango/dev", answer);

test("what is broken that has to be kept is told with the ways out", async () => {
  expect(await told(async () => both)).toBe(
    [
      "Policies are broken that have to be kept, and npm run up -- dev deploys nothing:",
      "- mandatory-one: data (rds.Instance) is open. Close it. docs/policies.md#mandatory-one",
      "To accept one, say why in policy/own.ts. --skip-policies lets them be broken.",
    ].join("\n"),
  );
});

test("advice, and a program that does not come to its end, are no reason", async () => {
  expect(await told(async () => judged({ violations: [violation("advisory")] }))).toBeUndefined();
  const failed = judged({ violations: [violation("mandatory")] }, { program: { exitCode: 32 } });
  expect(await told(async () => failed)).toBeUndefined();
  expect(await told(() => Promise.reject(new UserError("no such stack")))).toBeUndefined();
});

test("a type of resources that is added, and of which the rehearsal knows nothing, hides nothing", async () => {
  const message = "the rehearsal knows no resource type aws:sqs/queue:Queue: tell it in rehearsal/catalogue/";
  const unknown = judged({}, { program: { exitCode: 1 }, findings: [{ urn: database.urn, message }] });
  const rehearsing: typeof rehearse = async ({ answers = {} }) =>
    "aws:sqs/queue:Queue" in answers ? both : unknown;
  const broken = await brokenPolicies(readProject("."), "dev", rehearsing);
  expect(broken).toContain("mandatory-one: data (rds.Instance) is open");
});

test("who skips the preflight skips no policy", async () => {
  const script = "../../../scripts/pulumi/policies.ts";
  vi.doMock(script, () => ({ brokenPolicies: async () => "data is open" }));
  try {
    const refused = await run(["up", "dev", "--skip-preflight"]);
    expect(refused).toMatchObject({ code: 1, stderr: "data is open\n", calls: [] });
    const { code } = await run(["up", "dev", "--skip-preflight", "--skip-policies"]);
    expect(code).toBe(0);
  } finally {
    vi.doUnmock(script);
  }
});

test("a preflight has a line for each that is broken, or one for all", () => {
  expect(policyResults(both)).toMatchObject([
    { id: "policies", about: "mandatory-one", verdict: "bad", says: "rds.Instance data is open" },
    { about: "advisory-one", verdict: "warning", remedy: expect.stringContaining("policy/own.ts") },
  ]);
  const accepted = [{ ...violation("mandatory"), because: "It is meant." }];
  expect(policyResults(judged({ accepted }))).toMatchObject([
    { verdict: "good", says: "1 kept, 1 given up on purpose" },
  ]);
  expect(policyResults(judged({ kept: [] }))).toEqual([]);
});

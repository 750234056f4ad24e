import { afterAll, describe, expect, test } from "vitest";
import { report } from "../../rehearsal/report.ts";
import type { Answers, Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { nameOf } from "../../project/urns.ts";
import { policies } from "../../policy/policies/index.ts";
import { rehearse } from "../rehearse.ts";
import { customizedProject } from "./broken-project.ts";

/** What is broken, as `policy resource`. */
const broken = ({ policies: { violations } }: Rehearsal) =>
  [...new Set(violations.map(({ policy, urn }) => `${policy} ${nameOf(urn)}`))].toSorted();

test("the stack on a laptop keeps every policy", async () => {
  const { policies: judgement } = await rehearse({ stack: "local", mode: "update" });
  expect(judgement).toEqual({
    kept: policies.map(({ name }) => name),
    unknown: [],
    violations: [],
    accepted: [],
  });
});

/** What `fixtures/changed.ts` breaks, by policy. */
const changed = [
  "authenticated-data nango-cache",
  "authenticated-data nango-search",
  "backups nango-records",
  "closed-network nango-443-0.0.0.0/0",
  "closed-network nango-tasks-records-in",
  "connection-budget nango-database",
  "contained-containers nango",
  "deletion-protection nango-records",
  "encrypted-at-rest nango-cache",
  "encrypted-at-rest nango-records",
  "encrypted-at-rest nango-search",
  "encrypted-in-transit nango-cache",
  "encrypted-in-transit nango-records-postgres16",
  "encrypted-in-transit nango-search",
  "health-checks nango",
  "health-checks nango-server",
  "https-only nango-http",
  "init-process nango",
  "least-privilege nango-execution",
  "log-retention nango",
  "named-principals nango-task",
  "no-secrets-in-environments nango",
  "nothing-public nango-network-database-0",
  "nothing-public nango-records",
  "nothing-public nango-search",
  "patched nango-cache",
  "pinned-images nango",
  "redis-for-replicas nango",
  "rolls-back nango",
  "strict-requests nango",
  "tagged nango",
  "tls-1.2-at-least nango-https",
  "tls-1.2-at-least nango-records-postgres16",
  "tls-1.2-at-least nango-search",
  "verified-database-urls nango",
  "x86-64 nango",
];

/** What `fixtures/added.ts` adds that no stack should have. */
const added = [
  "backups database",
  "closed-network group-inline",
  "closed-network group-of-others",
  "closed-network group-rule",
  "deletion-protection bucket-acl",
  "deletion-protection database",
  "deletion-protection files",
  "encrypted-at-rest database",
  "encrypted-at-rest files",
  "encrypted-in-transit database",
  "least-privilege everything-there",
  "least-privilege objects-of-all-buckets",
  "least-privilege role-admin",
  "least-privilege role-wide",
  "least-privilege streams-of-all-groups",
  "named-principals bucket-policy",
  "no-secrets-in-the-clear logs",
  "no-secrets-in-the-clear nango-dev",
  "no-secrets-in-the-clear task-secret",
  "nothing-public bucket-acl",
  "nothing-public bucket-block",
  "nothing-public function-url",
  "tagged database",
];

const nothing = () => ({});
const answers: Answers = {
  "aws:s3/bucket:Bucket": nothing,
  "aws:s3/bucketPolicy:BucketPolicy": nothing,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": nothing,
  "aws:ec2/securityGroupRule:SecurityGroupRule": nothing,
  "aws:efs/fileSystem:FileSystem": nothing,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": nothing,
  "aws:lambda/functionUrl:FunctionUrl": nothing,
};

describe("an infra/customize.ts", () => {
  const project = customizedProject();
  const customized = (fixture: string, options: Omit<RehearseOptions, "projectDirectory" | "environment">) =>
    rehearse({ ...options, projectDirectory: project.directory, environment: { CUSTOMIZED: fixture } });
  afterAll(project.remove);

  test("that changes what the program does breaks the policies that it should, and no other", async () => {
    const rehearsal = await customized("changed", { stack: "search", mode: "update" });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(broken(rehearsal)).toEqual(changed);
  });

  test("that adds resources breaks the policies that it should, and no other", async () => {
    const rehearsal = await customized("added", { stack: "dev", mode: "update", answers });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(broken(rehearsal)).toEqual(added);
  });

  test("is judged before a deployment by what is known then", async () => {
    const rehearsal = await customized("added", { stack: "dev", answers });
    const known = added.filter((one) => one !== "no-secrets-in-the-clear logs");
    expect(broken(rehearsal)).toEqual(known);
    expect(rehearsal.policies.unknown).toContain("pinned-images");
    const shown = report(rehearsal);
    expect(shown).toMatch(
      /Policies +\d+ kept \(\d+ as far as is known before a deployment\), \d+ broken, below/,
    );
    expect(shown.replaceAll(/\s+/g, " ")).toContain(
      "- nothing-public: bucket-acl (s3.Bucket) has the ACL public-read, so that others than this account read it. Keep it",
    );
  });
});

test("every policy is broken by something here", () => {
  const seen = new Set([...changed, ...added].map((one) => one.split(" ")[0]));
  expect(policies.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

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

/** What `fixtures/evading.ts` gives up, by policy; what is known before a deployment of a new stack. */
const evadedAtOnce = [
  "closed-network: door is a load balancer on the internet besides Nango's",
  "closed-network: from-elsewhere lets pl-0123456789abcdef0 into a security group that is no load balancer's",
  "closed-network: from-offices lets 198.51.100.0/24, 0.0.0.0/0 into a security group that is no load balancer's",
  "closed-network: nango is in the security group nango, which is open",
  "health-checks: nango-server asks for /welcome, where Nango has no health path",
  "health-checks: nango-server takes an answer for health that says the opposite: 404 is in 200-499",
  "known-parameters: nango-records has the parameter group acme-postgres16 from elsewhere",
  "least-privilege: condition allows s3:GetObject on *",
  "least-privilege: nango-task is given ReadOnlyAccess, which AWS wrote for every resource",
  "least-privilege: secrets is given SecretsManagerReadWrite, which AWS wrote for every resource",
];

/** The same, of what is not. */
const evadedLater = [
  "authenticated-data: nango container server opens its dashboard to everyone: FLAG_AUTH_ENABLED is false, and it has no NANGO_DASHBOARD_PASSWORD",
  "connection-budget: nango-database has 191 connections, of which 544 may be taken by 4 tasks with 34 each",
  "connection-budget: nango-records has 191 connections, of which 304 may be taken by 4 tasks with 19 each",
  "encrypted-at-rest: nango container server stores credentials readable: it has no encryption key",
  "health-checks: nango container connect-ui has a health check that asks nothing: CMD-SHELL node -e 1 || true",
  "health-checks: nango container server has a health check that asks nothing: CMD-SHELL exit 0",
  "known-log-groups: nango-records has AWS make its log group: /aws/rds/instance/nango-records-45ce2aa6/iam-db-auth-error",
  "no-secrets-in-environments: nango container server holds the secret api_token in its command",
  "no-secrets-in-environments: nango container server takes variables from a file (environmentFiles), of which nobody can tell here what it holds",
  "node-safeguards: nango container server opens a debugger: --inspect=0.0.0.0",
  "node-safeguards: nango container server takes TLS older than 1.2: --tls-min-v1.0",
  "redis-for-replicas: nango may run 4 tasks, and container server has no Redis",
  "verified-database-urls: nango container server is given NANGO_DB_SSL, by which Nango connects without a look at the certificate",
];

const nothing = () => ({});
const answers: Answers = {
  "aws:ec2/managedPrefixList:ManagedPrefixList": nothing,
  "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry": nothing,
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
    rehearse({
      ...options,
      answers,
      projectDirectory: project.directory,
      environment: { CUSTOMIZED: fixture },
    });
  const said = ({ policies: { violations } }: Rehearsal) =>
    violations.map(({ policy, urn, message }) => `${policy}: ${nameOf(urn)} ${message}`).toSorted();
  afterAll(project.remove);

  test("that changes what the program does breaks the policies that it should, and no other", async () => {
    const rehearsal = await customized("changed", { stack: "search", mode: "update" });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(broken(rehearsal)).toEqual(changed);
  });

  test("that adds resources breaks the policies that it should, and no other", async () => {
    const rehearsal = await customized("added", { stack: "dev", mode: "update" });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(broken(rehearsal)).toEqual(added);
  });

  test("that gives promises up in ways that do not look like it is told so", async () => {
    const deployed = await customized("evading", { stack: "search", mode: "update" });
    expect(deployed.program).toEqual({ exitCode: 0 });
    expect(said(deployed)).toEqual([...evadedAtOnce, ...evadedLater].toSorted());
    expect(said(await customized("evading", { stack: "search" }))).toEqual(evadedAtOnce);
    expect(said(await customized("evading", { stack: "local", mode: "update" }))).toEqual([
      "health-checks: nango-postgres has a health check that asks nothing: CMD true",
      "health-checks: nango-server serves without a health check",
      "init-process: nango-connect-ui starts with npm",
      "pinned-images: nango-connect-ui runs the image acme/ui:latest, which can change",
    ]);
  });

  test.each(["preview", "update"] as const)("that does what one may is left alone in a %s", async (mode) => {
    const rehearsal = await customized("legitimate", { stack: "dev", mode });
    expect(rehearsal.program).toEqual({ exitCode: 0 });
    expect(said(rehearsal)).toEqual([]);
  });

  test("is judged before a deployment by what is known then", async () => {
    const rehearsal = await customized("added", { stack: "dev" });
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

test("what nango:environment gives to Node is judged, too", async () => {
  const set = { environment: JSON.stringify({ NODE_OPTIONS: "--inspect=0.0.0.0:9229" }) };
  const { policies } = await rehearse({ stack: "dev", mode: "update", set });
  expect(policies.violations.map(({ message }) => message)).toEqual([
    "container migrate opens a debugger: --inspect=0.0.0.0:9229",
    "container server opens a debugger: --inspect=0.0.0.0:9229",
  ]);
});

test("every policy is broken by something here", () => {
  const seen = new Set(
    [...changed, ...added, ...evadedAtOnce, ...evadedLater].map((one) => one.split(/:? /)[0]),
  );
  expect(policies.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

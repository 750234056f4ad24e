import { beforeAll, describe, expect, test } from "vitest";

import type { BootstrapOutputs } from "../../bootstrap/outputs.ts";
import { permissions } from "../../scripts/preflight/actions.ts";
import { longest, lengthOf, matches, type Policy } from "../../scripts/permissions/policy.ts";
import type { RecordedResource, Rehearsal } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";
import { bootstrap } from "../scripts/permissions/permissions.ts";
import { gitHubToken, letsIn } from "./claims.ts";

const options = { ...bootstrap, mode: "update" } as const;
let rehearsal: Rehearsal;

const of = (type: string, name?: string): readonly RecordedResource[] =>
  rehearsal.resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && (name === undefined || resource.name === name),
  );
const one = (type: string, name?: string): RecordedResource => {
  const [first, second] = of(type, name);
  if (first === undefined || second !== undefined) throw new Error(`not one ${type} ${name ?? ""}`);
  return first;
};
const policyIn = (text: unknown) => JSON.parse(String(text)) as Policy;
/** What a role may do: its own policy, and those that are attached to it. */
const statementsOf = (role: string) => {
  const attached = of("RolePolicyAttachment")
    .filter(({ inputs }) => inputs["role"] === role)
    .map(({ inputs: { policyArn } }) => of("Policy").find(({ outputs }) => outputs["arn"] === policyArn));
  const own = of("RolePolicy").filter(({ inputs }) => inputs["role"] === role);
  return [...attached, ...own].flatMap((resource) => policyIn(resource?.inputs["policy"]).Statement);
};
const mayReach = (role: string, action: string, resource: string) =>
  statementsOf(role).some(
    ({ Action, Resource }) =>
      Action.includes(action) && Resource.some((pattern) => matches(pattern, resource)),
  );

beforeAll(async () => {
  rehearsal = await rehearse(options);
}, 300_000);

test("nothing speaks against it, and nothing in it is secret", () => {
  expect(rehearsal.program).toEqual({ exitCode: 0 });
  expect(rehearsal.findings).toEqual([]);
  expect(rehearsal.messages.filter(({ severity }) => severity !== "info")).toEqual([]);
  for (const { secretInputs, secretOutputs } of rehearsal.resources)
    expect([...secretInputs, ...secretOutputs]).toEqual([]);
});

describe("the bucket of the states", () => {
  test("is closed, encrypted with the key, versioned, kept and reached by TLS only", () => {
    const bucket = one("Bucket");
    expect(bucket).toMatchObject({ protect: true, retainOnDelete: true });
    const { inputs: closed } = one("BucketPublicAccessBlock");
    expect(closed).toEqual({
      bucket: bucket.outputs["bucket"],
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(one("BucketVersioning").inputs["versioningConfiguration"]).toEqual({ status: "Enabled" });
    expect(one("BucketOwnershipControls").inputs["rule"]).toEqual({ objectOwnership: "BucketOwnerEnforced" });
    expect(one("BucketServerSideEncryptionConfiguration").inputs["rules"]).toEqual([
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: one("Key").outputs["arn"],
        },
        bucketKeyEnabled: true,
      },
    ]);
    const { arn } = bucket.outputs;
    expect(policyIn(one("BucketPolicy").inputs["policy"]).Statement).toEqual([
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${String(arn)}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  test("loses old versions in the end, and never what is current", () => {
    const { inputs } = one("BucketLifecycleConfiguration");
    expect(JSON.stringify(inputs["rules"])).toContain('"noncurrentVersionExpiration":{"noncurrentDays":90}');
    expect(JSON.stringify(inputs["rules"])).not.toContain('"expiration"');
  });
});

test("the key turns, is kept, and is left to policies of IAM", () => {
  expect(one("Key")).toMatchObject({
    protect: true,
    retainOnDelete: true,
    inputs: { enableKeyRotation: true, deletionWindowInDays: 30 },
  });
  expect(one("Alias").inputs).toMatchObject({ name: "alias/nango-bootstrap-example" });
});

describe("the roles of a stack", () => {
  const roles = ["preview", "deploy", "drift"] as const;

  test.each(roles)("%s lets in whom it is for, by the account's provider", (purpose) => {
    const { inputs, outputs } = one("Role", `nango-ci-dev-${purpose}`);
    const trust = JSON.parse(String(inputs["assumeRolePolicy"])) as Parameters<typeof letsIn>[0];
    const [{ Principal } = { Principal: undefined }] = trust.Statement;
    expect(Principal).toEqual({ Federated: one("OpenIdConnectProvider").outputs["arn"] });
    const ref = "refs/heads/main";
    expect(letsIn(trust, gitHubToken({ ref, environment: "dev" }))).toBe(purpose === "deploy");
    expect(letsIn(trust, gitHubToken({ ref }))).toBe(purpose !== "deploy");
    expect(outputs["arn"]).toBe(`arn:aws:iam::123456789012:role/nango-ci/nango-ci-dev-${purpose}`);
  });

  test("each have policies that IAM takes", () => {
    for (const { inputs } of of("Policy")) {
      expect(lengthOf(policyIn(inputs["policy"]))).toBeLessThanOrEqual(longest.managed);
      expect(String(inputs["name"]).length).toBeLessThanOrEqual(128);
    }
    for (const purpose of roles) {
      const role = `nango-ci-dev-${purpose}`;
      expect(
        of("RolePolicyAttachment").filter(({ inputs }) => inputs["role"] === role).length,
      ).toBeLessThanOrEqual(10);
    }
  });

  test("may write if they deploy, and read only if they do not", () => {
    const bucket = String(one("Bucket").outputs["arn"]);
    const state = `${bucket}/.pulumi/stacks/nango/dev.json`;
    for (const purpose of roles) {
      const role = `nango-ci-dev-${purpose}`;
      expect(mayReach(role, "s3:GetObject", state)).toBe(true);
      expect(mayReach(role, "s3:PutObject", state)).toBe(purpose === "deploy");
      expect(
        statementsOf(role)
          .flatMap(({ Action }) => Action)
          .includes("ec2:CreateVpc"),
      ).toBe(purpose === "deploy");
    }
  });

  test("may look at what npm run up looks at first, if they deploy", () => {
    const names = new Set(statementsOf("nango-ci-dev-deploy").flatMap(({ Action }) => Action));
    expect(permissions().filter((action) => !names.has(action))).toEqual(["ecr:BatchGetImage"]);
  });

  test("reach no other stack's state, secrets and roles, and not their own rights", () => {
    const bucket = String(one("Bucket").outputs["arn"]);
    for (const purpose of roles) {
      const role = `nango-ci-dev-${purpose}`;
      for (const other of [
        "stacks/nango/production.json",
        "stacks/nango-bootstrap/ci.json",
        "history/nango/production/x",
        "stacks/nango/dev-eu.json",
      ])
        expect(mayReach(role, "s3:GetObject", `${bucket}/.pulumi/${other}`)).toBe(false);
      const decrypting = statementsOf(role).filter(({ Action }) => Action.includes("kms:Decrypt"));
      expect(decrypting.map(({ Condition }) => Condition?.["StringEquals"])).toEqual(
        expect.arrayContaining([
          { "kms:EncryptionContext:stack": "dev" },
          { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
        ]),
      );
      expect(decrypting).toHaveLength(2);
      const arn = String(one("Role", role).outputs["arn"]);
      for (const action of [
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:PassRole",
      ])
        expect([action, mayReach(role, action, arn)]).toEqual([action, false]);
    }
  });

  test("may make roles with a boundary only, which this stack makes", () => {
    const policy = one("Policy", "nango-ci-dev-boundary");
    // The roles outlive it when somebody takes the stack out of the bootstrap.
    expect(policy.retainOnDelete).toBe(true);
    const boundary = policy.outputs["arn"];
    const making = statementsOf("nango-ci-dev-deploy").filter(({ Action }) =>
      Action.includes("iam:CreateRole"),
    );
    expect(making.length).toBeGreaterThan(0);
    for (const { Condition } of making)
      expect(Condition?.["StringEquals"]).toEqual({ "iam:PermissionsBoundary": boundary });
  });
});

test("its outputs tell the pipeline where everything is", () => {
  const { backend, secretsKeyArn, pipeline } = rehearsal.outputs as unknown as BootstrapOutputs;
  expect(backend).toBe(`s3://${String(one("Bucket").outputs["bucket"])}?region=eu-central-1`);
  expect(Object.keys(pipeline)).toEqual(["dev"]);
  expect(pipeline["dev"]).toEqual({
    account: "123456789012",
    region: "eu-central-1",
    environment: "dev",
    backend,
    secretsProvider: `awskms:///${secretsKeyArn}?region=eu-central-1&context_stack=dev`,
    permissionsBoundary: "arn:aws:iam::123456789012:policy/nango-ci/nango-ci-dev-boundary",
    pullRequests: true,
    roles: Object.fromEntries(
      ["preview", "deploy", "drift"].map((purpose) => [
        purpose,
        `arn:aws:iam::123456789012:role/nango-ci/nango-ci-dev-${purpose}`,
      ]),
    ),
  });
});

test("a deployment that follows changes nothing: what it made itself is not taken for somebody else's", async () => {
  const again = await rehearse({ ...options, previous: rehearsal });
  expect(again.changes).toEqual([]);
  expect(again.resources.some(({ type }) => type.endsWith(":OpenIdConnectProvider"))).toBe(true);
});

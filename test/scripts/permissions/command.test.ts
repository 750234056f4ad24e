import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readCommandLine, UsageError } from "../../../project/command.ts";
import { readProject } from "../../../project/project.ts";
import { UserError } from "../../../project/user-error.ts";
import { boundaryPolicy } from "../../../scripts/permissions/boundary.ts";
import { commands } from "../../../scripts/commands.ts";
import { printed } from "../../../scripts/permissions/command.ts";
import {
  lengthOf,
  longest,
  matches,
  type Policy,
  type Statement,
} from "../../../scripts/permissions/policy.ts";
import { rehearse } from "../../rehearse.ts";
import { configurations, permissions } from "./permissions.ts";

const project = readProject(path.resolve(import.meta.dirname, "../../.."));
const command = async (...args: string[]) =>
  printed(readCommandLine(commands.permissions, args, {}), project, rehearse);
const policyFor = async (...args: string[]) => JSON.parse((await command(...args)).output) as Policy;
const of = ({ Statement }: Policy, action: string): readonly Statement[] =>
  Statement.filter(({ Action }) => Action.includes(action));
const resources = (policy: Policy, action: string) => of(policy, action).flatMap(({ Resource }) => Resource);

describe("what may be deployed", () => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await policyFor("dev", "--account", "210987654321");
  }, 300_000);

  test("is in the account, the region and the partition of the stack", async () => {
    const elsewhere = policy.Statement.flatMap(({ Resource }) => Resource).filter(
      (pattern) => pattern !== "*" && !/^arn:aws:[\w-]+:(eu-central-1)?:(210987654321)?:/.test(pattern),
    );
    expect(elsewhere).toEqual([]);
    // The certificates of databases in China are not carried: one is brought.
    const url = "databaseUrl=postgresql://nango:secret@db.example.com:5432/nango";
    const china = await policyFor("dev", "--set", "aws:region=cn-north-1", "--set", url);
    for (const pattern of china.Statement.flatMap(({ Resource }) => Resource))
      expect(pattern).toMatch(/^(\*$|arn:aws-cn:)/);
  });

  test.each([
    ["iam:CreateRole", ["role/nango-execution-*", "role/nango-tunnel-*", "role/nango-task-*"]],
    ["iam:PassRole", ["role/nango-execution-*", "role/nango-task-*", "role/nango-tunnel-*"]],
    ["ecs:RunTask", ["task-definition/nango-migrate-dev:*"]],
    [
      "ecs:RegisterTaskDefinition",
      [
        "task-definition/nango-dev:*",
        "task-definition/nango-migrate-dev:*",
        "task-definition/nango-tunnel-dev:*",
      ],
    ],
    ["ecs:UpdateService", ["service/nango-*/nango-*"]],
    ["rds:DeleteDBInstance", ["db:nango-database-*"]],
    ["elasticloadbalancing:CreateLoadBalancer", ["loadbalancer/app/nango-*/*"]],
    ["secretsmanager:GetSecretValue", ["secret:nango-*"]],
    ["logs:DeleteLogGroup", ["log-group:/aws/rds/instance/nango-database-*", "log-group:nango-*"]],
  ])("%s reaches %j", (action, expected) => {
    expect(resources(policy, action).map((pattern) => pattern.split(":").slice(5).join(":"))).toEqual(
      expected,
    );
  });

  test("is tied to the service, the tag, the names and the zone that are meant", () => {
    const conditions = (action: string) => of(policy, action).map(({ Condition }) => Condition);
    expect(conditions("iam:PassRole")).toEqual([
      { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    ]);
    for (const { Condition, Resource } of of(policy, "iam:CreateServiceLinkedRole"))
      expect(Resource[0]).toContain(`/${String(Condition?.["StringEquals"]?.["iam:AWSServiceName"])}/`);
    expect(conditions("ec2:CreateVpc")).toEqual([
      {
        StringLike: { "aws:RequestTag/Name": "nango*" },
        StringEqualsIfExists: { "aws:RequestTag/Stack": "dev" },
      },
    ]);
    expect(conditions("ec2:DeleteVpc")).toEqual([
      {
        StringLike: { "aws:ResourceTag/Name": "nango*" },
        StringEqualsIfExists: { "aws:ResourceTag/Stack": "dev" },
      },
    ]);
    expect(conditions("route53:ChangeResourceRecordSets")).toEqual([
      {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
            "_*.connect.nango-dev.example.com",
            "_*.nango-dev.example.com",
            "connect.nango-dev.example.com",
            "nango-dev.example.com",
          ],
        },
        "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"] },
      },
    ]);
    expect(conditions("ecs:RunTask")).toEqual([
      {
        ArnLike: { "ecs:cluster": ["arn:aws:ecs:eu-central-1:210987654321:cluster/nango-*"] },
        StringEqualsIfExists: { "aws:ResourceTag/Stack": "dev" },
      },
    ]);
    for (const action of ["rds:DeleteDBInstance", "secretsmanager:GetSecretValue", "ecs:UpdateService"])
      expect(conditions(action)).toEqual([{ StringEqualsIfExists: { "aws:ResourceTag/Stack": "dev" } }]);
  });

  test("is narrower where the stack tells more", async () => {
    const brought = await policyFor("dev", "--set", "hostedZone=Z0123456789ABCDEFGHIJ");
    expect(resources(brought, "route53:ChangeResourceRecordSets")).toEqual([
      "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
    ]);
    const inVpc = (await permissions(configurations["existing VPC"]!)).grants.filter(({ actions }) =>
      actions.includes("ec2:CreateSecurityGroup"),
    );
    expect(inVpc.flatMap(({ on }) => on)).toContain(
      "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0123456789abcdef0",
    );
    expect(inVpc.flatMap(({ on }) => on)).not.toContain("arn:aws:ec2:eu-central-1:123456789012:vpc/*");
  });
});

describe("a permissions boundary", () => {
  test("lets the stack's roles do all that they are allowed in any configuration", async () => {
    const { bootstrap, ...stacks } = configurations;
    expect(bootstrap).toBeDefined();
    for (const options of Object.values(stacks)) {
      const { place } = await permissions(options);
      const boundary = boundaryPolicy(place);
      const allowed = place.resources
        .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
        .flatMap(
          ({ inputs }) => (JSON.parse(String(inputs["policy"])) as { Statement: unknown[] }).Statement,
        ) as {
        Action: string | string[];
        Resource: string;
      }[];
      expect(allowed.length).toBeGreaterThan(1);
      for (const { Action, Resource } of allowed) {
        for (const action of [Action].flat())
          expect([
            action,
            Resource,
            resources(boundary, action).some((pattern) => matches(pattern, Resource)),
          ]).toEqual([action, Resource, true]);
      }
    }
  });

  test("is demanded of who deploys, where the stack has one", async () => {
    const arn = "arn:aws:iam::123456789012:policy/nango-boundary";
    const bounded = await policyFor("dev", "--set", `permissionsBoundaryArn=${arn}`);
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      const statements = of(bounded, action);
      expect(statements).not.toEqual([]);
      for (const { Condition } of statements)
        expect(Condition?.["StringEquals"]).toEqual({ "iam:PermissionsBoundary": arn });
    }
    expect(of(await policyFor("dev"), "iam:PutRolePermissionsBoundary")).toEqual([]);
    expect(bounded.Statement.flatMap(({ Action }) => Action)).not.toContain(
      "iam:DeleteRolePermissionsBoundary",
    );
  });

  test("is printed, and fits", async () => {
    const { output, remarks } = await command("dev", "--boundary");
    expect(lengthOf(JSON.parse(output) as Policy)).toBeLessThan(longest.managed);
    expect(remarks).toEqual([expect.stringContaining("--account")]);
  });
});

describe("the state", () => {
  const backend = ["--backend", "s3://acme-state/nango?region=eu-west-1"];

  test("is read by a preview, and written by a deployment", async () => {
    const preview = await policyFor("dev", "--for", "preview", ...backend);
    const own = [
      "backups/nango/dev/*",
      "history/nango/dev/*",
      "locks/organization/nango/dev/*",
      "meta.yaml",
      "stacks/nango/dev.json*",
      "stacks/nango/dev.pulumi-tags",
    ].map((file) => `arn:aws:s3:::acme-state/nango/.pulumi/${file}`);
    expect(resources(preview, "s3:GetObject")).toEqual(own);
    expect(resources(preview, "s3:ListBucket")).toEqual(["arn:aws:s3:::acme-state"]);
    expect(of(preview, "s3:PutObject")).toEqual([]);
    const deploy = await policyFor("dev", ...backend);
    expect(resources(deploy, "s3:PutObject").toSorted()).toEqual(own);
    // Without it nobody finds the states.
    expect(resources(deploy, "s3:DeleteObject")).not.toContain(own[3]);
  });

  const id = "11111111-2222-3333-4444-555555555555";
  test.each([
    [
      `arn:aws:kms:eu-west-1:210987654321:key/${id}`,
      `arn:aws:kms:eu-west-1:210987654321:key/${id}`,
      undefined,
    ],
    [
      `awskms:///arn:aws:kms:eu-west-1:210987654321:key/${id}?region=eu-west-1`,
      `arn:aws:kms:eu-west-1:210987654321:key/${id}`,
      undefined,
    ],
    [
      `awskms:///arn:aws:kms:eu-west-1:210987654321:key/${id}?region=eu-west-1&context_stack=dev`,
      `arn:aws:kms:eu-west-1:210987654321:key/${id}`,
      { StringEquals: { "kms:EncryptionContext:stack": "dev" } },
    ],
    [`awskms://${id}?region=eu-west-1`, `arn:aws:kms:eu-west-1:123456789012:key/${id}`, undefined],
    [
      "awskms://alias/pulumi?region=eu-west-1",
      "arn:aws:kms:eu-west-1:123456789012:key/*",
      { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/pulumi" } },
    ],
  ])("is decrypted with %s", async (key, expected, condition) => {
    const [statement] = of(await policyFor("dev", "--for", "preview", "--secrets-key", key), "kms:Decrypt");
    expect(statement?.Resource).toEqual([expected]);
    expect(statement?.Condition).toEqual(condition);
  });
});

describe("the command", () => {
  test("says that a policy is too long, and prints several on demand", async () => {
    const whole = await command("dev");
    expect(whole.remarks.at(-1)).toMatch(/^The policy has \d+ characters, more than the 6144 .* --split/);
    const { output, remarks } = await command("dev", "--split");
    const parts = JSON.parse(output) as Policy[];
    expect(parts.flatMap(({ Statement }) => Statement)).toEqual(
      (JSON.parse(whole.output) as Policy).Statement,
    );
    for (const part of parts) expect(lengthOf(part)).toBeLessThanOrEqual(longest.managed);
    expect(remarks).toContain(`${parts.length} policies, each of at most 6144 characters.`);
    expect(await policyFor("dev", "--part", "2")).toEqual(parts[1]);
    expect((await command("dev", "--for", "preview", "--account", "210987654321")).remarks).toEqual([]);
  });

  test("goes on with what infra/customize.ts adds, and says what it leaves out", async () => {
    const queue = "aws:sqs/queue:Queue";
    // As a program is rehearsed that makes a queue: refused until somebody answers for it.
    const customized: typeof rehearse = async ({ answers = {}, ...options }) => {
      const plain = await rehearse(options);
      const known = queue in answers;
      const [root] = plain.resources;
      const resources = known ? [...plain.resources, { ...root!, type: queue }] : [root!];
      const message = `the rehearsal knows no resource type ${queue}: tell it in rehearsal/catalogue/`;
      return {
        ...plain,
        resources,
        findings: known ? [] : [{ message }],
        program: { exitCode: known ? 0 : 1 },
      };
    };
    const line = readCommandLine(commands.permissions, ["dev", "--account", "210987654321"], {});
    const { output, remarks } = await printed(line, project, customized);
    expect(remarks[0]).toBe(
      `Not in the policy, since nothing is known of what they take: ${queue}. Add it yourself.`,
    );
    expect(of(JSON.parse(output) as Policy, "ecs:CreateService")).not.toEqual([]);
  });

  test("prints nothing of what a refused program did not get to", async () => {
    const refused: typeof rehearse = async (options) => ({
      ...(await rehearse(options)),
      findings: [{ message: "AWS refuses it" }],
      program: { exitCode: 1 },
    });
    const line = readCommandLine(commands.permissions, ["dev"], {});
    await expect(printed(line, project, refused)).rejects.toThrow(/^AWS refuses it$/);
  });

  test("takes the account from the stack's file where that allows one only", async () => {
    const policy = await policyFor("dev", "--set", 'aws:allowedAccountIds=["210987654321"]');
    expect(resources(policy, "iam:CreateRole")[0]).toContain(":210987654321:");
  });

  test.each([
    [["dev", "--for", "nothing"], /for deploy, preview, operate, not for "nothing"\.\nUsage: /],
    [["dev", "--account", "12345"], /--account takes the twelve digits/],
    [["dev", "--set", "size"], /--set takes key=value, not 'size'/],
    [["dev", "--part", "9"], /There are the parts 1 to \d of the policy, and no part "9"/],
    [["dev", "--nonsense"], /Unknown option '--nonsense'\.\nUsage: /],
    [["dev", "--backend", "file://~"], /"file:\/\/~", which is no bucket of S3.*\nUsage: /],
    [["dev", "--secrets-key", "banana"], /"banana" is no key of KMS: give its ARN.*\nUsage: /],
    [["dev", "--project", ""], /--project takes a folder, and got nothing\.\nUsage: /],
    [["local"], /The stack "local" runs on Docker/],
    [["nowhere"], /there is no stack 'nowhere': the stacks are/],
    [["dev", "--set", "size=banana"], /nango:size/],
    [[], /^<stack> is missing: one of [\w, ]+\.\nUsage: npm run permissions -- <stack>/],
  ])("of %j says what is wrong", async (args, message) => {
    const error: unknown = await command(...args).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(message);
    // It ends with 64 for a wrong command line, which is shown then, and with 1 for anything else.
    expect(error instanceof UsageError).toBe((error as Error).message.includes("\nUsage: "));
  });
});

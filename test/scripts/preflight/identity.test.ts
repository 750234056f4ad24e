import { expect, test } from "vitest";
import type { EvaluationResult } from "@aws-sdk/client-iam";
import { firstDeployment, introduce, judgeAccount } from "../../../scripts/preflight/checks/account.ts";
import { brought } from "../../../scripts/preflight/checks/brought.ts";
import { contextOf, permissions } from "../../../scripts/preflight/checks/permissions.ts";
import { principalOf } from "../../../scripts/preflight/checks/principal.ts";
import { secretsKey } from "../../../scripts/preflight/checks/secrets-key.ts";
import { Plan } from "../../../scripts/preflight/plan.ts";
import { deployed } from "../../aws/topologies.ts";
import { deployedAs } from "./deployed-state.ts";
import { type Answer, type Changes, type Input, refusal, said, subject } from "./recorded-aws.ts";

const role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Deploy_0a1b";

test.each([
  ["arn:aws:iam::123456789012:root", { kind: "root" }],
  [
    "arn:aws:iam::123456789012:user/ops/deploy",
    { kind: "user", arn: "arn:aws:iam::123456789012:user/ops/deploy" },
  ],
  ["arn:aws-cn:sts::123456789012:assumed-role/AWSReservedSSO_Deploy_0a1b/ana", { kind: "role", arn: role }],
  [
    "arn:aws:sts::123456789012:federated-user/ana",
    { kind: "federated", arn: "arn:aws:sts::123456789012:federated-user/ana" },
  ],
])("%s is seen as whose policies decide", async (arn, principal) => {
  const getRole = async ({ RoleName }: Input) => ({
    Role: RoleName === "AWSReservedSSO_Deploy_0a1b" ? { Arn: role } : undefined,
  });
  expect(await principalOf(arn, { getRole } as never)).toEqual(principal);
});

test("a role whose path IAM does not tell is taken for one without", async () => {
  const getRole = () => Promise.reject(refusal("AccessDenied", "not authorized to perform: iam:GetRole"));
  expect(
    await principalOf("arn:aws-cn:sts::123456789012:assumed-role/deploy/ci", { getRole } as never),
  ).toEqual({
    kind: "role",
    arn: "arn:aws-cn:iam::123456789012:role/deploy",
  });
});

const simulated = (judge: (action: string) => Partial<EvaluationResult>): Record<string, Answer> => ({
  SimulatePrincipalPolicy: ({ ActionNames }) => ({
    EvaluationResults: (ActionNames as string[]).map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: "allowed",
      ...judge(EvalActionName),
    })),
  }),
});
const denying = (pattern: RegExp, more: Partial<EvaluationResult> = {}) =>
  simulated((action) => (pattern.test(action) ? { EvalDecision: "implicitDeny", ...more } : {}));

test.each<[string, Record<string, Answer>, RegExp]>([
  ["everything is allowed", {}, /^good: user\/deploy may do the \d\d\d? things that a deployment takes$/],
  ["something is denied", denying(/^ec2:CreateVpc$/), /^bad: user\/deploy may not: ec2:CreateVpc$/],
  ["much is denied", denying(/^ec2:/), /^bad: user\/deploy may not: (ec2:\w+, ){7}ec2:\w+ and \d+ more$/],
  [
    "the organization denies it",
    denying(/^rds:CreateDBInstance$/, { OrganizationsDecisionDetail: { AllowedByOrganizations: false } }),
    /^bad: .* rds:CreateDBInstance; a policy of the organization denies it$/,
  ],
  [
    "a boundary denies it",
    denying(/^iam:CreateRole$/, {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    }),
    /^bad: .* iam:CreateRole; its permissions boundary denies it$/,
  ],
  ["deleting alone is denied", denying(/:Delete/), /^warning: user\/deploy may perhaps not: /],
  [
    "a service's role may be there",
    denying(/^iam:CreateServiceLinkedRole$/),
    /^warning: .* iam:CreateServiceLinkedRole$/,
  ],
  [
    "IAM lacks a circumstance",
    denying(/^ecs:RunTask$/, { MissingContextValues: ["ecs:cluster"] }),
    /^warning: user\/deploy may perhaps not: ecs:RunTask$/,
  ],
  [
    "simulating is denied",
    {
      SimulatePrincipalPolicy: refusal(
        "AccessDenied",
        "User: x is not authorized to perform: iam:SimulatePrincipalPolicy on resource: y",
      ),
    },
    /^warning: could not be asked: these credentials may not iam:SimulatePrincipalPolicy$/,
  ],
])("says what the credentials may do where %s", async (_, answers, says) => {
  expect(await said([permissions], await subject("dev", answers))).toEqual([expect.stringMatching(says)]);
});

test.each<[string, RegExp]>([
  ["arn:aws:iam::123456789012:root", /^warning: the credentials are the root user's/],
  [
    "arn:aws:sts::123456789012:federated-user/ana",
    /^warning: what .*federated-user\/ana may do cannot be simulated$/,
  ],
])("%s is not simulated", async (arn, says) => {
  const caller = { account: "123456789012", arn };
  const unasked = { SimulatePrincipalPolicy: new Error("asked") };
  expect(await said([permissions], await subject("dev", unasked, { caller }))).toEqual([
    expect.stringMatching(says),
  ]);
});

test("each action is simulated on ARNs without patterns, in its circumstances, page by page", async () => {
  const inputs: Input[] = [];
  const answers: Record<string, Answer> = {
    SimulatePrincipalPolicy: (input) => {
      inputs.push(input);
      const isFirst = input["Marker"] === undefined;
      return { EvaluationResults: [], IsTruncated: isFirst, ...(isFirst && { Marker: "more" }) };
    },
  };
  await said([permissions], await subject("dev", answers));
  expect(inputs.filter(({ Marker }) => Marker === "more")).toHaveLength(inputs.length / 2);
  const arns = inputs.flatMap(({ ResourceArns }) => ResourceArns as string[]);
  expect(arns.filter((arn) => arn !== "*" && /[*?]/.test(arn))).toEqual([]);
  const running = inputs.find(({ ActionNames }) => (ActionNames as string[]).includes("ec2:CreateVpc"));
  expect(JSON.stringify(running?.["ContextEntries"])).toContain("aws:RequestTag/Name");
});

test("conditions say the circumstances", () => {
  const Condition = {
    StringLike: { "aws:RequestTag/Name": "nango*" },
    "ForAllValues:StringEquals": { "acm:DomainNames": ["a.example.com", "b.example.com"] },
    Bool: { "ecs:enable-execute-command": "false" },
  };
  expect(contextOf({ Condition })).toEqual([
    { ContextKeyName: "aws:RequestTag/Name", ContextKeyValues: ["nango0123abc"], ContextKeyType: "string" },
    {
      ContextKeyName: "acm:DomainNames",
      ContextKeyValues: ["a.example.com", "b.example.com"],
      ContextKeyType: "stringList",
    },
    { ContextKeyName: "ecs:enable-execute-command", ContextKeyValues: ["false"], ContextKeyType: "boolean" },
  ]);
});

const caller = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/deploy" };
const anywhere = { first: undefined, allowed: [], forbidden: [] };

test.each<[string, Parameters<typeof judgeAccount>[2], RegExp]>([
  ["of a new stack", anywhere, /^good 123456789012: aws:allowedAccountIds in the stack's file would hold/],
  [
    "that is allowed",
    { ...anywhere, allowed: ["123456789012"] },
    /^good 123456789012: aws:allowedAccountIds names it$/,
  ],
  [
    "that is not allowed",
    { ...anywhere, allowed: ["210987654321"] },
    /^bad .* aws:allowedAccountIds does not name \(210987654321\)$/,
  ],
  [
    "that is forbidden",
    { ...anywhere, forbidden: ["123456789012"] },
    /^bad .* which aws:forbiddenAccountIds names$/,
  ],
  [
    "of the first deployment",
    { ...anywhere, first: { account: "123456789012", region: "eu-central-1" } },
    /^good .* the stack is deployed there$/,
  ],
  [
    "of another stack",
    { ...anywhere, first: { account: "210987654321", region: "eu-central-1" } },
    /^bad .* and the stack is deployed in 210987654321$/,
  ],
  [
    "in another region",
    { ...anywhere, first: { account: "123456789012", region: "eu-west-1" } },
    /^bad aws:region is eu-central-1, and the stack is deployed in eu-west-1/,
  ],
])("judges an account %s", (_, of, says) => {
  const { verdict, says: what } = judgeAccount(caller, "eu-central-1", of);
  expect(`${verdict} ${what}`).toMatch(says);
});

test("a deployed stack remembers its account and region", async () => {
  expect(firstDeployment(await deployedAs("dev"))).toEqual({
    account: "123456789012",
    region: "eu-central-1",
  });
  expect(firstDeployment(undefined)).toBeUndefined();
});

const sts = (answer: object | Error) => ({
  sts: {
    getCallerIdentity: async () => (answer instanceof Error ? Promise.reject(answer) : answer),
  } as never,
});
const known = { Account: "123456789012", Arn: caller.arn };
const wrong = refusal("InvalidClientTokenId", "The security token included in the request is invalid");

test.each<[string, object | Error, object | Error, RegExp]>([
  ["work", known, known, /^good arn:aws:iam::123456789012:user\/deploy in the account 123456789012$/],
  ["are wrong", wrong, wrong, /^bad AWS does not take them: The security token/],
  ["are expired", refusal("ExpiredToken", "expired"), wrong, /^bad AWS does not take them: expired$/],
  [
    "belong to an account without the region",
    wrong,
    known,
    /^bad AWS takes them in us-east-1, and not in af-south-1/,
  ],
  [
    "cannot be shown",
    refusal("TimeoutError", "timed out"),
    known,
    /^bad AWS does not say who they are: TimeoutError: timed out$/,
  ],
])("tells of credentials that %s", async (_, here, home, says) => {
  const { result, caller: seen } = await introduce(sts(here), "af-south-1", async () => sts(home));
  expect(`${result.verdict} ${result.says}`).toMatch(says);
  expect(seen).toEqual(here === known ? caller : undefined);
});

const boundary = "arn:aws:iam::123456789012:policy/boundary";

/** A stack whose log group is given a key, and one of whose alarms a topic. */
async function withBrought(
  answers: Record<string, Answer>,
  inputs: Readonly<Record<string, unknown>>,
  changes: Changes = {},
) {
  const { resources, ...rest } = await deployed("dev");
  const [first, ...others] = resources;
  return {
    ...(await subject("dev", answers, changes)),
    plan: new Plan({ ...rest, resources: [{ ...first!, inputs }, ...others] }, undefined),
  };
}

const key = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
const there: Record<string, Answer> = {
  DescribeKey: { KeyMetadata: { Enabled: true } },
  GetTopicAttributes: { Attributes: {} },
};

test.each<[string, Record<string, Answer>, Record<string, unknown>, readonly RegExp[]]>([
  ["nothing", {}, {}, [/^skipped: the stack is given no key/]],
  [
    "a key and a topic",
    there,
    { kmsKeyId: key, actions: [topic] },
    [/^good: \S+:key\/\S+ the KMS key is there$/, /^good: \S+:alarms the topic is there$/],
  ],
  [
    "a key that is to be deleted",
    { DescribeKey: { KeyMetadata: { Enabled: false, KeyState: "PendingDeletion" } } },
    { kmsKeyId: key },
    [/^bad: .* its state is PendingDeletion$/],
  ],
  [
    "no such key",
    { DescribeKey: refusal("NotFoundException", "not found") },
    { kmsKeyId: key },
    [/^bad: .* there is no such KMS key$/],
  ],
  [
    "a topic of another region",
    there,
    { actions: [topic.replace("eu-central-1", "us-east-1")] },
    [/^bad: .* the topic is in us-east-1, and the stack in eu-central-1$/],
  ],
  [
    "no such topic",
    { GetTopicAttributes: refusal("NotFoundException", "Topic does not exist") },
    { actions: [topic] },
    [/^bad: .* there is no such topic$/],
  ],
  [
    "no such role",
    { GetRole: refusal("NoSuchEntityException", "cannot be found") },
    { roleArn: "arn:aws:iam::123456789012:role/mine" },
    [/^bad: .* there is no such role$/],
  ],
  [
    "a snapshot that is being made",
    { DescribeDBSnapshots: { DBSnapshots: [{ Status: "creating" }] } },
    { snapshotIdentifier: "arn:aws:rds:eu-central-1:123456789012:snapshot:mine" },
    [/^bad: .* its status is creating$/],
  ],
])("looks up %s", async (_, answers, inputs, says) => {
  const lines = await said([brought], await withBrought(answers, inputs));
  expect(lines).toHaveLength(says.length);
  says.forEach((pattern, index) => expect(lines[index]).toMatch(pattern));
});

test("a boundary that is brought is looked up once", async () => {
  expect(await said([brought], await subject("large, internal, on Spot"))).toEqual([
    `good: ${boundary} the policy is there`,
  ]);
  const none = { GetPolicy: refusal("NoSuchEntityException", "was not found") };
  expect(await said([brought], await subject("large, internal, on Spot", none))).toEqual([
    `bad: ${boundary} there is no such policy`,
  ]);
});

test.each<[string, Record<string, Answer>, RegExp]>([
  ["awskms://alias/pulumi?region=eu-west-1", there, /^good: the key alias\/pulumi in eu-west-1 is there$/],
  [
    `awskms:///${key}?region=eu-central-1&awssdk=v2`,
    there,
    /^good: the key arn:aws:kms:\S+ in eu-central-1 is there$/,
  ],
  ["awskms://1234abcd-12ab-34cd-56ef-1234567890ab", there, /^good: .* in eu-central-1 is there$/],
  [
    "awskms://alias/pulumi?region=eu-west-1",
    { DescribeKey: refusal("NotFoundException", "no") },
    /^bad: eu-west-1 has no key alias\/pulumi$/,
  ],
  [
    "awskms://alias/pulumi",
    { DescribeKey: { KeyMetadata: { Enabled: false, KeyState: "Disabled" } } },
    /^bad: .* its state is Disabled$/,
  ],
])("the key of a stack's secrets is looked up: %s", async (url, answers, says) => {
  const { aws } = await subject("dev", answers);
  const regions: string[] = [];
  const awsIn = async (region: string) => {
    regions.push(region);
    return aws;
  };
  const lines = await said([secretsKey], { url, region: "eu-central-1", awsIn });
  expect(lines).toEqual([expect.stringMatching(says)]);
  expect(regions).toEqual([url.includes("eu-west-1") ? "eu-west-1" : "eu-central-1"]);
});

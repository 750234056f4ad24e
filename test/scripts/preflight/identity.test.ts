import { expect, test } from "vitest";
import type { EvaluationResult } from "@aws-sdk/client-iam";
import { contextOf, permissions } from "../../../scripts/preflight/checks/permissions.ts";
import { principalOf } from "../../../scripts/preflight/checks/principal.ts";
import { type Answer, type Input, refusal, said, subject } from "./recorded-aws.ts";

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
  expect(await principalOf("arn:aws-cn:sts::123456789012:assumed-role/deploy/ci", { getRole })).toEqual({
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

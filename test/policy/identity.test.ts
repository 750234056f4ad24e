// Who may do what, and to what, in ways that look like less or like more than they are.
import { expect, test } from "vitest";
import type { Properties } from "../../project/values.ts";
import { objections } from "./objections.ts";

const github = "token.actions.githubusercontent.com";
const provider = { Federated: `arn:aws:iam::123456789012:oidc-provider/${github}` };
test.each<[what: string, principal: unknown, condition: unknown, isAnyone: boolean]>([
  ["anyone", "*", undefined, true],
  ["anyone over TLS", "*", { Bool: { "aws:SecureTransport": "true" } }, true],
  ["anyone but one", "*", { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } }, true],
  ["anyone, unless it is known", "*", { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } }, true],
  ["every address", "*", { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"] } }, true],
  ["every account", { AWS: "*" }, { StringLike: { "aws:PrincipalAccount": "*" } }, true],
  ["some addresses", "*", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, false],
  ["an endpoint", "*", { StringEquals: { "aws:sourceVpce": "vpce-0123456789abcdef0" } }, false],
  ["an organisation", { AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-acme" } }, false],
  ["clients of a mount", "*", { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } }, false],
  ["all of GitHub", provider, undefined, true],
  ["all of GitHub for AWS", provider, { StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" } }, true],
  ["every repository", provider, { StringLike: { [`${github}:sub`]: "repo:*" } }, true],
  ["a repository", provider, { StringLike: { [`${github}:sub`]: "repo:acme/nango:*" } }, false],
  [
    "an app",
    { Federated: "accounts.google.com" },
    { StringEquals: { "accounts.google.com:aud": "1" } },
    false,
  ],
  [
    "SAML",
    { Federated: "arn:aws:iam::1:saml-provider/acme" },
    { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
    false,
  ],
])("a role for %s", (_, Principal, Condition, isAnyone) => {
  const statement = {
    Effect: "Allow",
    Principal,
    Action: "sts:AssumeRole",
    ...(Condition ? { Condition } : {}),
  };
  const assumeRolePolicy = JSON.stringify({ Statement: [statement] });
  expect(objections("named-principals", "aws:iam/role:Role", { assumeRolePolicy })).toEqual(
    isAnyone ? ["lets anyone sts:AssumeRole"] : [],
  );
});

test("a function that anyone of an organisation may call is not for anyone", () => {
  const said = (more: Properties) =>
    objections("named-principals", "aws:lambda/permission:Permission", { principal: "*", ...more });
  expect(said({})).toEqual(["lets anyone call the function"]);
  expect(said({ principalOrgId: "o-acme" })).toEqual([]);
});

test.each<[operator: string, key: string, value: string, isWide: boolean]>([
  ["Bool", "aws:SecureTransport", "true", true],
  ["StringEquals", "aws:RequestedRegion", "eu-central-1", true],
  ["StringLike", "ecs:cluster", "*", true],
  ["ArnLike", "ecs:cluster", "arn:aws:ecs:*:*:cluster/*", true],
  ["StringNotEquals", "aws:ResourceTag/team", "acme", true],
  ["StringEqualsIfExists", "aws:ResourceTag/team", "acme", true],
  ["ForAllValues:StringEquals", "aws:ResourceTag/team", "acme", true],
  ["StringEquals", "aws:ResourceTag/team", "acme", false],
  ["ArnEquals", "ecs:cluster", "arn:aws:ecs:eu-central-1:123456789012:cluster/acme", false],
  ["StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com", false],
])("a right to everything under the condition %s %s %s", (operator, key, value, isWide) => {
  const Condition = { [operator]: { [key]: value } };
  const policy = JSON.stringify({
    Statement: { Effect: "Allow", Action: "ecs:RunTask", Resource: "*", Condition },
  });
  expect(objections("least-privilege", "aws:iam/rolePolicy:RolePolicy", { policy })).toHaveLength(
    isWide ? 1 : 0,
  );
});

test.each<[arn: string, isWide: boolean]>([
  ["arn:aws:iam::aws:policy/SecretsManagerReadWrite", true],
  ["arn:aws:iam::aws:policy/AmazonS3FullAccess", true],
  ["arn:aws-cn:iam::aws:policy/job-function/ViewOnlyAccess", true],
  ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy", false],
  ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", false],
  ["arn:aws:iam::123456789012:policy/AdministratorAccess", false],
])("a role with %s", (policyArn, isWide) => {
  const count = isWide ? 1 : 0;
  const said = (type: string, inputs: Properties) => objections("least-privilege", type, inputs);
  expect(said("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn })).toHaveLength(count);
  expect(said("aws:iam/role:Role", { managedPolicyArns: [policyArn] })).toHaveLength(count);
});

test.each([
  ["s3:???Object", "arn:aws:s3:::acme/*", 1],
  ["s3:GetObject", "arn:aws:s3:::?*", 1],
  ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:123456789012:secret:??*", 1],
  ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:123456789012:secret:acme-??????", 0],
])("a right to %s on %s", (Action, Resource, count) => {
  const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });
  expect(objections("least-privilege", "aws:iam/rolePolicy:RolePolicy", { policy })).toHaveLength(count);
});

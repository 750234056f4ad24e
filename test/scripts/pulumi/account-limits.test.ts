import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { limits } from "../../../scripts/pulumi/account-limits.ts";
import { explanations } from "../../../scripts/pulumi/explanation.ts";

const troubleshoot = readFileSync(path.resolve(import.meta.dirname, "../../../docs/troubleshoot.md"), "utf8");
const rows = troubleshoot
  .split("\n## ")
  .find((section) => section.startsWith("While AWS makes things"))!
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | ")[0]!);

function explained(target: "aws" | "docker", ...messages: string[]): string[] {
  const events = messages.map((message) => ({ diagnosticEvent: { severity: "error", message } }));
  return explanations({
    stack: "dev",
    command: "up",
    target,
    place: { region: "eu-central-1", profile: "acme" },
    wasInterrupted: false,
    events,
    state: undefined,
  });
}

// As AWS's provider and ECS word them.
const messages: [string, RegExp][] = [
  [
    "creating RDS DB Instance (nango): operation error RDS: CreateDBInstance, https response error StatusCode: 400, api error FreeTierRestrictionError: The specified backup retention period exceeds the maximum available to free tier customers. To remove all limitations, upgrade your account plan.",
    /config set -s dev nango:databaseBackupDays 1/,
  ],
  [
    "creating RDS DB Instance (nango): api error FreeTierRestrictionError: This instance size isn't available with free plan accounts.",
    /config set -s dev nango:size small/,
  ],
  [
    "creating IAM Role (nango-task-1a2b3c4): operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: 1, api error AccessDenied: User: arn:aws:sts::123456789012:assumed-role/deploy/ci is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/nango-task-1a2b3c4",
    /"npm run permissions -- dev" prints the policy/,
  ],
  [
    "creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 403, api error UnauthorizedOperation: You are not authorized to perform this operation.",
    /"npm run permissions -- dev"/,
  ],
  [
    "invocation of aws:index/getCallerIdentity:getCallerIdentity returned an error: reading STS Caller Identity: operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken: The security token included in the request is expired",
    /expired or wrong: log in again \(aws sso login --profile acme or aws configure --profile acme; aws sts get-caller-identity --region eu-central-1 --profile acme answers then\), and run "npm run up -- dev" again/,
  ],
  [
    "creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 401, api error AuthFailure: AWS was not able to validate the provided access credentials",
    /log in again/,
  ],
  [
    "creating EC2 VPC: operation error EC2: CreateVpc, api error VpcLimitExceeded: The maximum number of VPCs has been reached.",
    /nango:vpcId/,
  ],
  [
    "creating EC2 EIP: operation error EC2: AllocateAddress, api error AddressLimitExceeded: The maximum number of addresses has been reached.",
    /config set -s dev nango:nat single/,
  ],
  [
    "(service nango) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    /nango:cpu or nango:replicas/,
  ],
  ["You've reached the limit on the number of spot tasks you can run concurrently", /nango:cpu/],
  [
    "creating RDS DB Instance (nango): InstanceQuotaExceeded: DB Instance quota exceeded",
    /as many RDS instances/,
  ],
  [
    "updating RDS DB Instance (nango): api error StorageQuotaExceeded: The operation cannot be completed. The storage quota for this account has been exceeded",
    /storage of theirs/,
  ],
  [
    "creating CloudWatch Logs Resource Policy (nango): operation error CloudWatch Logs: PutResourcePolicy, LimitExceededException: Resource limit exceeded.",
    /aws logs describe-resource-policies --region eu-central-1 --profile acme names them/,
  ],
  [
    "creating ELBv2 application Load Balancer (nango): api error InvalidSubnet: VPC vpc-0123456789abcdef0 has no internet gateway",
    /config set -s dev nango:internal true/,
  ],
  [
    "Running program '/nango/infra/main.mjs' failed with an unhandled exception: Error: invocation of aws:route53/getZone:getZone returned an error: no matching Route 53 Hosted Zone found",
    /aws route53 list-hosted-zones --profile acme .* nango:hostedZone <zone>/,
  ],
  [
    "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone",
    /or several: .*by its name or its ID/,
  ],
  [
    "creating ELBv2 Listener: api error TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: arn:aws:...",
    /npm run up -- dev/,
  ],
  [
    "creating ElastiCache Replication Group (nango): NodeQuotaForCustomerExceeded: quota exceeded",
    /Service Quotas/,
  ],
  ["creating ELBv2 application Load Balancer: TooManyLoadBalancers: The maximum", /Service Quotas/],
  [
    "requesting ACM Certificate: LimitExceededException: Error: you have reached your limit of 20",
    /Service Quotas/,
  ],
  ["creating Security Group: api error SecurityGroupLimitExceeded: The maximum number", /Service Quotas/],
];

test.each(messages)("%s is followed by what it means here", (message, wayOut) => {
  const said = explained("aws", message, message);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(wayOut);
});

test("every limit is among these messages, and in a row of the documentation", () => {
  const first = (message: string) => limits.find(({ says }) => says.test(message));
  expect(new Set(messages.map(([message]) => first(message)))).toEqual(new Set(limits));
  for (const { row } of limits)
    expect(
      rows.filter((cell) => cell.includes(row)),
      row,
    ).toHaveLength(1);
});

test.each([
  "operation error EC2: DescribeVpcs, api error RequestLimitExceeded: Request limit exceeded.",
  "operation error ECR: TooManyRequestsException: Rate exceeded",
  "The database migration failed: ResourceInitializationError: unable to pull secrets: AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue",
])("%s is no limit of the account", (message) => {
  expect(explained("aws", message)).toEqual([]);
});

test("nothing is said of AWS's limits on a laptop", () => {
  expect(explained("docker", ...messages.map(([message]) => message))).toEqual([]);
});

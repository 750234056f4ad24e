import { type AwsPlace, awsCommand } from "../../infra/config/aws-command.ts";
import { loggingIn } from "../aws/login.ts";

/** A limit of an AWS account, of its network or of the credentials for it, that a deployment met. */
interface Limit {
  /** AWS's words for it. */
  readonly says: RegExp;
  /** What a row of docs/troubleshoot.md, "While AWS makes things", begins with. */
  readonly row: string;
  /** What it is, and the way out. */
  readonly explain: (stack: string, place: AwsPlace) => string;
}

const set = (stack: string, key: string, value: string) =>
  `npx pulumi config set -s ${stack} nango:${key} ${value}`;

/** The first one that fits is the one that is told. */
export const limits: readonly Limit[] = [
  {
    says: /FreeTierRestrictionError.*backup retention/s,
    row: "FreeTierRestrictionError: The specified backup retention period",
    explain: (stack) =>
      `The account is on AWS's free plan, which keeps backups for a day: ${set(stack, "databaseBackupDays", "1")}, or upgrade the account's plan.`,
  },
  {
    says: /FreeTierRestrictionError|free plan accounts/,
    row: "FreeTierRestrictionError: This instance size",
    explain: (stack) =>
      `The account is on AWS's free plan, which has only the smallest instance classes: ${set(stack, "size", "small")} (db.t4g.micro) without larger classes in keys of their own, or upgrade the account's plan.`,
  },
  {
    says: /VpcLimitExceeded/,
    row: "VpcLimitExceeded",
    explain: () =>
      "The region has as many VPCs as the account may have, five unless more were asked for: ask for more, or use a VPC of yours with nango:vpcId.",
  },
  {
    says: /AddressLimitExceeded/,
    row: "AddressLimitExceeded",
    explain: (stack) =>
      `The region has as many elastic IP addresses as the account may have, five unless more were asked for, and each NAT gateway takes one: ask for more, or ${set(stack, "nat", "single")}.`,
  },
  {
    says: /reached the limit on the number of (spot )?(vCPUs|tasks)/i,
    row: "You've reached the limit on the number of vCPUs",
    explain: () =>
      "Fargate gives the account too few virtual processors, and a deployment runs old and new tasks side by side: ask for more, or take a smaller nango:cpu or nango:replicas.",
  },
  {
    says: /(InstanceQuota|StorageQuota)Exceeded/,
    row: "InstanceQuotaExceeded",
    explain: () =>
      "The region has as many RDS instances, or as much storage of theirs, as the account may have: delete what nobody uses, or ask for more.",
  },
  {
    says: /(Log|Put)ResourcePolicy.*LimitExceededException/s,
    row: "LimitExceededException: Resource limit exceeded",
    explain: (_, place) =>
      `The region has ten resource policies of CloudWatch Logs, which is all that an account gets, and each stack with a search domain takes one. Delete those of domains that are gone: ${awsCommand(["logs", "describe-resource-policies"], place)} names them.`,
  },
  {
    says: /InvalidSubnet.*no internet gateway/s,
    row: "InvalidSubnet: VPC ... has no internet gateway",
    explain: (stack) =>
      `The VPC of nango:vpcId leads nowhere: attach an internet gateway and route the subnets of nango:publicSubnetIds to it, or have a load balancer with private addresses only: ${set(stack, "internal", "true")}.`,
  },
  {
    // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/route53/zone_data_source.go
    says: /(no matching|multiple) Route ?53 ?Hosted ?Zones?\b/i,
    row: "no matching Route 53 Hosted Zone found",
    explain: (stack, { profile }) =>
      `The account has no public hosted zone of the name in nango:hostedZone, or several: ${awsCommand(["route53", "list-hosted-zones"], { region: undefined, profile })} shows those that it has. Name the right one, in the account that the credentials are for, by its name or its ID: ${set(stack, "hostedZone", "<zone>")}.`,
  },
  {
    // https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and EC2's own word for it
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    says: /api error (ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|AuthFailure:)|SSO session has expired|No valid credential sources/,
    row: "ExpiredToken",
    explain: (stack, place) =>
      `The AWS credentials are expired or wrong: log in again (${loggingIn(place)}), and run "npm run up -- ${stack}" again, which goes on from what is made.`,
  },
  {
    // A call of the provider's: what a task is denied says so itself.
    says: /operation error [\w ]+: \w+,.*(AccessDenied|UnauthorizedOperation|not authorized to perform)/s,
    row: "... is not authorized to perform: ...",
    explain: (stack) =>
      `The credentials may not do that: "npm run permissions -- ${stack}" prints the policy that this stack takes, for whoever gives rights in the account. Deploy again then; what is made stays.`,
  },
  {
    says: /TargetGroupAssociationLimit/,
    row: "TargetGroupAssociationLimit",
    explain: (stack) =>
      `A target group belongs to one load balancer, and another one has it still. Run "npm run up -- ${stack}" again, which makes target groups of its own for the load balancer that was made; one of infra/customize.ts needs some of its own, too.`,
  },
  {
    // Not RequestLimitExceeded and TooManyRequestsException: those ask to be slower.
    says: /\b(?!RequestLimit)\w*(LimitExceeded|QuotaExceeded|QuotaFor\w+Exceeded)(Exception|Fault)?\b|\bTooMany(?!Requests)\w+/,
    row: "...LimitExceeded",
    explain: () =>
      "The account has a quota for this and has reached it: delete what nobody uses, or ask for more under Service Quotas in the console, in the stack's region.",
  },
];

/** What is to be said of the limits that errors name, each once. */
export function limitsMet(
  { stack, place }: { readonly stack: string; readonly place: AwsPlace },
  errors: readonly string[],
): string[] {
  const met = errors.map((text) => limits.find(({ says }) => says.test(text)));
  return [...new Set(met)].flatMap((limit) =>
    limit === undefined
      ? []
      : [`${limit.explain(stack, place)} (docs/troubleshoot.md, "While AWS makes things": ${limit.row})`],
  );
}

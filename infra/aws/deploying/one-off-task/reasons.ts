/** What a reason given by ECS means for the person who deploys. */
export interface Diagnosis {
  /** What to do, as a sentence. */
  readonly remedy: string;
  /** Whether it tends to go away by itself within a minute or two. */
  readonly passing: boolean;
}

const lasting = (remedy: string): Diagnosis => ({ remedy, passing: false });
const passing = (remedy: string): Diagnosis => ({ remedy, passing: true });

const route =
  "Give the task a way out: a NAT gateway or a public address in a public subnet, a route to it, and a security group " +
  "that lets HTTPS and DNS out.";

/**
 * Texts of RunTask refusals, of `stoppedReason` and of a container's `reason`; the first match counts.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 */
const diagnoses: readonly (readonly [RegExp, Diagnosis])[] = [
  // IAM tells its regions about a new role or policy seconds after it said that it was made.
  // https://github.com/pulumi/pulumi-awsx/issues/927
  [
    /unable to assume the role|iam:PassRole/i,
    passing(
      "Check that the role exists and trusts ecs-tasks.amazonaws.com, and that the identity that deploys may iam:PassRole it.",
    ),
  ],
  [
    /ResourceInitializationError.*(AccessDenied|not authorized)/is,
    passing(
      "Allow the task's execution role what the message names: to read the secret, or to write to the log group.",
    ),
  ],
  [
    /capacity is unavailable/i,
    passing(
      "AWS has no Fargate capacity to give in these zones now: try again later, or use subnets in more zones.",
    ),
  ],
  [
    /limit on the number of|above your limit|quota/i,
    lasting(
      "Ask for more under Service Quotas (AWS Fargate, On-Demand vCPUs), or stop tasks that nobody needs.",
    ),
  ],
  [
    /toomanyrequests|rate limit/i,
    lasting("The registry limits anonymous pulls: wait, or pull from your own copy of the image."),
  ],
  [
    /(manifest|image).*(unknown|not found)|not found.*manifest|does not exist or no pull access|repository.*not found/is,
    lasting("The image does not exist under that name: correct the tag or digest in the stack file."),
  ],
  [
    /CannotPull.*(denied|unauthorized|no basic auth|forbidden)/is,
    lasting(
      "The registry refuses the pull: the repository has another name, or the execution role may not read it.",
    ),
  ],
  [
    /CannotPull.*(timeout|timed out|deadline|dial tcp|no route|canceled|i\/o)/is,
    lasting(`The registry cannot be reached. ${route}`),
  ],
  [/CannotPull.*platform/is, lasting("The image has no build for linux/amd64: use one that has.")],
  [
    /log[- ](group|stream)|logger|logging driver|cloudwatch/i,
    lasting(
      "Check that the log group exists, that the execution role may write to it, and that CloudWatch can be reached.",
    ),
  ],
  [
    /secret.*(json key|did not contain|ResourceNotFound|can't find|marked for deletion)/is,
    lasting(
      "The secret, its version or one of its keys is missing: deploy again with --refresh, so that Pulumi sees it.",
    ),
  ],
  [
    /ResourceInitializationError.*(timeout|deadline|dial tcp|connection|canceled)/is,
    lasting(`AWS cannot be reached. ${route}`),
  ],
  [
    /InsufficientFreeAddresses|network interface/i,
    lasting("Check that the subnets have free addresses and that the account may create network interfaces."),
  ],
  [/OutOfMemory|out of memory/i, lasting("Give the task more memory.")],
  [
    /cluster (was )?not found|ClusterNotFound/i,
    lasting("The cluster was removed outside Pulumi: deploy again with --refresh, so that Pulumi sees it."),
  ],
  [
    /ExpiredToken|security token.*(expired|invalid)|UnrecognizedClient|credentials/i,
    lasting("The AWS credentials are missing, wrong or expired: log in again, then deploy again."),
  ],
  [
    /AccessDenied|not authorized/i,
    lasting(
      "Allow the identity that deploys the action that the message names (it needs RunTask, TagResource, DescribeTasks, ListTasks, StopTask).",
    ),
  ],
];

/** What `reason` means, if it is a known one. */
export function diagnose(reason: string): Diagnosis | undefined {
  return diagnoses.find(([pattern]) => pattern.test(reason))?.[1];
}

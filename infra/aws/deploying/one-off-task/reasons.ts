/** What a reason given by ECS means for the person who deploys. */
export interface Diagnosis {
  /** What to do, as a sentence. */
  readonly remedy: string;
  /** Whether it tends to go away by itself within a minute or two. */
  readonly transient: boolean;
}

const permanent = (remedy: string): Diagnosis => ({ remedy, transient: false });
const transient = (remedy: string): Diagnosis => ({ remedy, transient: true });

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
    transient(
      "Check that the role exists and trusts ecs-tasks.amazonaws.com, and that the identity that deploys may iam:PassRole it.",
    ),
  ],
  [
    /ResourceInitializationError.*(AccessDenied|not authorized)/is,
    transient(
      "Allow the task's execution role what the message names: to read the secret, or to write to the log group.",
    ),
  ],
  [
    /capacity is unavailable/i,
    transient(
      "AWS has no Fargate capacity to give in these zones now: try again later, or use subnets in more zones.",
    ),
  ],
  [
    /limit on the number of|above your limit|quota/i,
    permanent(
      "Ask for more under Service Quotas (AWS Fargate, On-Demand vCPUs), or stop tasks that nobody needs.",
    ),
  ],
  [
    /toomanyrequests|rate limit/i,
    permanent("The registry limits anonymous pulls: wait, or pull from your own copy of the image."),
  ],
  [
    /(manifest|image).*(unknown|not found)|not found.*manifest|does not exist or no pull access|repository.*not found/is,
    permanent("The image does not exist under that name: correct the tag or digest in the stack file."),
  ],
  [
    /CannotPull.*(denied|unauthorized|no basic auth|forbidden)/is,
    permanent(
      "The registry refuses the pull: the repository has another name, or the execution role may not read it.",
    ),
  ],
  [
    /CannotPull.*(timeout|timed out|deadline|dial tcp|no route|canceled|i\/o)/is,
    permanent(`The registry cannot be reached. ${route}`),
  ],
  [/CannotPull.*platform/is, permanent("The image has no build for linux/amd64: use one that has.")],
  [
    /log[- ](group|stream)|logger|logging driver|cloudwatch/i,
    permanent(
      "Check that the log group exists, that the execution role may write to it, and that CloudWatch can be reached.",
    ),
  ],
  [
    /secret.*(json key|did not contain|ResourceNotFound|can't find|marked for deletion)/is,
    permanent(
      "The secret, its version or one of its keys is missing: deploy again with --refresh, so that Pulumi sees it.",
    ),
  ],
  [
    /ResourceInitializationError.*(timeout|deadline|dial tcp|connection|canceled)/is,
    permanent(`AWS cannot be reached. ${route}`),
  ],
  [
    /InsufficientFreeAddresses|network interface/i,
    permanent(
      "Check that the subnets have free addresses and that the account may create network interfaces.",
    ),
  ],
  [/OutOfMemory|out of memory/i, permanent("Give the task more memory.")],
  [
    /cluster (was )?not found|ClusterNotFound/i,
    permanent("The cluster was removed outside Pulumi: deploy again with --refresh, so that Pulumi sees it."),
  ],
  [
    /ExpiredToken|security token.*(expired|invalid)|UnrecognizedClient|credentials/i,
    permanent("The AWS credentials are missing, wrong or expired: log in again, then deploy again."),
  ],
  [
    /AccessDenied|not authorized/i,
    permanent(
      "Allow the identity that deploys the action that the message names (it needs RunTask, TagResource, DescribeTasks, ListTasks, StopTask).",
    ),
  ],
];

/** What `reason` means, if it is a known one. */
export function diagnose(reason: string): Diagnosis | undefined {
  return diagnoses.find(([pattern]) => pattern.test(reason))?.[1];
}

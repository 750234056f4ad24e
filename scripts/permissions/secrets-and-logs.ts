import { look, make, operate, provider, type ResourcePermissions, run } from "./grant.ts";
import { arn, inRegion, namePattern, type Place } from "./place.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** The ARN of a secret ends in six characters that AWS makes up. */
function secretArn(place: Place, secret: RecordedResource): string {
  const name = namePattern(place, secret);
  return arn(place, "secretsmanager", `secret:${name.endsWith("*") ? name : `${name}-??????`}`);
}

/**
 * A log group; its ARN goes on with `:*` for some actions and not for others.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export function logGroupArn(place: Place, group: RecordedResource): string {
  return arn(place, "logs", `log-group:${namePattern(place, group).replace(/\*.*$/, "")}*`);
}

/** Reading the log of a task. infra/aws/deploying/one-off-task/log.ts */
export const readLogs = (place: Place) =>
  run(
    "logs:GetLogEvents",
    place.resources
      .filter(({ type }) => type === LOG_GROUP)
      .map((group) => `${logGroupArn(place, group)}:log-stream:*`),
  );

/** `aws.secretsmanager` and `aws.cloudwatch` */
export const secretsAndLogs: Readonly<Record<string, ResourcePermissions>> = {
  [SECRET]: {
    source: provider("secretsmanager/secret.go"),
    grants: (secret, place) => {
      const on = [secretArn(place, secret)];
      return [
        make("secretsmanager:CreateSecret UpdateSecret DeleteSecret TagResource UntagResource", on),
        look("secretsmanager:DescribeSecret GetResourcePolicy", on),
      ];
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    source: provider("secretsmanager/secret_version.go"),
    grants: ({ inputs }, place) => {
      const on = place.resources
        .filter(({ type, id }) => type === SECRET && id === inputs["secretId"])
        .map((secret) => secretArn(place, secret));
      return [
        make("secretsmanager:PutSecretValue UpdateSecretVersionStage ListSecretVersionIds", on),
        // The provider reads a version by its value; the state, which each of these purposes reads, holds it as well.
        look("secretsmanager:GetSecretValue", on),
      ];
    },
  },
  [LOG_GROUP]: {
    source: provider("logs/group.go"),
    grants: (group, place) => {
      const on = [logGroupArn(place, group)];
      return [
        make(
          "logs:CreateLogGroup PutRetentionPolicy DeleteRetentionPolicy DeleteLogGroup TagResource UntagResource",
          on,
        ),
        look("logs:ListTagsForResource", on),
        look("logs:DescribeLogGroups", ["*"], inRegion(place)),
        // scripts/doctor/aws
        run("logs:DescribeLogStreams", on),
        // scripts/logs, and `aws logs tail`
        operate("logs:FilterLogEvents", on),
      ];
    },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    source: provider("logs/resource_policy.go"),
    grants: (_, place) => [
      make("logs:PutResourcePolicy DeleteResourcePolicy", ["*"], inRegion(place)),
      look("logs:DescribeResourcePolicies", ["*"], inRegion(place)),
    ],
  },
};

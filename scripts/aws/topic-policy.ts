import { isRecord } from "../../project/values.ts";

/** Who publishes what the stack has to tell: CloudWatch its alarms, EventBridge its events. */
export type Publisher = "cloudwatch.amazonaws.com" | "events.amazonaws.com";

/**
 * Whether the policy of an SNS topic lets a service publish for an account. EventBridge is heeded only by a statement
 * without a condition; of the conditions for CloudWatch the account is looked at, and anything else is taken for met.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 * @param policy The topic's attribute `Policy`.
 */
export function letsPublish(policy: string, publisher: Publisher, account: string): boolean {
  return lets(policy, "sns:Publish", publisher, (condition) =>
    publisher === "events.amazonaws.com" ? false : isForAccount(condition, account),
  );
}

/**
 * Whether the policy of a key of KMS lets a service encrypt what it publishes. EventBridge tells KMS nothing of whom it
 * publishes for, so that conditions about that are never met.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function letsEncrypt(policy: string, publisher: Publisher, account: string): boolean {
  return ["kms:Decrypt", "kms:GenerateDataKey"].every((action) =>
    lets(policy, action, publisher, (condition) =>
      publisher === "events.amazonaws.com"
        ? conditionKeys(condition).every(([key]) => !/^aws:Source/i.test(key))
        : isForAccount(condition, account),
    ),
  );
}

function lets(
  policy: string,
  action: string,
  publisher: Publisher,
  isMet: (condition: unknown) => boolean,
): boolean {
  const parsed: unknown = JSON.parse(policy);
  const statements = isRecord(parsed) ? list(parsed["Statement"]).filter(isRecord) : [];
  const about = statements.filter(
    (statement) => isPrincipal(statement["Principal"], publisher) && names(statement["Action"], action),
  );
  if (about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined)) return false;
  return about.some(
    ({ Effect, Condition }) => Effect === "Allow" && (Condition === undefined || isMet(Condition)),
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function isPrincipal(principal: unknown, publisher: Publisher): boolean {
  if (!isRecord(principal)) return principal === "*";
  return list(principal["AWS"]).includes("*") || list(principal["Service"]).includes(publisher);
}

/** Actions are the same in any case, and may have wildcards. */
function names(actions: unknown, wanted: string): boolean {
  return list(actions).some((one) => {
    const pattern = String(one).replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(wanted);
  });
}

function conditionKeys(condition: unknown): [key: string, value: unknown][] {
  const operators = isRecord(condition) ? Object.values(condition).filter(isRecord) : [];
  return operators.flatMap((operator) => Object.entries(operator));
}

function isForAccount(condition: unknown, account: string): boolean {
  return conditionKeys(condition)
    .filter(([key]) => /^aws:Source(?:Account|Owner)$/i.test(key))
    .every(([, value]) => list(value).includes(account));
}

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
  const parsed: unknown = JSON.parse(policy);
  const statements = isRecord(parsed) ? list(parsed["Statement"]).filter(isRecord) : [];
  const about = statements.filter(
    (statement) => isPrincipal(statement["Principal"], publisher) && publishes(statement["Action"]),
  );
  if (about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined)) return false;
  return about.some(
    ({ Effect, Condition }) =>
      Effect === "Allow" &&
      (Condition === undefined ||
        (publisher === "cloudwatch.amazonaws.com" && isForAccount(Condition, account))),
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
function publishes(action: unknown): boolean {
  return list(action).some((one) => /^(?:\*|sns:(?:\*|pub\S*\*|publish))$/i.test(String(one)));
}

function isForAccount(condition: unknown, account: string): boolean {
  const operators = isRecord(condition) ? Object.values(condition).filter(isRecord) : [];
  return operators
    .flatMap((operator) => Object.entries(operator))
    .filter(([key]) => /^aws:Source(?:Account|Owner)$/i.test(key))
    .every(([, value]) => list(value).includes(account));
}

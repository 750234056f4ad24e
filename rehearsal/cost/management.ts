import { isRecord, numberIn } from "../../project/values.ts";
import { hoursOfMonth } from "./assumptions.ts";
import { type Item, type Part, type Rule, stored, unpriced, textIn } from "./rule.ts";

/** What costs so much a month, and less when it is there for a part of it only. */
function monthly(part: Part, what: string, price: string, count = 1): Rule {
  return (_, { assumptions: { hours } }) => [
    { part, what, quantity: (count * hours) / hoursOfMonth, unit: "months", price },
  ];
}

/**
 * What it takes in, and what it keeps until the retention ends; it is stored compressed, so that this is the most.
 * https://aws.amazon.com/cloudwatch/pricing/
 */
const logGroup: Rule = (inputs, { assumptions: { logGb, hours }, resources }, { type, name }) => {
  if (!["STANDARD", undefined].includes(textIn(inputs, "logGroupClass")))
    return [
      unpriced("logs and alarms", `logs of ${name}`, "only the price of the standard class is known here"),
    ];
  const gb = logGb / resources.filter((other) => other.type === type).length;
  const days = numberIn(inputs, "retentionInDays") ?? 0;
  const own = { part: "logs and alarms", assumed: "logGb" } as const;
  const stored: Item =
    days === 0
      ? unpriced("logs and alarms", `stored logs of ${name}`, "they are kept for ever, so that they grow")
      : {
          ...own,
          what: `logs, stored for ${days} days`,
          quantity: gb * (days / (hoursOfMonth / 24)) * (hours / hoursOfMonth),
          unit: "GB-months",
          price: "cloudwatch.logsStorageGbMonth",
        };
  return [
    { ...own, what: "logs, taken in", quantity: gb, unit: "GB", price: "cloudwatch.logsIngestGb" },
    stored,
  ];
};

/** The groups of rules of AWS that cost more than a rule. */
const paidRules = /BotControl|ATPRuleSet|ACFPRuleSet|AntiDDoS/;

/** https://aws.amazon.com/waf/pricing/ */
const firewall: Rule = (inputs, { assumptions: { hours, millionRequests } }) => {
  const { rules } = inputs;
  const months = hours / hoursOfMonth;
  const count = Array.isArray(rules) ? rules.length : 0;
  return [
    { part: "firewall", what: "web ACL", quantity: months, unit: "months", price: "waf.webAclMonth" },
    {
      part: "firewall",
      what: count === 1 ? "1 rule" : `${count} rules`,
      quantity: count * months,
      unit: "months",
      price: "waf.ruleMonth",
    },
    ...(paidRules.test(JSON.stringify(rules ?? []))
      ? [
          unpriced(
            "firewall",
            "paid rule groups of AWS",
            "no price of Bot Control and the like is known here",
          ),
        ]
      : []),
    {
      part: "firewall",
      what: "requests",
      quantity: millionRequests,
      unit: "million requests",
      price: "waf.perMillionRequests",
      assumed: "millionRequests",
    },
  ];
};

/** One that computes is paid for each metric that it looks at. https://aws.amazon.com/cloudwatch/pricing/ */
const alarm: Rule = ({ metricQueries }, scene, resource) => {
  const isFast = (numberIn(resource.inputs, "period") ?? 60) < 60;
  if (isFast)
    return [unpriced("logs and alarms", "alarm of high resolution", "no price of one is known here")];
  const queries = Array.isArray(metricQueries) ? metricQueries.filter(isRecord) : [];
  const metrics = queries.filter(({ metric }) => metric !== undefined).length;
  return monthly(
    "logs and alarms",
    "alarm",
    "cloudwatch.alarmMonth",
    Math.max(1, metrics),
  )(resource.inputs, scene, resource);
};

/** A replica in another region is a secret more. https://aws.amazon.com/secrets-manager/pricing/ */
const secret: Rule = (inputs, scene, resource) => {
  const { replicas } = inputs;
  const count = 1 + (Array.isArray(replicas) ? replicas.length : 0);
  return monthly("secrets and keys", "secret", "secretsmanager.secretMonth", count)(inputs, scene, resource);
};

/** Those that only `infra/customize.ts` adds are among them. */
export const managementRules: Readonly<Record<string, Rule>> = {
  // https://aws.amazon.com/secrets-manager/pricing/
  "aws:secretsmanager/secret:Secret": secret,
  // https://aws.amazon.com/kms/pricing/
  "aws:kms/key:Key": monthly("secrets and keys", "key of your own", "kms.keyMonth"),
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": monthly(
    "logs and alarms",
    "composite alarm",
    "cloudwatch.compositeAlarmMonth",
  ),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": monthly(
    "logs and alarms",
    "metric counted out of the log",
    "cloudwatch.metricMonth",
  ),
  "aws:cloudwatch/dashboard:Dashboard": monthly("logs and alarms", "dashboard", "cloudwatch.dashboardMonth"),
  // https://aws.amazon.com/s3/pricing/
  "aws:s3/bucket:Bucket": stored("bucket", "s3.standardGbMonth", "bucketGb"),
  "aws:wafv2/webAcl:WebAcl": firewall,
};

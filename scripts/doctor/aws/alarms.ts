import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { bad, type Check, good, type Outcome, skipped, warning } from "../../checks/check.ts";
import { publishersTo, topicPermissions, topicProblem, topicRemedy } from "../../aws/topic.ts";
import type { Deployment } from "./deployment.ts";

const none = "the stack makes none: nango:alarmEmail, or nango:alarmTopicArn, switches them on";

/** The most names that CloudWatch takes at once. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const atOnce = 100;

async function find({ clients, alarms }: Deployment): Promise<(CompositeAlarm | MetricAlarm)[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await clients.cloudwatch.describeAlarms({
    AlarmNames: alarms.slice(0, atOnce),
    AlarmTypes: ["CompositeAlarm", "MetricAlarm"],
    MaxRecords: atOnce,
  });
  return [...CompositeAlarms, ...MetricAlarms];
}

/** Where the description of an alarm leads. */
const sectionOf = ({ AlarmDescription = "" }: CompositeAlarm | MetricAlarm) =>
  /docs\/monitoring\.md#[\w-]+/.exec(AlarmDescription)?.[0] ?? "docs/monitoring.md";

export const alarms: Check<Deployment> = {
  id: "alarms",
  title: "Alarms",
  permissions: ["cloudwatch:DescribeAlarms"],
  async run(deployment): Promise<Outcome | Outcome[]> {
    const { alarms: names, stopped, stack } = deployment;
    if (names.length === 0) return skipped(none);
    const found = await find(deployment);
    const missing = names.filter((name) => found.every(({ AlarmName }) => AlarmName !== name));
    const outcomes = [
      ...missing.map((about) => ({
        ...bad("it is gone", `somebody deleted it: npx pulumi up -s ${stack} --refresh makes it anew`),
        about,
      })),
      // Those that tell nobody while Nango is stopped are red then.
      ...found
        .filter(
          ({ StateValue, AlarmActions = [] }) =>
            StateValue === "ALARM" && !(stopped && AlarmActions.length === 0),
        )
        .map((alarm) => ({
          ...bad(`in alarm: ${alarm.StateReason ?? "no reason given"}`, sectionOf(alarm)),
          about: alarm.AlarmName ?? "",
        })),
      ...found
        .filter(({ ActionsEnabled }) => ActionsEnabled === false)
        .map(({ AlarmName = "" }) => ({
          ...warning(
            "somebody switched its actions off, so that it tells nobody",
            `npx pulumi up -s ${stack} --refresh switches them on`,
          ),
          about: AlarmName,
        })),
    ];
    return outcomes.length === 0 ? good(`none of ${found.length} is in alarm`) : outcomes;
  },
};

/** What SNS says in place of an ARN until the mail is answered. */
const pending = "PendingConfirmation";

export const alarmMail: Check<Deployment> = {
  id: "alarm-mail",
  title: "Alarm mail",
  permissions: ["sns:ListSubscriptionsByTopic"],
  async run({ clients, alarmTopic, alarms: names, stack }): Promise<Outcome> {
    if (alarmTopic === undefined)
      return skipped(names.length === 0 ? none : "alarms go to a topic of your own (nango:alarmTopicArn)");
    const { Subscriptions = [] } = await clients.sns.listSubscriptionsByTopic({ TopicArn: alarmTopic });
    const again = `npx pulumi up -s ${stack} --refresh asks it again`;
    const waiting = Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === pending);
    if (waiting.length > 0)
      return bad(
        `${waiting.map(({ Endpoint = "" }) => Endpoint).join(", ")} has not confirmed that it wants them, and gets none`,
        `follow the link in the mail of AWS Notifications; after two days it is void, and ${again}`,
      );
    return Subscriptions.length === 0
      ? bad("nobody gets them: the address has unsubscribed, or never confirmed", again)
      : good(`${Subscriptions.map(({ Endpoint = "" }) => Endpoint).join(", ")} gets them`);
  },
};

/** What takes topics, and the input that names them. */
const naming: Readonly<Record<string, string>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarmActions",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarmActions",
  "aws:cloudwatch/eventTarget:EventTarget": "arn",
};

/** The topics that the stack has something published to, its own and one that is brought. */
function topicsOf({ resources }: Deployment): string[] {
  const named = resources.flatMap(({ type, inputs }) => [inputs?.[naming[type] ?? ""]].flat());
  const topics = named.filter((one) => typeof one === "string" && /^arn:[^:]+:sns:/.test(one));
  return [...new Set(topics as string[])].sort();
}

export const alarmTopics: Check<Deployment> = {
  id: "alarm-topics",
  title: "Alarm topics",
  permissions: topicPermissions,
  async run(deployment): Promise<Outcome | Outcome[]> {
    const { clients, account, resources } = deployment;
    const topics = topicsOf(deployment);
    if (topics.length === 0) return skipped(none);
    return Promise.all(
      topics.map(async (topic) => {
        const publishers = publishersTo(topic, resources);
        const problem = await topicProblem({ topic, publishers, account }, clients);
        if (problem === undefined) return { ...good("alarms may be published to it"), about: topic };
        const verdict = problem.unseen ? warning : bad;
        return { ...verdict(problem.says, topicRemedy), about: topic };
      }),
    );
  },
};

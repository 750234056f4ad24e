import { expect, test } from "vitest";
import { alarmMail, alarms, alarmTopics } from "../../../scripts/doctor/aws/alarms.ts";
import { type Deployment, madeOnAws } from "../../../scripts/doctor/aws/deployment.ts";
import { type Check, runChecks } from "../../../scripts/checks/check.ts";
import { resource, state } from "../pulumi/state.ts";
import { deployment, quietAlarm } from "./recorded-aws.ts";

/** What a check says, each as `verdict about: says; remedy`. */
async function said(
  check: Check<Deployment>,
  answers: Record<string, object>,
  changes: Partial<Deployment> = {},
): Promise<string[]> {
  const fail = (error: unknown) => {
    throw error;
  };
  const results = await runChecks([check], deployment(answers, changes), fail);
  return results.map(({ verdict, about, says, remedy }) =>
    [
      `${verdict}${about === undefined ? "" : ` ${about}`}: ${says}`,
      ...(remedy === undefined ? [] : [remedy]),
    ].join("; "),
  );
}

const found = (...changed: object[]) => ({
  DescribeAlarmsCommand: { MetricAlarms: changed.map((changes) => ({ ...quietAlarm, ...changes })) },
});
const red = { StateValue: "ALARM", StateReason: "Threshold Crossed: 6 datapoints" };
const subscriptions = (...SubscriptionArn: string[]) => ({
  ListSubscriptionsByTopicCommand: {
    Subscriptions: SubscriptionArn.map((one) => ({ SubscriptionArn: one, Endpoint: "oncall@example.com" })),
  },
});

test.each<[string, Record<string, object>, Partial<Deployment>, RegExp]>([
  ["quiet alarms", {}, {}, /^good: none of 1 is in alarm$/],
  [
    "a red one leads to its section",
    found(red),
    {},
    /^bad nango-dev-database-storage: in alarm: Threshold Crossed.*; docs\/monitoring\.md#database-storage$/,
  ],
  [
    "one of a stopped Nango that tells nobody",
    found({ ...red, AlarmActions: [] }),
    { stopped: true },
    /^good/,
  ],
  [
    "one that tells nobody by itself",
    found({ ...red, AlarmActions: [] }),
    {},
    /^bad nango-dev-database-storage/,
  ],
  ["a red one of a stopped Nango", found(red), { stopped: true }, /^bad nango-dev-database-storage/],
  ["one that is gone", found(), {}, /^bad nango-dev-database-storage: it is gone; .*--refresh/],
  [
    "one that was switched off",
    found({ ActionsEnabled: false }),
    {},
    /^warning nango-dev-database-storage: somebody switched its actions off/,
  ],
  ["a stack without alarms", {}, { alarms: [] }, /^skipped: the stack makes none: nango:alarmEmail/],
])("%s", async (_, answers, changes, says) => {
  const results = await said(alarms, answers, changes);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatch(says);
});

test.each<[string, Record<string, object>, Partial<Deployment>, RegExp]>([
  ["an address that confirmed", {}, {}, /^good: oncall@example\.com gets them$/],
  [
    "one that did not",
    subscriptions("PendingConfirmation"),
    {},
    /^bad: oncall@example\.com has not confirmed that it wants them, and gets none; follow the link in the mail/,
  ],
  [
    "one that unsubscribed",
    subscriptions(),
    {},
    /^bad: nobody gets them: .*; npx pulumi up -s dev --refresh asks it again$/,
  ],
  [
    "a topic of one's own",
    {},
    { alarmTopic: undefined },
    /^skipped: alarms go to a topic of your own \(nango:alarmTopicArn\)$/,
  ],
  ["a stack without alarms", {}, { alarms: [], alarmTopic: undefined }, /^skipped: the stack makes none/],
])("alarms by mail: %s", async (_, answers, changes, says) => {
  const results = await said(alarmMail, answers, changes);
  expect(results).toHaveLength(1);
  expect(results[0]).toMatch(says);
});

test("the state tells the alarms of the stack, and its topic", () => {
  const made = madeOnAws(
    state([
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "nango-monitoring-restarts", {
        outputs: { name: "nango-dev-restarts" },
      }),
      resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", "nango-monitoring-serving", {
        outputs: { alarmName: "nango-dev-serving" },
      }),
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "added-by-somebody", { outputs: { name: "other" } }),
      resource("aws:sns/topic:Topic", "nango-monitoring-notifications", { outputs: { arn: "arn:topic" } }),
    ]),
  );
  expect(made).toMatchObject({
    alarms: ["nango-dev-serving", "nango-dev-restarts"],
    alarmTopic: "arn:topic",
  });
});

const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });
const keyPolicy = (...statements: object[]) => ({
  GetKeyPolicyCommand: { Policy: JSON.stringify({ Statement: statements }) },
});
const lets = (Service: string, more: object = {}) => ({
  Effect: "Allow",
  Principal: { Service },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  ...more,
});
const [cloudWatch, eventBridge] = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];
const ofAccount = { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } };

test.each<[string, Record<string, object>, Partial<Deployment>, RegExp]>([
  ["one with a key that lets them", {}, {}, /^good arn:aws:sns:\S+:alarms: alarms may be published to it$/],
  ["none", {}, { resources: [] }, /^skipped: the stack makes none/],
  [
    "one with AWS's own key",
    { GetTopicAttributesCommand: { Attributes: { KmsMasterKeyId: "alias/aws/sns" } } },
    {},
    /^bad \S+: with the key alias\/aws\/sns, with which no alarm arrives; docs\/monitoring\.md#a-topic-of-your-own/,
  ],
  [
    "one with AWS's own key by its ID",
    { DescribeKeyCommand: { KeyMetadata: { Enabled: true, KeyManager: "AWS" } } },
    {},
    /^bad \S+: with the key alias\/aws\/sns/,
  ],
  [
    "one whose key lets the account alone",
    keyPolicy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*" }),
    {},
    /^bad \S+: the policy of its key alias\/alarms does not let cloudwatch\.amazonaws\.com and events\.amazonaws\.com use it/,
  ],
  [
    "one whose key lets EventBridge on a condition that is never met",
    keyPolicy(lets(cloudWatch, ofAccount), lets(eventBridge, ofAccount)),
    {},
    /^bad \S+: the policy of its key alias\/alarms does not let events\.amazonaws\.com use it/,
  ],
  [
    "one whose key lets them encrypt, and not decrypt",
    keyPolicy(lets(cloudWatch, { Action: "kms:GenerateDataKey" }), lets(eventBridge)),
    {},
    /^bad \S+: .* does not let cloudwatch\.amazonaws\.com use it/,
  ],
  [
    "one whose key lets all in SNS",
    keyPolicy(
      lets(cloudWatch),
      lets(eventBridge, { Condition: { StringLike: { "kms:ViaService": "sns.*" } } }),
    ),
    {},
    /^good/,
  ],
  [
    "one whose key is to be deleted",
    { DescribeKeyCommand: { KeyMetadata: { Enabled: false, KeyState: "PendingDeletion" } } },
    {},
    /^bad \S+: the state of its key alias\/alarms is PendingDeletion/,
  ],
  [
    "one whose key is gone",
    { DescribeKeyCommand: refusal("NotFoundException", "Alias is not found") },
    {},
    /^bad \S+: its key alias\/alarms is gone/,
  ],
  [
    "one whose key nobody may look at",
    { GetKeyPolicyCommand: refusal("AccessDeniedException", "not authorized") },
    {},
    /^warning \S+: whether its key alias\/alarms lets them publish is not seen: AccessDenied/,
  ],
  [
    "one of another account",
    {},
    { account: "210987654321" },
    /^bad \S+: it is another account's, where EventBridge publishes by a role only/,
  ],
  [
    "one whose policy somebody changed",
    { GetTopicAttributesCommand: { Attributes: { Policy: '{"Statement":[]}' } } },
    {},
    /^bad \S+: its policy does not let cloudwatch/,
  ],
])("a topic is looked at: %s", async (_, answers, changes, says) => {
  expect(await said(alarmTopics, answers, changes)).toEqual([expect.stringMatching(says)]);
});

import type { Properties } from "../../project/values.ts";
import type { AwsClients } from "./clients.ts";
import { awsFailure } from "./failure.ts";
import { letsEncrypt, letsPublish, type Publisher } from "./topic-policy.ts";

/** The IAM actions that a look at a topic takes. */
export const topicPermissions = ["sns:GetTopicAttributes", "kms:DescribeKey", "kms:GetKeyPolicy"];

/** Where the policies are that a topic and its key need. */
export const topicRemedy = "docs/monitoring.md#a-topic-of-your-own has the policies that it needs";

/** What is wrong with a topic, or not to be seen. */
export interface TopicProblem {
  /** What follows "the topic is there, but". */
  readonly says: string;
  /** Whether it may be in order, and nobody may look. */
  readonly unseen: boolean;
}

interface TopicQuestion {
  readonly topic: string;
  readonly publishers: readonly Publisher[];
  /** The account of the alarms. */
  readonly account: string;
}

/** The services that a stack has publish into a topic. */
export function publishersTo(
  topic: string,
  resources: readonly { readonly type: string; readonly inputs?: Properties | undefined }[],
): Publisher[] {
  const names = (type: string, input: string) =>
    resources.some((one) => one.type === type && [one.inputs?.[input]].flat().includes(topic));
  const alarms =
    names("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions") ||
    names("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmActions");
  return [
    ...(alarms ? (["cloudwatch.amazonaws.com"] as const) : []),
    ...(names("aws:cloudwatch/eventTarget:EventTarget", "arn") ? (["events.amazonaws.com"] as const) : []),
  ];
}

/**
 * Why what the stack tells does not arrive at a topic; undefined where it does.
 * @throws what the client of SNS throws, also for a topic that is not there.
 */
export async function topicProblem(
  question: TopicQuestion,
  { sns, kms }: Pick<AwsClients, "sns" | "kms">,
): Promise<TopicProblem | undefined> {
  const { topic, publishers, account } = question;
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
  if (topic.split(":")[4] !== account && publishers.includes("events.amazonaws.com"))
    return {
      says: `it is another account's, where EventBridge publishes by a role only, which the stack does not give it`,
      unseen: false,
    };
  const { Attributes = {} } = await sns.getTopicAttributes({ TopicArn: topic });
  const { Policy, KmsMasterKeyId: key } = Attributes;
  const refused = publishers.filter(
    (publisher) => Policy !== undefined && !letsPublish(Policy, publisher, account),
  );
  if (refused.length > 0)
    return { says: `its policy does not let ${refused.join(" and ")} publish`, unseen: false };
  return key === undefined || key === "" ? undefined : keyProblem(key, question, kms);
}

/** SNS encrypts with it as whoever publishes, which of AWS's own nobody can allow to a service. */
async function keyProblem(
  key: string,
  { topic, publishers, account }: TopicQuestion,
  kms: AwsClients["kms"],
): Promise<TopicProblem | undefined> {
  const awsOwn = { says: "with the key alias/aws/sns, with which no alarm arrives", unseen: false };
  if (/(^|[:/])alias\/aws\/sns$/.test(key)) return awsOwn;
  // A key is named within the topic's own account.
  const [, partition, , region, owner] = topic.split(":");
  const KeyId = key.startsWith("arn:")
    ? key
    : `arn:${partition}:kms:${region}:${owner}:${key.startsWith("alias/") ? key : `key/${key}`}`;
  try {
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    if (KeyMetadata?.KeyManager === "AWS") return awsOwn;
    if (KeyMetadata?.Enabled === false)
      return { says: `the state of its key ${key} is ${KeyMetadata.KeyState}`, unseen: false };
    const { Policy = "{}" } = await kms.getKeyPolicy({ KeyId: KeyMetadata?.Arn ?? KeyId });
    const refused = publishers.filter((publisher) => !letsEncrypt(Policy, publisher, account));
    return refused.length === 0
      ? undefined
      : {
          says: `the policy of its key ${key} does not let ${refused.join(" and ")} use it (kms:Decrypt, kms:GenerateDataKey*)`,
          unseen: false,
        };
  } catch (error) {
    const { kind, says } = awsFailure(error);
    if (kind === "not-found") return { says: `its key ${key} is gone`, unseen: false };
    return { says: `whether its key ${key} lets them publish is not seen: ${says}`, unseen: true };
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringConfig } from "../../config/monitoring-config.ts";

export interface NotificationsArgs {
  readonly monitoring: MonitoringConfig;
  /** The stack's name in physical names. */
  readonly stack: string;
  /** The AWS account. */
  readonly account: string;
  readonly region: string;
}

/** Whom alarms and events are told to. */
export class Notifications extends pulumi.ComponentResource {
  /** The ARNs of the topics that they are published to: the stack's own, one that was brought, or both. */
  readonly topics: readonly pulumi.Input<string>[];

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:Notifications", name, {}, opts);
    const { email, topicArn } = args.monitoring;
    this.topics = [
      ...(email === undefined ? [] : [this.mailTopic(name, email, args)]),
      ...(topicArn === undefined ? [] : [topicArn]),
    ];
    this.registerOutputs({ topics: this.topics });
  }

  /**
   * A topic without a key of KMS. With AWS's own (`alias/aws/sns`) neither CloudWatch nor EventBridge can publish, since
   * nobody may change its policy; one of the stack's would cost more than the alarms, and SNS keeps messages, in which
   * there is nothing but names and numbers, on encrypted disks anyway.
   * https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
   * https://docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html
   */
  private mailTopic(
    name: string,
    email: string,
    { stack, account, region }: NotificationsArgs,
  ): pulumi.Input<string> {
    const parent = { parent: this };
    const topic = new aws.sns.Topic(name, { displayName: `Nango ${stack}`, tags: { Name: name } }, parent);
    const partition = aws.getPartitionOutput({}, parent).partition;
    const publish = { Effect: "Allow", Action: "sns:Publish", Resource: topic.arn };
    const policy = new aws.sns.TopicPolicy(
      name,
      {
        arn: topic.arn,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              ...publish,
              Sid: "Alarms",
              Principal: { Service: "cloudwatch.amazonaws.com" },
              // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
              Condition: {
                StringEquals: { "aws:SourceAccount": account },
                ArnLike: {
                  "aws:SourceArn": pulumi.interpolate`arn:${partition}:cloudwatch:${region}:${account}:alarm:*`,
                },
              },
            },
            // Without a condition: EventBridge says nothing that one could look at, and nothing would be delivered.
            // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
            { ...publish, Sid: "Events", Principal: { Service: "events.amazonaws.com" } },
          ],
        }),
      },
      parent,
    );
    new aws.sns.TopicSubscription(
      name,
      { topic: topic.arn, protocol: "email", endpoint: email },
      // Who is asked while nobody may publish yet hears of nothing.
      { ...parent, dependsOn: policy },
    );
    return policy.arn;
  }
}

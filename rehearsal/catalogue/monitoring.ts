import type * as aws from "@pulumi/aws";

import { resource } from "./entry.ts";

/** `aws.cloudwatch`, but for logs, and `aws.sns` */
export const monitoringResources = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": resource<
    aws.cloudwatch.MetricAlarm,
    aws.cloudwatch.MetricAlarmArgs
  >({
    autoName: { property: "name" },
    outputs: ({ inputs, arn }) => ({
      id: inputs.name ?? "",
      name: inputs.name ?? "",
      arn: arn("cloudwatch", `alarm:${inputs.name}`),
    }),
    replacedBy: ["name"],
  }),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": resource<
    aws.cloudwatch.CompositeAlarm,
    aws.cloudwatch.CompositeAlarmArgs
  >({
    outputs: ({ inputs, arn }) => ({
      id: inputs.alarmName,
      arn: arn("cloudwatch", `alarm:${inputs.alarmName}`),
    }),
    replacedBy: ["alarmName", "actionsEnabled"],
  }),
  "aws:cloudwatch/dashboard:Dashboard": resource<aws.cloudwatch.Dashboard, aws.cloudwatch.DashboardArgs>({
    outputs: ({ inputs, arn }) => ({
      id: inputs.dashboardName,
      dashboardArn: arn("cloudwatch", `dashboard/${inputs.dashboardName}`, false),
    }),
    replacedBy: ["dashboardName"],
  }),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": resource<
    aws.cloudwatch.LogMetricFilter,
    aws.cloudwatch.LogMetricFilterArgs
  >({
    autoName: { property: "name" },
    outputs: ({ inputs }) => ({ id: inputs.name ?? "" }),
    replacedBy: ["name", "logGroupName"],
  }),
  "aws:cloudwatch/eventRule:EventRule": resource<aws.cloudwatch.EventRule, aws.cloudwatch.EventRuleArgs>({
    autoName: { property: "name", maximum: 64 },
    outputs: ({ inputs, arn }) => ({ id: inputs.name ?? "", arn: arn("events", `rule/${inputs.name}`) }),
    replacedBy: ["name", "namePrefix", "eventBusName"],
  }),
  "aws:cloudwatch/eventTarget:EventTarget": resource<
    aws.cloudwatch.EventTarget,
    aws.cloudwatch.EventTargetArgs
  >({
    outputs: ({ inputs, hex }) => {
      const targetId = inputs.targetId ?? `terraform-${hex(26)}`;
      return { id: `${inputs.rule}-${targetId}`, targetId };
    },
    replacedBy: ["rule", "targetId", "eventBusName"],
  }),
  "aws:sns/topic:Topic": resource<aws.sns.Topic, aws.sns.TopicArgs>({
    autoName: { property: "name", maximum: 256 },
    outputs: ({ inputs, arn }) => {
      const topicArn = arn("sns", inputs.name ?? "");
      return { id: topicArn, arn: topicArn };
    },
    replacedBy: ["name", "namePrefix", "fifoTopic"],
  }),
  "aws:sns/topicPolicy:TopicPolicy": resource<aws.sns.TopicPolicy, aws.sns.TopicPolicyArgs>({
    outputs: ({ inputs, accountId }) => ({ id: inputs.arn, owner: accountId }),
    replacedBy: ["arn"],
  }),
  "aws:sns/topicSubscription:TopicSubscription": resource<
    aws.sns.TopicSubscription,
    aws.sns.TopicSubscriptionArgs
  >({
    outputs: ({ inputs, uuid }) => {
      const subscriptionArn = `${String(inputs.topic)}:${uuid()}`;
      return { id: subscriptionArn, arn: subscriptionArn, pendingConfirmation: true };
    },
    replacedBy: ["topic", "protocol", "endpoint"],
  }),
};

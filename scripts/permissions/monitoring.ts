import { type Grant, look, make, provider, type ResourcePermissions } from "./grant.ts";
import { arn, inRegion, namePattern, namePatterns, type Place } from "./place.ts";
import { logGroupArn } from "./secrets-and-logs.ts";
import type { RecordedResource } from "../../rehearsal/rehearse.ts";

const TOPIC = "aws:sns/topic:Topic";
const RULE = "aws:cloudwatch/eventRule:EventRule";

const topics = (place: Place) => namePatterns(place, TOPIC).map((name) => arn(place, "sns", name));
const rules = (place: Place) => namePatterns(place, RULE).map((name) => arn(place, "events", `rule/${name}`));
const alarmArn = (place: Place, alarm: RecordedResource, property: string) =>
  arn(place, "cloudwatch", `alarm:${namePattern(place, alarm, property)}`);

/**
 * Narrower than `*`, CloudWatch knows no composite alarms.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
const because = "CloudWatch wants * for composite alarms";

/** Reading alarms of both kinds. infra/aws/monitoring/quiet.ts does so, too. */
export const readAlarms = (place: Place): Grant =>
  look("cloudwatch:DescribeAlarms", ["*"], { ...inRegion(place), because });

/** `aws.cloudwatch`, but for logs, and `aws.sns` */
export const monitoring: Readonly<Record<string, ResourcePermissions>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: provider("cloudwatch/metric_alarm.go"),
    grants: (alarm, place) => {
      const on = [alarmArn(place, alarm, "name")];
      return [
        make("cloudwatch:PutMetricAlarm DeleteAlarms TagResource UntagResource", on),
        look("cloudwatch:DescribeAlarms ListTagsForResource", on),
      ];
    },
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    source: provider("cloudwatch/composite_alarm.go"),
    grants: (alarm, place) => {
      const on = [alarmArn(place, alarm, "alarmName")];
      return [
        make("cloudwatch:PutCompositeAlarm DeleteAlarms", ["*"], { ...inRegion(place), because }),
        make("cloudwatch:TagResource UntagResource", on),
        readAlarms(place),
        look("cloudwatch:ListTagsForResource", on),
      ];
    },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    source: provider("cloudwatch/dashboard.go"),
    grants: (dashboard, place) => {
      const name = namePattern(place, dashboard, "dashboardName");
      const on = [arn(place, "cloudwatch", `dashboard/${name}`, false)];
      return [make("cloudwatch:PutDashboard DeleteDashboards", on), look("cloudwatch:GetDashboard", on)];
    },
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    source: provider("logs/metric_filter.go"),
    grants: ({ inputs }, place) => {
      const on = place.resources
        .filter(
          ({ type, outputs }) => type.endsWith("LogGroup") && outputs["name"] === inputs["logGroupName"],
        )
        .map((group) => logGroupArn(place, group));
      return [make("logs:PutMetricFilter DeleteMetricFilter", on), look("logs:DescribeMetricFilters", on)];
    },
  },
  [RULE]: {
    source: provider("events/rule.go"),
    grants: (_, place) => [
      make("events:PutRule DeleteRule TagResource UntagResource", rules(place)),
      look("events:DescribeRule ListTagsForResource", rules(place)),
    ],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    source: provider("events/target.go"),
    grants: (_, place) => [
      make("events:PutTargets RemoveTargets", rules(place)),
      look("events:ListTargetsByRule", rules(place)),
    ],
  },
  [TOPIC]: {
    source: provider("sns/topic.go"),
    grants: (_, place) => [
      make("sns:CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource", topics(place)),
      look("sns:GetTopicAttributes ListTagsForResource", topics(place)),
    ],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    source: provider("sns/topic_policy.go"),
    grants: (_, place) => [
      make("sns:SetTopicAttributes", topics(place)),
      look("sns:GetTopicAttributes", topics(place)),
    ],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: provider("sns/topic_subscription.go"),
    grants: (_, place) => [
      make("sns:Subscribe", topics(place)),
      make("sns:SetSubscriptionAttributes Unsubscribe", ["*"], {
        ...inRegion(place),
        because: "a subscription has an ID that SNS makes up",
      }),
      look("sns:GetSubscriptionAttributes", ["*"], {
        ...inRegion(place),
        because: "a subscription has an ID that SNS makes up",
      }),
      // scripts/doctor/aws
      look("sns:ListSubscriptionsByTopic", topics(place)),
    ],
  },
};

import { expect, test } from "vitest";
import { brought } from "../../../scripts/preflight/checks/brought.ts";
import { type Answer, said, subject } from "./recorded-aws.ts";

const oncall = "arn:aws:sns:eu-central-1:123456789012:oncall";
const mayPublish = (Service: string, more: object = {}) => ({
  Effect: "Allow",
  Principal: { Service },
  Action: "sns:Publish",
  Resource: oncall,
  ...more,
});
const ofAccount = (account: string) => ({ Condition: { StringEquals: { "aws:SourceAccount": account } } });
const cloudWatch = mayPublish("cloudwatch.amazonaws.com", ofAccount("123456789012"));
const eventBridge = mayPublish("events.amazonaws.com");
const topicWith = (Statement: object[], more: object = {}) => ({
  GetTopicAttributes: {
    Attributes: { Policy: JSON.stringify({ Version: "2012-10-17", Statement }), ...more },
  },
});
const both = "cloudwatch.amazonaws.com and events.amazonaws.com";

test.each<[string, Record<string, Answer>, string]>([
  ["that the services may publish to", topicWith([cloudWatch, eventBridge]), "good: the topic is there"],
  [
    "whose policy lets nobody",
    topicWith([]),
    `bad: the topic is there, but its policy does not let ${both} publish`,
  ],
  [
    "with the policy that SNS gives a new one",
    topicWith([
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["SNS:Publish", "SNS:Subscribe"],
        Condition: { StringEquals: { "AWS:SourceOwner": "123456789012" } },
      },
    ]),
    "bad: the topic is there, but its policy does not let events.amazonaws.com publish",
  ],
  [
    "for the alarms of another account",
    topicWith([mayPublish("cloudwatch.amazonaws.com", ofAccount("210987654321")), eventBridge]),
    "bad: the topic is there, but its policy does not let cloudwatch.amazonaws.com publish",
  ],
  [
    "that is denied to all",
    topicWith([cloudWatch, eventBridge, { Effect: "Deny", Principal: "*", Action: "sns:*" }]),
    `bad: the topic is there, but its policy does not let ${both} publish`,
  ],
  [
    "that is denied to those without TLS",
    topicWith([
      cloudWatch,
      eventBridge,
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sns:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
    "good: the topic is there",
  ],
  [
    "that AWS's own key encrypts",
    topicWith([cloudWatch, eventBridge], { KmsMasterKeyId: "alias/aws/sns" }),
    "bad: the topic is there, but with the key alias/aws/sns, with which no alarm arrives",
  ],
])("the topic for alarms is looked up: one %s", async (_, answers, says) => {
  const lines = await said([brought], await subject("large, internal, on Spot", answers));
  expect(lines).toContain(says.replace(": ", `: ${oncall} `));
});

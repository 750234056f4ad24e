import { expect, test } from "vitest";
import { problems, type Texts } from "./given.ts";

const boundary = (partition: string): Texts => ({
  permissionsBoundaryArn: `arn:${partition}:iam::123456789012:policy/boundary`,
});
const topic = (partition: string, region: string): Texts => ({
  alarmTopicArn: `arn:${partition}:sns:${region}:123456789012:oncall`,
});

test.each<[Texts, string]>([
  [boundary("aws"), "eu-central-1"],
  [boundary("aws-cn"), "cn-north-1"],
  [topic("aws-us-gov", "us-gov-west-1"), "us-gov-west-1"],
  [{ databaseSnapshot: "nango-before-upgrade" }, "cn-north-1"],
])("%j may be in %s", (values, region) => {
  expect(problems(values, { region }).join()).not.toMatch(/partition/);
});

test.each<[Texts, string, RegExp]>([
  [
    boundary("aws"),
    "cn-north-1",
    /permissionsBoundaryArn is in the partition aws of AWS, but the stack is in aws-cn \(aws:region = "cn-north-1"\)\.\nGive one of aws-cn in .* nango:permissionsBoundaryArn arn:aws-cn:\.\.\.$/,
  ],
  [
    boundary("aws-cn"),
    "eu-central-1",
    /\nGive one of aws in .* nango:permissionsBoundaryArn arn:aws:\.\.\.$/,
  ],
  [topic("aws-us-gov", "eu-central-1"), "eu-central-1", /alarmTopicArn is in the partition aws-us-gov/],
])("%j may not be in %s", (values, region, message) => {
  const found = problems(values, { region }).filter((one) => /Arn/.test(one));
  expect(found).toEqual([expect.stringMatching(message)]);
});

test("an ARN of another region is told once", () => {
  const found = problems(topic("aws-us-gov", "us-gov-west-1"));
  expect(found).toEqual([expect.stringMatching(/is a topic in us-gov-west-1/)]);
});

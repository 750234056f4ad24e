import { expect, test } from "vitest";
import { type AwsPlace, awsCommand } from "../../infra/config/aws-command.ts";
import { problems } from "./given.ts";

test.each<[readonly string[], AwsPlace, string]>([
  [["rds", "help"], { region: "eu-central-1" }, "aws rds help --region eu-central-1"],
  [["iam", "list-roles"], { region: undefined, profile: "acme" }, "aws iam list-roles --profile acme"],
  [
    ["ecs", "list-tasks", "--query", "taskArns[0]"],
    { region: "eu-central-1", profile: "Tom's admin" },
    "aws ecs list-tasks --region eu-central-1 --profile 'Tom'\\''s admin' --query 'taskArns[0]'",
  ],
])("%o is to be copied, to %o", (words, place, command) => {
  expect(awsCommand(words, place)).toBe(command);
});

test("a problem of the configuration has the profile in its way out", () => {
  const databaseSnapshot = "arn:aws:rds:eu-west-1:123456789012:snapshot:nango";
  expect(problems({ databaseSnapshot }, { others: { "aws:profile": "acme" } })).toEqual([
    expect.stringContaining(
      "aws rds copy-db-snapshot --region eu-central-1 --profile acme --source-region eu-west-1 ",
    ),
  ]);
});

import { expect, test } from "vitest";

import type { Grant } from "../../../scripts/permissions/grant.ts";
import { make, run } from "../../../scripts/permissions/grant.ts";
import { ofStack, tagged, tagging } from "../../../scripts/permissions/tags.ts";

const place = { stackTag: { key: "Stack", value: "dev" } };
const whenOf = (grant: Grant) => ofStack(grant, place).when;
const resource = { "aws:ResourceTag/Stack": "dev" };
const request = { "aws:RequestTag/Stack": "dev" };

test("what is the stack's own by its name may not bear another stack's tag", () => {
  expect(whenOf(make("rds:DeleteDBInstance", ["arn:aws:rds:eu-central-1:1:db:nango-*"]))).toEqual({
    StringEqualsIfExists: resource,
  });
});

test("the hold is added to what holds already", () => {
  const grant = make("ec2:DeleteSubnet", ["arn:aws:ec2:eu-central-1:1:subnet/*"], { when: tagged });
  expect(whenOf(grant)).toEqual({ ...tagged, StringEqualsIfExists: resource });
});

test("what EC2 makes is new and has only the tags of the request", () => {
  const grant = make("ec2:CreateSubnet", ["arn:aws:ec2:eu-central-1:1:subnet/*"], { when: tagging });
  expect(whenOf(grant)).toEqual({ ...tagging, StringEqualsIfExists: request });
  const key = make("kms:CreateKey", ["*"], { when: tagging });
  expect(whenOf(key)).toEqual({ ...tagging, StringEqualsIfExists: request });
});

test("tags are not put onto what bears another stack's", () => {
  const grant = make("acm:AddTagsToCertificate", ["arn:aws:acm:eu-central-1:1:certificate/*"], {
    when: tagging,
  });
  expect(whenOf(grant)).toEqual({ ...tagging, StringEqualsIfExists: { ...request, ...resource } });
});

test.each([
  ["what reaches further for a reason", make("rds:Restore", ["arn:db:nango-1"], { because: "another's" })],
  ["what knows no resources", run("ecs:ListTasks", ["*"])],
  [
    "records, which have no tags",
    make("route53:ChangeResourceRecordSets", ["arn:aws:route53:::hostedzone/Z"]),
  ],
  [
    "roles that are passed, whose tags IAM does not look at",
    make("iam:PassRole", ["arn:aws:iam::1:role/nango"]),
  ],
])("the hold is not for %s", (_, grant) => {
  expect(ofStack(grant, place)).toBe(grant);
});

test("without a tag that tells the stack nothing is held by one", () => {
  const grant = make("rds:DeleteDBInstance", ["arn:aws:rds:eu-central-1:1:db:nango-*"]);
  expect(ofStack(grant, { stackTag: undefined })).toBe(grant);
});

import { expect, test } from "vitest";
import { firstDeployment, introduce, judgeAccount } from "../../../scripts/preflight/checks/account.ts";
import { brought } from "../../../scripts/preflight/checks/brought.ts";
import { secretsKey } from "../../../scripts/preflight/checks/secrets-key.ts";
import { Plan } from "../../../scripts/preflight/plan.ts";
import { deployed } from "../../aws/topologies.ts";
import { deployedAs } from "./deployed-state.ts";
import { type Answer, type Changes, refusal, said, subject } from "./recorded-aws.ts";

const caller = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/deploy" };
const anywhere = { first: undefined, allowed: [], forbidden: [] };

test.each<[string, Parameters<typeof judgeAccount>[2], RegExp]>([
  ["of a new stack", anywhere, /^good 123456789012: aws:allowedAccountIds in the stack's file would hold/],
  [
    "that is allowed",
    { ...anywhere, allowed: ["123456789012"] },
    /^good 123456789012: aws:allowedAccountIds names it$/,
  ],
  [
    "that is not allowed",
    { ...anywhere, allowed: ["210987654321"] },
    /^bad .* aws:allowedAccountIds does not name \(210987654321\)$/,
  ],
  [
    "that is forbidden",
    { ...anywhere, forbidden: ["123456789012"] },
    /^bad .* which aws:forbiddenAccountIds names$/,
  ],
  [
    "of the first deployment",
    { ...anywhere, first: { account: "123456789012", region: "eu-central-1" } },
    /^good .* the stack is deployed there$/,
  ],
  [
    "of another stack",
    { ...anywhere, first: { account: "210987654321", region: "eu-central-1" } },
    /^bad .* and the stack is deployed in 210987654321$/,
  ],
  [
    "in another region",
    { ...anywhere, first: { account: "123456789012", region: "eu-west-1" } },
    /^bad aws:region is eu-central-1, and the stack is deployed in eu-west-1/,
  ],
])("judges an account %s", (_, of, says) => {
  const { verdict, says: what } = judgeAccount(caller, "eu-central-1", of);
  expect(`${verdict} ${what}`).toMatch(says);
});

test("a deployed stack remembers its account and region", async () => {
  expect(firstDeployment(await deployedAs("dev"))).toEqual({
    account: "123456789012",
    region: "eu-central-1",
  });
  expect(firstDeployment(undefined)).toBeUndefined();
});

const sts = (answer: object | Error) => ({
  sts: {
    getCallerIdentity: async () => (answer instanceof Error ? Promise.reject(answer) : answer),
  } as never,
});
const known = { Account: "123456789012", Arn: caller.arn };
const wrong = refusal("InvalidClientTokenId", "The security token included in the request is invalid");

test.each<[string, object | Error, object | Error, RegExp]>([
  ["work", known, known, /^good arn:aws:iam::123456789012:user\/deploy in the account 123456789012$/],
  ["are wrong", wrong, wrong, /^bad AWS does not take them: The security token/],
  ["are expired", refusal("ExpiredToken", "expired"), wrong, /^bad AWS does not take them: expired$/],
  [
    "belong to an account without the region",
    wrong,
    known,
    /^bad AWS takes them in us-east-1, and not in af-south-1/,
  ],
  [
    "cannot be shown",
    refusal("TimeoutError", "timed out"),
    known,
    /^bad AWS does not say who they are: no answer in time$/,
  ],
])("tells of credentials that %s", async (_, here, home, says) => {
  const { result, caller: seen } = await introduce(
    sts(here),
    { region: "af-south-1", profile: undefined },
    async () => sts(home),
  );
  expect(`${result.verdict} ${result.says}`).toMatch(says);
  expect(seen).toEqual(here === known ? caller : undefined);
});

const boundary = "arn:aws:iam::123456789012:policy/boundary";

/** A stack whose log group is given a key, and one of whose alarms a topic. */
async function withBrought(
  answers: Record<string, Answer>,
  inputs: Readonly<Record<string, unknown>>,
  changes: Changes = {},
) {
  const { resources, ...rest } = await deployed("dev");
  const [first, ...others] = resources;
  return {
    ...(await subject("dev", answers, changes)),
    plan: new Plan({ ...rest, resources: [{ ...first!, inputs }, ...others] }, undefined),
  };
}

const key = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
const there: Record<string, Answer> = {
  DescribeKey: { KeyMetadata: { Enabled: true } },
  GetTopicAttributes: { Attributes: {} },
};

test.each<[string, Record<string, Answer>, Record<string, unknown>, readonly RegExp[]]>([
  ["nothing", {}, {}, [/^skipped: the stack is given no key/]],
  [
    "a key and a topic",
    there,
    { kmsKeyId: key, actions: [topic] },
    [/^good: \S+:key\/\S+ the KMS key is there$/, /^good: \S+:alarms the topic is there$/],
  ],
  [
    "a key that is to be deleted",
    { DescribeKey: { KeyMetadata: { Enabled: false, KeyState: "PendingDeletion" } } },
    { kmsKeyId: key },
    [/^bad: .* its state is PendingDeletion$/],
  ],
  [
    "no such key",
    { DescribeKey: refusal("NotFoundException", "not found") },
    { kmsKeyId: key },
    [/^bad: .* there is no such KMS key$/],
  ],
  [
    "a topic of another region",
    there,
    { actions: [topic.replace("eu-central-1", "us-east-1")] },
    [/^bad: .* the topic is in us-east-1, and the stack in eu-central-1$/],
  ],
  [
    "no such topic",
    { GetTopicAttributes: refusal("NotFoundException", "Topic does not exist") },
    { actions: [topic] },
    [/^bad: .* there is no such topic$/],
  ],
  [
    "no such role",
    { GetRole: refusal("NoSuchEntityException", "cannot be found") },
    { roleArn: "arn:aws:iam::123456789012:role/mine" },
    [/^bad: .* there is no such role$/],
  ],
])("looks up %s", async (_, answers, inputs, says) => {
  const lines = await said([brought], await withBrought(answers, inputs));
  expect(lines).toHaveLength(says.length);
  says.forEach((pattern, index) => expect(lines[index]).toMatch(pattern));
});

test("a boundary that is brought is looked up once", async () => {
  const topic = { GetTopicAttributes: { Attributes: {} } };
  expect(await said([brought], await subject("large, internal, on Spot", topic))).toEqual(
    expect.arrayContaining([`good: ${boundary} the policy is there`]),
  );
  const none = { ...topic, GetPolicy: refusal("NoSuchEntityException", "was not found") };
  expect(await said([brought], await subject("large, internal, on Spot", none))).toEqual(
    expect.arrayContaining([`bad: ${boundary} there is no such policy`]),
  );
});

test.each<[string, Record<string, Answer>, RegExp]>([
  ["awskms://alias/pulumi?region=eu-west-1", there, /^good: the key alias\/pulumi in eu-west-1 is there$/],
  [
    `awskms:///${key}?region=eu-central-1&awssdk=v2`,
    there,
    /^good: the key arn:aws:kms:\S+ in eu-central-1 is there$/,
  ],
  ["awskms://1234abcd-12ab-34cd-56ef-1234567890ab", there, /^good: .* in eu-central-1 is there$/],
  [
    "awskms://alias/pulumi?region=eu-west-1",
    { DescribeKey: refusal("NotFoundException", "no") },
    /^bad: eu-west-1 has no key alias\/pulumi$/,
  ],
  [
    "awskms://alias/pulumi",
    { DescribeKey: { KeyMetadata: { Enabled: false, KeyState: "Disabled" } } },
    /^bad: .* its state is Disabled$/,
  ],
])("the key of a stack's secrets is looked up: %s", async (url, answers, says) => {
  const { aws } = await subject("dev", answers);
  const regions: string[] = [];
  const awsIn = async (region: string) => {
    regions.push(region);
    return aws;
  };
  const lines = await said([secretsKey], { url, region: "eu-central-1", awsIn });
  expect(lines).toEqual([expect.stringMatching(says)]);
  expect(regions).toEqual([url.includes("eu-west-1") ? "eu-west-1" : "eu-central-1"]);
});

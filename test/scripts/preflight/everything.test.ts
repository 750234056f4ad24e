import { expect, test } from "vitest";
import { runChecks } from "../../../scripts/checks/check.ts";
import { awsChecks, worldChecks } from "../../../scripts/preflight/checks/index.ts";
import { permissions } from "../../../scripts/preflight/actions.ts";
import { unasked } from "../../../scripts/preflight/unasked.ts";
import type { Topology } from "../../aws/topologies.ts";
import { actionOf } from "../permissions/reference.ts";
import { type Answer, answers, asked, refusal, said, subject } from "./recorded-aws.ts";

const everyKind: readonly Topology[] = [
  "search and records",
  "existing VPC",
  "everything given",
  "large, internal, on Spot",
];

test.each(everyKind)("nothing is in the way where everything is in order: %s", async (topology) => {
  const plenty = {
    GetServiceQuota: { Quota: { Value: 100 } },
    DescribeOrderableDBInstanceOptions: anyClass,
    GetTopicAttributes: { Attributes: { Policy: JSON.stringify(open) } },
  };
  const lines = await said([...awsChecks, ...worldChecks], await subject(topology, plenty));
  expect(lines.filter((line) => !/^(good|skipped):/.test(line))).toEqual([]);
});

/** The policy of a topic that alarms may publish to. */
const open = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
      Action: "sns:Publish",
      Resource: "arn:aws:sns:eu-central-1:123456789012:oncall",
    },
  ],
};

const anyClass: Answer = ({ DBInstanceClass }) => ({
  OrderableDBInstanceOptions: [
    {
      DBInstanceClass,
      EngineVersion: "16.4",
      StorageType: "gp3",
      MultiAZCapable: true,
      AvailabilityZones: [{ Name: "eu-central-1a" }, { Name: "eu-central-1b" }],
    },
  ],
});

test.each<[string, Error, RegExp]>([
  [
    "AWS forbids to ask",
    refusal(
      "AccessDeniedException",
      "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: acm:DescribeCertificate on resource: x",
    ),
    /^could not be asked: these credentials may not acm:DescribeCertificate$/,
  ],
  [
    "EC2 forbids to ask",
    refusal("UnauthorizedOperation", "You are not authorized to perform this operation."),
    /^could not be asked: these credentials may not [a-z0-9-]+:\w+/,
  ],
  [
    "AWS throttles",
    refusal("ThrottlingException", "Rate exceeded"),
    /^could not be asked: AWS takes no more requests now/,
  ],
  ["nobody answers", refusal("TimeoutError", "timed out"), /^could not be asked: no answer in time$/],
  [
    "something else answers",
    Object.assign(
      refusal("SyntaxError", "Unexpected token '<'\n  Deserialization error: to see the raw response"),
      {
        $response: { statusCode: 404 },
      },
    ),
    /^could not be asked: what answers is not AWS \(HTTP 404\)$/,
  ],
])("what cannot be asked is a warning, and never in the way: %s", async (_, error, says) => {
  const failing = Object.fromEntries(Object.keys(answers).map((command) => [command, error]));
  const askForPlan = () => Promise.reject(error);
  for (const topology of everyKind) {
    const results = await runChecks(awsChecks, await subject(topology, failing, { askForPlan }), unasked);
    const found = results.filter(
      ({ verdict, says: what }) => verdict !== "skipped" && !/what it asks for/.test(what),
    );
    expect(found.length).toBeGreaterThan(8);
    for (const { verdict, title, says: what } of found) {
      expect({ title, verdict }).toEqual({ title, verdict: "warning" });
      expect(what).toMatch(says);
    }
  }
});

test("lists the permissions that it takes, and no other but for those of rarer ways", async () => {
  asked.length = 0;
  for (const topology of everyKind) await runChecks(awsChecks, await subject(topology), unasked);
  const rarer = [
    "ecr:BatchGetImage",
    "freetier:GetAccountPlanState",
    "iam:GetRole",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "rds:DescribeDBInstanceAutomatedBackups",
    "rds:DescribeDBSnapshots",
    "servicequotas:GetAWSDefaultServiceQuota",
    "sns:GetTopicAttributes",
    "sts:GetCallerIdentity",
  ];
  expect(permissions()).toEqual([...new Set([...asked, ...rarer])].sort());
});

test("every permission is one that AWS has, and changes nothing", async () => {
  const levels = await Promise.all(
    permissions().map(async (name) => [name, (await actionOf(name))?.levels ?? ["no such action"]] as const),
  );
  expect(levels.filter(([, [level = ""]]) => !/^(Read|List)$/.test(level))).toEqual([]);
});

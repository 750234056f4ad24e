import { expect, test } from "vitest";
import { planPermission } from "../../../scripts/aws/free-plan.ts";
import { quotas } from "../../../scripts/aws/quotas.ts";
import { madeOnAws } from "../../../scripts/doctor/aws/deployment.ts";
import { examineDeployment, permissions } from "../../../scripts/doctor/aws/index.ts";
import { resource, state } from "../pulumi/state.ts";
import { answers, arn, deployment } from "./recorded-aws.ts";

test.each([
  ["AccessDeniedException", "is not authorized to perform", /^these credentials may not: .*DescribeServices/],
  ["CredentialsProviderError", "Could not load credentials", /^no AWS credentials that work: Could not/],
  ["TimeoutError", "timed out", /^AWS does not say: no answer in time$/],
])("that AWS does not tell is no finding: %s", async (name, message, says) => {
  const error = Object.assign(new Error(message), { name });
  const results = await examineDeployment(
    deployment(
      Object.fromEntries([...Object.keys(answers), "GetAccountPlanState"].map((command) => [command, error])),
    ),
  );
  expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(["skipped"]));
  expect(results[0]?.says).toMatch(says);
});

test("what the stack has not is not looked at", async () => {
  const results = await examineDeployment(
    deployment(
      {},
      {
        databases: [],
        hasLogsStore: false,
        service: undefined,
        targetGroups: [],
        logGroup: undefined,
        resources: [],
      },
    ),
  );
  const skipped = results.filter(({ verdict }) => verdict === "skipped").map(({ id }) => id);
  expect(skipped).toEqual([
    "deployment",
    "tasks",
    "targets",
    "migration",
    "database",
    "database-tls",
    "backups",
    "backup-vault",
    "log-retention",
    "alarm-topics",
  ]);
});

test("the state of a stack tells what was made", () => {
  const precious = { outputs: { identifier: "nango-database-0a1b" }, protect: true };
  const made = madeOnAws(
    state([
      resource("aws:ecs/cluster:Cluster", "nango", {
        outputs: { name: "nango-c", arn: "arn:aws:ecs:eu-central-1:123456789012:cluster/nango-c" },
      }),
      resource("aws:ecs/service:Service", "nango", {
        inputs: { taskDefinition: arn(7) },
        outputs: { name: "nango-s" },
      }),
      resource("aws:ecs/service:Service", "somebody-elses", { outputs: { name: "other" } }),
      resource("aws:lb/targetGroup:TargetGroup", "nango-server", { outputs: { arn: "arn:server" } }),
      resource("aws:rds/instance:Instance", "nango-database", precious),
      resource("aws:secretsmanager/secret:Secret", "nango"),
      resource("aws:cloudwatch/logGroup:LogGroup", "nango-database-postgresql", { outputs: { name: "x" } }),
      resource("aws:cloudwatch/logGroup:LogGroup", "nango", { outputs: { name: "nango-1234" } }),
    ]),
  );
  expect(made).toEqual({
    account: "123456789012",
    service: { cluster: "nango-c", name: "nango-s", taskDefinition: arn(7) },
    targetGroups: [{ name: "nango-server", arn: "arn:server" }],
    databases: ["nango-database-0a1b"],
    logGroup: "nango-1234",
    alarms: [],
    alarmTopic: undefined,
    unprotected: ["secretsmanager.Secret nango"],
  });
});

test("lists the permissions that it takes, and no other", async () => {
  const used = new Set<string>();
  const services = {
    ECS: "ecs",
    ElasticLoadBalancingV2: "elasticloadbalancing",
    RDS: "rds",
    CloudWatchLogs: "logs",
    CloudWatch: "cloudwatch",
    EC2: "ec2",
    ServiceQuotas: "servicequotas",
    SNS: "sns",
    KMS: "kms",
  };
  const subject = deployment();
  for (const client of Object.values(subject.clients)) {
    const send = client.send as (command: object) => Promise<unknown>;
    const prefix = services[client.constructor.name as keyof typeof services];
    Object.assign(client, {
      send: (command: object) => {
        used.add(`${prefix}:${command.constructor.name.replace("Command", "")}`);
        return send(command);
      },
    });
  }
  await examineDeployment(subject);
  // Of quotas those are asked that the stack takes of.
  expect(permissions()).toEqual(expect.arrayContaining([...used]));
  const ofQuotas = new Set(quotas.flatMap((quota) => quota.permissions));
  const others = permissions().filter((action) => !ofQuotas.has(action) && action !== planPermission);
  expect(others).toEqual([...used].filter((action) => !ofQuotas.has(action)).sort());
});

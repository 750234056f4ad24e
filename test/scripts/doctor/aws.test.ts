import { expect, test } from "vitest";
import { awsChecks, examineDeployment } from "../../../scripts/doctor/aws/index.ts";
import type { Deployment } from "../../../scripts/doctor/aws/deployment.ts";
import { answers, arn, deployment, healthy, hour, instance, line, service } from "./recorded-aws.ts";

async function findings(subject: Deployment): Promise<string[]> {
  const results = await examineDeployment(subject);
  return results
    .filter(({ verdict }) => verdict === "bad" || verdict === "warning")
    .map(({ verdict, id, about, says, remedy }) => {
      expect(remedy, `the way out of ${id}`).toBeTruthy();
      return `${verdict} ${id}: ${about === undefined ? "" : `${about} `}${says}`;
    });
}

test("nothing is found where everything is in order, and everything is looked at", async () => {
  const results = await examineDeployment(deployment());
  expect(results.map(({ verdict }) => verdict)).toEqual(Array(16).fill("good"));
  expect(new Set(results.map(({ id }) => id)).size).toBe(awsChecks.length);
});

const running = (changes: object) => ({
  DescribeServicesCommand: { services: [{ ...service, ...changes }] },
});
const primary = (changes: object) => running({ deployments: [{ ...service.deployments[0], ...changes }] });
const database = (changes: object) => ({
  DescribeDBInstancesCommand: { DBInstances: [{ ...instance, ...changes }] },
});
const printed = (...lines: string[]) => ({ GetLogEventsCommand: { events: lines.map(line) } });
const done = "nango-migrate: done";
const policy = "nango-logs-store: policy nango-retention is in place: 15 days";

test.each<[string, Record<string, object | Error>, Partial<Deployment>, readonly RegExp[]]>([
  [
    "a service that is gone",
    { DescribeServicesCommand: { services: [{ ...service, status: "INACTIVE" }] } },
    {},
    [/^bad deployment: ECS has no service nango$/],
  ],
  [
    "a revision that was rolled back",
    primary({ taskDefinition: arn(6) }),
    {},
    [/^bad deployment: nango-dev:6 runs, where nango-dev:7 was asked for/],
  ],
  [
    "a deployment that failed",
    primary({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start" }),
    {},
    [/^bad deployment: the deployment of nango-dev:7 failed: tasks failed to start$/],
  ],
  [
    "a deployment under way",
    primary({ rolloutState: "IN_PROGRESS" }),
    {},
    [/^warning deployment: the deployment of nango-dev:7 is under way$/],
  ],
  ["too few tasks", running({ runningCount: 1 }), {}, [/^bad tasks: 1 of 2 tasks run$/]],
  [
    "a service scaled to nothing",
    running({ runningCount: 0, desiredCount: 0 }),
    {},
    [/^bad tasks: the service was scaled to no tasks by hand$/],
  ],
  [
    "a Nango that is stopped",
    running({ runningCount: 0, desiredCount: 0 }),
    { stopped: true },
    [/^warning tasks: Nango is stopped/],
  ],
  [
    "a Nango outside its hours",
    { ...running({ runningCount: 0, desiredCount: 0 }), ...database({ DBInstanceStatus: "stopped" }) },
    { isClosed: true },
    [],
  ],
  [
    "a Nango that lost its tasks within its hours",
    running({ runningCount: 0, desiredCount: 0 }),
    { isClosed: false },
    [/^bad tasks: /],
  ],
  [
    "a target that does not answer",
    {
      DescribeTargetHealthCommand: {
        TargetHealthDescriptions: [
          healthy,
          { TargetHealth: { State: "unhealthy", Description: "Request timed out" } },
        ],
      },
    },
    {},
    [/^bad targets: nango-server 1 of 2 unhealthy: Request timed out$/, /^bad targets: nango-connect-ui/],
  ],
  [
    "no target",
    { DescribeTargetHealthCommand: {} },
    {},
    [/^bad targets: nango-server no task is registered/, /^bad targets/],
  ],
  [
    "targets that begin",
    { DescribeTargetHealthCommand: { TargetHealthDescriptions: [{ TargetHealth: { State: "initial" } }] } },
    {},
    [/^warning targets: nango-server 1 being looked at/, /^warning targets/],
  ],
  [
    "a lock that a migration left",
    printed("nango-migrate: a migration lock is held after 60 s. If no other", policy),
    {},
    [/^bad migration: a migration left its lock in the database/],
  ],
  [
    "a migration that did not end",
    printed("nango-migrate: migrating, for at most 1800 s", policy),
    {},
    [/^warning migration: the last one did not say that it is done, but: migrating/],
  ],
  [
    "logs that are kept for ever",
    printed(
      done,
      "nango-logs-store: warning: 20250724_operations.1 keeps its logs for ever: it has no policy",
    ),
    {},
    [/^bad log-retention: 20250724_operations.1 keeps its logs for ever/],
  ],
  [
    "a database that is gone",
    { DescribeDBInstancesCommand: Object.assign(new Error("gone"), { name: "DBInstanceNotFoundFault" }) },
    {},
    [/^bad database: .* RDS does not have it$/],
  ],
  [
    "a database that is stopped",
    database({ DBInstanceStatus: "stopped" }),
    {},
    [/^bad database: nango-database-0a1b it is stopped$/],
  ],
  [
    "a full database",
    database({ DBInstanceStatus: "storage-full" }),
    {},
    [/^bad database: nango-database-0a1b its storage is full$/],
  ],
  [
    "a database at work",
    database({ DBInstanceStatus: "modifying" }),
    {},
    [/^warning database: nango-database-0a1b it is modifying$/],
  ],
  [
    "TLS that is not forced",
    {
      DescribeDBParametersCommand: { Parameters: [{ ParameterName: "rds.force_ssl", ParameterValue: "0" }] },
    },
    {},
    [/^bad database-tls: nango-database-0a1b rds.force_ssl is 0 in nango-database-postgres16/],
  ],
  [
    "TLS that nobody speaks of",
    { DescribeDBParametersCommand: { Parameters: [] } },
    {},
    [/^bad database-tls: nango-database-0a1b rds.force_ssl is not set/],
  ],
  [
    "no backups",
    database({ BackupRetentionPeriod: 0 }),
    {},
    [/^bad backups: nango-database-0a1b there are none: automated backups are off$/],
  ],
  [
    "old backups",
    database({ LatestRestorableTime: new Date(Date.now() - 30.5 * hour) }),
    {},
    [/^bad backups: .* that is 30 hours ago$/],
  ],
  [
    "a young database",
    database({ LatestRestorableTime: undefined, InstanceCreateTime: new Date() }),
    {},
    [/^warning backups: nango-database-0a1b the first one is not made yet$/],
  ],
  [
    "an old backup in the vault",
    {
      DescribeDBSnapshotsCommand: {
        DBSnapshots: [50.5, 99].map((hours) => ({ SnapshotCreateTime: new Date(Date.now() - hours * hour) })),
      },
    },
    {},
    [/^bad backup-vault: nango-database-0a1b the last backup in the vault is 50 hours old$/],
  ],
  [
    "an empty vault of an old database",
    { DescribeDBSnapshotsCommand: { DBSnapshots: [] }, ...database({ InstanceCreateTime: new Date(0) }) },
    {},
    [/^bad backup-vault: .* has made no backup of it$/],
  ],
  [
    "an empty vault of a new database",
    { DescribeDBSnapshotsCommand: { DBSnapshots: [] }, ...database({ InstanceCreateTime: new Date() }) },
    {},
    [/^warning backup-vault: .* has not made its first backup yet$/],
  ],
  [
    "an old database without backups",
    database({ LatestRestorableTime: undefined, InstanceCreateTime: new Date(0) }),
    {},
    [/^bad backups: nango-database-0a1b RDS names no moment/],
  ],
  [
    "a database that can be deleted",
    database({ DeletionProtection: false }),
    { unprotected: ["secretsmanager.Secret nango"] },
    [
      /^bad protection: not protected against deletion: nango-database-0a1b \(RDS\), secretsmanager.Secret nango \(Pulumi\)$/,
    ],
  ],
  [
    "a quota that the next deployment meets",
    { GetMetricStatisticsCommand: { Datapoints: [{ Maximum: 4 }] } },
    {},
    [/^warning quotas: virtual processors of Fargate: 4 of 6 in use, and a deployment takes 2.5 more$/],
  ],
  [
    "a quota that is near",
    { DescribeVpcsCommand: { Vpcs: [{}, {}, {}, {}, {}, {}] } },
    {},
    [/^warning quotas: VPCs: 6 of 6 in use$/],
  ],
  [
    "the free plan",
    { GetAccountPlanState: { accountPlanType: "FREE", accountPlanStatus: "ACTIVE" } },
    {},
    [/^warning free-plan: the account is on AWS's free plan: Nango stops when it ends$/],
  ],
  [
    "an expired free plan",
    { GetAccountPlanState: { accountPlanType: "FREE", accountPlanStatus: "EXPIRED" } },
    {},
    [/^bad free-plan: the account's free plan has expired/],
  ],
  ["data that may be lost", {}, { allowDataLoss: true }, [/^warning protection: nango:allowDataLoss is set/]],
])("finds %s, and nothing else", async (_, changed, changes, found) => {
  const seen = await findings(deployment(changed, changes));
  expect(seen).toHaveLength(found.length);
  found.forEach((pattern, index) => expect(seen[index]).toMatch(pattern));
});

test("reads on where a parameter group has more than one page", async () => {
  const subject = deployment();
  const pages = [{ Parameters: [], Marker: "next" }, answers["DescribeDBParametersCommand"]];
  const send = subject.clients.rds.send as (command: object) => Promise<unknown>;
  Object.assign(subject.clients.rds, {
    send: async (command: { constructor: { name: string }; input: { Marker?: string } }) =>
      command.constructor.name === "DescribeDBParametersCommand"
        ? pages[command.input.Marker === "next" ? 1 : 0]
        : send(command),
  });
  expect(await findings(subject)).toEqual([]);
});

import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { KMS } from "@aws-sdk/client-kms";
import { RDS } from "@aws-sdk/client-rds";
import { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import { SNS } from "@aws-sdk/client-sns";
import type { Deployment } from "../../../scripts/doctor/aws/deployment.ts";

export const hour = 60 * 60 * 1000;
export const arn = (revision: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/nango-dev:${revision}`;

export const service = {
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 2,
  events: [{ message: "(service nango) has reached a steady state." }],
  deployments: [{ status: "PRIMARY", taskDefinition: arn(7), rolloutState: "COMPLETED" }],
};
export const instance = {
  DBInstanceIdentifier: "nango-database-0a1b",
  DBInstanceStatus: "available",
  EngineVersion: "16.4",
  BackupRetentionPeriod: 7,
  LatestRestorableTime: new Date(Date.now() - hour / 12),
  DeletionProtection: true,
  DBParameterGroups: [{ DBParameterGroupName: "nango-database-postgres16" }],
};
export const quietAlarm = {
  AlarmName: "nango-dev-database-storage",
  StateValue: "OK",
  ActionsEnabled: true,
  AlarmActions: ["arn:topic"],
  AlarmDescription: "Database storage: below 1. What to do: docs/monitoring.md#database-storage",
};
export const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
/** A policy that lets those who publish. */
const publishing = (...Action: string[]) =>
  JSON.stringify({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
        Action,
        Resource: "*",
      },
    ],
  });
export const line = (message: string) => ({ message });
export const healthy = { TargetHealth: { State: "healthy" } };

/** What AWS answers where everything is in order, by command. */
export const answers: Readonly<Record<string, object>> = {
  DescribeServicesCommand: { services: [service] },
  DescribeTargetHealthCommand: { TargetHealthDescriptions: [healthy, healthy] },
  DescribeDBInstancesCommand: { DBInstances: [instance] },
  DescribeDBSnapshotsCommand: { DBSnapshots: [{ SnapshotCreateTime: new Date(Date.now() - 20 * hour) }] },
  DescribeDBParametersCommand: {
    Parameters: [{ ParameterName: "rds.force_ssl", ParameterValue: "1" }],
  },
  GetServiceQuotaCommand: {
    Quota: { Value: 6, UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount" } },
  },
  GetMetricStatisticsCommand: { Datapoints: [{ Maximum: 2 }] },
  DescribeVpcsCommand: { Vpcs: [{}] },
  DescribeAccountAttributesCommand: {
    AccountQuotas: [
      { AccountQuotaName: "DBInstances", Used: 1, Max: 40 },
      { AccountQuotaName: "AllocatedStorage", Used: 20, Max: 100_000 },
    ],
  },
  DescribeAlarmsCommand: { MetricAlarms: [quietAlarm] },
  ListSubscriptionsByTopicCommand: {
    Subscriptions: [{ SubscriptionArn: "arn:topic:1", Endpoint: "oncall@example.com" }],
  },
  GetTopicAttributesCommand: {
    Attributes: { Policy: publishing("sns:Publish"), KmsMasterKeyId: "alias/alarms" },
  },
  DescribeKeyCommand: { KeyMetadata: { Enabled: true, KeyManager: "CUSTOMER" } },
  GetKeyPolicyCommand: { Policy: publishing("kms:Decrypt", "kms:GenerateDataKey*") },
  DescribeLogStreamsCommand: {
    logStreams: [
      { logStreamName: "nango/server/1" },
      { logStreamName: "nango/migrate/2" },
      { logStreamName: "nango/logs-store/2" },
    ],
  },
  GetLogEventsCommand: {
    events: [
      line("nango-migrate: done"),
      line("nango-logs-store: policy nango-retention is in place: 15 days"),
      line("nango-logs-store: done"),
    ],
  },
};

/** A deployment in which everything is in order, but for what is changed. */
export function deployment(
  changed: Record<string, object | Error> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  const send = async ({ constructor: { name } }: object) => {
    const answer = changed[name] ?? answers[name];
    if (answer === undefined) throw new Error(`nothing is recorded for ${name}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const options = { region: "eu-central-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } };
  return {
    stack: "dev",
    region: "eu-central-1",
    clients: {
      ecs: Object.assign(new ECS(options), { send }),
      elasticLoadBalancing: Object.assign(new ElasticLoadBalancingV2(options), { send }),
      rds: Object.assign(new RDS(options), { send }),
      logs: Object.assign(new CloudWatchLogs(options), { send }),
      cloudwatch: Object.assign(new CloudWatch(options), { send }),
      ec2: Object.assign(new EC2(options), { send }),
      serviceQuotas: Object.assign(new ServiceQuotas(options), { send }),
      sns: Object.assign(new SNS(options), { send }),
      kms: Object.assign(new KMS(options), { send }),
    },
    askForPlan: async () => {
      if (changed["GetAccountPlanState"] instanceof Error) throw changed["GetAccountPlanState"];
      return { accountPlanType: "PAID", ...changed["GetAccountPlanState"] };
    },
    resources: [
      { type: "aws:ecs/service:Service", inputs: { desiredCount: 2, taskDefinition: arn(7) } },
      { type: "aws:ecs/taskDefinition:TaskDefinition", inputs: { cpu: "1024", family: "nango-dev" } },
      { type: "aws:ecs/taskDefinition:TaskDefinition", inputs: { cpu: "512", family: "nango-migrate-dev" } },
      { type: "aws:rds/instance:Instance", inputs: { allocatedStorage: 20 } },
      { type: "aws:ec2/vpc:Vpc" },
      { type: "aws:backup/vault:Vault" },
      { type: "aws:cloudwatch/metricAlarm:MetricAlarm", inputs: { alarmActions: [topic] } },
      { type: "aws:cloudwatch/eventTarget:EventTarget", inputs: { arn: topic } },
    ],
    service: { cluster: "nango", name: "nango", taskDefinition: arn(7) },
    targetGroups: [
      { name: "nango-server", arn: "arn:server" },
      { name: "nango-connect-ui", arn: "arn:connect" },
    ],
    databases: ["nango-database-0a1b"],
    logGroup: "nango-1234",
    alarms: ["nango-dev-database-storage"],
    alarmTopic: topic,
    account: "123456789012",
    hasLogsStore: true,
    unprotected: [],
    stopped: false,
    isClosed: false,
    allowDataLoss: false,
    ...changes,
  };
}

import { UNKNOWN } from "../../project/values.ts";
import type { Policy, ResourcePolicy } from "../policy.ts";
import { onContainers } from "../processes.ts";
import { required, violation } from "../reading.ts";

const logRetention: ResourcePolicy = {
  name: "log-retention",
  level: "mandatory",
  promise: "Logs are kept for a time that was chosen, and no container is without them.",
  reason:
    "A log group without a retention keeps everything for ever: it costs more each month, and personal data never goes.",
  remedy:
    "Set retentionInDays, and make the log group in the program instead of leaving it to the container.",
  link: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention",
  judge: (resource) => {
    if (resource.type === "aws:cloudwatch/logGroup:LogGroup")
      return required(
        resource,
        "retentionInDays",
        (days) => Number(days ?? 0) >= 1,
        "keeps its logs for ever: retentionInDays is not set",
      );
    return onContainers(resource, ({ hasLogs, logOptions }) => [
      ...(hasLogs ? [] : ["writes no logs: it has no logConfiguration"]),
      ...(logOptions["awslogs-create-group"] === "true"
        ? ["makes its own log group, which keeps logs for ever"]
        : []),
    ]);
  },
};

/** What a bill has a line for and takes tags. */
const billed: readonly string[] = [
  "aws:ec2/vpc:Vpc",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/eip:Eip",
  "aws:ec2/instance:Instance",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:opensearch/domain:Domain",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:secretsmanager/secret:Secret",
];

const tagged: ResourcePolicy = {
  name: "tagged",
  level: "advisory",
  promise: "What is paid for carries a tag that says what it belongs to.",
  reason: "A bill shows resources by their tags only, and one without is nobody's.",
  remedy: "Set aws:defaultTags in the stack file, which reaches everything, or tags on the resource.",
  link: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  judge: ({ type, inputs }) => {
    const { tags, tagsAll } = inputs;
    const isTagged = [tags, tagsAll].some(
      (value) =>
        value === UNKNOWN || (typeof value === "object" && value !== null && Object.keys(value).length > 0),
    );
    return billed.includes(type) && !isTagged ? [violation("has no tag")] : [];
  },
};

export const operation: readonly Policy[] = [logRetention, tagged];
